"""Turns chunks into the results of their accounts, and into what could not be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.api import market_of, markets
from premigrate.bulk.chunks import Broken, Chunk, Lined, Marked, Pieces
from premigrate.errors import BadPayloadText
from premigrate.source import Document, read_json
from premigrate.source.sniffing import BOM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.api import Validator
    from premigrate.errors import Place, Result

_REFERENCE = "external_account_number"
_LONGEST_REFERENCE = 100
_MARK = "begins with a byte order mark, which the API refuses"


class Looked(NamedTuple):
    """An account and its result.

    ``line`` and ``column`` are where its text begins in the file, 0 if the file has no lines. ``many`` accounts are
    there; 0: nobody counted. ``text`` is its text; in YAML it has none of its own, but ``document`` holds the whole and
    ``start`` is its place in there.
    """

    position: int
    line: int
    column: int
    many: int
    validator: Validator
    data: object
    result: Result
    text: bytes
    document: Document | None = None
    start: Place = ()


class Missed(NamedTuple):
    """What could not be checked, and why.

    ``account`` names the account, if that is what could not be checked though it can be read: then it is a matter of
    how the command was called, not of what the input holds.
    """

    file: str
    line: int
    column: int
    message: str
    text: bytes = b""
    position: int = 0
    account: str = ""


class Remark(NamedTuple):
    """Something to say that changes no result."""

    message: str
    name: str
    line: int = 0


Seen: TypeAlias = Looked | Missed | Remark


class Looker:
    """Checks accounts. ``market`` is that of all of them, if it is said; ``validators`` are those that were needed."""

    def __init__(self, market: str | None, validator_of: Callable[[str], Validator]) -> None:
        self._market, self._validator_of = market, validator_of
        self.validators: dict[str, Validator] = {}
        self._remarks: list[Remark] = []

    def validator(self, market: str) -> Validator:
        """Give the validator of a market. Raises as `Validator` does."""
        if market not in self.validators:
            self.validators[market] = self._validator_of(market)
        return self.validators[market]

    def look(self, chunk: Chunk) -> Iterator[Seen]:
        """Check what is in a chunk, in its order."""
        for seen in self._look(chunk):
            if self._remarks:
                yield from self._remarks
                self._remarks.clear()
            yield seen

    def _look(self, chunk: Chunk) -> Iterator[Seen]:
        match chunk:
            case Lined(file, lines):
                for text, line, position in lines.records():
                    yield self._read(file, text, line, 1, position)
            case Pieces(file, pieces, first, many):
                for position, (text, line, column) in enumerate(pieces, first):
                    yield self._read(file, text, line, column, position, many)
            case Broken(file, error, text):
                yield Missed(file, error.line, error.column, str(error), text)
            case Marked(file):
                yield Remark(_MARK, file)
            case _:
                yield from self._yaml(chunk.file, chunk.text)

    def _read(  # noqa: PLR0913, PLR0917 - what is known of an account
        self, file: str, text: bytes, line: int, column: int, position: int, many: int = 0
    ) -> Looked | Missed:
        """Read the text of one account in JSON, and check it."""
        try:
            document = read_json(text) if many == 1 else _read_quickly(text)
        except BadPayloadText as error:
            line, column = shift(error.line, error.column, line, column) if error.line or many == 1 else (line, column)
            return Missed(file, line, column, str(error), text, position)
        if document.had_bom:
            self._remarks.append(Remark(_MARK, file, 0 if many == 1 else line))
            document = document._replace(had_bom=False)
        return self._check(file, text, line, column, position, many, document)

    def _yaml(self, file: str, text: bytes) -> Iterator[Seen]:
        from premigrate.source import read_yaml

        try:
            whole = read_yaml(text)
        except BadPayloadText as error:
            yield Missed(file, error.line, error.column, str(error), text)
            return
        if whole.data == []:
            yield Missed(file, 0, 0, "an empty array holds no account", text)
            return
        if whole.had_bom:
            yield Remark(_MARK, file)
        accounts = whole.accounts()
        for position, account in enumerate(accounts):
            seen = self._check(file, b"", 1, 1, position, len(accounts), account)
            if isinstance(seen, Looked):
                start: Place = (position,) if isinstance(whole.data, list) else ()
                seen = seen._replace(document=whole, start=start)
            yield seen

    def _check(  # noqa: PLR0913, PLR0917 - what is known of an account
        self, file: str, text: bytes, line: int, column: int, position: int, many: int, document: Document
    ) -> Looked | Missed:
        data = document.data
        told = market_of(data)
        market = self._market or told
        if market is None:
            hint = f"can't tell the market from import_supplier; say --market ({' or '.join(markets())})"
            at = (0, 0) if many == 1 else (line, column)
            return Missed(file, *at, hint, text or _as_json(data), position, _name(file, position, many))
        if market != told and told is not None:
            said = f"import_supplier tells of the market {told}, not {market}"
            self._remarks.append(Remark(said, _name(file, position, many)))
        validator = self.validators.get(market) or self.validator(market)
        result = validator.validate_document(document) if document.repeated else validator.validate(data)
        return Looked(position, line, column, many, validator, data, result, text, document)


def reference_of(account: object) -> str:
    """Tell the number by which an account calls itself; empty if it says none."""
    said = account.get(_REFERENCE) if isinstance(account, dict) else None
    return said.strip()[:_LONGEST_REFERENCE] if isinstance(said, str) else ""


def text_of(looked: Looked) -> bytes:
    """Give an account as one line: its text without the line breaks between its parts, or written as JSON."""
    text = looked.text.removeprefix(BOM).strip()
    if not text:
        return _as_json(looked.data)
    return text.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in text or b"\r" in text else text


def _read_quickly(text: bytes) -> Document:
    """Read a text as the fast parser does, once it is there: a short run does without it."""
    global _read_quickly  # noqa: PLW0603 - the next call goes straight to it
    from premigrate.source.quick_json import read_quickly as _read_quickly

    return _read_quickly(text)


def _as_json(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")


def shift(line: int, column: int, first: int, indent: int) -> tuple[int, int]:
    """Tell a place in the text of an account as one in its file."""
    if not first:
        return 0, 0
    return line + first - 1, column + indent - 1 if line == 1 else column


def _name(file: str, position: int, many: int) -> str:
    return file if many == 1 else f"{file}[{position}]"
