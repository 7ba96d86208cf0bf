"""Validates the accounts in chunks; yields their results, and messages on what could not be validated."""

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
    """Validates the accounts of chunks.

    ``market`` is the market of all accounts, or None to detect it for each one. ``validators`` holds those created so
    far, by market.
    """

    def __init__(self, market: str | None, validator_of: Callable[[str], Validator]) -> None:
        self._market, self._validator_of = market, validator_of
        self.validators: dict[str, Validator] = {}

    def validator(self, market: str) -> Validator:
        """Return the validator of a market, created on first use. Raises as `Validator` does."""
        if market not in self.validators:
            self.validators[market] = self._validator_of(market)
        return self.validators[market]

    def look(self, chunk: Chunk) -> Iterator[Seen]:
        """Validate the accounts of a chunk, in order."""
        return self._validate_all(open_chunk(chunk))

    def _validate_all(self, loaded: Iterable[Found]) -> Iterator[Seen]:
        for found in loaded:
            if isinstance(found, Opened):
                yield from self._validate(found)
            else:
                yield found

    def _validate(self, account: Opened) -> tuple[Seen, ...]:
        document = account.document
        data = document.data
        detected = market_of(data)
        market = self._market or detected
        if market is None:
            hint = _explain(data)
            at = (0, 0) if account.many == 1 else (account.line, account.column)
            text = account.text or _as_json(data)
            return (Missed(account.file, *at, hint, text, account.position, account.name),)
        validator = self.validators.get(market) or self.validator(market)
        has_more = document.repeated or document.had_bom or document.file_had_bom
        result = validator.validate_document(document) if has_more else validator.validate(data)
        if market == detected or detected is None:
            return (Looked(account, validator, result),)
        remark = Remark(f"import_supplier tells of the market {detected}, not {market}", account.name)
        return remark, Looked(account, validator, result)


def _explain(payload: object) -> str:
    from premigrate.accounts.unknown_market import explain_unknown_market  # not needed in most runs

    return explain_unknown_market(payload)


def text_of(account: Opened) -> bytes:
    """Return an account as one line: its text without line breaks, or its data encoded as JSON if it has no text."""
    text = account.text.removeprefix(BOM).strip()
    if not text:
        return _as_json(account.document.data)
    return text.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in text or b"\r" in text else text


def _as_json(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")
