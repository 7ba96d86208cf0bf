"""Turns the rows of a Parquet file into chunks: one column of it holds an account in each row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from premigrate.bulk.chunks import Broken, Chunk, Piece, Pieces
from premigrate.bulk.finding_files import CHANGED, watch
from premigrate.errors import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.bulk.finding_files import Source

_USUAL = "payload"
_ROWS = 256  # read at once
_NO_ROOM = "holds a text that is not UTF-8, a time in nanoseconds, or a day that no calendar has"


def read_table(source: Source, column: str | None) -> Iterator[Chunk]:
    """Read the column of the payloads: JSON texts, or structs.

    Every row of a struct has every key, with null where nobody said anything, so nulls in structs are left out. A row
    that is null itself holds no account and is told.

    Raises:
        BadPayloadText: nothing that reads Parquet is installed, or the column is not there.

    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        from premigrate.source.optional import how_to_install

        hint = how_to_install("pyarrow", "arrow")
        raise BadPayloadText(f"a Parquet file, which needs pyarrow, and that is not installed; {hint}") from None
    with source.open() as file:  # a file that is not there is told as any other
        has_changed = watch(file)
        try:
            table = parquet.ParquetFile(file)
            name = _column(table.schema_arrow, column)
            index = 0
            for batch in table.iter_batches(batch_size=_ROWS, columns=[name]):
                yield from _rows(source.name, batch.column(0), index)
                index += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            yield Broken(source.name, BadPayloadText(f"not Parquet, or damaged: {str(error).splitlines()[0]}"))
        except BadPayloadText:
            raise
        except (ValueError, OverflowError):  # the message may tell the value
            yield Broken(source.name, BadPayloadText(_NO_ROOM))
        if has_changed():
            yield Broken(source.name, BadPayloadText(CHANGED))


def _column(schema: Any, asked: str | None) -> str:  # noqa: ANN401 - the library has no types
    """Choose the column: the one asked for, else the one of the usual name, else the only one that can hold any."""
    import pyarrow as pa

    able = (pa.types.is_string, pa.types.is_large_string, pa.types.is_struct, pa.types.is_binary)
    names = [field.name for field in schema if any(is_kind(field.type) for is_kind in able)]
    wanted = asked or (_USUAL if _USUAL in names or len(names) != 1 else names[0])
    if wanted not in names:
        told = f"texts or structs are in {', '.join(names)}" if names else "none has texts or structs"
        raise BadPayloadText(f"there is no column {wanted!r} of payloads; {told}; --column names it")
    return wanted


def _rows(file: str, column: Any, first: int) -> Iterator[Chunk]:  # noqa: ANN401
    held: list[Piece] = []
    for index, value in enumerate(column.to_pylist(), first):
        if value is None:
            yield from _flush(file, held, index)
            yield Broken(file, BadPayloadText(f"row {index}: null, where an account should be"))
            held = []
        else:
            held.append(Piece(_text(value), 0, 0))
    yield from _flush(file, held, first + len(column))


def _flush(file: str, held: list[Piece], end: int) -> Iterator[Chunk]:
    if held:
        yield Pieces(file, tuple(held), end - len(held))


def _text(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return json.dumps(_without_nulls(value), default=str, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _without_nulls(value: object) -> object:
    """Leave out the keys that say nothing; a map of Arrow comes as pairs, and stays so."""
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value
