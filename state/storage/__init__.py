"""The working directory: the only part of the program that reads and writes files.

What cannot be read or written is a ``StorageError`` whose message names the file; docstrings name only
other errors, and conditions beyond that.
"""
