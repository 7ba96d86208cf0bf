"""Writes the tables of an overlay as a TOML file of the rule language: a table a paragraph, a field a line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from premigrate.formats.printable import printable

_WIDTH = 116
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_NESTED = {"advice", "answer", "blame", "change", "code", "course", "import_status", "list", "object", "scheme"}
"""The tables whose entries are tables with a heading of their own."""
_PARTS = ("fields", "variants")
_LAST_OF_FOUR = 0xFFFF  # digits of an escape; beyond, TOML wants eight


def render_overlay(tables: Mapping[str, Any], about: str) -> str:
    """Write an overlay; ``about`` says in a line what it is."""
    lines = [f"# {' '.join(printable(about, lambda _: ' ').split())}"]
    for name, table in tables.items():
        if name in _NESTED:
            for key, entry in table.items():
                lines += ["", *_table(f"{name}.{_key(key)}", entry)]
        elif isinstance(table, list | tuple):
            for entry in table:
                lines += ["", f"[[{name}]]", *(line for key, value in entry.items() for line in _pair(key, value))]
        else:
            lines += ["", *_table(name, table)]
    return "\n".join([*lines, ""])


def _table(heading: str, table: Mapping[str, Any]) -> Iterator[str]:
    own = {key: value for key, value in table.items() if key not in _PARTS or heading.startswith("scheme.")}
    parts = {key: table[key] for key in _PARTS if key in table and key not in own}
    if own or not parts:
        yield f"[{heading}]"
        for key, value in own.items():
            yield from _pair(key, value)
    for key, part in parts.items():
        yield f"[{heading}.{key}]"
        for name, value in part.items():
            yield from _pair(name, value)


def _pair(key: str, value: object) -> Iterator[str]:
    line = f"{_key(key)} = {_value(value)}"
    if len(line) <= _WIDTH or not isinstance(value, list | tuple):
        yield line
        return
    yield f"{_key(key)} = ["
    yield from (f"    {_value(item)}," for item in value)
    yield "]"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int() | float():
            return str(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(str(key))} = {_value(inner)}" for key, inner in value.items()) + " }"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
    raise TypeError(f"an overlay holds no {type(value).__name__}")


def _text(text: str) -> str:
    """Write a text in quotes. JSON has the same short escapes; half of a pair of code units is in no TOML text."""
    return toml_string(text.encode("utf-8", "replace").decode("utf-8"))


def toml_string(text: str) -> str:
    """Write a text without halves of surrogate pairs as a string of TOML that reads back as the same text."""
    return printable(json.dumps(text, ensure_ascii=False), _letter)


def _letter(letter: str) -> str:
    """Write a letter so that a terminal does nothing but show it."""
    return f"\\u{ord(letter):04x}" if ord(letter) <= _LAST_OF_FOUR else f"\\U{ord(letter):08x}"
