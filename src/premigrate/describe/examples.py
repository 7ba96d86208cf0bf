"""Formats examples and descriptions of rules for a terminal."""

import json
from textwrap import fill

_WIDTH = 80


def format_example(value: object) -> str:
    """Return one example as a line of JSON."""
    return json.dumps(value, ensure_ascii=False).replace('"<null>"', "null")


def wrap(text: str, indent: str = "") -> str:
    """Wrap a sentence to the width of a terminal, with a hanging indent."""
    return fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
