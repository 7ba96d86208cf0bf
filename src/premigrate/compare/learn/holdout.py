"""Measures an overlay on recorded calls that it was not learned from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from premigrate.accounts.identity import external_account_number_of
from premigrate.compare.calls import Call, compare_call
from premigrate.compare.model import Totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from premigrate.api import Validator


class OverlayCheck(NamedTuple):
    """The agreement on the calls that were held out, before and after; ``learned_from`` counts the other calls."""

    learned_from: int
    before: Totals
    after: Totals


def is_held_out(account: object, origin: str) -> bool:
    """Return whether a call with this account is held out: about half of all are, by a hash of the account number.

    All calls of an account are always in the same half, regardless of the other calls. For an account without a number,
    ``origin``, the place where the call was recorded, is used instead.
    """
    name = external_account_number_of(account) or origin
    return bool(hashlib.sha256(name.encode("utf-8", "replace")).digest()[0] % 2)


def measure(validator: Validator, calls: Sequence[Call]) -> Totals:
    """Count how the predictions of a validator agree with recorded calls."""
    totals = Totals()
    for call in calls:
        totals.add(compare_call(validator, call).comparison)
    return totals
