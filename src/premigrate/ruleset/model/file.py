"""The top of a rule file: the tables it may hold."""

import re
from collections.abc import Iterator
from typing import Self

from pydantic import Field as Key
from pydantic import model_validator

from premigrate.ruleset.model.answers import Answer, Course, ImportStatus, StatusName
from premigrate.ruleset.model.codes import AdviceText, Code
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import ObjectChange, ObjectSpec
from premigrate.ruleset.model.rules import BlameChange, Rule
from premigrate.ruleset.model.table import AnyValue, Model, Name, RuleId, Sentence, Several

PLATFORM = "platform"
"""What an overlay extends that stands on no market: the topics it includes, and nothing else."""

_RANGE = re.compile(r"([0-9]+)-([0-9]+)", re.ASCII)
_LONGEST, _MOST = 1000, 1_000_000  # digits of such a number that count, and such numbers


class Market(Model):
    """What a market is. An overlay says ``extends`` instead and leaves out what stays."""

    title: Sentence | None = None
    territory: str | None = Key(default=None, pattern="^[A-Z]{2}$")
    """ISO 3166 code of the country that addresses without one are in."""
    timezone: str | Several[str] | None = None
    """IANA name of the time zone in which the API decides which day it is; a list where that can be one of several."""
    root: Name | None = None
    """The object that a payload is."""
    suppliers: Several[str] | None = None
    """Patterns (``*`` and ``?``) of import_supplier codes that tell this market from the others."""
    refusal: Name | None = None
    """The code of the answer that lists errors."""
    include: Several[str] = ()
    """Topics of the platform, as paths under the rules folder without ``.toml``."""
    extends: str | None = None
    """Of an overlay: the market it changes; or ``platform``, and then it says itself what a market says."""

    @property
    def timezones(self) -> tuple[str, ...]:
        """The names in ``timezone``; none if it is not known."""
        return (self.timezone,) if isinstance(self.timezone, str) else self.timezone or ()


class SchemeForm(Model):
    """The arguments of a format, with values that must pass and values that must not."""

    arguments: dict[str, AnyValue] = {}
    good: Several[str] = ()
    bad: Several[str] = ()


class Scheme(SchemeForm):
    """What one of the platform's words for a kind of value means here: a format and its arguments."""

    format: str
    source: Sentence
    territories: dict[str, SchemeForm] = {}
    """The arguments by country, for a format that differs between countries."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        forms = self.territories.values() or [self]
        if not all(form.good and form.bad for form in forms):
            raise ValueError("a scheme has good and bad values, for each country if it has countries")
        return self

    def form_in(self, territory: str) -> SchemeForm:
        """Choose the arguments that hold in a country."""
        return self.territories.get(territory, self)


class ReferenceList(Model):
    """A list of values, or a table, that rules look into. Without ``values`` the user has to supply it."""

    about: Sentence | None = None
    columns: Several[Name] = Key(default=("value",), min_length=1)
    """What its columns are called; a plain list has one."""
    values: Several[str] | Several[Several[str]] | None = None
    """The values; in a plain list ``1000-1049`` stands for all whole numbers between, written with as many digits."""
    source: Sentence | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        ranges = filter(None, (_RANGE.fullmatch(value) for value in self.values or () if isinstance(value, str)))
        if sum(max(int(found[2][:_LONGEST]) - int(found[1][:_LONGEST]), 0) for found in ranges) >= _MOST:
            raise ValueError(f"the ranges stand for more than {_MOST} numbers")
        return self

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield its rows, those of a plain list one value each; none if it is not there."""
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


class Elsewhere(Model):
    """Validations of the platform that hold in none of our markets, with the reason."""

    why: Sentence
    source: Sentence
    validations: dict[RuleId, Several[Name]]
    """Their codes by id."""


class RuleFile(Model):
    """A rule file: any of these tables, in any order."""

    market: Market | None = None
    object: dict[Name, ObjectSpec] = {}
    change: dict[Name, ObjectChange] = {}
    rule: Several[Rule] = ()
    cohort: Several[CohortRule] = ()
    """Rules across accounts."""
    off: dict[RuleId, Sentence] = {}
    """Rules that don't hold in this market, and advice that isn't given, each with the reason."""
    on: dict[RuleId, Sentence] = {}
    """Rules and advice that an overlay switches on again, each with the reason."""
    blame: dict[RuleId, BlameChange] = {}
    """Other places that the API blames for rules."""
    scheme: dict[Name, Scheme] = {}
    list: dict[Name, ReferenceList] = {}
    elsewhere: Several[Elsewhere] = ()
    code: dict[Name, Code] = {}
    advice: dict[Name, AdviceText] = {}
    answer: dict[Name, Answer] = {}
    """What the endpoints answer besides the list of errors."""
    import_status: dict[StatusName, ImportStatus] = {}
    course: dict[Name, Course] = {}
    """What becomes of an import."""
