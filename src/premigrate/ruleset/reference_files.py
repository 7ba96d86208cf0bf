"""Reads the files of reference lists row by row, so that they can be of any length, and reports errors in them."""

import csv
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, NamedTuple

from premigrate.documents.foreign_formats import describe_foreign_format
from premigrate.documents.toml_text import TomlError, read_toml
from premigrate.ruleset.problems import ProblemReport

SUFFIXES = (".txt", ".csv", ".toml")
UNSUPPORTED_SUFFIXES = (".xlsx", ".xls", ".ods", ".tsv", ".json", ".yaml", ".yml", "")
"""Suffixes of files that may hold a list in a format that is not supported."""
NOT_A_LIST_MESSAGE = f"is not a reference list; reference lists are {', '.join(SUFFIXES)} files"
_SEPARATORS = (",", ";", "\t")
_DOCUMENTATION = ("readme", "license", "licence", "changelog")
"""Prefixes of the names of files that document a folder and are not lists."""
_HEAD_SIZE = 4096


class FileRows(NamedTuple):
    """The rows of a file, which are read lazily and can be iterated once.

    ``names`` are the columns; None for one column without a name. Iterating ``rows`` may raise `ReferenceListError`.
    """

    names: Sequence[str] | None
    rows: Iterator[Sequence[str]]


class ReferenceListError(Exception):
    """A file cannot be read as a list; the message explains why."""


def list_files(path: Path) -> tuple[list[Path], list[Path]]:
    """Return the reference list files at a path, and the other files in the folder, which are skipped.

    Raises:
        OSError: the folder cannot be read.

    """
    if not path.is_dir():
        return [path], []
    found = sorted(each for each in path.iterdir() if not each.name.startswith("."))
    lists = [each for each in found if _is_list(each)]
    return lists, [each for each in found if each not in lists]


def _is_list(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.lower().startswith(_DOCUMENTATION) and not file.is_dir()


def read_list_file(file: Path, report: ProblemReport) -> Iterable[tuple[str, Any]]:
    """Yield the name and the rows of each list in a file; add problems with the file to ``report``."""
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        report.add(str(file), "", NOT_A_LIST_MESSAGE)
        return
    try:
        if suffix == ".toml":
            yield from _read_toml(file)
            return
        with _open(file) as text:
            yield file.stem.lower(), _read_csv(text) if suffix == ".csv" else FileRows(None, _read_lines(text))
    except ReferenceListError as error:
        report.add(str(file), "", str(error))


def _open(file: Path) -> IO[str]:
    """Open a regular file as text.

    Raises:
        ReferenceListError: it is not a regular file, cannot be read, or is in a binary or unsupported format.

    """
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):  # noqa: PTH116 - opening a pipe would block
            raise ReferenceListError("is not a file; a folder, a pipe or a device cannot be a reference list")
        with file.open("rb") as content:
            head = content.read(_HEAD_SIZE)
        if what := describe_foreign_format(head, is_yaml=True):
            raise ReferenceListError(f"the reference list cannot be read: {what}")
        return file.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise ReferenceListError(f"the reference list cannot be read: {error.strerror}") from None
    except ValueError:
        raise ReferenceListError(
            "the reference list cannot be read: the path contains a character that is not allowed in paths"
        ) from None


def _read_toml(file: Path) -> Iterable[tuple[str, Any]]:
    with _open(file) as text:
        try:
            return read_toml(text.read().replace("\r\n", "\n"), Decimal).items()
        except TomlError as error:
            raise ReferenceListError(f"this is not TOML: {error}") from None
        except UnicodeDecodeError:
            raise _not_utf8(file) from None


def _read_lines(text: IO[str]) -> Iterator[Sequence[str]]:
    """Yield the value on each line, except blank lines."""
    try:
        for line in text:
            for part in line.split("\r"):
                if value := part.strip():
                    yield (value,)
    except UnicodeDecodeError:
        raise _not_utf8(Path(text.name)) from None


def _read_csv(text: IO[str]) -> FileRows:
    """Read rows below a header; the separator is the most frequent of comma, semicolon and tab in the header.

    A first line such as ``sep=;``, which Excel understands, sets the separator instead.
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
    """Yield the line number and cells of each CSV row; ``before`` is the number of lines before the first row.

    Raises:
        ReferenceListError: the text is not CSV.

    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = before + 1
    try:
        for row in reader:
            yield line, row
            line = before + reader.line_num + 1
    except csv.Error:
        what = "a quoted value does not end, or text follows its closing quote"
        raise ReferenceListError(f"line {line}: this is not CSV: {what}; write a quote in a value twice") from None


def _not_utf8(file: Path) -> ReferenceListError:
    """Return the error for a file that is not UTF-8, with the first such line."""
    with file.open("rb") as content:
        for line, text in enumerate(content, 1):
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                return ReferenceListError(f"line {line}: the reference list is not UTF-8 text; save it as UTF-8")
    return ReferenceListError("the reference list is not UTF-8 text; save it as UTF-8")
