"""Rules: conditions, requirement, error, evidence and examples."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Strict, StringConstraints, model_validator

from premigrate.ruleset.model.conditions import Conditions, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import (
    ComparisonOperator,
    ListUse,
    Operand,
    Path,
    PathUse,
    Pattern,
    lists_in,
    paths_in,
)
from premigrate.ruleset.model.operators.dates import Covers, Periods
from premigrate.ruleset.model.operators.lists import Count, Same, Unique
from premigrate.ruleset.model.operators.operator import OperatorArguments, expand_short_form
from premigrate.ruleset.model.operators.sums import Between, Days, Product, Total
from premigrate.ruleset.model.operators.values import FormatOf, Holds, Includes, Listed, Matching, Refers, Typed
from premigrate.ruleset.model.table import AnyValue, ArrayOf, Basis, Name, NonBlankText, RuleId, Table

PathList: TypeAlias = ArrayOf[Path]
FOUND = "<found>"
ATTR_PATTERN = r"^(<found>|[a-z0-9_]+(\.[a-z0-9_]+)*)$"
Attr: TypeAlias = Annotated[str, StringConstraints(pattern=ATTR_PATTERN)]
"""The attr of an API error, as a path. Each leading ``up`` stands for the enclosing object, and ``<found>`` for each
place that is wrong."""
Patterns: TypeAlias = ArrayOf[Pattern]

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
    "server_only",
)
"""The operators. Every rule has exactly one."""


def _holding(value: object) -> object:
    return value if isinstance(value, Holds) else {"when": value}


class Rule(Table):
    """A validation: what it applies to, what it requires, which error it reports, and how all this is known."""

    id: RuleId
    """Identifier in premigrate: chosen by hand, never changed and never reused."""
    on: Path | ArrayOf[Path]
    """The object that the rule applies to, or ``object.field`` for a check of one field."""
    validation: RuleId | None = None
    """The validation of the platform that several rules implement. Only the first rule that fails reports an error."""
    for_each: Path | None = None
    """Apply the rule to each of these items below ``on``. ``attr`` starts at ``on``, all other paths at the item."""
    when: Conditions = ()
    """The rule applies only if all of these conditions hold. If there are several tables, one of them must hold."""
    if_tenant: dict[Name, bool] = {}
    """The rule is checked only if ``[tenant]`` states these facts with these values."""
    disabled: NonBlankText | None = None
    """Why the rule is disabled by default. A market or overlay can list it under ``[enabled]``."""

    format: Annotated[FormatOf, BeforeValidator(expand_short_form("is"), Name | FormatOf)] | None = None
    matches: Annotated[Matching, BeforeValidator(expand_short_form("patterns"), Patterns | Matching)] | None = None
    not_matching: Annotated[Matching, BeforeValidator(expand_short_form("patterns"), Patterns | Matching)] | None = None
    """A value, or several joined by single spaces, matches none of the patterns as a whole."""
    holds: Annotated[Holds, BeforeValidator(_holding, Conditions | Holds)] | None = None
    present: PathList | None = None
    """All of these values are present."""
    absent: PathList | None = None
    """None of these values is present."""
    at_least_one: PathList | None = None
    """At least one of these values is present."""
    at_most_one: PathList | None = None
    """At most one of these values is present."""
    all_or_none: PathList | None = None
    """Either all of these values are present, or none of them is."""
    compare: Annotated[tuple[Operand, ComparisonOperator, Operand], Strict(strict=False)] | None = None
    """Two dates, or two numbers, are in this order. Of several values at a path, each is."""
    between: Between | None = None
    count: Count | None = None
    unique: Annotated[Unique, BeforeValidator(expand_short_form("of"), PathList | Unique)] | None = None
    same: Annotated[Same, BeforeValidator(expand_short_form("of"), PathList | Same)] | None = None
    total: Total | None = None
    product: Product | None = None
    days: Days | None = None
    periods: Periods | None = None
    covers: Covers | None = None
    refers: Refers | None = None
    listed: Annotated[Listed, BeforeValidator(expand_short_form("in"), Name | Listed)] | None = None
    """A value, or several together, occur in a reference list."""
    not_listed: Annotated[Listed, BeforeValidator(expand_short_form("in"), Name | Listed)] | None = None
    """A value, or several together, do not occur in a reference list."""
    includes: Includes | None = None
    typed: Typed | None = None
    server_only: NonBlankText | None = None
    """What only the server can find out. Such a rule documents a validation and is never checked."""

    code: Name
    """The error code of the API, or a code of premigrate for advice."""
    attr: Attr | None = None
    """Where the API reports the error, as a path from ``on``; then at most one error is reported. The default is what
    ``on`` names: ``non_field_errors`` of the object or list, or the field. ``<found>`` is each place that is wrong."""
    why: NonBlankText
    basis: Basis
    source: NonBlankText
    inferred: NonBlankText | None = None
    """What the source does not state, so that it is inferred. ``nothing`` overrides the default of the file."""
    field_validator: bool = False
    """Whether the API checks the rule with the object's fields, so that other errors in the object do not hide it."""
    level: Literal["error", "advice"] = "error"
    good: ArrayOf[AnyValue] = ()
    """Values of ``on`` that must pass, with the relevant keys only. They are checked with this rule alone."""
    bad: ArrayOf[AnyValue] = ()
    """Values of ``on`` that must fail, in the same form."""
    example_lists: dict[Name, ArrayOf[AnyValue]] = {}
    """The values or rows of the reference lists that the rule needs, for its examples."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        used = [word for word in OPERATORS if getattr(self, word) is not None]
        if len(used) != 1:
            found = " and ".join(used) or "none"
            raise ValueError(f"a rule needs exactly one operator ({', '.join(OPERATORS)}), not {found}")
        if self.operator not in {"format", "server_only"} and not (self.good and self.bad):
            raise ValueError("a rule needs good and bad examples; only a format rule can use those of its scheme")
        if self.server_only is not None and self.if_tenant:
            raise ValueError("a server_only rule is never checked, so it cannot have if_tenant")
        return self

    @cached_property
    def operator(self) -> str:
        """The name of the operator."""
        return next(word for word in OPERATORS if getattr(self, word) is not None)

    @property
    def argument(self) -> Any:  # noqa: ANN401 - each operator has its own
        """The argument of the operator."""
        return getattr(self, self.operator)

    @property
    def evidence(self) -> str:
        """The source, and which part of the rule is inferred."""
        return f"{self.source}; inferred: {self.inferred}" if self.inferred else self.source

    @property
    def places(self) -> ArrayOf[str]:
        """The objects and fields that the rule applies to."""
        return (self.on,) if isinstance(self.on, str) else self.on

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the rule reads, each with its base."""
        yield from paths_in_when(self.when)
        if isinstance(self.argument, OperatorArguments):
            yield from self.argument.paths()
        elif self.compare:
            left, _, right = self.compare
            yield from (("", path) for operand in (left, right) for path in paths_in(operand))
        elif not self.server_only:
            yield from (("", path) for path in self.argument)

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the rule needs, with their columns."""
        yield from lists_in_when(self.when)
        if isinstance(self.argument, OperatorArguments):
            yield from self.argument.lists()
        elif self.compare:
            left, _, right = self.compare
            yield from (needed for operand in (left, right) for needed in lists_in(operand))


class CodeChange(Table):
    """A market's or overlay's change of the code that the API reports for a rule."""

    code: Name
    because: NonBlankText


class AttrChange(Table):
    """A market's or overlay's change of the ``attr`` that the API reports for a rule."""

    attr: Attr
    because: NonBlankText
