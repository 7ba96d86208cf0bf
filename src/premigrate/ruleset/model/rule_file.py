"""The top level of a rule file: the tables that it may contain."""

import re
from collections.abc import Iterator
from typing import Self

from pydantic import Field as Key
from pydantic import model_validator

from premigrate.ruleset.model.codes import AdviceCode, ErrorCode
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.constraints import Constraint
from premigrate.ruleset.model.fields import ObjectChange, ObjectSpec
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.model.responses import ImportStatus, Lifecycle, ResponseSpec, StatusName
from premigrate.ruleset.model.rules import AttrChange, CodeChange, Rule
from premigrate.ruleset.model.table import (
    TERRITORY_PATTERN,
    AnyValue,
    ArrayOf,
    Basis,
    Name,
    NonBlankText,
    RuleId,
    SwitchName,
    Table,
)

PLATFORM = "platform"
"""The value of ``extends`` in an overlay that is not based on a market, but only on the topics that it includes."""

_RANGE = re.compile(r"([0-9]+)-([0-9]+)", re.ASCII)
_MAX_DIGITS, _MAX_NUMBERS = 1000, 1_000_000  # digits of a bound that are read, and numbers in all ranges together


class MarketSpec(Table):
    """A market. An overlay has ``extends``, and omits the keys that stay the same."""

    title: NonBlankText | None = None
    territory: str | None = Key(default=None, pattern=TERRITORY_PATTERN)
    """ISO 3166 code of the country of addresses without a country."""
    timezone: str | ArrayOf[str] | None = None
    """IANA name of the time zone in which the API determines the current day, or a list of all possible time zones."""
    root: Name | None = None
    """The object that describes a payload."""
    suppliers: ArrayOf[str] | None = None
    """Patterns (``*`` and ``?``) of the import_supplier codes that identify this market."""
    refusal: Name | None = None
    """The code of the response that lists errors."""
    beside_payload: ArrayOf[str] = ()
    """The keys next to ``payload`` that the API reads in a wrapped payload."""
    include: ArrayOf[str] = ()
    """Platform topics, as paths under the rules folder without ``.toml``."""
    extends: str | None = None
    """For an overlay: the market that it changes, or ``platform`` if it defines all keys of a market itself."""

    @property
    def timezones(self) -> tuple[str, ...]:
        """The names in ``timezone``; empty if it is not known."""
        return (self.timezone,) if isinstance(self.timezone, str) else self.timezone or ()


class FormatArguments(Table):
    """The arguments of a format, with examples of valid and invalid values."""

    arguments: dict[str, AnyValue] = {}
    good: ArrayOf[str] = ()
    bad: ArrayOf[str] = ()


class Scheme(FormatArguments):
    """The definition of a kind of value: a format and its arguments.

    Without a ``format``, it adds or replaces countries in the scheme of this name in an earlier file.
    """

    format: str = ""
    source: NonBlankText = ""
    territories: dict[str, FormatArguments] = {}
    """The arguments by country, for a format that differs between countries."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.format and (not self.territories or self.arguments or self.good or self.bad):
            raise ValueError("a scheme needs a format, unless it only adds territories to an earlier scheme")
        if self.format and "source" not in self.model_fields_set:
            raise ValueError("a scheme needs a source")
        forms = self.territories.values() or [self]
        if not all(form.good and form.bad for form in forms):
            raise ValueError("a scheme needs good and bad values, for each country if it has territories")
        return self

    def with_countries(self, added: Self) -> Self:
        """Return the scheme with the countries of another one, and with its source for them."""
        territories = {**self.territories, **added.territories}
        source = f"{self.source}; {', '.join(added.territories)}: {added.source}"
        is_known = "source" in added.model_fields_set
        return self.model_copy(update={"territories": territories, "source": source if is_known else self.source})

    def arguments_for(self, territory: str) -> FormatArguments:
        """Return the arguments for a country."""
        return self.territories.get(territory, self)


class ReferenceList(Table):
    """A list of values, or a table, in which rules look up values. Without ``values``, the user must supply it."""

    about: NonBlankText | None = None
    columns: ArrayOf[Name] = Key(default=("value",), min_length=1)
    """The names of the columns. A plain list has one column."""
    values: ArrayOf[str] | ArrayOf[ArrayOf[str]] | None = None
    """The values. In a plain list, ``1000-1049`` stands for all whole numbers in that range with as many digits."""
    source: NonBlankText | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        ranges = filter(None, (_RANGE.fullmatch(value) for value in self.values or () if isinstance(value, str)))
        if sum(max(int(found[2][:_MAX_DIGITS]) - int(found[1][:_MAX_DIGITS]), 0) for found in ranges) >= _MAX_NUMBERS:
            raise ValueError(f"the ranges contain more than {_MAX_NUMBERS} numbers")
        return self

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows, which have one value each in a plain list; nothing if the list has not been supplied."""
        for value in self.values or ():
            if isinstance(value, str):
                yield from ((each,) for each in _expand(value))
            else:
                yield value


def _expand(written: str) -> Iterator[str]:
    match = _RANGE.fullmatch(written)
    if match and len(match[1]) == len(match[2]):
        yield from (f"{number:0{len(match[1])}}" for number in range(int(match[1]), int(match[2]) + 1))
    else:
        yield written


class Fact(Table):
    """A fact about a tenant on which rules depend, such as whether a feature is enabled."""

    about: NonBlankText
    """A sentence that is true if the fact is true."""


class Defaults(Table):
    """Default values for keys that tables of the same file require, and for ``inferred``."""

    basis: Basis | None = None
    source: NonBlankText | None = None
    inferred: NonBlankText | None = None
    """For rules. It does not apply to a rule whose basis is ``inferred``."""
    detail_basis: Basis | None = None


class NotApplicable(Table):
    """Validations of the platform that apply only in markets with rules for them, with the reason."""

    why: NonBlankText
    source: NonBlankText
    validations: dict[RuleId, ArrayOf[Name]]
    """The codes of each validation, by its id."""


class RuleFile(Table):
    """A rule file: any of these tables, in any order."""

    defaults: Defaults = Defaults()
    market: MarketSpec | None = None
    object: dict[Name, ObjectSpec] = {}
    change: dict[Name, ObjectChange] = {}
    rule: ArrayOf[Rule] = ()
    cohort: ArrayOf[CohortRule] = ()
    """Rules that compare accounts with each other or with imported data."""
    fix: ArrayOf[Fix] = ()
    """Changes of values that resolve errors and advice."""
    disabled: dict[SwitchName, NonBlankText] = {}
    """Rules, advice and fixes that are disabled in this market, each with the reason."""
    enabled: dict[SwitchName, NonBlankText] = {}
    """Rules, advice and fixes that a market or overlay enables, each with the reason."""
    attr_change: dict[RuleId, AttrChange] = {}
    """Changes of the ``attr`` that the API reports for a rule, by the id of the rule."""
    code_change: dict[RuleId, CodeChange] = {}
    """Changes of the ``code`` that the API reports for a rule, by the id of the rule."""
    scheme: dict[Name, Scheme] = {}
    list: dict[Name, ReferenceList] = {}
    fact: dict[Name, Fact] = {}
    """The facts that ``[tenant]`` may state."""
    tenant: dict[Name, bool] = {}
    """Facts about the tenant. Rules that depend on a fact are not checked until it is stated."""
    not_applicable: ArrayOf[NotApplicable] = ()
    constraint: ArrayOf[Constraint] = ()
    """Constraints in the descriptions of fields; only in the files of ``rules/constraints``."""
    code: dict[Name, ErrorCode] = {}
    advice: dict[Name, AdviceCode] = {}
    answer: dict[Name, ResponseSpec] = {}
    """The responses of the endpoints other than the list of errors."""
    import_status: dict[StatusName, ImportStatus] = {}
    lifecycle: dict[Name, Lifecycle] = {}
    """The lifecycles of imports."""
