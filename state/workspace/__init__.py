"""Reads a working directory into a view of each offer; writes nothing."""
