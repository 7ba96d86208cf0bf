"""The exceptions of premigrate. Each message states what is wrong, where, and how to fix it."""

from collections.abc import Iterable
from typing import NamedTuple


class PremigrateError(Exception):
    """Base class of all exceptions that premigrate raises deliberately."""


class Problem(NamedTuple):
    """One mistake in a rule file or configuration.

    ``place`` is a table and key, or a line; it is empty if the mistake has no single position.
    """

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: {self.message}" if self.place else f"{self.file}: {self.message}"


class BadArgument(PremigrateError, ValueError):
    """An argument or option has an invalid value."""


class BadConfiguration(BadArgument):
    """The configuration contains mistakes; ``problems`` lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_heading("the configuration", self.problems))

    def __reduce__(self) -> tuple[type["BadConfiguration"], tuple[tuple[Problem, ...]]]:
        """Support pickling: the constructor takes the problems, not the message in ``args``."""
        return BadConfiguration, (self.problems,)


class UnknownMarket(BadArgument):
    """There are no rules for the requested market."""


class BadPayloadText(PremigrateError, ValueError):
    """A payload cannot be read or parsed.

    ``line`` and ``column`` count from 1; both are 0 if the error has no single position.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class BadRules(PremigrateError, ValueError):
    """The rule files contain mistakes; ``problems`` lists all of them, without duplicates."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__(_heading("the rule files", self.problems))

    def __reduce__(self) -> tuple[type["BadRules"], tuple[tuple[Problem, ...]]]:
        """Support pickling: the constructor takes the problems, not the message in ``args``."""
        return BadRules, (self.problems,)


class TemporaryFileError(PremigrateError, OSError):
    """The temporary file that holds the keys of many accounts cannot be written."""


class WorkerLost(PremigrateError):
    """A worker process ended before its tasks were done, so the results are incomplete."""


class BadDocument(PremigrateError, ValueError):
    """A tenant's document cannot be used: it is not an OpenAPI document, or it describes no account import."""


def _heading(source: str, problems: tuple[Problem, ...]) -> str:
    """Write how many problems there are, and each of them on a line."""
    noun = "mistake" if len(problems) == 1 else "mistakes"
    return "\n".join([f"{len(problems)} {noun} in {source}:", *map(str, problems)])
