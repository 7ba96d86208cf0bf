"""Recorded calls with their predictions, and the objects in their accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.accounts.identity import external_account_number_of
from premigrate.api import Validator, engine_of
from premigrate.compare.call_dates import drop_date_dependent
from premigrate.compare.calls import Call, compare_call
from premigrate.compare.masking import parse_attr
from premigrate.engine.program import Object, Program, chosen_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from typing import Any

    from premigrate.compare.masking import Masker
    from premigrate.compare.model import Comparison, ReportedError
    from premigrate.results import Error, Place

NON_FIELD_ERRORS = "non_field_errors"
_SAME_PLACE = ("agreed", "other detail")
FIELD_RULE = "field"
"""The rule id of errors that the checks of single fields report."""


class ObjectAt(NamedTuple):
    """An object in an account: what it is declared as, its place, and its value."""

    spec: Object
    place: Place
    value: dict[str, Any]


class Case(NamedTuple):
    """A recorded call whose response lists its errors, and what is predicted for it.

    ``surplus`` are the errors that are predicted for every possible day and that the API did not report with the same
    code and attr; ``missing`` are those that it reported and that are not predicted so.
    """

    call: Call
    day: date
    comparison: Comparison
    account: object
    mask: Masker
    account_id: str
    surplus: tuple[Error, ...]
    missing: tuple[ReportedError, ...]

    @property
    def answered(self) -> tuple[ReportedError, ...]:
        """The errors that the API reported."""
        return self.comparison.answered.errors or ()

    @property
    def is_accepted(self) -> bool:
        """Whether the API accepted the account."""
        return not self.comparison.answered.is_refused

    @property
    def predicted(self) -> Iterator[Error]:
        """The predicted errors."""
        return (pair.predicted for pair in self.comparison.pairs if pair.predicted)


def make_cases(validator: Validator, calls: Sequence[Call]) -> list[Case]:
    """Predict the calls whose responses list their errors."""
    return [_case(validator, call) for call in calls if call.answered.errors is not None]


def _case(validator: Validator, call: Call) -> Case:
    found = compare_call(validator, call)
    comparison = drop_date_dependent(found.comparison, found.predictions)
    predicted = [pair.predicted for pair in comparison.pairs if pair.predicted]
    answered = call.answered.errors or ()
    known, told = ({(error.code, error.attr) for error in errors} for errors in (predicted, answered))
    same = (pair.predicted for pair in comparison.pairs if pair.kind in _SAME_PLACE)  # the older shape has no codes
    told |= {(error.code, error.attr) for error in same if error}
    return Case(
        call,
        found.day,
        comparison,
        found.account,
        found.mask,
        external_account_number_of(found.account) or call.origin,
        tuple(error for error in predicted if (error.code, error.attr) not in told),
        tuple(error for error in answered if error.code and (error.code, error.attr) not in known),
    )


def objects_in(validator: Validator, account: object) -> Iterator[ObjectAt]:
    """Yield the objects in an account that are declared, each before those inside it."""
    program = engine_of(validator).program
    waiting: list[tuple[str, Place, object]] = [(program.root, (), account)]
    while waiting:
        name, place, value = waiting.pop()
        spec = chosen_object(program.objects[name], value) if isinstance(value, dict) else None
        if spec is None or not isinstance(value, dict):
            continue
        yield ObjectAt(spec, place, value)
        waiting += reversed(list(_inside(program, spec, place, value)))


def _inside(program: Program, spec: Object, place: Place, value: dict[str, Any]) -> Iterator[tuple[str, Place, object]]:
    for field in spec.fields:
        below = value.get(field.name)
        if not field.object or field.object not in program.objects:
            continue
        if not field.is_list:
            yield field.object, (*place, field.name), below
        elif isinstance(below, list):
            yield from ((field.object, (*place, field.name, index), item) for index, item in enumerate(below))


def place_of(error: ReportedError) -> Place:
    """Return the place of an error; that of an object or a list without ``non_field_errors``."""
    return parse_attr(error.attr)


def evidence_text(counted: str, cases: Sequence[Case]) -> str:
    """Return the sentence for the evidence of a change; ``counted`` is what was observed, with its number."""
    return f"Observed: {counted}, the first at {cases[0].call.origin}."


def account_count(cases: Sequence[Case]) -> int:
    """Return the number of different accounts."""
    return len({case.account_id for case in cases})
