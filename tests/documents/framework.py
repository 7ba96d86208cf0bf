"""Says which errors the framework reports for a value, as pairs of attr and code, in no particular order."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import singledispatch
from typing import Any, TypeAlias

from tests.documents.nodes import Fields, Items, Kinds, Node, Value
from tests.documents.samples import is_inside

Error: TypeAlias = tuple[str, str]
Place: TypeAlias = tuple[str | int, ...]

_TRUE = {"t", "y", "yes", "true", "on", "1"}
_FALSE = {"f", "n", "no", "false", "off", "0"}
_PATTERNS = {"email": r"[^@\s]+@[^@\s]+\.[a-z]+", "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"}
_PATTERNS |= {"uri": r"https?://\S+", "time": r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"}


class NotSaid(Exception):
    """The document leaves open what happens to a value."""


def errors(node: Node, value: Any, place: Place = ()) -> Iterator[Error]:
    """Yield the errors of a value.

    Raises:
        NotSaid: the document does not decide whether it is valid.

    """
    if value is not None:
        yield from _errors(node, value, place)
    elif node.nullable is None:
        raise NotSaid
    elif not node.nullable:
        yield _attr(place), "null"


@singledispatch
def _errors(node: Node, value: Any, place: Place) -> Iterable[Error]:  # noqa: ARG001 - as for the other nodes
    """Return the errors of a value that is not null; of those that can be anything, none is known."""
    return ()


def _attr(place: Place) -> str:
    return ".".join(map(str, place))


@_errors.register
def _kinds(node: Kinds, value: Any, place: Place) -> Iterator[Error]:
    if not isinstance(value, dict):
        yield _attr((*place, "non_field_errors")), "invalid"
    elif node.tag not in value:
        yield from _without_tag(node, value, place)
    else:
        tag = value[node.tag]
        kind = node.kinds.get(tag_text(tag, node))
        if kind:
            yield from errors(kind.node, {**value, node.tag: tag_text(tag, node)}, place)
        elif not node.is_declared or (tag is None and node.tag_nullable):
            raise NotSaid
        else:
            yield _attr((*place, node.tag)), "null" if tag is None else "invalid_choice"


def tag_text(tag: Any, node: Kinds) -> str:
    """Return the value of a tag as it is written in a mapping: a tag that is no text may be a boolean or null."""
    return tag if isinstance(tag, str) else "" if node.is_declared else json.dumps(tag)


def _without_tag(node: Kinds, value: dict[str, Any], place: Place) -> Iterator[Error]:
    if node.required:
        yield _attr((*place, node.tag)), "required"
    elif node.default is not None:
        yield from errors(node.kinds[node.default].node, value, place)
    elif node.required is None or all(list(errors(field.node, value)) for field in node.kinds.values()):
        raise NotSaid


@_errors.register
def _fields(node: Fields, value: Any, place: Place) -> Iterator[Error]:
    if not isinstance(value, dict):
        yield (_attr(place), "not_a_dict") if node.is_mapping else (_attr((*place, "non_field_errors")), "invalid")
        return
    for key, field in node.fields.items():
        if field.is_read_only:
            continue
        if key in value:
            yield from errors(field.node, value[key], (*place, key))
        elif field.required:
            yield _attr((*place, key)), "required"
    if node.others:
        for key in value.keys() - node.fields.keys():
            yield from errors(node.others.node, value[key], (*place, key))


@_errors.register
def _items(node: Items, value: Any, place: Place) -> Iterator[Error]:
    if not isinstance(value, list):
        yield _attr(place), "not_a_list"
        return
    found = [error for index, item in enumerate(value) for error in errors(node.item.node, item, (*place, index))]
    yield from found
    if not found and len(value) < node.least:
        yield _attr(place), "min_length"
    if not found and node.most is not None and len(value) > node.most:
        yield _attr(place), "max_length"


@_errors.register
def _value(node: Value, value: Any, place: Place) -> Iterator[Error]:
    return ((_attr(place), code) for code in _codes(node, value))


def _codes(node: Value, value: Any) -> Iterator[str]:
    if node.choices:
        if isinstance(value, list | dict) or str(value) not in {str(each) for each in node.choices}:
            yield "invalid_choice"
    elif node.kind in {"text", "email"}:
        yield from _text(node, value)
    elif node.kind in {"integer", "number"}:
        yield from _number(node, value)
    elif node.kind == "decimal":
        yield from _decimal(node, value)
    elif node.kind == "boolean":
        yield from _boolean(node, value)
    elif not _is_formatted(node.kind, value):
        yield "invalid"


def _text(node: Value, value: Any) -> Iterator[str]:
    if isinstance(value, bool | list | dict):
        yield "invalid"
        return
    text, limits = str(value).strip(), node.limits
    if not text:
        if not limits.min_length:
            raise NotSaid  # the generator of documents writes no minLength for many texts that may not be blank
        yield "blank"
        return
    if limits.max_length is not None and len(text) > limits.max_length:
        yield "max_length"
    if len(text) < limits.min_length:
        yield "min_length"
    patterns = (limits.pattern, rf"^{_PATTERNS['email']}$" if node.kind == "email" else None)
    yield from ("invalid" for pattern in patterns if pattern is not None and not re.search(pattern, text))


def _number(node: Value, value: Any) -> Iterator[str]:
    if node.kind == "number" and (isinstance(value, bool) or (value == "" and node.nullable)):
        raise NotSaid  # fields of floats and of decimals differ in this, and both may be documented as numbers
    try:
        text = "" if isinstance(value, bool | list | dict) else str(value).strip()
        number = float(text) if node.kind == "number" else int(re.sub(r"\.0*$", "", text))
    except ValueError:
        yield "invalid"
        return
    if not is_inside(node, number):
        low = node.limits.least
        yield "min_value" if low is not None and number <= low else "max_value"


def _decimal(node: Value, value: Any) -> Iterator[str]:
    text = "" if isinstance(value, bool | list | dict) else str(value).strip()
    if isinstance(value, str) and not text and node.nullable:
        return
    try:
        number = Decimal(text)
    except InvalidOperation:
        yield "invalid"
        return
    if node.limits.digits is None:
        return
    most, most_places = node.limits.digits
    _, digits, exponent = number.as_tuple()
    places = max(-int(exponent), 0)
    total = max(len(digits) + max(int(exponent), 0), places)
    if total > most:
        yield "max_digits"
    elif places > most_places:
        yield "max_decimal_places"
    elif total - places > most - most_places:
        yield "max_whole_digits"


def _boolean(node: Value, value: Any) -> Iterator[str]:
    text = str(value).lower()
    if value == "" and node.nullable:
        return
    if isinstance(value, list | dict) or text not in _TRUE | _FALSE:
        yield "invalid"


def _is_formatted(kind: str, value: Any) -> bool:
    if not isinstance(value, str):
        return kind == "uuid" and isinstance(value, int)  # which is the number of the UUID
    if kind in _PATTERNS:
        return re.fullmatch(_PATTERNS[kind], value) is not None
    try:
        (date if kind == "date" else datetime).fromisoformat(value)
    except ValueError:
        return False
    return kind == "datetime" or len(value) == 10
