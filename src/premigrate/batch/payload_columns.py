"""Reads Arrow columns of payloads, cell by cell: JSON text as bytes, structs and maps as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from premigrate.batch.arrow_values import (
    BINARY_TYPES,
    CONVERSION_ERRORS,
    TEXT_TYPES,
    ValueForm,
    decode_dictionary,
    is_object_map,
    make_converter,
    passes_any,
    stored_type,
)
from premigrate.exceptions import BadArgument, BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Cell: TypeAlias = bytes | dict[str, Any] | msgspec.Struct | BadPayloadText
"""The JSON text of a payload, its data in the requested form, or the error if the cell cannot be read."""

_ROWS = 1024  # cells that are converted at once
_NULL = "there is no payload: the cell is null"

_is = pa.types


class PayloadReader:
    """Reads the cells of columns of one type.

    Args:
        name: the name of the column, for messages.
        kind: the Arrow type of the column.
        form: the representation of decimals, JSON values and structs.

    Raises:
        BadArgument: a column of this type cannot hold payloads; the message names the field without a JSON equivalent.

    """

    def __init__(self, name: str, kind: pa.DataType, form: ValueForm) -> None:
        stored = stored_type(kind)
        if passes_any(stored, _is.is_struct, is_object_map):
            self._convert = make_converter(kind, name, form)
        elif passes_any(stored, *TEXT_TYPES, *BINARY_TYPES, _is.is_null):
            self._convert = _text_cells
        else:
            raise BadArgument(f"the column {name!r} is {kind}; payloads are JSON text, or structs or maps")

    def read(self, column: pa.Array | pa.ChunkedArray) -> Iterator[Cell]:
        """Read all cells in order; a cell that cannot be read yields an error and does not affect the others."""
        chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        for chunk in chunks:
            for start in range(0, len(chunk), _ROWS):
                yield from self._read_some(chunk.slice(start, _ROWS))

    def _read_some(self, cells: pa.Array) -> list[Cell]:
        """Convert the cells together; if that fails, halve them recursively to isolate the cells with errors."""
        try:
            return [BadPayloadText(_NULL) if cell is None else cell for cell in self._convert(cells)]
        except BadPayloadText as error:
            if len(cells) == 1:
                return [error]
        except CONVERSION_ERRORS:
            if len(cells) == 1:
                return [BadPayloadText("contains a value that cannot be read")]
        half = len(cells) // 2
        return [*self._read_some(cells.slice(0, half)), *self._read_some(cells.slice(half))]


def can_hold_payloads(kind: pa.DataType) -> bool:
    """Return whether a column of this type can hold payloads: it is text, bytes, structs or maps."""
    stored = stored_type(kind)
    return passes_any(stored, *TEXT_TYPES, *BINARY_TYPES, _is.is_struct, is_object_map)


def find_column(names: Sequence[str], name: str) -> int:
    """Return the index of a column by its name, or -1 if there is none.

    Raises:
        BadArgument: several columns have this name.

    """
    if names.count(name) > 1:
        raise BadArgument(f"{names.count(name)} columns are named {name!r}; rename all but one")
    return names.index(name) if name in names else -1


def _text_cells(array: pa.Array) -> list[Any]:
    """Convert text to bytes, which are not checked to be UTF-8."""
    while True:
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        elif isinstance(array, pa.DictionaryArray):
            array = decode_dictionary(array)
        elif _is.is_run_end_encoded(array.type):
            array = pc.run_end_decode(array)
        else:
            return list(array.cast(pa.large_binary()).to_pylist())
