"""The commands of the terminal: they answer without a screen, and import none."""
