"""Parses the accounts of chunks into documents; yields messages for those that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.batch.chunks import Chunk, ElementChunk, FailedChunk, LineChunk, SkippedChunk
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.documents.text_layout import UTF8_BOM
from premigrate.exceptions import BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.results import Place

_BOM_NOTE = "; the text also begins with a byte order mark, which the API refuses"


@dataclass(slots=True)
class LoadedAccount:
    """An account that was read.

    ``line`` and ``column`` are the position of its text in the file, 0 if the file has no lines. ``account_count`` is
    the number of accounts in the file, 0 if it is unknown. ``text`` is its JSON text, and ``parsed`` its parsed
    document, which is None until it is used. An account in YAML has no text of its own: ``file_document`` is the
    document of its file, and ``place_in_file`` the place of the account in it.
    """

    file: str
    position: int
    line: int
    column: int
    account_count: int
    text: bytes
    parsed: Document | None = None
    file_document: Document | None = None
    place_in_file: Place = ()

    @property
    def document(self) -> Document:
        """The document of the account, parsed on first use. Raises BadPayloadText as `read_json` does."""
        if self.parsed is None:
            self.parsed = _read_quickly(self.text)
        return self.parsed

    @property
    def name(self) -> str:
        """The name of the account in messages: the file, with the position if the file has several."""
        return self.file if self.account_count == 1 else f"{self.file}[{self.position}]"


class ReadFailure(NamedTuple):
    """An input or account that could not be validated, with the reason.

    ``account`` is the name of an account that was read but has no known market; otherwise it is empty.
    """

    file: str
    line: int
    column: int
    message: str
    text: bytes = b""
    position: int = 0
    account: str = ""


class Notice(NamedTuple):
    """A message about an input that does not affect any result."""

    message: str
    name: str
    line: int = 0


LoadedItem: TypeAlias = LoadedAccount | ReadFailure | Notice
_Unread: TypeAlias = tuple[int, int, int, int, bytes]
"""Position, line and column of an account, the number of accounts in its file (0 if unknown), and its text."""


def load_chunk(chunk: Chunk) -> Iterator[LoadedItem]:
    """Parse the accounts of a chunk, in order."""
    match chunk:
        case LineChunk() | ElementChunk():
            for account in _unread(chunk):
                yield from load_account(chunk.file, *account)
        case FailedChunk(file, error, text):
            yield ReadFailure(file, error.line, error.column, str(error), text)
        case SkippedChunk(file, reason):
            yield Notice(reason, file)
        case _:
            yield from _open_yaml(chunk.file, chunk.text)


def _unread(chunk: LineChunk | ElementChunk) -> list[_Unread]:
    if isinstance(chunk, LineChunk):
        return [(position, line, 1, 0, text) for text, line, position in chunk.lines.records()]
    places = enumerate(chunk.elements, chunk.first_position)
    return [(position, line, column, chunk.account_count, text) for position, (text, line, column) in places]


def load_account(  # noqa: PLR0913, PLR0917 - the fields of LoadedAccount
    file: str, position: int, line: int, column: int, account_count: int, text: bytes
) -> tuple[LoadedItem, ...]:
    """Parse the JSON text of one account; the arguments are fields of `LoadedAccount`."""
    try:
        document = read_json(text) if account_count == 1 else _read_quickly(text)
    except BadPayloadText as error:
        if not line and account_count != 1:  # a row of a table; the position is relative to its text
            where = f"line {error.line}, column {error.column}: " if error.line else ""
            return (ReadFailure(file, 0, 0, f"row {position}: {where}{error}", text, position),)
        line, column = (
            to_file_position(error.line, error.column, line, column)
            if error.line or account_count == 1
            else (line, column)
        )
        also = _BOM_NOTE if text.startswith(UTF8_BOM) else ""
        return (ReadFailure(file, line, column, f"{error}{also}", text.removeprefix(UTF8_BOM), position),)
    if document.had_bom and position == 0 and line and (account_count, line, column) != (1, 1, 1):
        document = document._replace(had_bom=False, file_had_bom=True)  # the byte order mark is that of the file
    return (LoadedAccount(file, position, line, column, account_count, text, document),)


def _open_yaml(file: str, text: bytes) -> Iterator[LoadedItem]:
    from premigrate.documents.yaml_text import read_yaml

    try:
        whole = read_yaml(text)
    except BadPayloadText as error:
        yield ReadFailure(file, error.line, error.column, str(error), text)
        return
    if whole.data == []:
        yield ReadFailure(file, 0, 0, "the array is empty; it must contain at least one account", text)
        return
    accounts = whole.split_accounts()
    for position, account in enumerate(accounts):
        start: Place = (position,) if isinstance(whole.data, list) else ()
        yield LoadedAccount(file, position, 1, 1, len(accounts), b"", account, whole, start)


def _read_quickly(text: bytes) -> Document:
    """Parse a text with the fast parser, imported on first use because runs without JSON do not need it."""
    global _read_quickly  # noqa: PLW0603 - later calls use the parser directly
    from premigrate.documents.fast_json import read_json_fast as _read_quickly

    return _read_quickly(text)


def to_file_position(line: int, column: int, first: int, indent: int) -> tuple[int, int]:
    """Convert a position in the text of an account to one in its file; (0, 0) if the file has no lines.

    ``first`` and ``indent`` are the line and column at which the text begins.
    """
    if not first:
        return 0, 0
    return line + first - 1, column + indent - 1 if line == 1 else column
