"""Joins the rooms for one tenant: learns from its OpenAPI document what its import takes, as an overlay that works."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.accounts.identity import market_of
from premigrate.api import Validator
from premigrate.describe.market import rulebook_of
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadArgument, BadDocument, BadPayloadText, BadRules
from premigrate.rule_tests.overlay import try_overlay
from premigrate.ruleset.files import topic_names
from premigrate.ruleset.load import survey
from premigrate.ruleset.model.file import PLATFORM
from premigrate.tenant.document import make_document
from premigrate.tenant.model import Learned, Tried
from premigrate.tenant.relax import Owner, give_way, owner_at, value_at, way_of
from premigrate.tenant.tables import Account, Lesson, compare, platform_market, read_account, tables_of
from premigrate.tenant.validations import Switches, judge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from premigrate.results import Error, Result
    from premigrate.ruleset.model.ruleset import Rulebook
    from premigrate.tenant.requests import Example
    from premigrate.tenant.tables import Table

__all__ = ["Learned", "Tried", "learn_tenant"]

LARGEST = 64 << 20
"""Bytes of a document; the largest known has less than one hundredth of them."""

_ROOT, _REFUSAL = "account", "account_failed_validation"
_ROUNDS = 20
"""How often what an example disproves is taken back, before the rest is told."""


class _Base(NamedTuple):
    """What an overlay stands on: its market, what it says of that, the schemes it brings along, and the rules."""

    market: str
    head: Table
    schemes: Table
    book: Rulebook


def learn_tenant(
    content: str | bytes,
    *,
    as_of: date,
    market: str | None = None,
    territory: str | None = None,
    path: str | None = None,
) -> Learned:
    """Learn from the text of an OpenAPI document, JSON or YAML, how a tenant's account import differs.

    Args:
        content: the document.
        as_of: the day that counts as today while its examples are tried.
        market: the market the overlay is for, or ``platform`` for one that stands on no market; left out, the import
            suppliers of the document tell it, and where none is known it is the platform.
        territory: the ISO 3166 code of the tenant's country, if it stands on no market.
        path: the path of the request to learn from; left out, the newest that validates accounts.

    Raises:
        BadDocument: it is no OpenAPI document, or has no account import.
        MarketUnknown: there are no rules for ``market``.
        BadArgument: ``territory`` is given along with a market, or is no country code.
        BadRules: the rule files have mistakes, or an example of what was learned does not do what it says.

    """
    account = read_account(make_document(_read(content).data), path)
    market = market or _market_of(account)
    if territory and market != PLATFORM:
        raise BadArgument(f"the market {market} has its own country; leave the territory out, or say the platform")
    if territory and not (territory.isascii() and territory.isalpha() and territory.isupper() and len(territory) == 2):
        raise BadArgument(f"{territory!r} is no territory; write a country code of two capital letters")
    return _Learning(account, _base(account, market, territory), as_of).run()


class _Way(NamedTuple):
    """How an overlay gives way: by a change of a field, or without the rule of that name."""

    name: str
    what: str
    owner: Owner | None = None
    change: Mapping[str, Any] = MappingProxyType({})


class _Learning:
    """One document on its way to an overlay."""

    def __init__(self, account: Account, base: _Base, as_of: date) -> None:
        self._account, self._base, self._as_of = account, base, as_of
        self._lesson: Lesson = compare(account, base.book)
        self._disproved: dict[str, str] = {}

    def run(self) -> Learned:
        """Write the overlay, and try it with the examples until none disproves anything that can give way."""
        market = self._base.market
        grounds = survey(market, self._tables(Switches({}, {})))
        switches = self._lesson.switches(self._base.book, grounds)
        for _ in range(_ROUNDS):
            tables = self._tables(switches)
            book = rulebook_of(market, tables)
            validator = Validator(market=market, as_of=self._as_of, overlay=tables)
            results = [(example, validator.validate(example.payload)) for example in self._account.examples]
            if not self._give_way(tables, switches, book, results):
                break
        trial = try_overlay(book, self._as_of)
        if trial.problems:
            raise BadRules(trial.problems)
        counts = {word: self._lesson.differences.counts[word] for word in ("added", "dropped", "changed", "objects")}
        return Learned(
            market,
            self._account.title,
            self._account.request.path,
            tables,
            {**counts, "lists": len(tables.get("list", ()))},
            tuple(judge(book, grounds, self._lesson.standing)),
            tuple(Tried(example.at, example.path, *_answer(result)) for example, result in results),
            self._disproved,
            tuple(self._account.document.notes),
        )

    def _tables(self, switches: Switches) -> Table:
        return tables_of(self._base.head, self._lesson, switches, self._base.schemes)

    def _give_way(
        self, tables: Table, switches: Switches, book: Rulebook, results: list[tuple[Example, Result]]
    ) -> bool:
        """Take back what refuses something that the document itself shows; False if nothing is left to take back.

        An example that is wrong in a way that can't be taken back proves nothing, and all of it is left as it is.
        """
        known = {rule.id for rule in book.rules}
        told: set[str] = set()  # a field gives way once a round: what follows may be of the same kind
        for example, result in results:
            ways = [self._way(book, known, example, error) for error in result.errors]
            for way in filter(None, ways) if all(ways) else ():
                if way.name in told:
                    continue
                told.add(way.name)
                self._disproved.setdefault(way.what, example.at)
                if way.owner:
                    give_way(tables, way.owner, way.change, example.at)
                else:
                    switches.on.pop(way.name, None)
                    switches.off[way.name] = f"Refuses an example of the document: {example.at}"
        return bool(told)

    def _way(self, book: Rulebook, known: set[str], example: Example, error: Error) -> _Way | None:
        """Tell how the overlay can give way to what an example shows; None if it can't."""
        if error.rule in known:
            return _Way(error.rule, f"the rule {error.rule}")
        owner = owner_at(book, example.payload, error.path)
        change = way_of(owner, error, value_at(example.payload, error.path)) if owner else {}
        name = f"{owner.name}.{owner.key}" if owner else ""
        return _Way(name, f"{error.code} at {name}", owner, change) if change else None


def _read(content: str | bytes) -> Document:
    if len(content) > LARGEST:
        raise BadDocument(f"holds more than {LARGEST >> 20} MB; no OpenAPI document of an import is that large")
    try:
        return read_json(content) if _looks_like_json(content) else read_yaml(content, unclear_is_text=True)
    except BadPayloadText as error:
        at = f"line {error.line}, column {error.column}: " if error.line else ""
        raise BadDocument(f"{at}{_about_a_document(str(error))}") from None


def _looks_like_json(content: str | bytes) -> bool:
    start = content[:1000].encode("utf-8", "replace") if isinstance(content, str) else content
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def _about_a_document(message: str) -> str:
    """Leave out what a reader of payloads adds about payloads."""
    for remark in ("; a payload is", "; an account payload has", "; premigrate reads JSON"):
        message = message.partition(remark)[0]
    return message


def _market_of(account: Account) -> str:
    """Tell the market from the import suppliers that the document names or shows."""
    named: list[object] = [{"import_supplier": each} for each in account.choices("import_supplier")]
    told = {market_of(each) for each in named or [example.payload for example in account.examples]}
    return (next(iter(told)) or PLATFORM) if len(told) == 1 else PLATFORM


def _base(account: Account, market: str, territory: str | None) -> _Base:
    if market != PLATFORM:
        return _Base(market, {"extends": market}, {}, rulebook_of(market))
    head = platform_market(account, territory, _ROOT, topic_names(), _REFUSAL)
    return _Base(market, head, _phones(territory), rulebook_of(market, {"market": head}))


def _phones(territory: str | None) -> Table:
    """Write the scheme of telephone numbers of a country; none if nobody knows its numbers."""
    from premigrate.formats.phone import example

    number = example(territory) if territory else None
    if number is None:
        return {}
    source = f"libphonenumber's numbering plans, with {territory} as the region of numbers without a plus"
    tried = {"good": [number], "bad": ["abcde"]}
    return {"phone": {"format": "phone", "arguments": {"region": territory}, **tried, "source": source}}


def _answer(result: Result) -> tuple[int, tuple[tuple[str, str], ...]]:
    return result.response.status, tuple((error.code, error.attr) for error in result.errors)
