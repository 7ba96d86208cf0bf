"""Turns a column of payloads, JSON text or structs, into what a validator takes, cell by cell."""

from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite
from typing import Any, TypeAlias

from premigrate.engines.needing import pa
from premigrate.errors import BadArgument, BadPayloadText
from premigrate.source import Document, read_json

Cell: TypeAlias = Document | BadPayloadText
"""A payload, or why there is none."""

_Read: TypeAlias = Callable[[Any], Document]
_Write: TypeAlias = Callable[[Any], object]

_AT_ONCE = 1024
_NO_ROOM = "nanoseconds don't fit a Python value: cast it to microseconds"
_UNFIT = (ValueError, OverflowError, pa.ArrowException)
"""What Arrow raises over values that Python has no room for: bytes in a text, the year 20000."""

_is = pa.types
_TEXTS = (_is.is_string, _is.is_large_string, _is.is_string_view)
_BYTES = (_is.is_binary, _is.is_large_binary, _is.is_binary_view)
_PLAIN = (_is.is_null, _is.is_boolean, _is.is_integer, _is.is_decimal, *_TEXTS)


def read_payloads(column: pa.Array) -> Iterator[Cell]:
    """Read every cell; one that can't be read spoils no other.

    Raises:
        BadArgument: the column holds neither JSON text nor structs.

    """
    column, read = _prepare(column)
    for start in range(0, len(column), _AT_ONCE):
        yield from _read_some(column.slice(start, _AT_ONCE), read)


def check_kind(name: str, kind: pa.DataType) -> None:
    """Make sure that payloads can be in a column of this type.

    Raises:
        BadArgument: they can't; says the field where the type is none of JSON.

    """
    stored = _stored(kind)
    if not _is_text(stored):
        if not _is.is_struct(stored):
            raise BadArgument(f"the column {name!r} is {kind}; payloads are JSON text, or structs")
        _writer(stored, name)


def _prepare(column: pa.Array) -> tuple[pa.Array, _Read]:
    while isinstance(column.type, pa.BaseExtensionType | pa.DictionaryType):
        is_dictionary = isinstance(column.type, pa.DictionaryType)
        column = column.dictionary_decode() if is_dictionary else column.storage
    if _is.is_struct(column.type):
        write = _writer(column.type, "payload")
        return column, lambda cell: Document(write(cell))
    return column.cast(pa.large_binary()), read_json  # as bytes, which may turn out not to be UTF-8


def _stored(kind: pa.DataType) -> pa.DataType:
    while isinstance(kind, pa.BaseExtensionType | pa.DictionaryType):
        kind = kind.value_type if isinstance(kind, pa.DictionaryType) else kind.storage_type
    return kind


def _is_text(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (*_TEXTS, *_BYTES, _is.is_null))


def _read_some(cells: pa.Array, read: _Read) -> Iterator[Cell]:
    try:
        yield from [_read_value(value, read) for value in cells.to_pylist()]
    except _UNFIT:
        yield from (_read_alone(cell, read) for cell in cells)


def _read_value(value: Any, read: _Read) -> Cell:  # noqa: ANN401 - any cell, here and below
    if value is None:
        return BadPayloadText("there is no payload: the cell is null")
    try:
        return read(value)
    except BadPayloadText as error:
        return error


def _read_alone(cell: pa.Scalar, read: _Read) -> Cell:
    try:
        return _read_value(cell.as_py(), read)
    except _UNFIT:
        return BadPayloadText("holds a text that is not UTF-8, or a day that no calendar has")


def _writer(kind: pa.DataType, place: str) -> _Write:
    """Make what writes the values of a type as JSON has them; ``place`` says where a type is that JSON lacks."""
    kind = _stored(kind)
    if _is.is_struct(kind):
        return partial(_write_struct, {field.name: _writer(field.type, f"{place}.{field.name}") for field in kind})
    if _is.is_map(kind) and any(test(_stored(kind.key_type)) for test in _TEXTS):
        return partial(_write_map, _writer(kind.item_type, f"{place}.*"))
    if _is.is_list(kind) or _is.is_large_list(kind) or _is.is_fixed_size_list(kind):
        return partial(_write_list, _writer(kind.value_type, f"{place}[]"))
    if _is.is_floating(kind):
        return _write_float
    if _is.is_date(kind) or _is.is_time(kind) or _is.is_timestamp(kind):
        if getattr(kind, "unit", "") == "ns":
            raise BadArgument(f"{place} is {kind}: {_NO_ROOM}")
        return _write_day_or_time
    if any(test(kind) for test in _PLAIN):
        return _write_as_it_is
    raise BadArgument(f"{place} is {kind}, which no value of a JSON payload is")


def _write_as_it_is(value: Any) -> object:  # noqa: ANN401
    return value


def _write_struct(writers: dict[str, _Write], value: Any) -> object:  # noqa: ANN401
    """Write what is there. A struct has all its fields always: null is how it says that a key is absent."""
    if value is None:
        return None
    return {name: write(value[name]) for name, write in writers.items() if value[name] is not None}


def _write_map(write: _Write, value: Any) -> object:  # noqa: ANN401
    return None if value is None else {key: write(item) for key, item in value}


def _write_list(write: _Write, value: Any) -> object:  # noqa: ANN401
    return None if value is None else [write(item) for item in value]


def _write_float(value: Any) -> object:  # noqa: ANN401
    if value is not None and not isfinite(value):
        raise BadPayloadText(f"holds {value}, which is no JSON number")
    return value


def _write_day_or_time(value: Any) -> object:  # noqa: ANN401
    return None if value is None else value.isoformat()
