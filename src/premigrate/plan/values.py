"""What rules look at: values as the platform reads them, with two marks for what is not there or not readable."""

from datetime import date
from enum import Enum
from typing import Final, NamedTuple, Optional


class _Mark(Enum):
    MISSING = "missing"
    WRONG = "wrong"


MISSING: Final = _Mark.MISSING
"""The payload has no such key."""

WRONG: Final = _Mark.WRONG
"""The value has errors of its own, or must be there and is not; a rule that needs it stays silent."""


class Scope(NamedTuple):
    """Where a rule looks: ``here`` is the value it is about, ``root`` the account, ``today`` the day it is asked.

    ``up`` is the scope of the object around, as far as the rule has come down.
    """

    here: object
    root: object
    today: date
    up: Optional["Scope"] = None

    def enter(self, place: tuple[str | int, ...], value: object) -> "Scope":
        """Look at a value found at ``place`` below here."""
        up = self if isinstance(self.here, dict) else self.up
        around = self.here
        for step in place[:-1]:
            around = around[step] if isinstance(around, list | dict) else None  # type: ignore[index]
            if isinstance(around, dict):
                up = Scope(around, self.root, self.today, up)
        return Scope(value, self.root, self.today, up)


def filled(value: object) -> bool:
    """Whether a value says something: not missing, null, blank or empty."""
    if value:
        return value is not MISSING
    return value is not None and value not in ("", [], {})  # zero and false say something
