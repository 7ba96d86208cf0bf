"""Payload text to data, and to the places of the data in the text."""

from premigrate.source.document import Document
from premigrate.source.json_text import read_json
from premigrate.source.layout import Layout, Span, Spot
from premigrate.source.yaml_text import read_yaml

__all__ = ["Document", "Layout", "Span", "Spot", "read_json", "read_yaml"]
