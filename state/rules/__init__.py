"""The rules, and the table of them all."""
