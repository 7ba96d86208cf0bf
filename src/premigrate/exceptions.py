"""Our own exceptions: one family, each message says what, where and what to do."""

from collections.abc import Iterable
from typing import NamedTuple


class PremigrateError(Exception):
    """Base of every exception that premigrate raises on purpose."""


class BadArgument(PremigrateError, ValueError):
    """A function was called with a value it can't work with."""


class MarketUnknown(BadArgument):
    """There are no rules for the market asked for."""


class BadPayloadText(PremigrateError, ValueError):
    """A text is not JSON. ``line`` and ``column`` count from 1; both are 0 when there is no single place."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class Problem(NamedTuple):
    """One mistake in a rule file: the file, the place in it (a table and key, or a line), and what to do."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.message}" if self.place else f"{self.file}: {self.message}"


class BadRules(PremigrateError, ValueError):
    """Rule files have mistakes; ``problems`` holds all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        count = len(self.problems)
        noun = "mistake" if count == 1 else "mistakes"
        super().__init__("\n".join([f"{count} {noun} in the rule files:", *map(str, self.problems)]))

    def __reduce__(self) -> tuple[type["BadRules"], tuple[tuple[Problem, ...]]]:
        """Let it pass from one process to another: what it is made from are problems, not the message."""
        return BadRules, (self.problems,)


class OutOfRoom(PremigrateError, OSError):
    """The temporary file for many accounts can't be written."""


class WorkerLost(PremigrateError):
    """A process that did part of the work ended before it was done, so the work is not complete."""


class BadDocument(PremigrateError, ValueError):
    """A tenant's document can't be learned from: it is no OpenAPI document, or not one of an account import."""
