"""Turns the status and body of a recorded answer into what the API said of the account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from premigrate.compare.model import Answered, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.results import Place

_ACCEPTED = (200, 201)
_REFUSED = 400
_WHOLE = "non_field_errors"
_CODE = re.compile(r"[A-Za-z][\w.:-]{0,99}", re.ASCII)
_DEEPEST = 50
_OTHER = "400, not of a validation"


def read_answer(status: int, body: object) -> Answered | str:
    """Read an answer of a validate or process call, in any of the published shapes.

    Args:
        status: the HTTP status.
        body: the JSON of the response; a text stands for one that is no JSON.

    Returns:
        What it says of the account; or, of an answer that says nothing of the payload, why it is left out.

    """
    if status in _ACCEPTED:
        return Answered(refused=False)
    if status != _REFUSED:
        return f"status {status}" if status else "no answer"
    return "400, not JSON" if isinstance(body, str) else _read_refusal(body)


def _read_refusal(body: object) -> Answered | str:
    if isinstance(body, dict):
        if _is_imported_already(body):
            return "imported already"
        if "errors" in body:
            return _read_list(body["errors"])
        if isinstance(body.get("detail"), str):
            return _read_one_text(body.get("code"))
    return _read_places(body)


def _read_places(body: object) -> Answered | str:
    """Read the older shape: places as keys."""
    told = list(_read_nested(body, ()))
    if not told or None in told:
        return _OTHER
    # the place of what is about a whole object does not tell when it was found
    told.sort(key=lambda said: said is not None and said.attr.rpartition(".")[2] == _WHOLE)
    return Answered(refused=True, errors=tuple(filter(None, told)), is_ordered=False)


def _is_imported_already(body: dict[Any, Any]) -> bool:
    whole = body.get(_WHOLE)
    code = whole.get("code") if isinstance(whole, dict) else None
    return (isinstance(code, str) and code.endswith("already_imported")) or "kraken_account_number" in body


def _read_list(errors: object) -> Answered | str:
    """Read the flat list."""
    if not isinstance(errors, list) or not errors:
        return _OTHER
    told = []
    for error in errors:
        said = _said(error, ()) if isinstance(error, dict) else None
        if said is None:
            return _OTHER
        attr = error.get("attr")
        told.append(said._replace(attr=attr if isinstance(attr, str) else ""))
    return Answered(refused=True, errors=tuple(told))


def _read_one_text(code: object) -> Answered | str:
    """Read an answer that has one text for all: it may tell that a validation failed, if not which."""
    if isinstance(code, str) and code.endswith("failed_validation"):
        return Answered(refused=True, errors=None)
    return f"400 {code}" if isinstance(code, str) and _CODE.fullmatch(code) else _OTHER


def _read_nested(node: object, place: Place) -> Iterator[Said | None]:
    """Yield the errors below a place: lists of texts, or objects that are one; None stands for what is neither."""
    if len(place) > _DEEPEST:
        yield None
    elif isinstance(node, dict):
        if said := _said(node, place):
            yield said
        else:
            for key, below in node.items():
                yield from _read_nested(below, (*place, key))
    elif isinstance(node, list):
        for position, item in enumerate(node):
            is_said = isinstance(item, str) or (isinstance(item, dict) and _said(item, place))
            yield from _read_nested(item, place if is_said else (*place, position))
    elif isinstance(node, str):
        yield Said(node, "", _attr(place))
    else:
        yield None


def _said(node: dict[Any, Any], place: Place) -> Said | None:
    """Read an object that is one error: its text, and its code if it says one."""
    detail, code = node.get("detail", node.get("message")), node.get("code", "")
    if not isinstance(detail, str) or not isinstance(code, str) or node.keys() - {"detail", "message", "code", "attr"}:
        return None
    return Said(detail, code, _attr(place))


def _attr(place: Place) -> str:
    return ".".join(map(str, place)) or _WHOLE
