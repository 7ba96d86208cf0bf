"""Reads JSON, YAML and TOML text into data, and finds positions in it."""
