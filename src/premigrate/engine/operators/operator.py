"""What every operator is: a check of one scope that gives the violations it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from premigrate.engine.paths import Path, PathMaker
from premigrate.engine.values import Scope
from premigrate.formats.interfaces import FormatCheck
from premigrate.results import Place


class Violation(NamedTuple):
    """What a rule found: the place from the value it looked at, the value there, and why, if more is known.

    With ``is_suspicious``, the value is accepted, but a person should look at it.
    """

    place: Place
    value: Any = None
    why: str = ""
    is_suspicious: bool = False


class Operator:
    """One operator of the rule language with its arguments."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Any]:
        """Give the violations in payload order; none where an input is missing or wrong itself."""
        raise NotImplementedError

    def passes(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002 - any value of a payload
        """Whether there certainly is no violation in a single value, whatever stands around it; false says nothing."""
        return False

    def enough_keys(self) -> tuple[str, ...]:
        """List the keys of an object that has no violation where all of them are filled; none if there are none."""
        return ()


class Parts(NamedTuple):
    """What operators are made with: paths, and the checks of formats by scheme and territory.

    ``are_certain`` tell of some formats, and fast, what is certainly right.
    """

    path: PathMaker
    formats: Mapping[tuple[str, str | None], FormatCheck]
    are_certain: Mapping[tuple[str, str | None], Callable[[str], bool]] = MappingProxyType({})


def violations_at(path: Path, scope: Scope, values: list[Any], wrong: list[int]) -> list[Violation]:
    """Make a violation of each of the values at a path that are wrong, by their positions."""
    places = path.places(scope)
    return [Violation(places[number], values[number]) for number in wrong]
