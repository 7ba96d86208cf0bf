"""Reads the files of reference lists, row by row, however long they are; and says what is wrong in one, and where."""

import csv
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, NamedTuple

from premigrate.documents.foreign_formats import recognise
from premigrate.documents.toml_text import NotToml, read_toml
from premigrate.ruleset.mistakes import Report

SUFFIXES = (".txt", ".csv", ".toml")
OTHER_TABLES = (".xlsx", ".xls", ".ods", ".tsv", ".json", ".yaml", ".yml", "")
"""Endings of files that may hold a list and can't be read as one."""
NO_LIST = f"is no reference list; they are files in {', '.join(SUFFIXES)}"
_SEPARATORS = (",", ";", "\t")
_ABOUT = ("readme", "license", "licence", "changelog")
"""How the names of files begin that tell of a folder, and are no lists."""
_HEAD = 4096


class FileRows(NamedTuple):
    """The rows of a file, read as they are asked for, once. ``names`` are its columns; None: it has one, without name.

    Whoever asks for the rows has to expect `BadListError`.
    """

    names: Sequence[str] | None
    rows: Iterator[Sequence[str]]


class BadListError(Exception):
    """A file can't be read as a list; the message says why."""


def list_files(path: Path) -> tuple[list[Path], list[Path]]:
    """Find the files of reference lists at a path, and what else is in the folder and passed over. Raises OSError."""
    if not path.is_dir():
        return [path], []
    found = sorted(each for each in path.iterdir() if not each.name.startswith("."))
    lists = [each for each in found if _is_list(each)]
    return lists, [each for each in found if each not in lists]


def _is_list(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.lower().startswith(_ABOUT) and not file.is_dir()


def read_list_file(file: Path, report: Report) -> Iterable[tuple[str, Any]]:
    """Read a file: the name and the rows of each list in it. What is wrong is noted in the report."""
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        report.add(str(file), "", NO_LIST)
        return
    try:
        if suffix == ".toml":
            yield from _read_toml(file)
            return
        with _open(file) as text:
            yield file.stem.lower(), _read_csv(text) if suffix == ".csv" else FileRows(None, _read_lines(text))
    except BadListError as error:
        report.add(str(file), "", str(error))


def _open(file: Path) -> IO[str]:
    """Open a file as text, if it is a file and text."""
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):  # noqa: PTH116 - whoever opens a pipe waits for its writer
            raise BadListError("is no file; a folder, a pipe or a device can be no reference list")
        with file.open("rb") as content:
            head = content.read(_HEAD)
        if what := recognise(head, is_yaml=True):
            raise BadListError(f"the reference list can't be read: {what}")
        return file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise BadListError(f"the reference list can't be read: {error.strerror}") from None
    except ValueError:
        raise BadListError("the reference list can't be read: no path can have such a character") from None


def _read_toml(file: Path) -> Iterable[tuple[str, Any]]:
    with _open(file) as text:
        try:
            return read_toml(text.read().replace("\r\n", "\n"), Decimal).items()
        except NotToml as error:
            raise BadListError(f"this is not TOML: {error}") from None
        except UnicodeDecodeError:
            raise _not_utf8(file) from None


def _read_lines(text: IO[str]) -> Iterator[Sequence[str]]:
    """Read one value a line; blank lines are none."""
    try:
        for line in text:
            for part in line.split("\r"):
                if value := part.strip():
                    yield (value,)
    except UnicodeDecodeError:
        raise _not_utf8(Path(text.name)) from None


def _read_csv(text: IO[str]) -> FileRows:
    """Read rows under a header; whichever of comma, semicolon and tab the header has most of separates columns.

    A first line ``sep=;``, as spreadsheets write it, names the separator.
    """
    try:
        header, before = text.readline(), 0
        separator = ""
        if header.lower().startswith("sep=") and len(header.strip("\r\n")) <= len("sep=;"):
            separator, before = header[4:5].strip("\r\n"), 1
            header = text.readline()
        separator = separator or max(_SEPARATORS, key=header.count)
        names = [name.strip() for _, row in _rows(iter([header]), separator, before) for name in row]
    except UnicodeDecodeError:
        raise _not_utf8(Path(text.name)) from None
    return FileRows(names, _cells(text, separator, before + 1))


def _cells(text: IO[str], separator: str, before: int) -> Iterator[Sequence[str]]:
    try:
        for _, row in _rows(text, separator, before):
            if any(cell.strip() for cell in row):
                yield row
    except UnicodeDecodeError:
        raise _not_utf8(Path(text.name)) from None


def _rows(lines: Iterable[str], separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Read rows of CSV with their lines; ``before`` is the number of lines before the first."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = before + 1
    try:
        for row in reader:
            yield line, row
            line = before + reader.line_num + 1
    except csv.Error:
        what = "a quoted value does not end, or text follows its closing quote"
        raise BadListError(f"line {line}: this is not CSV: {what}; write a quote in a value twice") from None


def _not_utf8(file: Path) -> BadListError:
    """Say where a file is no UTF-8."""
    with file.open("rb") as content:
        for line, text in enumerate(content, 1):
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                return BadListError(f"line {line}: the reference list is not UTF-8 text; save it as UTF-8")
    return BadListError("the reference list is not UTF-8 text; save it as UTF-8")
