"""The two protocols of this room: reading a raw value, and judging a text."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, TypeAlias


class Misread(NamedTuple):
    """A raw value that the framework's field refuses: the API's code, and what its text mentions."""

    code: str
    params: Mapping[str, object] = MappingProxyType({})


Reader: TypeAlias = Callable[[object], object]
"""Turns a raw JSON value (never null) into the value the platform works with, or a `Misread`. Never raises."""

ValueCheck: TypeAlias = Callable[[object], Misread | None]
"""Looks at a value that was read; says what the framework's validator would, or nothing. Never raises."""


class Refused(NamedTuple):
    """The text is not of the format; ``why`` is for people and never holds the text itself."""

    why: str


class Doubtful(NamedTuple):
    """The text passes, but a person should look: ``why`` never holds the text itself."""

    why: str


Verdict: TypeAlias = Refused | Doubtful | None
"""None when there is nothing to say."""

Judge: TypeAlias = Callable[[str], Verdict]
"""Judges one text. Pure: whatever has to be loaded is loaded when the judge is made. Never raises."""


class Sure(partial[Verdict]):
    """A judge with a pattern, or a set of texts, of which it is sure that it has nothing to say.

    Whoever is in a hurry may look there first; what is not found there has to be judged.
    """

    sure: object
