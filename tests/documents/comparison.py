"""Compares the errors that a document predicts with those that premigrate reports after learning from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

import premigrate
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.tenant.learn import learn_tenant
from tests.documents.framework import Error
from tests.documents.mutations import Mutation, mutations
from tests.documents.nodes import Node
from tests.documents.samples import sample, smallest
from tests.documents.schema_reader import SchemaReader
from tests.documents.yaml_reader import read_document

AS_OF = date(2026, 1, 31)


class Difference(NamedTuple):
    """Errors of a payload that only one of both reports; ``notes`` are those of premigrate's report that are about it.

    ``is_exact`` tells whether one of them is about the field itself, and not only about what it is in.
    """

    mutation: Mutation
    missing: frozenset[Error]
    unexpected: frozenset[Error]
    notes: tuple[str, ...]
    is_exact: bool

    def __str__(self) -> str:
        parts = (f"{name} {sorted(some)}" for name, some in self._asdict().items() if name in _COMPARED and some)
        return f"{self.mutation.what} at {', '.join(self.mutation.at[:1])}: {', '.join(parts)}"


_COMPARED = ("missing", "unexpected")


class Comparison(NamedTuple):
    """The differences between a document and what was learned from it, and the number of payloads compared."""

    differences: list[Difference]
    payloads: int

    @property
    def unnamed(self) -> list[str]:
        """Return the differences that the report does not name."""
        return [str(each) for each in self.differences if not each.notes]


def compare(text: str, *, market: str | None = None, path: str | None = None, every: int = 1) -> Comparison:
    """Learn from a document, and compare every payload, or only every so many."""
    learned = learn_tenant(text, as_of=AS_OF, market=market, path=path)
    validator = premigrate.Validator(market=learned.market, as_of=AS_OF, overlay=learned.overlay)
    account = SchemaReader(read_document(text)).account(learned.path)
    notes = [(note.at.removeprefix("#"), note.message) for note in learned.notes]
    differences: list[Difference] = []
    payloads = 0
    always: frozenset[Error] = frozenset()
    for mutation in islice(all_payloads(account), 0, None, every):
        actual = field_errors(validator, mutation.payload)
        missing, unexpected = mutation.errors - actual, actual - mutation.errors - always
        payloads += 1
        if missing or unexpected:
            at = about(notes, mutation.at) or relaxed(learned.relaxed, missing, unexpected)
            above = about(notes, mutation.above)
            differences.append(Difference(mutation, missing, unexpected, at or above, bool(at)))
        if payloads == 1:
            always = actual  # what is wrong in a good payload is one difference, and not one in each mutation
    return Comparison(differences, payloads)


def all_payloads(account: Node) -> Iterator[Mutation]:
    """Yield valid payloads, and then their mutations."""
    payload = sample(account)
    for what, valid in (("all fields", payload), ("required fields", smallest(account))):
        yield Mutation(valid, what, frozenset(), (), ())
    yield from mutations(account, payload)


def about(notes: Iterable[tuple[str, str]], pointers: Iterable[str]) -> tuple[str, ...]:
    places = {pointer.removeprefix("#") for pointer in pointers}
    return tuple(f"{at}: {message}" for at, message in notes if at in places)


def relaxed(names: Iterable[str], missing: Iterable[Error], unexpected: Iterable[Error]) -> tuple[str, ...]:
    """Return what the overlay relaxes for its examples, if that is all that is missing."""
    known = {(name.split(" at ")[0], name.rsplit(".", 1)[-1]) for name in names if " at " in name}
    fields = [(code, next(step for step in reversed(attr.split(".")) if not step.isdigit())) for attr, code in missing]
    return ("relaxed for an example",) if not unexpected and {*fields} <= known else ()


def field_errors(validator: premigrate.Validator, account: Any) -> frozenset[Error]:
    """Return the errors that the fields themselves have, without those of rules."""
    errors = validator.validate(account).errors
    return frozenset((error.attr, error.code) for error in errors if error.rule == FRAMEWORK_RULE_ID)
