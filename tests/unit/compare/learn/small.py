"""Recorded calls of a small market, written as payloads with the errors that the API reported."""

from collections.abc import Mapping, Sequence
from typing import Any

from premigrate.api import Validator, validator_with
from premigrate.compare.calls import Call
from premigrate.compare.learn.cases import Case, make_cases
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.ruleset.model.ruleset import Ruleset
from tests.payloads import AS_OF
from tests.unit.compiler.small import book_of

Answered = tuple[Mapping[str, Any], Sequence[tuple[str, ...]]]
"""A payload, and (code, attr, detail) of each error; the detail may be left out."""


class Tenant:
    """The rules of a small market, and cases made of calls to a tenant."""

    def __init__(self, fields: Mapping[str, Any], calls: Sequence[Answered], **more: Any) -> None:
        self.ruleset: Ruleset = book_of(fields, **more)
        self.validator: Validator = validator_with(self.ruleset, AS_OF)
        self.cases: list[Case] = make_cases(self.validator, [_call(*each, n) for n, each in enumerate(calls)])


def _call(payload: Mapping[str, Any], errors: Sequence[tuple[str, ...]], number: int) -> Call:
    told = tuple(ReportedError(detail[0] if detail else "-", code, attr) for code, attr, *detail in errors)
    return Call(dict(payload), (AS_OF,), RecordedResponse(bool(told), told), f"calls, account {number}")
