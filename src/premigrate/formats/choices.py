"""Reads a choice as Django REST Framework's ChoiceField does, and open choices as any text."""

from decimal import Decimal

from premigrate.formats.text import written
from premigrate.formats.verdicts import Misread, Reader


def reader(values: tuple[str, ...], *, blank: bool) -> Reader:
    """Make a reader that takes exactly ``values``, and the empty text if ``blank``."""
    known = frozenset(values) | ({""} if blank else frozenset())

    def read(raw: object) -> object:
        text = written(raw)
        return text if text in known else Misread("invalid_choice", {"input": text})

    return read


def open_reader(*, blank: bool) -> Reader:
    """Make a reader of a choice whose list only the tenant knows: any text or number passes."""

    def read(raw: object) -> object:
        text = written(raw)
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal) or not (text or blank):
            return Misread("invalid_choice", {"input": text})
        return text

    return read
