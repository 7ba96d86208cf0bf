"""The value types that the operator ``typed`` accepts in a reference list."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from premigrate.formats.dates import parse_iso_datetime


def _is_date(value: object, read: Callable[[str], date]) -> bool:
    try:
        return bool(read(value)) if isinstance(value, str) else False
    except ValueError:
        return False


TYPE_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: _is_date(value, date.fromisoformat),
    "datetime": lambda value: _is_date(value, parse_iso_datetime),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float, Decimal)) and not isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
}
"""The check of each type by name."""
