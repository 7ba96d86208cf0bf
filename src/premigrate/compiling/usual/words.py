"""Collects what written code mentions by name: the constants it works with."""

from collections.abc import Callable
from typing import NamedTuple

GIVE_UP = "raise Unusual"
"""What a function writes where it knows no further."""


def local_of(name: str) -> str:
    """Name the variable that holds a field."""
    return f"f_{name}"


class NoShortcutError(Exception):
    """There is no short way to tell that a rule has nothing to say; the rule itself has to be asked."""


class Manner(NamedTuple):
    """What written code differs in: of dicts that the plan has read, or of what a parser made of a usual payload.

    ``reach`` writes a key of a value in a variable. ``is_sure``: nothing in there can be wrong, or of another kind; and
    whenever a rule has to be asked, the code gives up.
    """

    reach: Callable[[str, str], str]
    is_sure: bool

    def ask(self, check: str) -> str:
        """Write that a check has to be asked."""
        return GIVE_UP if self.is_sure else f"asked.append({check})"


DICTS = Manner(lambda variable, key: f"{variable}.get({key!r})", is_sure=False)
STRUCTS = Manner(lambda variable, key: f"{variable}.{key}", is_sure=True)


class Constants:
    """Values that written code needs, each under a name of its own."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self._names: dict[tuple[str, int], str] = {}

    def name(self, hint: str, value: object) -> str:
        """Give a name to a value; the same value (not an equal one) keeps its name."""
        known = self._names.get((hint, id(value)))
        if known:
            return known
        name = f"{hint}_{len(self.values)}"
        self.values[name] = value  # which keeps the value alive, so that its id stays its own
        self._names[hint, id(value)] = name
        return name
