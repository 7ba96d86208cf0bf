"""The result of learning from a tenant's OpenAPI document."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias

Coverage: TypeAlias = Literal["covered", "list", "fact", "platform", "off", "unknown"]
COVERAGES: tuple[Coverage, ...] = Coverage.__args__  # type: ignore[attr-defined]
"""How a validation is covered: by a rule, by a rule that needs a reference list or a fact about the tenant, by the
server only, by a rule that is disabled, or not at all."""


class DocumentNote(NamedTuple):
    """A part of the document that was ignored or approximated: ``at`` is its JSON pointer."""

    at: str
    message: str


class ValidationCoverage(NamedTuple):
    """How one error code of a documented validation is covered.

    ``at`` is the JSON pointer of the validation. ``places`` are the objects and fields of the ruleset that it
    validates, ``rules`` the ids of the rules for it, and ``why`` the reason why it is not checked.
    """

    at: str
    name: str
    places: tuple[str, ...]
    code: str
    coverage: Coverage
    rules: tuple[str, ...] = ()
    why: str = ""


class ExampleResult(NamedTuple):
    """An example of the document, and its response with the overlay; ``errors`` are pairs of code and attr.

    ``day`` is the day that counted as today: an earlier one if only that suits the dates of the example.
    """

    at: str
    path: str
    status: int
    errors: tuple[tuple[str, str], ...]
    day: date


class LearnedTenant(NamedTuple):
    """The result of learning: the tables of the overlay, and a report on the document.

    ``path`` is the path of the request that was used. ``counts`` are the numbers of fields ``added``, ``dropped`` and
    ``changed``, of new ``objects`` and of ``lists``. ``examples`` are the examples of the document. ``relaxed`` names
    the rules and field constraints that the overlay relaxes, each with the pointer of an example that breaks it.
    """

    market: str
    title: str
    path: str
    overlay: Mapping[str, Any]
    counts: Mapping[str, int]
    validations: tuple[ValidationCoverage, ...]
    examples: tuple[ExampleResult, ...]
    relaxed: Mapping[str, str]
    notes: tuple[DocumentNote, ...]
    good_example: object = None
    """The payload of the first example that answers 200; None if there is none."""
