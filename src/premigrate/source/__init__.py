"""Payload text to data, and to the places of the data in the text."""

from importlib import import_module
from typing import TYPE_CHECKING

from premigrate.source.document import Document
from premigrate.source.json_text import BOM_MISTAKE, read_json

if TYPE_CHECKING:
    from premigrate.source.layout import Layout, Span, Spot
    from premigrate.source.yaml_text import read_yaml

__all__ = ["BOM_MISTAKE", "Document", "Layout", "Span", "Spot", "read_json", "read_yaml"]


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for: most payloads are JSON, and in good ones no place is looked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"premigrate.source.{'yaml_text' if name == 'read_yaml' else 'layout'}"), name)
