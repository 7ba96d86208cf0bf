"""Learns an overlay from a tenant's OpenAPI document, and checks it with the examples in the document."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.accounts.identity import market_of
from premigrate.api import Validator
from premigrate.describe.market import ruleset_of
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadArgument, BadDocument, BadPayloadText, BadRules
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.rule_tests.rules import ExampleChecker
from premigrate.ruleset.load import REFUSAL_CODE, ROOT_OBJECT, load_footprints
from premigrate.ruleset.model.rule_file import PLATFORM
from premigrate.ruleset.rule_files import topic_names
from premigrate.tenant.document.openapi_document import parse_document
from premigrate.tenant.model import ExampleResult, LearnedTenant
from premigrate.tenant.overlay_tables import (
    DocumentedAccount,
    RulesetDiff,
    build_tables,
    compare_account,
    platform_market_table,
    read_account,
)
from premigrate.tenant.relax import DeclaredField, field_at, relax_field, relaxation_for, value_at
from premigrate.tenant.spelled_out_lists import find_lists
from premigrate.tenant.try_examples import TriedExample, try_example
from premigrate.tenant.validations import RuleSwitches, ValidationClassifier, rules_of_validations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from premigrate.results import Error
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.tenant.document.requests import DocumentExample
    from premigrate.tenant.overlay_tables import Table

MAX_DOCUMENT_BYTES = 64 << 20
"""The size limit of a document, in bytes; the largest known one has less than a hundredth of it."""

_OK = 200
_MAX_ROUNDS = 20
"""How often the overlay is relaxed, at most; errors that are left are reported."""


class _Base(NamedTuple):
    """What an overlay extends: the market, the table ``[market]``, the schemes to add, and the ruleset."""

    market: str
    head: Table
    schemes: Table
    ruleset: Ruleset


def learn_tenant(
    content: str | bytes,
    *,
    as_of: date,
    market: str | None = None,
    territory: str | None = None,
    path: str | None = None,
) -> LearnedTenant:
    """Learn how a tenant's account import differs, from the text of its OpenAPI document.

    Args:
        content: the document, JSON or YAML.
        as_of: the date used as today when the examples are validated.
        market: the market that the overlay extends, or ``platform`` for none; by default it is detected from the
            import suppliers in the document, with ``platform`` as the fallback.
        territory: the ISO 3166 code of the tenant's country; only for ``platform``.
        path: the path of the request to learn from; by default that of the newest request that validates accounts.

    Raises:
        BadDocument: the text is not an OpenAPI document, or has no account import.
        UnknownMarket: there are no rules for ``market``.
        BadArgument: ``territory`` is combined with a market, or is not a country code.
        BadRules: the rule files have mistakes, or an example of a learned scheme fails.

    """
    return learn_account(parse_account(content, path), as_of=as_of, market=market, territory=territory)


def parse_account(content: str | bytes, path: str | None) -> DocumentedAccount:
    """Return the account that the text of a document declares, for the request at ``path`` or the newest one.

    Raises:
        BadDocument: the text is not an OpenAPI document, or has no account import.

    """
    return read_account(parse_document(_parse(content).data), path)


def learn_account(
    account: DocumentedAccount, *, as_of: date, market: str | None = None, territory: str | None = None
) -> LearnedTenant:
    """Learn how the account of a document differs. Arguments and errors are those of `learn_tenant`."""
    market = market or detect_market(account)
    if territory and market != PLATFORM:
        raise BadArgument(f"the market {market} has its own country; omit --territory, or use --market platform")
    if territory and not (territory.isascii() and territory.isalpha() and territory.isupper() and len(territory) == 2):
        raise BadArgument(f"{territory!r} is not a territory; write a country code of two capital letters")
    return _Learner(account, _base(account, market, territory), as_of).run()


class _Relaxation(NamedTuple):
    """How to relax an overlay: change a field (``owner``, ``change``), or switch off the rule ``name``."""

    name: str
    what: str
    owner: DeclaredField | None = None
    change: Mapping[str, Any] = MappingProxyType({})


class _Learner:
    """Generates the overlay of one document."""

    def __init__(self, account: DocumentedAccount, base: _Base, as_of: date) -> None:
        self._account, self._base, self._as_of = account, base, as_of
        self._diff: RulesetDiff = compare_account(account, base.ruleset)
        self._disproved: dict[str, str] = {}
        self._applied: set[str] = set()

    def run(self) -> LearnedTenant:
        """Generate the overlay, and relax it until the examples pass or nothing is left to relax."""
        market = self._base.market
        footprints = load_footprints(market, self._tables(RuleSwitches({}, {})))
        uses = rules_of_validations(self._base.ruleset, footprints, self._diff.validations)
        lists = self._diff.differences.lists
        lists |= find_lists(self._base.ruleset, uses, lists)
        switches = self._diff.choose_switches(self._base.ruleset, footprints)
        for _ in range(_MAX_ROUNDS):
            tables = self._tables(switches)
            ruleset = ruleset_of(market, tables)
            validator = Validator(market=market, as_of=self._as_of, overlay=tables)
            tried = [try_example(validator, example) for example in self._account.examples]
            if not self._relax(tables, switches, ruleset, tried):
                break
        trial = check_overlay_examples(ruleset, self._as_of)
        if trial.problems:
            raise BadRules(trial.problems)
        classifier = ValidationClassifier(ruleset, footprints, ExampleChecker(ruleset, self._as_of).can_fail)
        counts = {word: self._diff.differences.counts[word] for word in ("added", "dropped", "changed", "objects")}
        return LearnedTenant(
            market,
            self._account.title,
            self._account.request.path,
            tables,
            {**counts, "lists": len(tables.get("list", ()))},
            tuple(classifier.classify(self._diff.validations)),
            tuple(map(self._outcome, tried)),
            self._disproved,
            tuple(self._account.document.notes),
            next((example.payload for example, _, result in tried if result.response.status == _OK), None),
        )

    def _tables(self, switches: RuleSwitches) -> Table:
        return build_tables(self._base.head, self._diff, switches, self._base.schemes)

    def _relax(self, tables: Table, switches: RuleSwitches, ruleset: Ruleset, tried: list[TriedExample]) -> bool:
        """Relax what rejects the examples of the document; return whether anything changed.

        Each error gives way alone: one that cannot does not keep the others.
        """
        known = {rule.id for rule in ruleset.rules}
        relaxed: set[str] = set()  # a field is relaxed once a round: its other errors may be fixed by that
        for example, _, result in tried:
            relaxations = [self._relaxation(ruleset, known, example, error) for error in result.errors]
            for relaxation in filter(None, relaxations):
                tried_before = f"{relaxation.name} {sorted(relaxation.change.items(), key=str)}"
                if relaxation.name in relaxed or tried_before in self._applied:
                    continue
                relaxed.add(relaxation.name)
                self._applied.add(tried_before)
                self._disproved.setdefault(relaxation.what, example.at)
                if relaxation.owner:
                    relax_field(tables, relaxation.owner, relaxation.change, example.at)
                else:
                    switches.on.pop(relaxation.name, None)
                    switches.off[relaxation.name] = f"Refuses an example of the document: {example.at}"
        return bool(relaxed)

    def _outcome(self, tried: TriedExample) -> ExampleResult:
        example, day, result = tried
        errors = tuple((error.code, error.attr) for error in result.errors)
        return ExampleResult(example.at, example.path, result.response.status, errors, day)

    def _relaxation(
        self, ruleset: Ruleset, known: set[str], example: DocumentExample, error: Error
    ) -> _Relaxation | None:
        """Return how to relax the overlay so that an example passes; None if it cannot be relaxed."""
        if error.rule in known:
            return _Relaxation(error.rule, f"the rule {error.rule}")
        owner = field_at(ruleset, example.payload, error.path)
        change = relaxation_for(owner, error, value_at(example.payload, error.path)) if owner else {}
        name = f"{owner.object_name}.{owner.key}" if owner else ""
        return _Relaxation(name, f"{error.code} at {name}", owner, change) if change else None


def _parse(content: str | bytes) -> Document:
    if len(content) > MAX_DOCUMENT_BYTES:
        raise BadDocument(f"holds more than {MAX_DOCUMENT_BYTES >> 20} MB, the limit for an OpenAPI document")
    try:
        return read_json(content) if _looks_like_json(content) else read_yaml(content, lenient=True)
    except BadPayloadText as error:
        at = f"line {error.line}, column {error.column}: " if error.line else ""
        raise BadDocument(f"{at}{_without_hints(str(error))}") from None


def _looks_like_json(content: str | bytes) -> bool:
    start = content[:1000].encode("utf-8", "replace") if isinstance(content, str) else content
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def _without_hints(message: str) -> str:
    """Remove the hints about payloads that the payload readers add to their messages."""
    for hint in ("; a payload is", "; an account payload has", "; premigrate reads JSON"):
        message = message.partition(hint)[0]
    return message


def detect_market(account: DocumentedAccount) -> str:
    """Detect the market from the import suppliers in the schema, or in the examples."""
    named: list[object] = [{"import_supplier": each} for each in account.choices("import_supplier")]
    markets = {market_of(each) for each in named or [example.payload for example in account.examples]}
    return (next(iter(markets)) or PLATFORM) if len(markets) == 1 else PLATFORM


def _base(account: DocumentedAccount, market: str, territory: str | None) -> _Base:
    if market != PLATFORM:
        return _Base(market, {"extends": market}, {}, ruleset_of(market))
    head = platform_market_table(account, territory, ROOT_OBJECT, topic_names(), REFUSAL_CODE)
    return _Base(market, head, _phone_scheme(territory), ruleset_of(market, {"market": head}))


def _phone_scheme(territory: str | None) -> Table:
    """Return the scheme of telephone numbers of a country; empty if libphonenumber does not know the country."""
    from premigrate.formats.phone import example_number

    number = example_number(territory) if territory else None
    if number is None:
        return {}
    source = f"libphonenumber's numbering plans, with {territory} as the region of numbers without a plus"
    examples = {"good": [number], "bad": ["abcde"]}
    return {"phone": {"format": "phone", "arguments": {"region": territory}, **examples, "source": source}}
