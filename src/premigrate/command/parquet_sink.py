"""Writes a run as a Parquet file: a table with one row for each finding. Requires pyarrow."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from premigrate.batch.own_reports import TABLE_KEY
from premigrate.command.atomic_file import AtomicBytesFile
from premigrate.exceptions import BadArgument
from premigrate.optional_deps import install_hint
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput
from premigrate.ruleset.lineage import Lineage, lineage_of

if TYPE_CHECKING:
    from premigrate.ruleset.overlays import Overlay

_MAX_ROWS, _MAX_CHARACTERS = 10_000, 4_000_000
"""Rows, and characters of their long texts, that are in memory at most: they become one row group of the file."""

_COLUMNS = {
    "as_of": "date32[day] not null",
    "premigrate_version": "string not null",
    "rules_digest": "string not null",
    "overlay_digest": "string",
    "file": "string",
    "position": "int64",
    "account": "string",
    "supplier": "string",
    "level": "string not null",
    "code": "string",
    "attr": "string",
    "detail": "string not null",
    "rule": "string",
    "expected": "string",
    "line": "int64",
    "column": "int64",
}
"""The columns and their types; docs/outputs.md describes them."""


class ParquetSink:
    """Writes one row for each finding; also one for each input that cannot be read, and one if the run is interrupted.

    Args:
        path: the file to write.
        overlay: the overlay of the run, whose digest is in each row.

    Raises:
        BadArgument: pyarrow is not installed, or the file cannot be written.

    """

    needs_clean_accounts = False
    max_located: int | None = None
    tells_advice = True
    render = None

    def __init__(self, path: str, overlay: Overlay | None = None) -> None:
        try:
            from pyarrow import parquet
        except ImportError:
            hint = install_hint("pyarrow", "arrow")
            raise BadArgument(f"--output {path}: writing Parquet requires pyarrow; {hint}") from None
        self._path, self._overlay = path, overlay
        self._make_writer: Any = parquet.ParquetWriter
        self._writer: Any = None
        self._lineage: Lineage | None = None
        self._rows: list[tuple[object, ...]] = []
        self._characters = 0
        self._file = AtomicBytesFile(path)
        self._stream = _Stream(self._file)
        self.is_open = True
        self.failure = ""
        self.notices: list[str] = []
        self.written: list[str] = []

    def begin(self, run: RunInfo) -> None:
        """Begin the file."""
        self._lineage = lineage_of(run.as_of, self._overlay)
        self._writer = self._try(self._make_writer, self._stream, findings_schema())

    def write_account(self, account: AccountReport) -> None:
        """Write the findings of one account."""
        where = account.file, account.index, account.account_number or None, account.supplier or None
        for finding in account.findings:
            spot = (finding.spot.line, finding.spot.column) if finding.spot else (None, None)
            what = finding.level, finding.code, finding.attr, finding.detail, finding.rule, finding.expected or None
            self._add(*where, *what, *spot)

    def write_rendered(self, text: str) -> None:
        """Do nothing: accounts are never rendered for a table."""

    def write_unreadable(self, problem: UnreadableInput) -> None:
        """Write a row of the level ``unreadable``."""
        spot = problem.line or None, problem.column or None
        self._add(problem.file, None, None, None, "unreadable", None, None, problem.message, None, None, *spot)

    def end(self, tally: Tally) -> None:
        """Write the remaining rows, with one of the level ``interrupted`` if the run was; give the file its name."""
        if tally.interrupted:
            self._add(*[None] * 4, "interrupted", None, None, INTERRUPTED, *[None] * 4)
        self._flush()
        if self.is_open:
            self._try(self._writer.close)
        if self.is_open:
            self._try(self._file.commit)
        if self.is_open:
            self.written = [self._path]

    def discard(self) -> None:
        """Remove what was written."""
        self._stream.detach_file()
        self._file.discard()

    def _add(self, *cells: object) -> None:
        if not self.is_open:
            return
        assert self._lineage  # noqa: S101 - the run has begun
        self._rows.append((*self._lineage, *map(_as_utf8, cells)))
        self._characters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(self._rows) >= _MAX_ROWS or self._characters >= _MAX_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows or not self.is_open:
            return
        import pyarrow as pa

        schema = findings_schema()
        cells = zip(zip(*self._rows, strict=True), schema, strict=True)
        columns = [pa.array(values, field.type) for values, field in cells]
        self._rows, self._characters = [], 0
        self._try(self._writer.write_batch, pa.RecordBatch.from_arrays(columns, schema=schema))

    def _try(self, write: Any, *arguments: object) -> Any:  # noqa: ANN401 - a function of pyarrow
        """Call a function that writes; if it fails, stop, remove what was written, and record why."""
        try:
            return write(*arguments)
        except BadArgument as error:
            self.is_open, self.failure = False, str(error)
            self.discard()
        return None


def findings_schema() -> Any:  # noqa: ANN401 - a Schema of pyarrow
    """Return the Arrow schema of the table."""
    import pyarrow as pa

    types = {"string": pa.string(), "int64": pa.int64(), "date32[day]": pa.date32()}
    fields = [
        pa.field(name, types[kind.removesuffix(" not null")], nullable=not kind.endswith(" not null"))
        for name, kind in _COLUMNS.items()
    ]
    return pa.schema(fields, {TABLE_KEY: b"findings"})


class _Stream(io.RawIOBase):
    """The stream that pyarrow writes to. It drops what is written after `detach_file`: freed writers write the end."""

    def __init__(self, file: AtomicBytesFile) -> None:
        super().__init__()
        self._file: AtomicBytesFile | None = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - a buffer
        """Write data. Raises BadArgument."""
        if self._file:
            self._file.write(bytes(data))
        return len(data)

    def detach_file(self) -> None:
        self._file = None


def _as_utf8(cell: object) -> object:
    """Escape lone surrogates: strings of Arrow must be UTF-8."""
    if isinstance(cell, str) and not cell.isascii():
        return cell.encode("utf-8", "backslashreplace").decode()
    return cell
