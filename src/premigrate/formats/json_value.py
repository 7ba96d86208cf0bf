"""Parses arbitrary JSON values as DRF's JSONField does, and arbitrary objects as its DictField does."""

from math import isfinite
from typing import Any, Final

from premigrate.formats.interfaces import FieldError
from premigrate.formats.plain import is_json, server_type_name
from premigrate.formats.value_advice import MAX_EXACT_INTEGER

_MAX_DEPTH: Final = 20  # levels
_TEXTS: Final = frozenset({str})


def accept_json(raw: object) -> object:
    """Accept any value that strict JSON can express, at any depth."""
    return raw if is_json(raw) else FieldError("invalid")


def accept_object(raw: object) -> object:
    """Accept any JSON object."""
    return raw if isinstance(raw, dict) else FieldError("not_a_dict", {"input_type": server_type_name(raw)})


def is_certainly_json(raw: Any, levels: int = _MAX_DEPTH) -> bool:  # noqa: ANN401
    """Return whether a value is certainly JSON, faster than `accept_json`; False means undecided."""
    kind = type(raw)
    if kind is str or raw is True or raw is False:
        return True
    if (kind is int and -MAX_EXACT_INTEGER <= raw <= MAX_EXACT_INTEGER) or (kind is float and isfinite(raw)):
        return True
    if not levels or (kind is not dict and kind is not list):
        return False
    if kind is dict:
        if not _TEXTS.issuperset(map(type, raw)):
            return False
        raw = raw.values()
    for value in raw:  # all() with a generator takes three times as long
        if type(value) is not str and value is not None and not is_certainly_json(value, levels - 1):
            return False
    return True
