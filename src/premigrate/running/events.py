"""What reading a payload leaves behind, in document order: errors, advice, and sites where rules are to look."""

from dataclasses import dataclass
from typing import TypeAlias

from premigrate.errors import Advice, Error, Place
from premigrate.plan import Check


@dataclass(frozen=True, slots=True)
class Site:
    """A value that rules look at. ``start`` is the number of events before the first of the value's own subtree."""

    checks: tuple[Check, ...]
    here: object
    place: Place
    start: int


Event: TypeAlias = Error | Advice | Site

FIELD_RULE = "field"
"""The rule id of what the framework checks of every field."""


class _Words(dict[str, object]):
    """What a text may mention; a word that says nothing of this error stays as it is written."""

    def __missing__(self, word: str) -> str:
        return f"{{{word}}}"


def fill(template: str, **words: object) -> str:
    """Fill the braces of a detail text."""
    return template.format_map(_Words(words))


def attr_of(place: Place) -> str:
    """Write a place the way the API does: ``customers.0.landline``."""
    return ".".join(map(str, place))
