"""Reads the account of a document, compares it with a ruleset, and assembles the tables of an overlay."""

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
    """The account as a document declares it: ``objects`` by pointer, ``root`` the pointer of the account itself."""

    document: Document
    request: Request
    root: str
    objects: Mapping[str, LearnedObject]
    examples: tuple[Example, ...]

    @property
    def title(self) -> str:
        """The title of the document; a placeholder if it has none."""
        info = self.document.data.get("info")
        title = info.get("title") if isinstance(info, Mapping) else None
        return title.strip() if isinstance(title, str) and title.strip() else "A tenant"

    def choices(self, key: str) -> list[str]:
        """Return the choices of a field of the account; empty if it has none."""
        field = self.objects[self.root].fields.get(key)
        return list(field.said.get("choices", ())) if field else []


def read_account(document: Document, path: str | None) -> Account:
    """Read the account of a document: that of the request at ``path``, or of the newest request.

    Raises:
        BadDocument: the document has no account import, or none at that path.

    """
    request, others = find_request(document, path)
    shapes = Shapes(document)
    root = shapes.root(request.schema, request.at)
    assert root is not None  # noqa: S101 - find_request returns objects only
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
    """How a document differs from a ruleset, and its validations with their places."""

    differences: Differences
    standing: list[Standing]

    def switches(self, book: Rulebook, grounds: Grounds) -> Switches:
        """Return the rules to switch, from their footprints with the learned fields."""
        return decide(book, grounds, self.standing, self.differences.other_kind)


def compare(account: Account, book: Rulebook) -> Lesson:
    """Compare the account of a document with a ruleset."""
    pairing = Pairing(book, account.objects, account.document)
    pairing.visit(book.root, account.root)
    shown = {(owner.name, owner.key) for example in account.examples for owner in owners_of(book, example.payload)}
    return Lesson(find_differences(book, pairing, shown), find_standing(pairing, account.objects))


def tables_of(market: Table, lesson: Lesson, switches: Switches, schemes: Table) -> Table:
    """Return the tables of an overlay in order, without empty ones."""
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
    """Return the table ``[market]`` of an overlay that extends the platform and no market."""
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
"""A user-assigned code of ISO 3166, for an unknown country: no format of a country applies."""
