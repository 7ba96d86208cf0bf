"""Reads the reference lists that a user supplies: from text, CSV and TOML files, or from Python values."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from premigrate.errors import BadArgument, BadRules
from premigrate.loading.report import Report
from premigrate.loading.toml_text import NotToml, read_toml
from premigrate.rulebook import ReferenceList

Rows: TypeAlias = Iterable[str | Mapping[str, object]]
References: TypeAlias = str | PathLike[str] | Mapping[str, Rows]
"""A path to a ``.txt``, ``.csv`` or ``.toml`` file, or to a folder of them; or the values or rows of each list."""

_SEPARATORS = (",", ";", "\t")
_SUFFIXES = (".txt", ".csv", ".toml")


def load_references(
    given: References, known: Mapping[str, ReferenceList], report: Report, sources: dict[str, str] | None = None
) -> dict[str, ReferenceList]:
    """Read all lists. A file is named like its list, ``ledger_codes.txt``; a TOML file holds one list a key.

    The rows of a list are texts (of its first column) or tables; columns that no rule asks for are left out. Mistakes
    are noted in the report, and in ``sources`` where each list is from.
    """
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
    found = {name: _copy(rows) for _, name, rows in _read_all(given, report)}
    if report.problems:
        raise BadRules(report.problems)
    return found


def _copy(rows: Rows) -> list[str | dict[str, object]]:
    return [row if isinstance(row, str) else dict(row) for row in rows]


def _read_all(given: References, report: Report) -> Iterator[tuple[str, str, Any]]:
    """Yield for each list where it is from, its name, and its rows as they stand there."""
    if isinstance(given, Mapping):
        yield from (("references", name, rows) for name, rows in given.items())
        return
    if not isinstance(given, str | PathLike):
        raise BadArgument(f"references must be a path or a mapping of lists; they are of type {type(given).__name__}")
    path = Path(given)
    for file in _files(path, report):
        if file.suffix not in _SUFFIXES:
            report.add(str(file), "", f"is no reference list; they are files in {', '.join(_SUFFIXES)}")
        elif (text := _read_text(file, report)) is not None:
            yield from ((str(file), name, rows) for name, rows in _parse(file, text, report))


def _files(path: Path, report: Report) -> list[Path]:
    try:
        is_folder = path.is_dir()
        return sorted(each for each in path.iterdir() if not each.name.startswith(".")) if is_folder else [path]
    except OSError as error:
        report.add(str(path), "", f"the reference lists can't be read: {error.strerror}")
        return []


def _read_text(file: Path, report: Report) -> str | None:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        report.add(str(file), "", f"the reference list can't be read: {error.strerror}")
    except UnicodeDecodeError:
        report.add(str(file), "", "the reference list can't be read: it is not UTF-8 text")
    except ValueError as error:  # a path with a character that no path can have
        report.add(str(file), "", f"the reference list can't be read: {error}")
    return None


def _parse(file: Path, text: str, report: Report) -> Iterable[tuple[str, Any]]:
    if file.suffix == ".txt":
        return [(file.stem, [line.strip() for line in text.splitlines() if line.strip()])]
    try:
        if file.suffix == ".csv":
            return [(file.stem, _parse_csv(text))]
        return read_toml(text, Decimal).items()
    except NotToml as error:
        report.add(str(file), "", f"this is not TOML: {error}")
    except csv.Error as error:
        report.add(str(file), "", f"this is not CSV: {error}")
    return []


def _parse_csv(text: str) -> list[dict[str, str]]:
    """Read rows under a header; whichever of comma, semicolon and tab the header has most of separates columns."""
    header, _, body = text.partition("\n")
    separator = max(_SEPARATORS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
    rows = csv.reader(StringIO(body), delimiter=separator)
    return [dict(zip(names, row, strict=False)) for row in rows if any(cell.strip() for cell in row)]


def _make_list(spec: ReferenceList, source: str, name: str, rows: Any, report: Report) -> ReferenceList:  # noqa: ANN401 - whatever a file holds
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
            hint = f"has nothing in the column {spec.columns[0]!r}; the columns are {', '.join(spec.columns)}"
            report.add(source, f"{name}, row {position}", hint)
            break  # most often the header is wrong, and then so is every row
        else:
            values.append(tuple(cell or "" for cell in cells))
    return spec.model_copy(update={"columns": columns, "values": tuple(values)})


def _write_cell(value: object) -> str | None:
    """Write a cell as text; None if it is none."""
    if not isinstance(value, date | Decimal | int | str) or isinstance(value, bool):
        return None
    try:
        return str(value).strip()
    except ValueError:  # an integer of so many digits that CPython won't write it out
        return None
