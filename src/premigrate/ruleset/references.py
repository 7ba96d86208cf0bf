"""Reads the reference lists that a user supplies: from text, CSV and TOML files, or from Python values."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from premigrate.exceptions import BadArgument, BadRules
from premigrate.ruleset.mistakes import Report
from premigrate.ruleset.model.file import ReferenceList
from premigrate.ruleset.model.rows import Rows
from premigrate.ruleset.reference_files import NO_LIST, OTHER_TABLES, BadListError, FileRows, list_files, read_list_file

Values: TypeAlias = Iterable[str | Mapping[str, object]]
References: TypeAlias = str | PathLike[str] | Mapping[str, Values]
"""A path to a ``.txt``, ``.csv`` or ``.toml`` file, or to a folder of them; or the values or rows of each list."""


def load_references(
    given: References, known: Mapping[str, ReferenceList], report: Report, sources: dict[str, str] | None = None
) -> dict[str, ReferenceList]:
    """Read all lists. A file is named like its list, ``ledger_codes.txt``; a TOML file holds one list a key.

    What else is in a folder, as a README or files with other endings, is passed over.

    The rows of a list are texts (of its first column) or tables; columns that no rule asks for are left out. Mistakes
    are noted in the report, and in ``sources`` where each list is from.
    """
    if isinstance(given, str | PathLike):
        _report_other_endings(Path(given), known, report)
    found: dict[str, ReferenceList] = {}
    sources = {} if sources is None else sources
    for source, name, rows in _read_all(given, report):
        spec = known.get(name)
        if not isinstance(name, str):
            report.add(source, "", f"a reference list is named by a text, not by {type(name).__name__}")
        elif spec is None:
            report.unknown(source, "", "reference list", name, known)
        elif name in found:
            report.add(source, name, f"the list is in {sources[name]} already; keep one of them")
        else:
            sources[name] = source
            found[name] = _make_list(spec, source, name, rows, report)
    return found


def read_references(given: References) -> dict[str, list[str | dict[str, object]]]:
    """Read what files or values hold, unchecked, as values that can be sent where the files are not.

    Raises:
        BadRules: a file can't be read.

    """
    report = Report()
    found = {}
    for source, name, rows in _read_all(given, report):
        try:
            found[name] = _copy(rows)
        except BadListError as error:
            report.add(source, name, str(error))
    if report.problems:
        raise BadRules(report.problems)
    return found


def _copy(rows: Values | FileRows) -> list[str | dict[str, object]]:
    if isinstance(rows, FileRows):
        names = rows.names
        return [row[0] if names is None else dict(zip(names, row, strict=False)) for row in rows.rows]
    return [row if isinstance(row, str) else dict(row) for row in rows]


def _read_all(given: References, report: Report) -> Iterator[tuple[str, str, Any]]:
    """Yield for each list where it is from, its name, and its rows as they stand there."""
    if isinstance(given, Mapping):
        yield from (("references", name, rows) for name, rows in given.items())
        return
    if not isinstance(given, str | PathLike):
        raise BadArgument(f"references must be a path or a mapping of lists; they are of type {type(given).__name__}")
    for file in _files(Path(given), report):
        yield from ((str(file), name, rows) for name, rows in read_list_file(file, report))


def _files(path: Path, report: Report) -> list[Path]:
    try:
        return list_files(path)[0]
    except OSError as error:
        report.add(str(path), "", f"the reference lists can't be read: {error.strerror}")
        return []


def _report_other_endings(path: Path, known: Mapping[str, ReferenceList], report: Report) -> None:
    """Note files that are named like a list, and are of a kind that can't be read: they are no files to pass over."""
    with suppress(OSError):
        for file in list_files(path)[1]:
            if file.stem.lower() in known and file.suffix.lower() in OTHER_TABLES:
                report.add(str(file), "", NO_LIST)


def _make_list(spec: ReferenceList, source: str, name: str, rows: Any, report: Report) -> ReferenceList:  # noqa: ANN401 - whatever a file holds
    if isinstance(rows, FileRows):
        return _take_list(spec, source, name, rows, report)
    if isinstance(rows, str) or not isinstance(rows, Iterable):
        report.add(source, name, "must be a list of texts or of rows")
        return spec
    items = [row if isinstance(row, Mapping) else {spec.columns[0]: row} for row in rows]
    columns = tuple(column for column in spec.columns if not items or any(column in item for item in items))
    values = []
    for position, item in enumerate(items, 1):
        cells = [_write_cell(item.get(column, "")) for column in columns]
        if None in cells:
            report.add(source, f"{name}, row {position}", "holds something that is neither text, number nor date")
        elif spec.columns[0] not in columns or not cells[0]:
            report.add(source, f"{name}, row {position}", _no_key(spec))
            break  # most often the header is wrong, and then so is every row
        else:
            values.append(tuple(cell or "" for cell in cells))
    return spec.model_copy(update={"columns": columns, "values": tuple(values)})


def _take_list(spec: ReferenceList, source: str, name: str, file: FileRows, report: Report) -> ReferenceList:
    """Take the rows of a file as they are read, for there may be millions."""
    names = spec.columns[:1] if file.names is None else file.names
    columns = tuple(column for column in spec.columns if column in names)
    places = [len(names) - 1 - list(reversed(names)).index(column) for column in columns]  # of two alike, the last
    values = Rows(max(len(columns), 1))
    try:
        for position, row in enumerate(file.rows, 1):
            cells = tuple(row[place].strip() if place < len(row) else "" for place in places)
            if spec.columns[0] not in columns or not cells[0]:
                report.add(source, f"{name}, row {position}", _no_key(spec))
                break  # most often the header is wrong, and then so is every row
            values.append(cells)
    except BadListError as error:
        report.add(source, name, str(error))
    return spec.model_copy(update={"columns": columns if values else spec.columns, "values": values})


def _no_key(spec: ReferenceList) -> str:
    return f"has nothing in the column {spec.columns[0]!r}; the columns are {', '.join(spec.columns)}"


def _write_cell(value: object) -> str | None:
    """Write a cell as text; None if it is none."""
    if not isinstance(value, date | Decimal | int | str) or isinstance(value, bool):
        return None
    try:
        return str(value).strip()
    except ValueError:  # an integer of so many digits that CPython won't write it out
        return None
