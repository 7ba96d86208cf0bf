"""Makes the words inside rules by choices: paths, operands, conditions."""

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


class Words:
    """Chooses words; most of them fit the objects of the overlays that are made here, and some don't."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def one(self, *given: Any) -> Any:
        """Choose one of several."""
        return self._choices.one_of(given)

    def flag(self) -> bool:
        """Choose true or false."""
        return self._choices.number(2) == 0

    def some(self, make: Any, at_least: int = 0) -> list[Any]:
        """Make up to three of something."""
        return [make() for _ in range(at_least + self._choices.number(3))]

    def rarely(self) -> bool:
        """Say yes once in five times."""
        return self._choices.number(5) == 1

    def path(self) -> str:
        """Make a path."""
        key = self._choices.one_of(KEYS)
        if self._choices.number(8):
            usual = (key, key, key, f"parts[].{key}", f"account.{key}", f"account.parts[].{key}")
            return self._choices.one_of(usual)
        return self._choices.one_of((f"{key}[]", f"up.{key}", ".", f"any.{key}", "[]", "parts"))

    def paths(self, at_least: int = 1) -> list[str]:
        """Make several paths."""
        return self.some(self.path, at_least)

    def operand(self, depth: int = 0) -> Any:  # noqa: PLR0911 - one of each kind
        """Make an operand."""
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
                return {"day_after": self.path()}
            case 7:
                return self.lookup()
            case 8:
                return {"first": self.some(lambda: self.operand(depth + 1), 1)}
            case _:
                return self.path()

    def lookup(self) -> dict[str, Any]:
        """Make a look into a list."""
        found = {"take": self.one("value", "a", "b"), "of": self.one("rows", "rows", "words", "nothing")}
        return {**found, **({"by": self.paths(0)} if self._choices.number(2) else {})}

    def condition(self) -> Any:
        """Make a condition."""
        match self._choices.number(6):
            case 0:
                return self.one("<absent>", "<present>", self.flag())
            case 1:
                return {self.one("before", "until", "since", "after"): self.operand()}
            case 2:
                return self.one({"over": self.one(0, 1, 2**70)}, {"other_than": self.one(0, "A")})
            case 3:
                return self.one({"ignoring_case": "abc"}, {"in_list": self.one("words", "rows", "nothing")})
            case 4:
                return self.some(self.condition)
            case _:
                return self.one(*TEXTS)

    def when(self) -> Any:
        """Make conditions."""
        table = {self.path(): self.condition() for _ in range(1 + self._choices.number(2))}
        return [table, {self.path(): self.condition()}] if self.rarely() else table
