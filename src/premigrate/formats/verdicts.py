"""The two protocols of this room: reading a raw value, and judging a text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Misread:
    """A raw value that the framework's field refuses: the API's code, and what its text mentions."""

    code: str
    params: dict[str, object] = field(default_factory=dict)


Reader: TypeAlias = Callable[[object], object]
"""Turns a raw JSON value (never null) into the value the platform works with, or a `Misread`. Never raises."""

ValueCheck: TypeAlias = Callable[[object], Misread | None]
"""Looks at a value that was read; says what the framework's validator would, or nothing. Never raises."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The text is not of the format; ``why`` is for people and never holds the text itself."""

    why: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The text passes, but a person should look: ``why`` never holds the text itself."""

    why: str


Verdict: TypeAlias = Refused | Doubtful | None
"""None when there is nothing to say."""

Judge: TypeAlias = Callable[[str], Verdict]
"""Judges one text. Pure: whatever has to be loaded is loaded when the judge is made. Never raises."""
