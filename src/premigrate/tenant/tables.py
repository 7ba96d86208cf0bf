"""Joins what was learned of a document into the tables of an overlay, and into what there is to say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from premigrate.ruleset.model.file import PLATFORM
from premigrate.ruleset.model.ruleset import Rulebook
from premigrate.tenant.differences import Differences, find_differences
from premigrate.tenant.document import Document
from premigrate.tenant.match_objects import Pairing
from premigrate.tenant.relax import owners_of
from premigrate.tenant.requests import Example, Request, find_request
from premigrate.tenant.shapes import LearnedObject, Shapes
from premigrate.tenant.validations import Grounds, Standing, Switches, decide, find_standing

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """What a document says of an account, and where: ``objects`` by pointer, from that of the ``root``."""

    document: Document
    request: Request
    root: str
    objects: Mapping[str, LearnedObject]
    examples: tuple[Example, ...]

    @property
    def title(self) -> str:
        """What the document calls itself."""
        info = self.document.data.get("info")
        title = info.get("title") if isinstance(info, Mapping) else None
        return title.strip() if isinstance(title, str) and title.strip() else "A tenant"

    def choices(self, key: str) -> list[str]:
        """List the choices of a field of the account; none if it has none."""
        field = self.objects[self.root].fields.get(key)
        return list(field.said.get("choices", ())) if field else []


def read_account(document: Document, path: str | None) -> Account:
    """Read the account that a document's import takes, by a path or as the newest.

    Raises:
        BadDocument: it has no account import, or none at that path.

    """
    request, others = find_request(document, path)
    shapes = Shapes(document)
    root = shapes.root(request.schema, request.at)
    assert root is not None  # noqa: S101 - a request is found by its fields
    for other in others:
        if other.target != request.target:
            document.note(other.at, f"is another form of account, sent to {other.path}; learned is {request.path}")
    alike = [each for each in others if each.target == request.target]
    seen: dict[str, Example] = {}
    for example in (example for each in (request, *alike) for example in each.examples):
        seen.setdefault(example.at, example)
    return Account(document, request, root.at, shapes.objects, tuple(seen.values()))


@dataclass(frozen=True, slots=True)
class Lesson:
    """What differs from a rulebook: the fields, objects and lists, and the validations with their places."""

    differences: Differences
    standing: list[Standing]

    def switches(self, book: Rulebook, grounds: Grounds) -> Switches:
        """Choose the rules to switch, once it is known what each stands on with the learned fields."""
        return decide(book, grounds, self.standing, self.differences.other_kind)


def compare(account: Account, book: Rulebook) -> Lesson:
    """Compare what a document says of an account with a rulebook."""
    pairing = Pairing(book, account.objects, account.document)
    pairing.visit(book.root, account.root)
    shown = {(owner.name, owner.key) for example in account.examples for owner in owners_of(book, example.payload)}
    return Lesson(find_differences(book, pairing, shown), find_standing(pairing, account.objects))


def tables_of(market: Table, lesson: Lesson, switches: Switches, schemes: Table) -> Table:
    """Put the tables of an overlay in order; those with nothing in them are left out."""
    found = lesson.differences
    tables = {
        "market": market,
        "off": switches.off,
        "on": switches.on,
        "scheme": schemes,
        "list": found.lists,
        "change": found.changes,
        "object": found.objects,
    }
    return {name: table for name, table in tables.items() if table}


def platform_market(account: Account, territory: str | None, root: str, topics: Iterable[str], refusal: str) -> Table:
    """Write what an overlay that stands on no market says of itself."""
    return {
        "extends": PLATFORM,
        "title": account.title,
        "territory": territory or NOWHERE,
        "root": root,
        "refusal": refusal,
        "suppliers": account.choices("import_supplier") or ["*"],
        "include": list(topics),
    }


NOWHERE = "ZZ"
"""The code of ISO 3166 for a country that is none: no format of a country holds there."""
