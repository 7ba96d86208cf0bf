"""Converts Python values to plain values: the types that parsing JSON gives.

A Decimal is plain as well, and so is a `Unserializable`, which replaces a value that JSON cannot express.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import isfinite
from typing import Any, Final

_INTEGER_LIMIT: int = pow(10, 4300)  # mypyc crashes on 10**4300
"""By default, CPython converts integers of up to 4300 digits to text (``sys.int_info``)."""


class Unserializable:
    """A placeholder for a value that JSON cannot express, with the name of its type."""

    __slots__ = ("type_name",)

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __repr__(self) -> str:
        return self.type_name


class NotPlainError(Exception):
    """A value is not plain: `to_plain` has to convert it first."""


_SINGLE: Final = frozenset({str, int, float, bool, type(None), Unserializable})
_PLAIN: Final = _SINGLE | {Decimal, list, dict}
_TEXTS: Final = frozenset({str})


def check_plain(value: object) -> None:
    """Check the type of a value, and of its keys if it is a dict, but not of its items.

    Raises:
        NotPlainError: one of these types is not plain.

    """
    if type(value) not in _PLAIN or (type(value) is dict and not _TEXTS.issuperset(map(type, value))):
        raise NotPlainError


def check_key(key: object) -> None:
    """Check the type of a key.

    Raises:
        NotPlainError: it is not ``str``.

    """
    if type(key) is not str:
        raise NotPlainError


def to_server_value(value: object, *, exact: bool = False) -> object:
    """Return a value as the server's JSON parser would; with ``exact``, a Decimal is kept, unless it is nested.

    Raises:
        NotPlainError: the value, or something in it, is not plain.

    """
    kind = type(value)
    if kind in _SINGLE:
        return value
    if kind is Decimal:
        return value if exact else _number(value)
    if not _is_plain(value):
        raise NotPlainError
    return to_plain(value, exact=False)


def _is_plain(value: object) -> bool:
    """Return whether a value and everything in it are plain."""
    seen: set[int] = set()
    left: list[Any] = [value]
    while left:
        each = left.pop()
        kind = type(each)
        if kind is dict or kind is list:
            if id(each) in seen:
                continue
            seen.add(id(each))
            if kind is list:
                left += each
            elif _TEXTS.issuperset(map(type, each)):
                left += each.values()
            else:
                return False
        elif kind not in _PLAIN:
            return False
    return True


def to_plain(value: object, *, exact: bool = True) -> object:
    """Copy a value as ``json.dumps`` would write it: a tuple as a list, a member of a str or int Enum as its value.

    A value that JSON cannot express becomes an `Unserializable`. A Decimal is kept, unless ``exact`` is false. Never
    raises, at any depth; a value that contains itself stays so.
    """
    made: dict[int, list[Any] | dict[str, Any]] = {}
    left: list[Any] = []

    def convert(each: Any) -> object:  # noqa: ANN401
        if type(each) in _SINGLE:
            return each
        if not issubclass(type(each), list | tuple | dict):
            return _plain_scalar(each, exact=exact)
        if id(each) not in made:
            if issubclass(type(each), dict) and (odd := _unserializable_key_type(each)):
                return Unserializable(f"{type(each).__name__} with keys of the type {odd}")
            made[id(each)] = {} if issubclass(type(each), dict) else []
            left.append(each)
        return made[id(each)]

    result = convert(value)
    while left:
        each = left.pop()
        into = made[id(each)]
        if isinstance(into, dict):
            into.update({_key(key): convert(inner) for key, inner in dict.items(each)})
        else:
            into += [convert(inner) for inner in _items(each)]
    return result


def _items(value: Any) -> Iterable[Any]:  # noqa: ANN401
    return list.__iter__(value) if issubclass(type(value), list) else tuple.__iter__(value)


def _plain_scalar(value: Any, *, exact: bool) -> object:  # noqa: ANN401
    kind = type(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, Decimal):
        return Decimal(value) if exact else _number(value)
    return Unserializable(kind.__name__)


def _number(value: Any) -> int | float:  # noqa: ANN401
    """Convert a Decimal to the int or float that the server parses from its text."""
    if not Decimal.is_finite(value):
        return float("nan") if Decimal.is_nan(value) else Decimal.__float__(value)
    text = Decimal.__str__(value)
    return float(text) if "." in text or "E" in text else Decimal.__int__(value)


def _unserializable_key_type(value: dict[Any, Any]) -> str:
    """Return the type name of a key that JSON cannot express; empty if there is none."""
    for key in dict.keys(value):
        kind = type(key)
        if key is not None and not issubclass(kind, str | int | float):
            return kind.__name__
        if issubclass(kind, int) and int.__abs__(key) >= _INTEGER_LIMIT:
            return kind.__name__
    return ""


def _key(key: Any) -> str:  # noqa: ANN401
    """Return a key as ``json.dumps`` writes it."""
    if issubclass(type(key), str):
        return str.__str__(key)
    if key is None or key is True or key is False:
        return {None: "null", True: "true", False: "false"}[key]
    if issubclass(type(key), int):
        return int.__repr__(key)
    written = float.__repr__(key)
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(written, written)


def is_json(value: object) -> bool:
    """Return whether strict JSON can express a plain value: no NaN, infinity, overlong integer or cycle."""
    inside: set[int] = set()
    left: list[tuple[Any, bool]] = [(value, True)]
    while left:
        each, is_start = left.pop()
        if not is_start:
            inside.discard(id(each))
        elif isinstance(each, (list, dict)):
            if id(each) in inside:
                return False
            inside.add(id(each))
            left.append((each, False))
            left += [(inner, True) for inner in (each.values() if isinstance(each, dict) else each)]
        elif not _is_single_json(each):
            return False
    return True


def _is_single_json(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, int):
        return abs(value) < _INTEGER_LIMIT
    return value is None or isinstance(value, str)


def server_type_name(value: object) -> str:
    """Return the name of a value's type on the server, where a Decimal is an int or a float."""
    if isinstance(value, Unserializable):
        return value.type_name
    return type(_number(value) if isinstance(value, Decimal) else value).__name__
