"""Parsers for JSON, YAML and TOML text, and the positions of values in it."""
