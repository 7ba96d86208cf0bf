"""Reads values that may be any JSON, as Django REST Framework's JSONField does."""

import json

from premigrate.formats.verdicts import Misread


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
