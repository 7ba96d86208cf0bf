"""Generates parts of rules from choices: paths, operands and conditions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.choices import Choices

TEXTS = ("A", "abc", "", "2020-01-01", "<today>", "1.5", "NaN", "sNaN", "1e999999", "class", "it's", 'a"b', "None")
KEYS = (
    "text",
    "mail",
    "day",
    "moment",
    "amount",
    "size",
    "flag",
    "kind",
    "any",
    "map",
    "class",
    "words",
    "days",
    "parts",
)


class RuleParts:
    """Generates parts of rules; most of them fit the objects of generated overlays, and some don't."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def one(self, *options: Any) -> Any:
        """Choose one of several."""
        return self._choices.one_of(options)

    def flag(self) -> bool:
        """Choose true or false."""
        return self._choices.number(2) == 0

    def some(self, generate: Any, at_least: int = 0) -> list[Any]:
        """Generate up to three items, in addition to a minimum."""
        return [generate() for _ in range(at_least + self._choices.number(3))]

    def rarely(self) -> bool:
        """Return true once in five times."""
        return self._choices.number(5) == 1

    def path(self) -> str:
        """Generate a path."""
        key = self._choices.one_of(KEYS)
        if self._choices.number(8):
            valid = (key, key, key, f"parts[].{key}", f"account.{key}", f"account.parts[].{key}")
            return self._choices.one_of(valid)
        return self._choices.one_of((f"{key}[]", f"up.{key}", ".", f"any.{key}", "[]", "parts"))

    def paths(self, at_least: int = 1) -> list[str]:
        """Generate several paths."""
        return self.some(self.path, at_least)

    def operand(self, depth: int = 0) -> Any:  # noqa: PLR0911 - one branch for each kind
        """Generate an operand."""
        match self._choices.number(9 if depth < 2 else 5):
            case 0:
                return "<today>"
            case 1:
                return self.one(date(2020, 1, 1), datetime(2020, 1, 1), date.max, "2020-01-01")
            case 2:
                return self.one("day", "moment")
            case 5:
                return {self.one("earliest", "latest"): self.paths()}
            case 6:
                days = self.one(1, -30, 0, 100_000)
                return self.one({"day_after": self.path()}, {"days": days, "after": self.one("<today>", self.path())})
            case 7:
                return self.lookup()
            case 8:
                return {"first": self.some(lambda: self.operand(depth + 1), 1)}
            case _:
                return self.path()

    def lookup(self) -> dict[str, Any]:
        """Generate a lookup in a list."""
        lookup = {"take": self.one("value", "a", "b"), "of": self.one("rows", "rows", "words", "nothing")}
        return {**lookup, **({"by": self.paths(0)} if self._choices.number(2) else {})}

    def condition(self) -> Any:
        """Generate a condition."""
        match self._choices.number(6):
            case 0:
                return self.one("<absent>", "<present>", self.flag())
            case 1:
                return {self.one("<", "<=", ">=", ">"): self.operand()}
            case 2:
                return self.one({self.one("<", "<=", ">=", ">"): self.one(0, 1, 2**70)}, {"!=": self.one(0, "A")})
            case 3:
                listed = {self.one("in_list", "not_in_list"): self.one("words", "rows", "nothing")}
                return self.one({"ignoring_case": "abc"}, listed)
            case 4:
                return self.some(self.condition)
            case _:
                return self.one(*TEXTS)

    def when(self) -> Any:
        """Generate conditions."""
        table = {self.path(): self.condition() for _ in range(1 + self._choices.number(2))}
        return [table, {self.path(): self.condition()}] if self.rarely() else table
