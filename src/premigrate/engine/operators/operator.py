"""The base class of operators, which check one scope and return violations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from premigrate.engine.paths import Path, PathMaker, PlaceFrom
from premigrate.engine.values import Scope
from premigrate.formats.interfaces import FormatCheck
from premigrate.results import Place


class Violation(NamedTuple):
    """A violation of a rule.

    Attributes:
        place: the place relative to the current value.
        value: the value there.
        expected: what would be right, without values of the payload; empty if unknown.
        expected_with_values: the same with the values at ``place`` and ``related``, which is shown unless one of them
            is personal; empty if there are none to show.
        related: the places of other values that the violation is about.
        doubt: the reason why the value is valid but suspicious, which gives advice instead of an error; else empty.

    """

    place: Place
    value: Any = None
    expected: str = ""
    expected_with_values: str = ""
    related: tuple[PlaceFrom, ...] = ()
    doubt: str = ""


class Operator:
    """An operator of the rule language with its arguments."""

    __slots__ = ()

    def check(self, scope: Scope) -> Sequence[Any]:
        """Return the violations in payload order; none if an input is absent or INVALID."""
        raise NotImplementedError

    def is_violated(self, scope: Scope) -> bool:
        """Return whether there is a violation; operators for which that is much cheaper than `check` override it."""
        return len(self.check(scope)) > 0

    def is_certainly_valid(self, value: Any, today: date) -> bool:  # noqa: ANN401, ARG002 - any value of a payload
        """Return whether a single value certainly has no violation, whatever the rest of the account; False: unknown.

        The reader of a field calls this to avoid deferring the rules about the field. It must be cheap, and it can be
        True only if the operator reads nothing but the value itself and today's date.
        """
        return False

    def needs_two_items(self) -> bool:
        """Return whether a list must have two items for a violation, so that rules about shorter lists are skipped."""
        return False

    def sufficient_keys(self) -> tuple[str, ...]:
        """Return the keys that rule out a violation if they are all filled in the object; empty if there are none.

        `rules.check_rules` skips the rule for such objects, before it evaluates conditions.
        """
        return ()

    def sufficient_any(self) -> tuple[str, ...]:
        """Return keys each of which rules out a violation if it is filled in the object; empty if there are none."""
        return ()


class Dependencies(NamedTuple):
    """What the constructors of operators need.

    Attributes:
        make_path: builds paths.
        format_checks: the format checks by scheme and territory.
        certain_checks: for some of them, a fast check whether a text is certainly valid.
        forms: for each of them, the form of valid texts in words.

    """

    make_path: PathMaker
    format_checks: Mapping[tuple[str, str | None], FormatCheck]
    certain_checks: Mapping[tuple[str, str | None], Callable[[str], bool]] = MappingProxyType({})
    forms: Mapping[tuple[str, str | None], str] = MappingProxyType({})


def violations_at(
    path: Path, scope: Scope, values: list[Any], indexes: list[int], expected: str = ""
) -> list[Violation]:
    """Return a violation for each of the values at a path with the given indexes."""
    places = path.places(scope)
    return [Violation(places[index], values[index], expected) for index in indexes]
