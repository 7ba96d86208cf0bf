"""Reads values that may be any JSON, as Django REST Framework's JSONField does."""

from math import isfinite
from typing import Any, Final

from premigrate.formats.outcomes import FieldError
from premigrate.formats.plain import is_json, type_name
from premigrate.formats.value_advice import EXACT

_DEEPEST: Final = 20  # levels
_TEXTS: Final = frozenset({str})


def read_json(raw: object) -> object:
    """Take anything that can be written as JSON, however deep it is."""
    return raw if is_json(raw) else FieldError("invalid")


def read_mapping(raw: object) -> object:
    """Take any JSON object."""
    return raw if isinstance(raw, dict) else FieldError("not_a_dict", {"input_type": type_name(raw)})


def is_plain_json(raw: Any, levels: int = _DEEPEST) -> bool:  # noqa: ANN401
    """Tell, faster than `read_json`, whether a value can surely be written as JSON; false says nothing."""
    kind = type(raw)
    if kind is str or raw is True or raw is False:
        return True
    if (kind is int and -EXACT <= raw <= EXACT) or (kind is float and isfinite(raw)):
        return True
    if not levels or (kind is not dict and kind is not list):
        return False
    if kind is dict:
        if not _TEXTS.issuperset(map(type, raw)):
            return False
        raw = raw.values()
    for value in raw:  # all() with a generator takes three times as long
        if type(value) is not str and value is not None and not is_plain_json(value, levels - 1):
            return False
    return True
