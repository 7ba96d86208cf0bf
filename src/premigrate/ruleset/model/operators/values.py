"""Arguments of the operators about values: format, matches, not_matching, holds, refers, typed, listed and its kin."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator
from pydantic import Field as Key

from premigrate.ruleset.model.conditions import When, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import Lookup, Mention, Needed, Path, PlainPattern, lists_in
from premigrate.ruleset.model.operators.operator import Operator, one_or_several
from premigrate.ruleset.model.table import Name, Several


class FormatOf(Operator):
    """A field has the format that the scheme ``is`` stands for, in the country that ``territory`` names if given."""

    field: Path = "."
    is_: Name = Key(alias="is")
    territory: Path | None = None

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (self.field, self.territory) if path)


class Matching(Operator):
    """A value, or several joined by single spaces, matches one of the patterns whole.

    With ``pattern`` instead of ``patterns``, a reference list holds the pattern; where it holds none, all is well.
    """

    field: Path = "."
    join: Several[Path] = ()
    patterns: Several[PlainPattern] = ()
    pattern: Lookup | None = None
    ignore_case: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.patterns) == bool(self.pattern):
            raise ValueError("say either patterns or pattern")
        return self

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (self.field, *self.join, *(self.pattern.by if self.pattern else ())))

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield from lists_in(self.pattern) if self.pattern else ()


class Holds(Operator):
    """Conditions hold, as in ``when``."""

    when: When

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from paths_in_when(self.when)

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield from lists_in_when(self.when)


class Refers(Operator):
    """Every value at ``field`` is among the values found at ``to``."""

    field: Path
    to: Several[Path] = Key(min_length=1)

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (self.field, *self.to))


class Typed(Operator):
    """A value has the type that a reference list names: text, number, integer, boolean, date or datetime."""

    field: Path
    type: Lookup

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in (self.field, *self.type.by))

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield from lists_in(self.type)


class Listed(Operator):
    """A value occurs in a reference list, or does not; without that list the rule is not checked.

    Several fields are looked for together, in as many ``columns`` of one row (unsaid: the first ones).
    """

    field: Annotated[Several[Path], BeforeValidator(one_or_several, Path | Several[Path])] = (".",)
    in_: Name = Key(alias="in")
    columns: Several[Name] = ()
    ignore_case: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.columns and len(self.columns) != len(self.field):
            raise ValueError("say as many columns as fields")
        return self

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield from (("", path) for path in self.field)

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield self.in_, self.columns, 0 if self.columns else len(self.field)


class Includes(Operator):
    """Every value in the first column of a reference list is found at ``field``."""

    field: Path
    all_of: Name

    def paths(self) -> Iterator[Mention]:
        """Yield all paths it mentions."""
        yield "", self.field

    def lists(self) -> Iterator[Needed]:
        """Yield the reference lists it looks into."""
        yield self.all_of, (), 1
