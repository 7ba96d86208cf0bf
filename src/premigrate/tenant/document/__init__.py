"""Reads the schemas of an OpenAPI document."""
