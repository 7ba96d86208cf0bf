"""Writes overlays as TOML files, and strings as TOML; tomlkit quotes keys and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit

from premigrate.formats.printable import replace_unprintable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH = 116
_NESTED = {
    "advice",
    "answer",
    "attr_change",
    "change",
    "code",
    "code_change",
    "fact",
    "import_status",
    "lifecycle",
    "list",
    "object",
    "scheme",
}
"""The tables whose entries are tables with a heading of their own."""
_PARTS = ("fields", "variants")
_LARGEST_SHORT = 0xFFFF  # the largest code point that TOML escapes with four digits


def render_overlay(tables: Mapping[str, Any], title: str) -> str:
    """Write an overlay as TOML: each field on one line, long lists of a table on several lines.

    ``title`` is the comment on the first line. Every character is printable, so that a terminal can show the file.

    Raises:
        TypeError: a value is of a type that TOML lacks.

    """
    # A document of tomlkit takes time that grows with the square of its entries, so only keys and values are its own.
    lines = [f"# {' '.join(replace_unprintable(title, lambda _: ' ').split())}"]
    for name, entries in tables.items():
        if name in _NESTED:
            for key, entry in entries.items():
                lines += ["", *_entry(f"{name}.{_key(key)}", entry, with_parts=name != "scheme")]
        elif isinstance(entries, list | tuple):
            for entry in entries:
                lines += ["", f"[[{name}]]", *_pairs(entry)]
        else:
            lines += ["", f"[{name}]", *_pairs(entries)]
    return "\n".join([*lines, ""])


def toml_string(text: str) -> str:
    """Write a text without surrogates as a TOML string of printable characters."""
    return replace_unprintable(tomlkit.string(text).as_string(), _escape)


def toml_value(value: object) -> str:
    """Write a value as TOML on one line.

    Raises:
        TypeError: it is of a type that TOML lacks.

    """
    if isinstance(value, str):
        return toml_string(value.encode("utf-8", "replace").decode("utf-8"))
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(str(key))} = {toml_value(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    try:
        return tomlkit.item(value).as_string()
    except ValueError:
        raise TypeError(f"TOML has no {type(value).__name__}") from None


def _entry(heading: str, entry: Mapping[str, Any], *, with_parts: bool) -> Iterator[str]:
    """Write an object or another named entry; its fields and variants are tables below it."""
    parts = {key: entry[key] for key in _PARTS if with_parts and key in entry}
    own = {key: value for key, value in entry.items() if key not in parts}
    if own or not parts:
        yield f"[{heading}]"
        yield from _pairs(own)
    for key, part in parts.items():
        yield f"[{heading}.{key}]"
        yield from _pairs(part)


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        line = f"{_key(key)} = {toml_value(value)}"
        if len(line) > _WIDTH and isinstance(value, list | tuple):
            yield f"{_key(key)} = ["
            yield from (f"    {toml_value(item)}," for item in value)
            yield "]"
        else:
            yield line


def _key(key: str) -> str:
    return replace_unprintable(tomlkit.key(key.encode("utf-8", "replace").decode("utf-8")).as_string(), _escape)


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) <= _LARGEST_SHORT else f"\\U{ord(letter):08x}"
