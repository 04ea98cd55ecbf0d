"""What a person sees: the screens, and the commands of the terminal."""

__version__ = "0.2.0"
