"""Writes tables as TOML files with tomlkit: overlays, and the strings of a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import Array

from premigrate.formats.printable import replace_unprintable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tomlkit.items import AoT, Item, Table

_WIDTH = 116
_NESTED = {"advice", "answer", "blame", "change", "code", "course", "import_status", "list", "object", "scheme"}
"""The tables whose entries are tables with a heading of their own."""
_PARTS = ("fields", "variants")
_LARGEST_SHORT = 0xFFFF  # the largest code point that TOML escapes with four digits


def render_overlay(tables: Mapping[str, Any], title: str) -> str:
    """Write an overlay as TOML: each field on one line, long lists of a table on several lines.

    ``title`` is the comment on the first line.

    Every character of the file is printable, so that a terminal can show it.

    Raises:
        TypeError: a value is of a type that TOML lacks.

    """
    document = tomlkit.document()
    document.add(tomlkit.comment(" ".join(replace_unprintable(title, lambda _: " ").split())))
    for name, entries in tables.items():
        document.add(tomlkit.nl())
        document.add(_key(name), _top_level(name, entries))
    return _escape(tomlkit.dumps(document))


def toml_string(text: str) -> str:
    """Write a text without surrogates as a TOML string of printable characters."""
    return _escape(tomlkit.string(text).as_string())


def _top_level(name: str, entries: Any) -> Table | AoT:  # noqa: ANN401 - any table
    if name in _NESTED:
        outer = tomlkit.table(is_super_table=True)
        for key, entry in entries.items():
            outer.add(_key(key), _entry(entry, with_parts=name != "scheme"))
        return outer
    if isinstance(entries, list | tuple):
        array = tomlkit.aot()
        for entry in entries:
            array.append(_table(entry))
        return array
    return _table(entries)


def _entry(entry: Mapping[str, Any], *, with_parts: bool) -> Table:
    """Write an object or another named entry; its fields and variants are tables below it."""
    parts = {key: entry[key] for key in _PARTS if with_parts and key in entry}
    own = {key: value for key, value in entry.items() if key not in parts}
    table = _table(own, is_super_table=bool(parts) and not own)
    for key, part in parts.items():
        table.add(_key(key), _table(part))
    return table


def _table(values: Mapping[str, Any], *, is_super_table: bool = False) -> Table:
    table = tomlkit.table(is_super_table=is_super_table)
    for key, value in values.items():
        item = _value(value)
        if isinstance(item, Array):
            item.multiline(len(item.as_string()) > _WIDTH)
        table.add(_key(key), item)
    return table


def _value(value: object) -> Item:
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        for key, inner in value.items():
            inline.add(_key(key), _value(inner))
        return inline
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend(_value(item) for item in value)
        return array
    return tomlkit.item(_without_surrogates(value) if isinstance(value, str) else value)


def _key(key: str) -> str:
    return _without_surrogates(key)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _escape(toml: str) -> str:
    """Escape the characters inside strings that TOML allows and a terminal does not show."""
    return "\n".join(replace_unprintable(line, _escaped) for line in toml.split("\n"))


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) <= _LARGEST_SHORT else f"\\U{ord(letter):08x}"
