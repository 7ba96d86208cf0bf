"""Turns chunks into the results of their accounts, and into what could not be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.accounts import market_of, market_of_supplier, supplier_in
from premigrate.api import markets
from premigrate.bulk.opening import Missed, Opened, Remark, open_chunk
from premigrate.source.sniffing import BOM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from premigrate.api import Validator
    from premigrate.bulk.chunks import Chunk
    from premigrate.errors import Result


class Looked(NamedTuple):
    """An account and its result."""

    account: Opened
    validator: Validator
    result: Result


Seen: TypeAlias = Looked | Missed | Remark


class Looker:
    """Checks accounts. ``market`` is that of all of them, if it is said; ``validators`` are those that were needed."""

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
        for found in open_chunk(chunk, self._skim):
            if isinstance(found, Opened):
                yield from self._check(found)
            else:
                yield found

    def _skim(self, accounts: list[Opened]) -> list[Looked | None]:
        """Check the accounts that are like those before them, without reading them; of one alone the text is wanted."""
        found: list[Looked | None] = [None] * len(accounts)
        by_market: dict[str, list[tuple[int, str]]] = {}
        for position, account in enumerate(accounts):
            supplier = supplier_in(account.text) if account.many != 1 else None
            told = market_of_supplier(supplier) if supplier else None
            if supplier and told and told in self.validators and (self._market or told) == told:
                by_market.setdefault(told, []).append((position, supplier))
        for market, places in by_market.items():
            validator = self.validators[market]
            results = validator.glance(
                [accounts[position].text for position, _ in places], [said for _, said in places]
            )
            for (position, _), result in zip(places, results, strict=True):
                if result is not None:
                    found[position] = Looked(accounts[position], validator, result)
        return found

    def _check(self, account: Opened) -> tuple[Seen, ...]:
        document = account.document
        data = document.data
        told = market_of(data)
        market = self._market or told
        if market is None:
            hint = f"can't tell the market from import_supplier; say --market ({' or '.join(markets())})"
            at = (0, 0) if account.many == 1 else (account.line, account.column)
            text = account.text or _as_json(data)
            return (Missed(account.file, *at, hint, text, account.position, account.name),)
        validator = self.validators.get(market) or self.validator(market)
        result = validator.validate_document(document) if document.repeated else validator.validate(data)
        if market == told or told is None:
            return (Looked(account, validator, result),)
        remark = Remark(f"import_supplier tells of the market {told}, not {market}", account.name)
        return remark, Looked(account, validator, result)


def text_of(account: Opened) -> bytes:
    """Give an account as one line: its text without the line breaks between its parts, or written as JSON."""
    text = account.text.removeprefix(BOM).strip()
    if not text:
        return _as_json(account.document.data)
    return text.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in text or b"\r" in text else text


def _as_json(data: object) -> bytes:
    import json

    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")
