"""Collects the mistakes of all rule files, in words of the rule language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from premigrate.exceptions import Problem


@dataclass(slots=True)
class Report:
    """Mistakes so far. ``failed`` names the tables that could not be read, so that nobody calls them missing."""

    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def add(self, file: str, place: str, message: str) -> None:
        """Note one mistake."""
        self.problems.append(Problem(file, place, message))

    def unknown(self, file: str, place: str, kind: str, name: str, known: Iterable[str]) -> None:
        """Note a name that nobody knows."""
        if name not in self.failed:
            self.add(file, place, unknown(kind, name, known))


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that ``name`` is no ``kind`` there is, and offer the nearest."""
    return offer(f"there is no {kind} {name!r}", name, known)


def offer(message: str, word: str, known: Iterable[str]) -> str:
    """Add to a message the word that was probably meant."""
    near = get_close_matches(word, list(known), 1)
    return f"{message}; did you mean {near[0]!r}?" if near else message
