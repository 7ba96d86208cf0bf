"""Reads the errors of an account from a recorded answer."""

from __future__ import annotations

import re

from premigrate.api_models import AlreadyImported, AttrError, Detail, NestedRefused, NotValid, Refused, parse_answer
from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.exceptions import BadArgument

_ACCEPTED = (200, 201)
_REFUSED = 400
_WHOLE = "non_field_errors"
_CODE = re.compile(r"[A-Za-z][\w.:-]{0,99}", re.ASCII)
_OTHER = "400, not of a validation"


def read_answer(status: int, body: object) -> RecordedResponse | str:
    """Read an answer of the validate or process endpoint, in any of the published shapes.

    Args:
        status: the HTTP status.
        body: the JSON of the response, or its text if it is not JSON.

    Returns:
        The errors of the account; or the reason to leave out an answer that does not depend on the payload.

    """
    if status in _ACCEPTED:
        return RecordedResponse(is_refused=False)
    if status != _REFUSED:
        return f"status {status}" if status else "no answer"
    return "400, not JSON" if isinstance(body, str) else _read_refusal(body)


def _read_refusal(body: object) -> RecordedResponse | str:
    try:
        answer = parse_answer("process", _REFUSED, body)
    except BadArgument:
        return _OTHER
    if isinstance(answer, Refused) and answer.errors:
        return RecordedResponse(is_refused=True, errors=tuple(_reported_error(error) for error in answer.errors))
    if isinstance(answer, NestedRefused) and not answer.has_other_values:
        # A place of non_field_errors does not say when the error was found.
        errors = sorted(
            map(_reported_error, answer.errors()), key=lambda reported: reported.attr.rpartition(".")[2] == _WHOLE
        )
        return RecordedResponse(is_refused=True, errors=tuple(errors), is_ordered=False)
    if isinstance(answer, AlreadyImported):
        return "imported already"
    return _without_errors(answer.code) if isinstance(answer, (NotValid, Detail)) else _OTHER


def _reported_error(error: AttrError) -> ReportedError:
    return ReportedError(error.detail, error.code, error.attr or "")


def _without_errors(code: str | None) -> RecordedResponse | str:
    """Read an answer with one text for the whole account: its code may say that the validation failed."""
    if code is not None and code.endswith("failed_validation"):
        return RecordedResponse(is_refused=True, errors=None)
    return f"400 {code}" if code is not None and _CODE.fullmatch(code) else _OTHER
