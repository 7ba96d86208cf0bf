"""Types of value parsers and format checks, and of their results."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple, TypeAlias


class FieldError(NamedTuple):
    """The error of a value that a DRF field rejects.

    ``code`` is the API's error code, ``params`` has the parameters of its detail text, and ``text`` is the key of that
    text if it is not the usual one of the code (see `program.Program.texts`).
    """

    code: str
    params: Mapping[str, object] = MappingProxyType({})
    text: str = ""


ValueParser: TypeAlias = Callable[[object], object]
"""Parses a raw JSON value (never null) into the value the platform uses, or a `FieldError`. Never raises."""

ValueCheck: TypeAlias = Callable[[object], FieldError | None]
"""Checks a parsed value as DRF's validators do; returns the error, or None. Never raises."""


class Invalid(NamedTuple):
    """The text does not have the format.

    ``problem`` describes what is wrong with it, if the form of the format does not show that; it never contains the
    text. ``correction`` describes what would be right for this text, and is derived from it.
    """

    problem: str = ""
    correction: str = ""


class Suspicious(NamedTuple):
    """The text is accepted, but worth a review; ``why`` never contains the text itself."""

    why: str


Verdict: TypeAlias = Invalid | Suspicious | None
"""The result of a format check; None if there is no finding."""

FormatCheck: TypeAlias = Callable[[str], Verdict]
"""Checks one text. Pure: what it needs is loaded when the check is created. Never raises."""


FormDescription: TypeAlias = Callable[..., str]
"""Describes the form of the texts that a format accepts; the scheme's arguments are its keyword arguments."""


class PrefilteredCheck(partial[Verdict]):
    """A check with a prefilter, a `LazyPattern` or a set of texts: a match is certainly valid."""

    prefilter: object
