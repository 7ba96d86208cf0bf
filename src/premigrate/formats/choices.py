"""Parses choices as DRF's ChoiceField does; an open choice accepts any text."""

from decimal import Decimal
from functools import partial

from premigrate.formats.interfaces import FieldError, ValueParser
from premigrate.formats.plain import Unserializable
from premigrate.formats.text import text_or_type_name


def choice_parser(values: tuple[str, ...], *, blank: bool) -> ValueParser:
    """Return a parser that accepts ``values`` only, and the empty text if ``blank``."""
    return partial(_read, frozenset(values) | ({""} if blank else frozenset()))


def _read(known: frozenset[str], raw: object) -> object:
    text = text_or_type_name(raw)
    is_single = not isinstance(raw, (Unserializable, list, dict))  # its type name might equal a choice
    return text if is_single and text in known else FieldError("invalid_choice", {"input": text})


def open_choice_parser(*, blank: bool) -> ValueParser:
    """Return a parser of a choice whose values only the tenant knows: any text or number is accepted."""
    return _read_open if blank else _read_open_filled


def _read_open(raw: object) -> object:
    text = text_or_type_name(raw)
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return FieldError("invalid_choice", {"input": text})
    return text


def _read_open_filled(raw: object) -> object:
    return _read_open(raw) or FieldError("invalid_choice", {"input": ""})
