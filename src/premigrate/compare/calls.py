"""Compares one recorded call with what a validator predicts for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from premigrate.api import Validator, engine_of
from premigrate.compare.call_dates import compare_best_date
from premigrate.compare.masking import Masker
from premigrate.engine.response import reported_errors

if TYPE_CHECKING:
    from datetime import date

    from premigrate.compare.model import Comparison, RecordedResponse
    from premigrate.results import Error


class Call(NamedTuple):
    """A recorded call: ``days`` are those that can have been its day, the likeliest first, ``origin`` its place."""

    payload: object
    days: tuple[date, ...]
    answered: RecordedResponse
    origin: str


class ComparedCall(NamedTuple):
    """A comparison for the day that agrees best. ``predictions`` are those for each day that is possible."""

    day: date
    comparison: Comparison
    predictions: list[list[Error]]
    account: object
    mask: Masker


def compare_call(validator: Validator, call: Call) -> ComparedCall:
    """Compare a recorded call with the prediction of a validator."""
    predictions = [reported_errors(validator.on_day(day).validate(call.payload).errors) for day in call.days]
    chosen, comparison = compare_best_date(predictions, call.answered)
    engine = engine_of(validator)
    account = engine.account_of(call.payload)[1]
    is_personal = engine.field_info.is_personal
    mask = Masker(account, is_personal, partial(is_personal, is_scalar=True))
    return ComparedCall(call.days[chosen], comparison, predictions, account, mask)
