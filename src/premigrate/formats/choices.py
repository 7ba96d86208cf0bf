"""Reads a choice as Django REST Framework's ChoiceField does, and open choices as any text."""

from decimal import Decimal
from functools import partial

from premigrate.formats.outcomes import FieldError, Reader
from premigrate.formats.plain import NotJson
from premigrate.formats.text import written


def reader(values: tuple[str, ...], *, blank: bool) -> Reader:
    """Make a reader that takes exactly ``values``, and the empty text if ``blank``."""
    return partial(_read, frozenset(values) | ({""} if blank else frozenset()))


def _read(known: frozenset[str], raw: object) -> object:
    text = written(raw)
    is_single = not isinstance(raw, (NotJson, list, dict))  # or a value of the type DOMESTIC might be taken for one
    return text if is_single and text in known else FieldError("invalid_choice", {"input": text})


def open_reader(*, blank: bool) -> Reader:
    """Make a reader of a choice whose list only the tenant knows: any text or number passes."""
    return _read_open if blank else _read_open_filled


def _read_open(raw: object) -> object:
    text = written(raw)
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return FieldError("invalid_choice", {"input": text})
    return text


def _read_open_filled(raw: object) -> object:
    return _read_open(raw) or FieldError("invalid_choice", {"input": ""})
