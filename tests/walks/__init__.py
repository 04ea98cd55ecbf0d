"""Walks that meet the program at every point where it can be cut off, fail, or find something strange.

They work from outside, on the calls that a program makes of the system, and know of the engine what
a command answers. ``python -m tests.walks`` walks all of them and prints figures.
"""
