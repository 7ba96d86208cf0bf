"""A rule across accounts: what must differ between any two of them, or be told alike, with all its papers."""

from collections.abc import Iterator
from string import Formatter
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, model_validator
from pydantic import Field as Key

from premigrate.ruleset.model.conditions import Ask, When, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import Mention, Needed, Path
from premigrate.ruleset.model.operators.operator import short_for
from premigrate.ruleset.model.table import AnyValue, Basis, Model, Name, RuleId, Sentence, Several

Normal: TypeAlias = Literal["encoding", "case", "spaces", "separators"]
WORDS = frozenset({"value", "accounts", "list", "fields"})
"""What the detail of a clash may mention in braces."""

CODE = r"^cohort:[a-z][a-z0-9_]*$"
"""A namespace of our own: with its colon, no code of the API can ever be one of these."""


def _check_detail(text: str) -> str:
    try:
        said = {word for _, word, _, _ in Formatter().parse(text) if word is not None}
    except ValueError as error:
        raise ValueError(f"{error}; write {{{{ or }}}} for a brace") from None
    if wrong := said - WORDS:
        raise ValueError(f"{{{min(wrong)}}} stands for nothing; a detail may mention {', '.join(sorted(WORDS))}")
    return text


class Compared(Model):
    """Single values of an account, and the ways of writing them that make no difference."""

    of: Several[Path] = Key(min_length=1)
    normal: Several[Normal] = ()


class InList(Model):
    """A reference list of what is imported already, and its columns that hold the key, then what must be the same."""

    in_: Name = Key(alias="in")
    columns: Several[Name] = ()
    """Unsaid: the first ones, as many as the key has values. Columns of what must be the same may be missing."""


ComparedValues: TypeAlias = Annotated[Compared, BeforeValidator(short_for("of"), Several[Path] | Compared)]


class CohortRule(Model):
    """One demand on all accounts of a cohort together.

    Without ``same`` no two accounts may share the key; with it those that share the key must agree in ``same``. With
    ``listed`` an account is compared with a list of what is imported already, and not with others.
    """

    id: RuleId
    """Ours: picked by hand, never changed, never used again."""
    each: Path | None = None
    """What of an account has a key, from the account; unsaid, it is the account itself. Other paths start there."""
    where: When = ()
    """Only what these conditions hold for has a key; of several tables, one is enough."""
    key: ComparedValues
    """The values that together tell one thing; what lacks one of them, or has it wrong, is left out."""
    same: ComparedValues | None = None
    """What must be the same where the key is; what is absent agrees with anything."""
    listed: Annotated[InList, BeforeValidator(short_for("in"), Name | InList)] | None = None
    code: str = Key(pattern=CODE)
    """Ours, and never part of an API answer."""
    detail: Annotated[Sentence, AfterValidator(_check_detail)]
    why: Sentence
    basis: Basis
    source: Sentence
    off: Sentence | None = None
    """The rule holds only where a market or overlay switches it ``[on]``; the reason."""
    good: AnyValue
    """Accounts (the parts that matter) that must pass together, or several such lists under ``any_of``."""
    bad: AnyValue
    given: dict[Name, Several[AnyValue]] = {}
    """What the reference lists that it needs hold while its examples are tried: values, or rows."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        size = len(self.key.of) + len(self.same.of if self.same else ())
        if self.listed and self.listed.columns and len(self.listed.columns) != size:
            raise ValueError(f"listed has a column for each value of key and same, which are {size}")
        if self.listed and self.same and not self.listed.columns:
            raise ValueError("listed says the columns for key and same")
        if any(isinstance(item, Ask) and item.operand for item in self._conditions()):
            raise ValueError("where compares no dates: a key does not depend on the day")
        if {name for name, *_ in self.lists()} != set(self.given):
            raise ValueError("given says, for each reference list that the rule needs, what its examples find there")
        return self

    def _conditions(self) -> Iterator[object]:
        for table in self.where:
            for condition in table.values():
                yield from condition if isinstance(condition, tuple) else (condition,)

    def paths(self) -> Iterator[Mention]:
        """Yield the paths of single values that it mentions, all from what has the key."""
        yield from paths_in_when(self.where)
        yield from (("", path) for path in (*self.key.of, *(self.same.of if self.same else ())))

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it needs, with the columns it can't do without."""
        yield from lists_in_when(self.where)
        if self.listed:
            size = len(self.key.of)
            yield self.listed.in_, self.listed.columns[:size], 0 if self.listed.columns else size
