"""Reads values that may be any JSON, as Django REST Framework's JSONField does."""

import json
from typing import Any

from premigrate.formats.oddities import EXACT
from premigrate.formats.verdicts import Misread

_DEEPEST = 20  # levels


def read_json(raw: object) -> object:
    """Take anything that can be written as JSON."""
    if isinstance(raw, str | bool | int):
        return raw
    try:
        json.dumps(raw, allow_nan=False)
    except (TypeError, ValueError):
        return Misread("invalid")
    except RecursionError:  # the server would fail over it rather than answer; a valid value is not to be refused
        return raw
    return raw


def read_mapping(raw: object) -> object:
    """Take any JSON object."""
    return raw if isinstance(raw, dict) else Misread("not_a_dict", {"input_type": type(raw).__name__})


def is_plain_json(raw: Any, levels: int = _DEEPEST) -> bool:  # noqa: ANN401
    """Tell, faster than `read_json`, whether a value can surely be written as JSON; false says nothing."""
    kind = type(raw)
    if kind is str or raw is True or raw is False or (kind is int and -EXACT <= raw <= EXACT):
        return True
    if not levels or (kind is not dict and kind is not list):
        return False
    if kind is dict:
        for key in raw:
            if type(key) is not str:
                return False
        raw = raw.values()
    for value in raw:  # all() with a generator takes three times as long
        if type(value) is not str and value is not None and not is_plain_json(value, levels - 1):
            return False
    return True
