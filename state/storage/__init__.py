"""The working directory: the only part of the program that reads and writes files."""
