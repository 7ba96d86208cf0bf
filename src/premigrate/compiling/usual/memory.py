"""Collects what several expressions of written code have in common, so that it is computed once."""

import re
from itertools import count

_NOTHING = "()"


class Memory:
    """What a stretch of written code computes before all else; its names begin with ``prefix``."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._kept: dict[str, tuple[str, str]] = {}
        self._numbers = count(1)

    def keep(self, name: str, expression: str, base: str = "") -> str:
        """Name what an expression stands for; the same expression keeps its name.

        Where ``base`` is None, there is nothing to find: then it stands for an empty list.
        """
        for known, (same, _) in self._kept.items():
            if same == expression:
                return known
        name = self._prefix + name
        unique = name if name not in self._kept else f"{name}_{len(self._kept)}"
        self._kept[unique] = (expression, "" if base in self._kept else base)
        return unique

    def temporary(self) -> str:
        """Name a variable that nobody else uses."""
        return f"t{next(self._numbers)}"

    def settle(self, lines: list[str]) -> list[str]:
        """Put before the lines what they ask for; what is asked for once only is put where it is asked for."""
        text = "\n".join(lines)
        for name in reversed(list(self._kept)):
            expression, _ = self._kept[name]
            word = re.compile(rf"\b{name}\b")
            uses = _uses(word, text.split("\n")) + sum(len(word.findall(other)) for other, _ in self._kept.values())
            if uses > 1:
                continue
            del self._kept[name]
            text = word.sub(expression, text)
            self._kept = {key: (word.sub(expression, other), base) for key, (other, base) in self._kept.items()}
        return [*self._lines(), *(text.split("\n") if text else [])]

    def _lines(self) -> list[str]:
        by_base: dict[str, list[str]] = {}
        for name, (_, base) in self._kept.items():
            by_base.setdefault(base, []).append(name)
        lines = []
        for base, names in by_base.items():
            computed = [f"{name} = {self._kept[name][0]}" for name in names]
            if base:
                empty = " = ".join([*names, _NOTHING])
                computed = [f"if {base} is None:", f"    {empty}", "else:", *("    " + line for line in computed)]
            lines += computed
        return lines


class NoMemory(Memory):
    """Keeps nothing: for code where there is no place to compute anything before."""

    def keep(self, name: str, expression: str, base: str = "") -> str:  # noqa: ARG002
        """Give the expression back."""
        return expression


def _uses(word: re.Pattern[str], lines: list[str]) -> int:
    """Count how often a name is used; in a loop it counts twice."""
    uses, loop = 0, -1
    for line in lines:
        depth = len(line) - len(line.lstrip())
        loop = loop if depth > loop >= 0 else -1
        uses += len(word.findall(line)) * (2 if loop >= 0 else 1)
        if loop < 0 and line.lstrip().startswith("for "):
            loop = depth
    return uses
