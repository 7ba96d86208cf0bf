"""Writes the examples of rules, and sentences about rules, for a terminal."""

import json
from textwrap import fill

_WIDTH = 80


def write_examples(example: object) -> list[str]:
    """Write an example, or each of several, on a line."""
    many = example["any_of"] if isinstance(example, dict) and "any_of" in example else [example]
    return [write_example(each) for each in many]


def write_example(value: object) -> str:
    """Write one example as JSON."""
    return json.dumps(value, ensure_ascii=False).replace('"<null>"', "null")


def wrap(text: str, indent: str = "") -> str:
    """Break a sentence into lines that fit a terminal."""
    return fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
