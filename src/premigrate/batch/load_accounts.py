"""Turns chunks into the documents of their accounts, and into what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.batch.chunks import Broken, Chunk, Lined, Pieces, Skipped
from premigrate.documents.detection import BOM
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.results import Place

_MARKED_TOO = "; it also begins with a byte order mark, which the API refuses"


@dataclass(slots=True)
class Opened:
    """An account. ``document`` is its parsed text, which is parsed on first use.

    ``line`` and ``column`` are where its text begins in the file, 0 if the file has no lines. ``many`` is the number of
    accounts in the file; 0: not counted. ``text`` is its text; an account in YAML has none of its own, but ``whole`` is
    the document of the file, and ``start`` the place of the account in it.
    """

    file: str
    position: int
    line: int
    column: int
    many: int
    text: bytes
    read: Document | None = None
    whole: Document | None = None
    start: Place = ()

    @property
    def document(self) -> Document:
        """The parsed text. Raises BadPayloadText as `read_json` does, if it was not parsed before."""
        if self.read is None:
            self.read = _read_quickly(self.text)
        return self.read

    @property
    def name(self) -> str:
        """Name the account among those of its file."""
        return self.file if self.many == 1 else f"{self.file}[{self.position}]"


class Missed(NamedTuple):
    """An input or account that could not be checked, and why. ``account`` names one that was read and has no market."""

    file: str
    line: int
    column: int
    message: str
    text: bytes = b""
    position: int = 0
    account: str = ""


class Remark(NamedTuple):
    """A message that changes no result."""

    message: str
    name: str
    line: int = 0


Found: TypeAlias = Opened | Missed | Remark
_Unread: TypeAlias = tuple[int, int, int, int, bytes]
"""Position, line, column, number of accounts in the file (0: not counted), and text of an account."""


def open_chunk(chunk: Chunk) -> Iterator[Found]:
    """Read what is in a chunk, in its order."""
    match chunk:
        case Lined() | Pieces():
            for account in _unread(chunk):
                yield from open_account(chunk.file, *account)
        case Broken(file, error, text):
            yield Missed(file, error.line, error.column, str(error), text)
        case Skipped(file, reason):
            yield Remark(reason, file)
        case _:
            yield from _open_yaml(chunk.file, chunk.text)


def _unread(chunk: Lined | Pieces) -> list[_Unread]:
    if isinstance(chunk, Lined):
        return [(position, line, 1, 0, text) for text, line, position in chunk.lines.records()]
    places = enumerate(chunk.pieces, chunk.first)
    return [(position, line, column, chunk.many, text) for position, (text, line, column) in places]


def open_account(  # noqa: PLR0913, PLR0917 - the parts of what it makes
    file: str, position: int, line: int, column: int, many: int, text: bytes
) -> tuple[Found, ...]:
    """Read the text of one account in JSON; `Opened` says what the arguments are."""
    try:
        document = read_json(text) if many == 1 else _read_quickly(text)
    except BadPayloadText as error:
        if not line and many != 1:  # a row of a table; the place is one in its text
            where = f"line {error.line}, column {error.column}: " if error.line else ""
            return (Missed(file, 0, 0, f"row {position}: {where}{error}", text, position),)
        line, column = shift(error.line, error.column, line, column) if error.line or many == 1 else (line, column)
        also = _MARKED_TOO if text.startswith(BOM) else ""
        return (Missed(file, line, column, f"{error}{also}", text.removeprefix(BOM), position),)
    if document.had_bom and position == 0 and line and (many, line, column) != (1, 1, 1):
        document = document._replace(had_bom=False, file_had_bom=True)  # it was cut from a file that begins with it
    return (Opened(file, position, line, column, many, text, document),)


def _open_yaml(file: str, text: bytes) -> Iterator[Found]:
    from premigrate.documents.yaml_text import read_yaml

    try:
        whole = read_yaml(text)
    except BadPayloadText as error:
        yield Missed(file, error.line, error.column, str(error), text)
        return
    if whole.data == []:
        yield Missed(file, 0, 0, "an empty array holds no account", text)
        return
    accounts = whole.accounts()
    for position, account in enumerate(accounts):
        start: Place = (position,) if isinstance(whole.data, list) else ()
        yield Opened(file, position, 1, 1, len(accounts), b"", account, whole, start)


def _read_quickly(text: bytes) -> Document:
    """Read a text with the fast parser, which is imported on first use: a run without JSON does not need it."""
    global _read_quickly  # noqa: PLW0603 - the next call goes straight to it
    from premigrate.documents.fast_json import read_quickly as _read_quickly

    return _read_quickly(text)


def shift(line: int, column: int, first: int, indent: int) -> tuple[int, int]:
    """Turn a place in the text of an account into one in its file."""
    if not first:
        return 0, 0
    return line + first - 1, column + indent - 1 if line == 1 else column
