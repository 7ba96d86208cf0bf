"""Reads a Parquet file as chunks; one of its columns holds one account in each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.batch.chunks import Chunk, ElementChunk, FailedChunk, Piece, SkippedChunk
from premigrate.batch.inputs import CHANGED_MESSAGE, watch_for_changes
from premigrate.batch.own_reports import OWN_REPORT_NOTICE, TABLE_KEY
from premigrate.exceptions import BadArgument, BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from premigrate.batch.inputs import Source
    from premigrate.batch.payload_columns import Cell

_DEFAULT_COLUMN = "payload"
_ROWS = 256  # rows in a batch


def read_parquet(source: Source, column: str | None) -> Iterator[Chunk]:
    """Read the payload column of a Parquet file: JSON texts, structs or maps, as for `premigrate.integrations.arrow`.

    Arrow has a null field for an absent key of a struct, so null fields are left out. A row that is null or cannot
    be read yields a `FailedChunk` chunk. A report of premigrate that was found in a folder is skipped.

    Args:
        source: the file.
        column: the name of the column; by default, ``payload`` or the only column that can hold payloads.

    Raises:
        BadPayloadText: pyarrow is not installed, or no column can hold payloads.
        OSError: the file cannot be opened.

    """
    try:
        import pyarrow as pa
        from pyarrow import parquet

        from premigrate.batch.arrow_values import AS_JSON
        from premigrate.batch.payload_columns import PayloadReader
    except ImportError:
        from premigrate.optional_deps import install_hint

        hint = install_hint("pyarrow", "arrow")
        raise BadPayloadText(f"reading Parquet files requires pyarrow, which is not installed; {hint}") from None
    with source.open() as file:  # its OSError is reported as for other files
        has_changed = watch_for_changes(file)
        try:
            table = parquet.ParquetFile(file)
            if source.is_discovered and _is_report(table):
                yield SkippedChunk(source.name, OWN_REPORT_NOTICE)
                return
            name = _choose_column(table.schema_arrow, column)
            reader = PayloadReader(name, table.schema_arrow.field(name).type, AS_JSON)
            index = 0
            for batch in table.iter_batches(batch_size=_ROWS, columns=[name]):
                yield from _rows(source.name, reader.read(batch.column(batch.schema.get_field_index(name))), index)
                index += batch.num_rows
        except BadArgument as error:
            raise BadPayloadText(f"{error}; or choose another column with --column") from None
        except (pa.ArrowException, OSError) as error:
            yield FailedChunk(
                source.name, BadPayloadText(f"not a Parquet file, or damaged: {str(error).splitlines()[0]}")
            )
        if has_changed():
            yield FailedChunk(source.name, BadPayloadText(CHANGED_MESSAGE))


def is_own_table(path: str) -> bool:
    """Return whether a Parquet file is a report of premigrate; False if that cannot be told."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        return False
    try:
        with parquet.ParquetFile(path) as table:
            return _is_report(table)
    except (ArrowException, OSError):
        return False


def _is_report(table: Any) -> bool:  # noqa: ANN401 - the library has no types
    return TABLE_KEY in (table.schema_arrow.metadata or ())


def _choose_column(schema: Any, requested: str | None) -> str:  # noqa: ANN401 - the library has no types
    """Choose the column: the requested one, else the one with the default name, else the only suitable one.

    Raises:
        BadArgument: there are several columns of this name.
        BadPayloadText: there is no column of this name, or none that can hold payloads.

    """
    import pyarrow as pa

    from premigrate.batch.payload_columns import can_hold_payloads, find_column

    names = [field.name for field in schema if can_hold_payloads(field.type)]
    wanted = requested or (_DEFAULT_COLUMN if _DEFAULT_COLUMN in names or len(names) != 1 else names[0])
    position = find_column(schema.names, wanted)
    if wanted in names or (position >= 0 and schema.field(position).type == pa.null()):
        return wanted
    usable = f"choose one with --column: {', '.join(names)}" if names else "no column contains strings, structs or maps"
    kind = "is missing" if position < 0 else f"cannot contain payloads: it is {schema.field(position).type}"
    raise BadPayloadText(f"the column {wanted!r} {kind}; {usable}")


def _rows(file: str, cells: Iterable[Cell], first: int) -> Iterator[Chunk]:
    from premigrate.batch.arrow_values import to_json

    pending: list[Piece] = []
    index = first
    for index, cell in enumerate(cells, first):
        if isinstance(cell, BadPayloadText):
            yield from _flush(file, pending, index)
            yield FailedChunk(file, BadPayloadText(f"row {index}: {cell}"))
            pending = []
        else:
            pending.append(Piece(cell if isinstance(cell, bytes) else to_json(cell), 0, 0))
    yield from _flush(file, pending, index + 1)


def _flush(file: str, pending: list[Piece], end: int) -> Iterator[Chunk]:
    if pending:
        yield ElementChunk(file, tuple(pending), end - len(pending))
