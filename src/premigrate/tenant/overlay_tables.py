"""Reads the account of a document, compares it with a ruleset, and assembles the tables of an overlay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from premigrate.ruleset.model.rule_file import PLATFORM
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.differences import OverlayDifferences, find_differences
from premigrate.tenant.document.convert_schemas import SchemaConverter
from premigrate.tenant.document.flatten import Flattener
from premigrate.tenant.document.learned import LearnedObject
from premigrate.tenant.document.openapi_document import OpenApiDocument
from premigrate.tenant.document.requests import AccountRequest, DocumentExample, find_request
from premigrate.tenant.match_objects import ObjectMatcher
from premigrate.tenant.relax import declared_fields
from premigrate.tenant.validations import Footprints, PlacedValidation, RuleSwitches, choose_switches, place_validations

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentedAccount:
    """The account as a document declares it: ``objects`` by pointer, ``root`` the pointer of the account itself."""

    document: OpenApiDocument
    request: AccountRequest
    root: str
    objects: Mapping[str, LearnedObject]
    examples: tuple[DocumentExample, ...]

    @property
    def title(self) -> str:
        """The title of the document; a placeholder if it has none."""
        info = self.document.data.get("info")
        title = info.get("title") if isinstance(info, Mapping) else None
        return title.strip() if isinstance(title, str) and title.strip() else "A tenant"

    @property
    def suppliers(self) -> list[str]:
        """The import suppliers among the choices of the account, and those in the examples."""
        shown = [each.payload.get("import_supplier") for each in self.examples if isinstance(each.payload, Mapping)]
        named = [*self.choices("import_supplier"), *(supplier for supplier in shown if isinstance(supplier, str))]
        return list(dict.fromkeys(filter(None, named)))

    def choices(self, key: str) -> list[str]:
        """Return the choices of a field of the account; empty if it has none."""
        field = self.objects[self.root].fields.get(key)
        return list(field.constraints.get("choices", ())) if field else []


def read_account(document: OpenApiDocument, path: str | None) -> DocumentedAccount:
    """Read the account of a document: that of the request at ``path``, or of the newest request.

    Raises:
        BadDocument: the document has no account import, or none at that path.

    """
    flattener = Flattener(document)
    request, others = find_request(document, flattener, path)
    converter = SchemaConverter(document, flattener)
    root = converter.convert_account(request.schema, request.at)
    assert root is not None  # noqa: S101 - find_request returns objects only
    for other in others:
        if other.resolved_at != request.resolved_at:
            document.add_note(
                other.at, f"is another form of account, for {other.path}; the overlay is learned from {request.path}"
            )
    alike = [each for each in others if each.resolved_at == request.resolved_at]
    seen: dict[str, DocumentExample] = {}
    for example in (example for each in (request, *alike) for example in each.examples):
        seen.setdefault(example.at, example)
    return DocumentedAccount(document, request, root.at, converter.objects, tuple(seen.values()))


@dataclass(frozen=True, slots=True)
class RulesetDiff:
    """How a document differs from a ruleset, and its validations with their places."""

    differences: OverlayDifferences
    validations: list[PlacedValidation]

    def choose_switches(self, ruleset: Ruleset, footprints: Footprints) -> RuleSwitches:
        """Return the rules to switch, from their footprints with the learned fields."""
        return choose_switches(ruleset, footprints, self.validations, self.differences.type_changes)


def compare_account(account: DocumentedAccount, ruleset: Ruleset) -> RulesetDiff:
    """Compare the account of a document with a ruleset."""
    matcher = ObjectMatcher(ruleset, account.objects, account.document)
    matcher.match(ruleset.root, account.root)
    shown = {
        (owner.object_name, owner.key)
        for example in account.examples
        for owner in declared_fields(ruleset, example.payload)
    }
    return RulesetDiff(find_differences(ruleset, matcher, shown), place_validations(matcher, account.objects))


def build_tables(market: Table, diff: RulesetDiff, switches: RuleSwitches, schemes: Table) -> Table:
    """Return the tables of an overlay in order, without empty ones."""
    found = diff.differences
    tables = {
        "market": market,
        "disabled": switches.off,
        "enabled": switches.on,
        "scheme": schemes,
        "list": found.lists,
        "change": found.changes,
        "object": found.objects,
    }
    return {name: table for name, table in tables.items() if table}


def platform_market_table(
    account: DocumentedAccount, territory: str | None, root: str, topics: Iterable[str], refusal: str
) -> Table:
    """Return the table ``[market]`` of an overlay that extends the platform and no market."""
    return {
        "extends": PLATFORM,
        "title": account.title,
        "territory": territory or UNKNOWN_TERRITORY,
        "root": root,
        "refusal": refusal,
        "suppliers": account.suppliers or ["*"],
        "include": list(topics),
    }


UNKNOWN_TERRITORY = "ZZ"
"""A user-assigned code of ISO 3166, for an unknown country: no format of a country applies."""
