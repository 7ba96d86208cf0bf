"""Parses free JSON values as DRF's JSONField does, and free objects as its DictField does."""

from math import isfinite
from typing import Any, Final

from premigrate.formats.outcomes import FieldError
from premigrate.formats.plain import is_json, type_name
from premigrate.formats.value_advice import EXACT

_DEEPEST: Final = 20  # levels
_TEXTS: Final = frozenset({str})


def read_json(raw: object) -> object:
    """Accept any value that strict JSON can express, at any depth."""
    return raw if is_json(raw) else FieldError("invalid")


def read_mapping(raw: object) -> object:
    """Accept any JSON object."""
    return raw if isinstance(raw, dict) else FieldError("not_a_dict", {"input_type": type_name(raw)})


def is_plain_json(raw: Any, levels: int = _DEEPEST) -> bool:  # noqa: ANN401
    """Return whether a value is certainly JSON, faster than `read_json`; False means undecided."""
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
