"""Joins the rooms for one tenant: learns from its OpenAPI document what its import takes, as an overlay that works."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.api import Validator, market_of, rulebook_of
from premigrate.errors import BadArgument, BadDocument, BadPayloadText
from premigrate.learning.document import make_document
from premigrate.learning.learned import Account, Lesson, compare, platform_market, read_account, tables_of
from premigrate.learning.validating import Switches, judge
from premigrate.loading import survey, topic_names
from premigrate.rulebook import PLATFORM
from premigrate.source import Document, read_json, read_yaml

if TYPE_CHECKING:
    from datetime import date

    from premigrate.errors import Result
    from premigrate.learning.document import Note
    from premigrate.learning.learned import Table
    from premigrate.learning.validating import Judged
    from premigrate.rulebook import Rulebook

__all__ = ["Learned", "Tried", "learn_tenant"]

LARGEST = 64 << 20
"""Bytes of a document; the largest known has less than one hundredth of them."""

_ROOT, _REFUSAL = "account", "account_failed_validation"
_ROUNDS = 20
"""How often what an example disproves is taken back, before the rest is told."""


class Tried(NamedTuple):
    """An example of the document and its answer with the overlay. ``errors`` are codes with their attrs."""

    at: str
    path: str
    status: int
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of a tenant: the tables of the overlay, and what there is to say of the document.

    ``counts`` are numbers of fields ``added``, ``dropped`` and ``changed``, and of new ``objects``.
    """

    market: str
    title: str
    path: str
    overlay: Table
    counts: Counter[str]
    validations: tuple[Judged, ...]
    tried: tuple[Tried, ...]
    notes: tuple[Note, ...]
    disproved: dict[str, str] = field(default_factory=dict)


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
        BadRules: the rule files have mistakes.

    """
    account = read_account(make_document(_read(content).data), path)
    market = market or _market_of(account)
    if territory and market != PLATFORM:
        raise BadArgument(f"the market {market} has its own country; leave the territory out, or say the platform")
    if territory and not (territory.isascii() and territory.isalpha() and territory.isupper() and len(territory) == 2):
        raise BadArgument(f"{territory!r} is no territory; write a country code of two capital letters")
    head, schemes = _head(account, market, territory)
    base = {"market": head} if market == PLATFORM else None
    book = rulebook_of(market, base)
    return _Learning(account, market, head, schemes, book, as_of).run()


class _Learning:
    """One document on its way to an overlay."""

    def __init__(self, account: Account, market: str, head: Table, schemes: Table, book: Rulebook, as_of: date) -> None:
        self._account, self._market, self._head, self._schemes = account, market, head, schemes
        self._book, self._as_of = book, as_of
        self._lesson: Lesson = compare(account, book)
        self._disproved: dict[str, str] = {}

    def run(self) -> Learned:
        """Write the overlay, and try it with the examples until none disproves a rule."""
        grounds = survey(self._market, self._tables(Switches({}, {})))
        switches = self._lesson.switches(self._book, grounds)
        for _ in range(_ROUNDS):
            tables = self._tables(switches)
            validator = Validator(market=self._market, as_of=self._as_of, overlay=tables)
            results = [(example, validator.validate(example.payload)) for example in self._account.examples]
            if not self._take_back(switches, [(example.at, result) for example, result in results]):
                break
        tried = (Tried(example.at, example.path, *_answer(result)) for example, result in results)
        judged = judge(rulebook_of(self._market, tables), grounds, self._lesson.standing)
        return Learned(
            self._market,
            self._account.title,
            self._account.request.path,
            tables,
            self._lesson.differences.counts,
            tuple(judged),
            tuple(tried),
            tuple(self._account.document.notes),
            self._disproved,
        )

    def _tables(self, switches: Switches) -> Table:
        return tables_of(self._head, self._lesson, switches, self._schemes)

    def _take_back(self, switches: Switches, results: list[tuple[str, Result]]) -> bool:
        """Switch off the rules that refuse what the document itself shows; False if there is none."""
        known = {rule.id for rule in (*self._book.rules, *self._book.idle)}
        refused = {error.rule: at for at, result in reversed(results) for error in result.errors if error.rule in known}
        for rule_id, at in sorted(refused.items()):
            switches.on.pop(rule_id, None)
            switches.off[rule_id] = self._disproved[rule_id] = f"Refuses an example of the document: {at}"
        return bool(refused)


def _read(content: str | bytes) -> Document:
    start = (
        content.lstrip()[:1]
        if isinstance(content, str)
        else content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1].decode("latin-1")
    )
    if len(content) > LARGEST:
        raise BadDocument(f"holds more than {LARGEST >> 20} MB; no OpenAPI document of an import is that large")
    try:
        return read_json(content) if start in {"{", "["} else read_yaml(content, unclear_is_text=True)
    except BadPayloadText as error:
        at = f"line {error.line}, column {error.column}: " if error.line else ""
        raise BadDocument(f"{at}{str(error).replace('a payload is', 'an OpenAPI document is')}") from None


def _market_of(account: Account) -> str:
    """Tell the market from the import suppliers that the document names or shows."""
    named: list[object] = [{"import_supplier": each} for each in account.choices("import_supplier")]
    told = {market_of(each) for each in (*named, *(example.payload for example in account.examples))}
    return next(iter(told)) or PLATFORM if len(told) == 1 else PLATFORM


def _head(account: Account, market: str, territory: str | None) -> tuple[Table, Table]:
    """Write what the overlay stands on, and the schemes it has to bring along."""
    if market != PLATFORM:
        return {"extends": market}, {}
    return platform_market(account, territory, _ROOT, topic_names(), _REFUSAL), _phones(territory)


def _phones(territory: str | None) -> dict[str, Any]:
    from premigrate.formats.phone import example

    number = example(territory) if territory else None
    if number is None:
        return {}
    source = f"libphonenumber's numbering plans, with {territory} as the region of numbers without a plus"
    scheme = {
        "format": "phone",
        "arguments": {"region": territory},
        "good": [number],
        "bad": ["abcde"],
        "source": source,
    }
    return {"phone": scheme}


def _answer(result: Result) -> tuple[int, tuple[tuple[str, str], ...]]:
    return result.response.status, tuple((error.code, error.attr) for error in result.errors)
