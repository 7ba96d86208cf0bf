"""The words inside rules: paths, operands and conditions."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, model_validator

from premigrate.formats.pattern import compile_plain
from premigrate.rulebook.model import Model, Several

_STEP = r"[a-z][a-z0-9_]*(?:\[\])?"
_PATH = re.compile(rf"(?:\[\]|{_STEP})(?:\.{_STEP})*|\.")


def _check_path(text: str) -> str:
    if not _PATH.fullmatch(text):
        raise ValueError(f"{text!r} is not a path; write names joined by dots, with [] behind a list")
    return text


def _check_pattern(text: str) -> str:
    compile_plain(text)
    return text


Path: TypeAlias = Annotated[str, AfterValidator(_check_path)]
"""Names joined by dots, ``[]`` behind a list for all its items, ``.`` for the value itself. A path that begins with
the name of the market's root object starts there."""

PlainPattern: TypeAlias = Annotated[str, AfterValidator(_check_pattern)]
"""Characters, ``.``, escapes and ``[...]`` sets with counts; always matched against the whole value."""

Today: TypeAlias = Literal["<today>"]


class First(Model):
    """The first of several operands that has a value."""

    first: Several["Operand"]


class Earliest(Model):
    """The earliest of all dates found at several paths."""

    earliest: Several[Path]


class Latest(Model):
    """The latest of all dates found at several paths."""

    latest: Several[Path]


Operand: TypeAlias = Today | Path | First | Earliest | Latest

Order: TypeAlias = Literal["<", "<=", ">=", ">"]

Presence: TypeAlias = Literal["<absent>", "<present>"]


class Ordered(Model):
    """A condition on the order of a date and another: exactly one of four words."""

    before: Operand | None = None
    until: Operand | None = None
    """Before, or on the same day."""
    since: Operand | None = None
    """After, or on the same day."""
    after: Operand | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("say exactly one of before, until, since and after")
        return self

    @property
    def word(self) -> str:
        """The one word that is said."""
        return next(iter(self.model_fields_set))

    @property
    def other(self) -> Operand:
        """What the date is compared with."""
        operand: Operand = getattr(self, self.word)
        return operand


ConditionItem: TypeAlias = Presence | bool | str | Ordered
Condition: TypeAlias = ConditionItem | Several[ConditionItem]
"""What a value must be for a rule to speak; of several, one is enough."""

When: TypeAlias = dict[Path, Condition]

Mention: TypeAlias = tuple[str, str]
"""A path that a rule mentions, after the path it starts from (empty: what the rule looks at)."""


def paths_in(operand: Operand) -> Iterator[str]:
    """Yield the paths that an operand mentions."""
    match operand:
        case First(first=operands):
            for option in operands:
                yield from paths_in(option)
        case Earliest(earliest=paths) | Latest(latest=paths):
            yield from paths
        case str() if operand != "<today>":
            yield operand


def paths_in_when(when: When, base: str = "") -> Iterator[Mention]:
    """Yield the paths that conditions mention, which start from ``base``."""
    for path, condition in when.items():
        yield base, path
        for item in condition if isinstance(condition, tuple) else (condition,):
            if isinstance(item, Ordered):
                yield from ((base, other) for other in paths_in(item.other))
