"""Cohort rules: values that must be unique or consistent across accounts."""

from collections.abc import Iterator
from string import Formatter
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, model_validator
from pydantic import Field as Key

from premigrate.ruleset.model.conditions import Conditions, ValueTest, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import ListUse, Path, PathUse
from premigrate.ruleset.model.operators.operator import expand_short_form
from premigrate.ruleset.model.table import AnyValue, ArrayOf, Basis, Name, NonBlankText, RuleId, Table

Normalization: TypeAlias = Literal["encoding", "case", "spaces", "separators"]
WORDS = frozenset({"value", "accounts", "list", "fields"})
"""Placeholders, written in braces, that the detail of a cohort rule may contain."""

CODE_PATTERN = r"^cohort:[a-z][a-z0-9_]*$"
"""The codes of cohort rules; because of the colon, they cannot be the same as codes of the API."""


def _check_detail(text: str) -> str:
    try:
        said = {word for _, word, _, _ in Formatter().parse(text) if word is not None}
    except ValueError as error:
        raise ValueError(f"{error}; write {{{{ or }}}} for a brace") from None
    if wrong := said - WORDS:
        raise ValueError(f"{{{min(wrong)}}} is not a placeholder; a detail may contain {', '.join(sorted(WORDS))}")
    return text


class ComparedPaths(Table):
    """Values of an account, and the differences in spelling that are ignored when they are compared."""

    of: ArrayOf[Path] = Key(min_length=1)
    ignore: ArrayOf[Normalization] = ()


class ImportedList(Table):
    """A reference list of imported data, and its columns for the values of ``key``, followed by those of ``same``."""

    in_: Name = Key(alias="in")
    columns: ArrayOf[Name] = ()
    """The default is the first columns, one for each value of ``key``. The list may lack columns for ``same``."""


ComparedValues: TypeAlias = Annotated[
    ComparedPaths, BeforeValidator(expand_short_form("of"), ArrayOf[Path] | ComparedPaths)
]


class CohortRule(Table):
    """A requirement on all accounts of a cohort together.

    Without ``same``, no two accounts may have the same key. With ``same``, accounts with the same key must have the
    same values in it. With ``listed``, an account is compared with a list of imported data instead of other accounts.
    """

    id: RuleId
    """Identifier in premigrate: chosen by hand, never changed and never reused."""
    for_each: Path | None = None
    """Path from the account to the items that have a key, by default the account itself. Other paths start there."""
    where: Conditions = ()
    """Only items for which these conditions hold have a key; of several tables, one must hold."""
    key: ComparedValues
    """The values that together identify an item. Items in which one of them is missing or invalid are skipped."""
    same: ComparedValues | None = None
    """The values that must be the same where the key is the same. A missing value agrees with any other."""
    listed: Annotated[ImportedList, BeforeValidator(expand_short_form("in"), Name | ImportedList)] | None = None
    code: str = Key(pattern=CODE_PATTERN)
    """A code of premigrate, which is never part of an API response."""
    detail: Annotated[NonBlankText, AfterValidator(_check_detail)]
    why: NonBlankText
    basis: Basis
    source: NonBlankText
    inferred: NonBlankText | None = None
    """What the source does not state, so that it is inferred."""
    disabled: NonBlankText | None = None
    """Why the rule is disabled by default. A market or overlay can list it under ``[enabled]``."""
    good: ArrayOf[ArrayOf[AnyValue]] = Key(min_length=1)
    """Lists of accounts that must pass together, with the relevant keys only."""
    bad: ArrayOf[ArrayOf[AnyValue]] = Key(min_length=1)
    """Lists of accounts that must fail together, in the same form."""
    example_lists: dict[Name, ArrayOf[AnyValue]] = {}
    """The values or rows of the reference lists that the rule needs, for its examples."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        size = len(self.key.of) + len(self.same.of if self.same else ())
        if self.listed and self.listed.columns and len(self.listed.columns) != size:
            raise ValueError(f"listed needs {size} columns: one for each value of key and same")
        if self.listed and self.same and not self.listed.columns:
            raise ValueError("listed needs the columns for key and same")
        if any(isinstance(item, ValueTest) and item.operand for item in self._conditions()):
            raise ValueError("where cannot compare dates, because a key does not depend on the day")
        return self

    @property
    def evidence(self) -> str:
        """The source, and which part of the rule is inferred."""
        return f"{self.source}; inferred: {self.inferred}" if self.inferred else self.source

    def _conditions(self) -> Iterator[object]:
        for table in self.where:
            for condition in table.values():
                yield from condition if isinstance(condition, tuple) else (condition,)

    def paths(self) -> Iterator[PathUse]:
        """Yield the paths of the values that the rule reads; all start at the item that has the key."""
        yield from paths_in_when(self.where)
        yield from (("", path) for path in (*self.key.of, *(self.same.of if self.same else ())))

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the rule needs, with the columns that they must have."""
        yield from lists_in_when(self.where)
        if self.listed:
            size = len(self.key.of)
            yield self.listed.in_, self.listed.columns[:size], 0 if self.listed.columns else size
