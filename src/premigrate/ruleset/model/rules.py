"""A rule with all its papers."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Strict, StringConstraints, model_validator

from premigrate.ruleset.model.conditions import When, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import Mention, Needed, Operand, Order, Path, PlainPattern, lists_in, paths_in
from premigrate.ruleset.model.operators.dates import Covers, Periods
from premigrate.ruleset.model.operators.lists import Count, Same, Unique
from premigrate.ruleset.model.operators.operator import Operator, short_for
from premigrate.ruleset.model.operators.sums import Between, Days, Product, Total
from premigrate.ruleset.model.operators.values import FormatOf, Holds, Includes, Listed, Matching, Refers, Typed
from premigrate.ruleset.model.table import AnyValue, Basis, Model, Name, RuleId, Sentence, Several

Paths: TypeAlias = Several[Path]
Attr: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
"""A place that the API blames; each ``up`` in front stands for the object around."""
Patterns: TypeAlias = Several[PlainPattern]

OPERATORS = (
    "format",
    "matches",
    "not_matching",
    "holds",
    "present",
    "absent",
    "at_least_one",
    "at_most_one",
    "all_or_none",
    "compare",
    "between",
    "count",
    "unique",
    "same",
    "total",
    "product",
    "days",
    "periods",
    "covers",
    "refers",
    "listed",
    "not_listed",
    "includes",
    "typed",
    "platform",
)
"""The words a rule can demand with; every rule has exactly one."""


def _holding(value: object) -> object:
    return value if isinstance(value, Holds) else {"when": value}


class Rule(Model):
    """One validation: where it looks, what it demands, what the API says when it fails, and how we know."""

    id: RuleId
    """Ours: picked by hand, never changed, never used again."""
    on: Path | Several[Path]
    """The object it is about, or ``object.field`` for a check that belongs to the field."""
    part_of: RuleId | None = None
    """The one validation of the platform that several rules make up; the first that fails speaks."""
    each: Path | None = None
    """Look at each of these below ``on`` in turn; all other paths then start there, but attr still at ``on``."""
    when: When = ()
    """The rule speaks only if all of these hold; of several tables, one is enough."""
    off: Sentence | None = None
    """The rule holds only where a market or overlay switches it ``[on]``; the reason."""

    format: Annotated[FormatOf, BeforeValidator(short_for("is"), Name | FormatOf)] | None = None
    matches: Annotated[Matching, BeforeValidator(short_for("patterns"), Patterns | Matching)] | None = None
    not_matching: Annotated[Matching, BeforeValidator(short_for("patterns"), Patterns | Matching)] | None = None
    holds: Annotated[Holds, BeforeValidator(_holding, When | Holds)] | None = None
    present: Paths | None = None
    absent: Paths | None = None
    at_least_one: Paths | None = None
    at_most_one: Paths | None = None
    all_or_none: Paths | None = None
    compare: Annotated[tuple[Operand, Order, Operand], Strict(strict=False)] | None = None
    between: Between | None = None
    count: Count | None = None
    unique: Annotated[Unique, BeforeValidator(short_for("of"), Paths | Unique)] | None = None
    same: Annotated[Same, BeforeValidator(short_for("of"), Paths | Same)] | None = None
    total: Total | None = None
    product: Product | None = None
    days: Days | None = None
    periods: Periods | None = None
    covers: Covers | None = None
    refers: Refers | None = None
    listed: Annotated[Listed, BeforeValidator(short_for("in"), Name | Listed)] | None = None
    not_listed: Annotated[Listed, BeforeValidator(short_for("in"), Name | Listed)] | None = None
    includes: Includes | None = None
    typed: Typed | None = None
    platform: Sentence | None = None
    """What only the platform can look up; the rule is there to be read, and never checked."""

    code: Name
    """The API's code; of advice, ours."""
    attr: Attr | None = None
    """The place the API blames, from ``on``; then there is one error at most. Unsaid: the place that is wrong."""
    why: Sentence
    basis: Basis
    source: Sentence
    level: Literal["error", "advice"] = "error"
    good: AnyValue = None
    """What must pass: an example of ``on`` (the parts that matter), or a list of examples under ``any_of``."""
    bad: AnyValue = None
    given: dict[Name, Several[AnyValue]] = {}
    """What the reference lists that it needs hold while its examples are tried: values, or rows."""
    also: Several[RuleId] = ()
    """Other rules that the bad example breaks as well, because it can't be helped."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        used = [word for word in OPERATORS if getattr(self, word) is not None]
        if len(used) != 1:
            said = " and ".join(used) or "none"
            raise ValueError(f"a rule has exactly one operator ({', '.join(OPERATORS)}), not {said}")
        if self.operator not in {"format", "platform"} and (self.good is None or self.bad is None):
            raise ValueError("a rule has a good and a bad example (only a format rule may leave them to its scheme)")
        if {name for name, *_ in self.lists()} != set(self.given):
            raise ValueError("given says, for each reference list that the rule needs, what its examples find there")
        return self

    @property
    def operator(self) -> str:
        """The word it demands with."""
        return next(word for word in OPERATORS if getattr(self, word) is not None)

    @property
    def argument(self) -> Any:  # noqa: ANN401 - each operator has its own
        """What follows the operator."""
        return getattr(self, self.operator)

    @property
    def places(self) -> Several[str]:
        """The objects and fields it is about."""
        return (self.on,) if isinstance(self.on, str) else self.on

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions, each after the path it starts from (empty: what the rule looks at)."""
        yield from paths_in_when(self.when)
        if isinstance(self.argument, Operator):
            yield from self.argument.paths()
        elif self.compare:
            left, _, right = self.compare
            yield from (("", path) for operand in (left, right) for path in paths_in(operand))
        elif not self.platform:
            yield from (("", path) for path in self.argument)

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it needs, with the columns."""
        yield from lists_in_when(self.when)
        if isinstance(self.argument, Operator):
            yield from self.argument.lists()
        elif self.compare:
            left, _, right = self.compare
            yield from (needed for operand in (left, right) for needed in lists_in(operand))


class BlameChange(Model):
    """What a market or overlay changes of the place that the API blames for a rule."""

    attr: Attr
    because: Sentence
