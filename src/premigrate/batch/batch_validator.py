"""Validates the accounts in chunks; yields their results, and messages on what could not be validated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.accounts.identity import market_of
from premigrate.api import validate_document
from premigrate.batch.load_accounts import LoadedAccount, LoadedItem, Notice, ReadFailure, load_chunk
from premigrate.documents.text_layout import UTF8_BOM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from premigrate.api import Validator
    from premigrate.batch.chunks import Chunk
    from premigrate.results import Result


class CheckedAccount(NamedTuple):
    """An account and its result."""

    account: LoadedAccount
    validator: Validator
    result: Result


CheckedItem: TypeAlias = CheckedAccount | ReadFailure | Notice


class BatchValidator:
    """Validates the accounts of chunks.

    ``market`` is the market of all accounts, or None to detect it for each one. ``validators`` holds those created so
    far, by market. ``fixes``: the results have fixes.
    """

    def __init__(self, market: str | None, validator_of: Callable[[str], Validator], *, fixes: bool = False) -> None:
        self._market, self._validator_of, self._fixes = market, validator_of, fixes
        self.validators: dict[str, Validator] = {}

    def validator(self, market: str) -> Validator:
        """Return the validator of a market, created on first use. Raises as `Validator` does."""
        if market not in self.validators:
            self.validators[market] = self._validator_of(market)
        return self.validators[market]

    def validate_chunk(self, chunk: Chunk) -> Iterator[CheckedItem]:
        """Validate the accounts of a chunk, in order."""
        return self.validate_loaded(load_chunk(chunk))

    def validate_loaded(self, loaded: Iterable[LoadedItem]) -> Iterator[CheckedItem]:
        """Validate the accounts among what was loaded, in order."""
        for found in loaded:
            if isinstance(found, LoadedAccount):
                yield from self._validate(found)
            else:
                yield found

    def _validate(self, account: LoadedAccount) -> tuple[CheckedItem, ...]:
        document = account.document
        data = document.data
        detected = market_of(data)
        market = self._market or detected
        if market is None:
            hint = _explain(data)
            at = (0, 0) if account.account_count == 1 else (account.line, account.column)
            text = account.text or _as_json(data)
            return (ReadFailure(account.file, *at, hint, text, account.position, account.name),)
        validator = self.validators.get(market) or self.validator(market)
        has_more = document.duplicate_keys or document.had_bom or document.file_had_bom
        if has_more:
            result = validate_document(validator, document, fixes=self._fixes)
        else:
            result = validator.validate(data, fixes=self._fixes)
        if market == detected or detected is None:
            return (CheckedAccount(account, validator, result),)
        remark = Notice(f"import_supplier belongs to the market {detected}, but {market} was chosen", account.name)
        return remark, CheckedAccount(account, validator, result)


def _explain(payload: object) -> str:
    from premigrate.accounts.unknown_market import explain_unknown_market  # not needed in most runs

    return explain_unknown_market(payload)


def account_line(account: LoadedAccount) -> bytes:
    """Return an account as one line: its text without line breaks, or its data encoded as JSON if it has no text."""
    text = account.text.removeprefix(UTF8_BOM).strip()
    if not text:
        return _as_json(account.document.data)
    return text.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in text or b"\r" in text else text


def _as_json(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")
