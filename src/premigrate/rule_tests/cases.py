"""Tries cases: changes to the good payload of a market, with the complete answer that is expected.

A case has the keys of `CASE_KEYS`: ``about``, ``overlay`` (tables of an overlay, without ``[market]``), ``change``
(dotted path to value; ``<gone>`` removes the key, the path ``""`` replaces the payload), ``answer`` (detail, code and
attr of all errors, in the order of the response), ``follow_on`` (code and attr of the follow-on errors) and ``advice``
(code and attr).
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from premigrate.results import Result
from premigrate.rule_tests.relaxed import expand_placeholders

CASE_KEYS = frozenset({"about", "overlay", "change", "answer", "follow_on", "advice"})
_GONE = "<gone>"


def case_failures(
    validate: Callable[[object], Result], account: Mapping[str, Any], case: Mapping[str, Any], as_of: date
) -> Iterator[str]:
    """Yield what is different from what a case expects.

    Args:
        validate: checks a payload with the rules of the market, and the overlay of the case.
        account: the good account of the market, without the wrapper.
        case: the table of the case.
        as_of: the date used as today.

    """
    if unknown := sorted(case.keys() - CASE_KEYS):
        yield f"unknown key of a case: {', '.join(unknown)}"
    try:
        payload = changed_account(account, case.get("change", {}), as_of)
    except (LookupError, TypeError, ValueError) as error:
        yield f"change: no such place in the good account ({type(error).__name__}: {error})"
        return
    result = validate(payload)
    errors = [[error["detail"], error["code"], error["attr"]] for error in result.response.body.get("errors", [])]
    found = {
        "answer": errors,
        "follow_on": [[error.code, error.attr] for error in result.errors if error.stage == "follow-on"],
        "advice": [[advice.code, advice.attr] for advice in result.advice],
    }
    for key, value in found.items():
        expected = case.get(key, value if key == "advice" else [])
        if value != expected:
            yield f"{key}: expected {expected}, found {value}"
    if result.response.status != (400 if errors else 200):
        yield f"the status is {result.response.status}"


def changed_account(account: Mapping[str, Any], changes: Mapping[str, Any], as_of: date) -> object:
    """Return a copy of an account with the changes of a case.

    Raises:
        LookupError, TypeError, ValueError: the account has no such place.

    """
    payload: Any = copy.deepcopy(dict(account))
    for path, value in changes.items():
        if path == "":
            payload = expand_placeholders(value, as_of)
            continue
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
        target = payload
        for step in steps:
            target = target[step]
        if value == _GONE:
            del target[last]
        else:
            target[last] = expand_placeholders(value, as_of)
    return payload
