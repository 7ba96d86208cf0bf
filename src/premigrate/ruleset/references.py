"""Reads the reference lists that a user supplies, from text, CSV and TOML files or from Python values."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from premigrate.exceptions import BadArgument, BadRules
from premigrate.ruleset.model.rows import CompactRows
from premigrate.ruleset.model.rule_file import ReferenceList
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.reference_files import (
    NOT_A_LIST_MESSAGE,
    UNSUPPORTED_SUFFIXES,
    FileRows,
    ReferenceListError,
    list_files,
    read_list_file,
)

ListRows: TypeAlias = Iterable[str | Mapping[str, object]]
References: TypeAlias = str | PathLike[str] | Mapping[str, ListRows]
"""A path to a ``.txt``, ``.csv`` or ``.toml`` file, or to a folder of them; or the values or rows of each list."""


def load_reference_lists(
    references: References,
    declared: Mapping[str, ReferenceList],
    report: ProblemReport,
    sources: dict[str, str] | None = None,
) -> dict[str, ReferenceList]:
    """Read the supplied reference lists.

    A file is named after its list, for example ``ledger_codes.txt``; a TOML file holds one list per key. Other files in
    a folder, such as a README, are skipped. The rows of a list are strings (values of its first column) or mappings;
    columns that are not declared are dropped.

    Args:
        references: the path or the lists that the user supplied.
        declared: the declared lists, by name.
        report: receives the problems.
        sources: receives the file of each list, by name.

    Returns:
        The supplied lists, by name.

    """
    if isinstance(references, str | PathLike):
        _report_unsupported_files(Path(references), declared, report)
    found: dict[str, ReferenceList] = {}
    sources = {} if sources is None else sources
    for source, name, rows in _read_all(references, report):
        spec = declared.get(name)
        if not isinstance(name, str):
            report.add(source, "", f"the name of a reference list must be a string, not {type(name).__name__}")
        elif spec is None:
            report.add_unknown(source, "", "reference list", name, declared)
        elif name in found:
            report.add(source, name, f"the list is also in {sources[name]}; keep one of them")
        else:
            sources[name] = source
            found[name] = _make_list(spec, source, name, rows, report)
    return found


def read_reference_lists(references: References) -> dict[str, list[str | dict[str, object]]]:
    """Return the rows of supplied lists, unchecked, for example to send them to machines that do not have the files.

    Raises:
        BadRules: a file cannot be read.
        BadArgument: ``references`` is neither a path nor a mapping.

    """
    report = ProblemReport()
    found = {}
    for source, name, rows in _read_all(references, report):
        try:
            found[name] = _copy(rows)
        except ReferenceListError as error:
            report.add(source, name, str(error))
    if report.problems:
        raise BadRules(report.problems)
    return found


def _copy(rows: ListRows | FileRows) -> list[str | dict[str, object]]:
    if isinstance(rows, FileRows):
        names = rows.names
        return [row[0] if names is None else dict(zip(names, row, strict=False)) for row in rows.rows]
    return [row if isinstance(row, str) else dict(row) for row in rows]


def _read_all(given: References, report: ProblemReport) -> Iterator[tuple[str, str, Any]]:
    """Yield the source, name and raw rows of each list."""
    if isinstance(given, Mapping):
        yield from (("references", name, rows) for name, rows in given.items())
        return
    if not isinstance(given, str | PathLike):
        raise BadArgument(f"references must be a path or a mapping of lists; they are of type {type(given).__name__}")
    for file in _files(Path(given), report):
        yield from ((str(file), name, rows) for name, rows in read_list_file(file, report))


def _files(path: Path, report: ProblemReport) -> list[Path]:
    try:
        return list_files(path)[0]
    except OSError as error:
        report.add(str(path), "", f"the reference lists cannot be read: {error.strerror}")
        return []


def _report_unsupported_files(path: Path, known: Mapping[str, ReferenceList], report: ProblemReport) -> None:
    """Report files that are named like a list but have an unsupported format, instead of skipping them."""
    with suppress(OSError):
        for file in list_files(path)[1]:
            if file.stem.lower() in known and file.suffix.lower() in UNSUPPORTED_SUFFIXES:
                report.add(str(file), "", NOT_A_LIST_MESSAGE)


def _make_list(spec: ReferenceList, source: str, name: str, rows: Any, report: ProblemReport) -> ReferenceList:  # noqa: ANN401 - any file content
    if isinstance(rows, FileRows):
        return _make_list_from_file(spec, source, name, rows, report)
    if isinstance(rows, str) or not isinstance(rows, Iterable):
        report.add(source, name, "must be a list of strings or of rows")
        return spec
    items = [row if isinstance(row, Mapping) else {spec.columns[0]: row} for row in rows]
    columns = tuple(column for column in spec.columns if not items or any(column in item for item in items))
    values = []
    for position, item in enumerate(items, 1):
        cells = [_cell_text(item.get(column, "")) for column in columns]
        if None in cells:
            report.add(source, f"{name}, row {position}", "contains a value that is not a string, number or date")
        elif spec.columns[0] not in columns or not cells[0]:
            report.add(source, f"{name}, row {position}", _no_key(spec))
            break  # usually the header is wrong, and every row has the same problem
        else:
            values.append(tuple(cell or "" for cell in cells))
    return spec.model_copy(update={"columns": columns, "values": tuple(values)})


def _make_list_from_file(
    spec: ReferenceList, source: str, name: str, file: FileRows, report: ProblemReport
) -> ReferenceList:
    """Make a list of the rows of a file while they are read, since there may be millions."""
    names = spec.columns[:1] if file.names is None else file.names
    columns = tuple(column for column in spec.columns if column in names)
    positions = [len(names) - 1 - list(reversed(names)).index(column) for column in columns]  # the last of duplicates
    values = CompactRows(max(len(columns), 1))
    try:
        for position, row in enumerate(file.rows, 1):
            cells = tuple(row[index].strip() if index < len(row) else "" for index in positions)
            if spec.columns[0] not in columns or not cells[0]:
                report.add(source, f"{name}, row {position}", _no_key(spec))
                break  # usually the header is wrong, and every row has the same problem
            values.append(cells)
    except ReferenceListError as error:
        report.add(source, name, str(error))
    return spec.model_copy(update={"columns": columns if values else spec.columns, "values": values})


def _no_key(spec: ReferenceList) -> str:
    return f"has no value in the column {spec.columns[0]!r}; the columns are {', '.join(spec.columns)}"


def _cell_text(value: object) -> str | None:
    """Return the text of a cell; None if it is not a string, number or date."""
    if not isinstance(value, date | Decimal | int | str) or isinstance(value, bool):
        return None
    try:
        return str(value).strip()
    except ValueError:  # an integer with more digits than CPython converts to text
        return None
