"""What readers of values and checks of formats are, and what they give."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, TypeAlias


class FieldError(NamedTuple):
    """A raw value that the framework's field refuses: the API's code, and what its text mentions."""

    code: str
    params: Mapping[str, object] = MappingProxyType({})


Reader: TypeAlias = Callable[[object], object]
"""Turns a raw JSON value (never null) into the value the platform works with, or a `FieldError`. Never raises."""

ValueCheck: TypeAlias = Callable[[object], FieldError | None]
"""Looks at a value that was read; says what the framework's validator would, or nothing. Never raises."""


class Invalid(NamedTuple):
    """The text is not of the format; ``why`` is for people and never holds the text itself."""

    why: str


class Suspicious(NamedTuple):
    """The text passes, but a person should look at it; ``why`` never holds the text itself."""

    why: str


Verdict: TypeAlias = Invalid | Suspicious | None
"""None when there is nothing to say."""

FormatCheck: TypeAlias = Callable[[str], Verdict]
"""Checks one text. Pure: what it needs is loaded when it is made. Never raises."""


class PrefilteredCheck(partial[Verdict]):
    """A check with a prefilter: a pattern, or a set of texts. What matches it is certainly valid."""

    prefilter: object
