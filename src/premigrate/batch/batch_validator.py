"""Checks chunks: turns them into the results of their accounts, and messages about what could not be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.accounts.identity import market_of
from premigrate.batch.load_accounts import Found, Missed, Opened, Remark, open_chunk
from premigrate.documents.detection import BOM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from premigrate.api import Validator
    from premigrate.batch.chunks import Chunk
    from premigrate.results import Result


class Looked(NamedTuple):
    """An account and its result."""

    account: Opened
    validator: Validator
    result: Result


Seen: TypeAlias = Looked | Missed | Remark


class Looker:
    """Checks accounts. ``market`` is that of all of them, or None; ``validators`` are those in use, by market."""

    def __init__(self, market: str | None, validator_of: Callable[[str], Validator]) -> None:
        self._market, self._validator_of = market, validator_of
        self.validators: dict[str, Validator] = {}

    def validator(self, market: str) -> Validator:
        """Give the validator of a market. Raises as `Validator` does."""
        if market not in self.validators:
            self.validators[market] = self._validator_of(market)
        return self.validators[market]

    def look(self, chunk: Chunk) -> Iterator[Seen]:
        """Check what is in a chunk, in its order."""
        return self._read(open_chunk(chunk))

    def _read(self, opened: Iterable[Found]) -> Iterator[Seen]:
        for found in opened:
            if isinstance(found, Opened):
                yield from self._check(found)
            else:
                yield found

    def _check(self, account: Opened) -> tuple[Seen, ...]:
        document = account.document
        data = document.data
        told = market_of(data)
        market = self._market or told
        if market is None:
            hint = _explain(data)
            at = (0, 0) if account.many == 1 else (account.line, account.column)
            text = account.text or _as_json(data)
            return (Missed(account.file, *at, hint, text, account.position, account.name),)
        validator = self.validators.get(market) or self.validator(market)
        has_more = document.repeated or document.had_bom or document.file_had_bom
        result = validator.validate_document(document) if has_more else validator.validate(data)
        if market == told or told is None:
            return (Looked(account, validator, result),)
        remark = Remark(f"import_supplier tells of the market {told}, not {market}", account.name)
        return remark, Looked(account, validator, result)


def _explain(payload: object) -> str:
    from premigrate.accounts.unknown_market import explain_unknown_market  # most runs meet no such account

    return explain_unknown_market(payload)


def text_of(account: Opened) -> bytes:
    """Give an account as one line: its text without the line breaks between its parts, or written as JSON."""
    text = account.text.removeprefix(BOM).strip()
    if not text:
        return _as_json(account.document.data)
    return text.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in text or b"\r" in text else text


def _as_json(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")
