"""Payload text to data."""

from premigrate.source.json_text import Document, read_json

__all__ = ["Document", "read_json"]
