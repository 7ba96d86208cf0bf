"""Checks payloads with the overlays of two documents, and finds the accounts whose errors differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from premigrate.accounts.identity import external_account_number_of
from premigrate.api import engine_of
from premigrate.batch.batch_validator import BatchValidator, CheckedAccount
from premigrate.batch.tasks import run_or_split
from premigrate.engine.findings import masked_attr
from premigrate.tenant.diff.model import TouchedAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from premigrate.api import Validator
    from premigrate.batch.batch_validator import CheckedItem
    from premigrate.batch.chunks import Chunk
    from premigrate.batch.load_accounts import Notice, ReadFailure
    from premigrate.results import Result
    from premigrate.tenant.diff.model import ErrorKey

ComparedItem: TypeAlias = "TouchedAccount | ReadFailure | Notice | None"
"""An account whose errors differ, None for any other account, or what could not be read."""


class PayloadComparer:
    """Checks the accounts of chunks with two validators of the same market."""

    def __init__(self, market: str, old: Validator, new: Validator) -> None:
        self._old, self._new = BatchValidator(market, lambda _: old), BatchValidator(market, lambda _: new)

    def compare_chunks(self, chunks: Iterable[Chunk]) -> Iterator[list[ComparedItem]]:
        """Yield the results of each chunk."""
        for chunk in chunks:
            yield from run_or_split(self._compare, [chunk])

    def _compare(self, chunks: list[Chunk]) -> list[ComparedItem]:
        pairs = [
            pair
            for chunk in chunks
            for pair in zip(self._old.validate_chunk(chunk), self._new.validate_chunk(chunk), strict=True)
        ]
        return [_compare(before, now) if isinstance(now, CheckedAccount) else now for before, now in pairs]


def _compare(before: CheckedItem, after: CheckedAccount) -> TouchedAccount | None:
    assert isinstance(before, CheckedAccount)  # noqa: S101 - both read the same text
    was, now = _errors(before.result), _errors(after.result)
    if was == now:
        return None
    loaded = after.account
    _, account = engine_of(after.validator).account_of(loaded.document.data)
    is_only = loaded.account_count == 1
    line = 0 if is_only else loaded.line
    number = external_account_number_of(account)
    return TouchedAccount(loaded.file, line, loaded.position, number, _left(now, was), _left(was, now), is_only)


def _errors(result: Result) -> Counter[ErrorKey]:
    return Counter((error.code, masked_attr(error.attr, error.path)) for error in result.errors)


def _left(errors: Counter[ErrorKey], others: Counter[ErrorKey]) -> tuple[ErrorKey, ...]:
    """Return the errors that are not among the others, in the order of the payload."""
    return tuple((errors - others).elements())
