"""Views as lines: no widget, no engine."""
