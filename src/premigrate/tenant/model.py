"""What was learned of a tenant from its OpenAPI document."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

Known: TypeAlias = Literal["covered", "list", "platform", "off", "unknown"]
KNOWN: tuple[Known, ...] = Known.__args__  # type: ignore[attr-defined]
"""What is known of a validation: a rule checks it, a rule would with a list, only the platform can check it, it is
known and not checked for a reason, nothing."""


class Note(NamedTuple):
    """Something about a place of the document that a person should know: ``at`` is a JSON pointer."""

    at: str
    message: str


class Validated(NamedTuple):
    """One code of a validation that the document names at ``at``, and what is known of it.

    ``places`` are objects and fields of the rules; ``rules`` those that are about it, by id; ``why`` says why none of
    them checks it.
    """

    at: str
    name: str
    places: tuple[str, ...]
    code: str
    known: Known
    rules: tuple[str, ...] = ()
    why: str = ""


class Tried(NamedTuple):
    """An example of the document, and its answer with the overlay; ``errors`` are codes with their attrs."""

    at: str
    path: str
    status: int
    errors: tuple[tuple[str, str], ...]


class Learned(NamedTuple):
    """What was learned: the tables of the overlay, and what there is to say of the document.

    ``counts`` are numbers of fields ``added``, ``dropped`` and ``changed``, of new ``objects`` and of ``lists``.
    ``disproved`` names what examples of the document disprove, each with the example: there the overlay gives way.
    """

    market: str
    title: str
    path: str
    overlay: Mapping[str, Any]
    counts: Mapping[str, int]
    validations: tuple[Validated, ...]
    tried: tuple[Tried, ...]
    disproved: Mapping[str, str]
    notes: tuple[Note, ...]
