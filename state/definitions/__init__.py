"""TOML bytes and what they mean: parse, locate, edit, template, content."""
