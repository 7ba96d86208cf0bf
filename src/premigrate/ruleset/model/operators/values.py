"""Arguments of the operators about values, such as format, matches, holds, refers, typed, listed and includes."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, model_validator
from pydantic import Field as Key

from premigrate.ruleset.model.conditions import Conditions, lists_in_when, paths_in_when
from premigrate.ruleset.model.operands import ListUse, Lookup, Path, PathUse, Pattern, lists_in
from premigrate.ruleset.model.operators.operator import OperatorArguments, as_array
from premigrate.ruleset.model.table import ArrayOf, Name


class FormatOf(OperatorArguments):
    """A field has the format of the scheme ``is``, for the country at the path ``territory`` if there is one."""

    field: Path = "."
    is_: Name = Key(alias="is")
    territory: Path | None = None

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (self.field, self.territory) if path)


class Matching(OperatorArguments):
    """A value, or several joined by single spaces, matches one of the patterns as a whole.

    With ``pattern`` instead of ``patterns``, the pattern is in a reference list. If the list has no pattern,
    any value is valid.
    """

    field: Path = "."
    join: ArrayOf[Path] = ()
    patterns: ArrayOf[Pattern] = ()
    pattern: Lookup | None = None
    ignore_case: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.patterns) == bool(self.pattern):
            raise ValueError("write either patterns or pattern")
        return self

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (self.field, *self.join, *(self.pattern.by if self.pattern else ())))

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in(self.pattern) if self.pattern else ()


class Holds(OperatorArguments):
    """Conditions hold, which are written as in ``when``."""

    when: Conditions

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from paths_in_when(self.when)

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in_when(self.when)


class Refers(OperatorArguments):
    """Every value at ``field`` is one of the values found at ``to``."""

    field: Path
    to: ArrayOf[Path] = Key(min_length=1)

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in (self.field, *self.to))


ValueType: TypeAlias = Literal["boolean", "date", "datetime", "integer", "number", "text"]


class Typed(OperatorArguments):
    """A value has one of the given types, or the type that a reference list names."""

    field: Path
    type: ArrayOf[ValueType] | Lookup

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield "", self.field
        yield from (("", path) for path in (self.type.by if isinstance(self.type, Lookup) else ()))

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield from lists_in(self.type) if isinstance(self.type, Lookup) else ()


class Listed(OperatorArguments):
    """A value is in a reference list, or is not. The rule is not checked unless the list is supplied.

    Several fields are looked up together in the ``columns`` of one row, by default the first columns. The value of a
    single field is also looked up without each of ``prefixes``, in upper or lower case.
    """

    field: Annotated[ArrayOf[Path], BeforeValidator(as_array, Path | ArrayOf[Path])] = (".",)
    in_: Name = Key(alias="in")
    columns: ArrayOf[Name] = ()
    ignore_case: bool = False
    prefixes: ArrayOf[str] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.prefixes and len(self.field) > 1:
            raise ValueError("prefixes cannot be used with several fields")
        if self.columns and len(self.columns) != len(self.field):
            raise ValueError("write as many columns as fields")
        return self

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield from (("", path) for path in self.field)

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield self.in_, self.columns, 0 if self.columns else len(self.field)


class Includes(OperatorArguments):
    """Every value in the first column of a reference list is found at ``field``."""

    field: Path
    all_of: Name

    def paths(self) -> Iterator[PathUse]:
        """Yield all paths that the operator reads."""
        yield "", self.field

    def lists(self) -> Iterator[ListUse]:
        """Yield the reference lists that the operator needs."""
        yield self.all_of, (), 1
