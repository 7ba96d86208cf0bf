"""Collects the problems of rule files, with messages in terms of the rule language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from premigrate.exceptions import Problem


@dataclass(slots=True)
class ProblemReport:
    """The problems found so far.

    ``failed_tables`` holds the names of tables that could not be parsed, so that references to them are not reported as
    undefined.
    """

    problems: list[Problem] = field(default_factory=list)
    failed_tables: set[str] = field(default_factory=set)

    def add(self, file: str, place: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(file, place, message))

    def add_unknown(self, file: str, place: str, kind: str, name: str, known: Iterable[str]) -> None:
        """Add a problem for an undefined name, unless its table could not be parsed."""
        if name not in self.failed_tables:
            self.add(file, place, unknown_name_message(kind, name, known))


def unknown_name_message(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the message that there is no ``kind`` called ``name``, with the nearest known name."""
    return with_suggestion(f"there is no {kind} {name!r}", name, known)


def with_suggestion(message: str, word: str, known: Iterable[str]) -> str:
    """Return a message with the nearest known word appended, if there is one."""
    near = get_close_matches(word, list(known), 1)
    return f"{message}; did you mean {near[0]!r}?" if near else message
