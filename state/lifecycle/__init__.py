"""Pure: which events follow from a command, and what they add up to."""
