"""The terminal: keys, paints, the editor, the end by a signal."""
