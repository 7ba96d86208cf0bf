"""Fixes: changes of values that resolve findings."""

import re
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, NonNegativeInt, model_validator
from pydantic import Field as Key

from premigrate.formats.pattern import compile_parts
from premigrate.ruleset.model.fields import ScalarType
from premigrate.ruleset.model.operands import Pattern
from premigrate.ruleset.model.table import (
    TERRITORY_PATTERN,
    AnyValue,
    ArrayOf,
    Name,
    NonBlankText,
    RuleId,
    Table,
)

ABSENT = "<absent>"
"""Represents, in examples, a value that is removed with its key."""

StepWord: TypeAlias = Literal[
    "strip",
    "upper",
    "lower",
    "decode_again",
    "to_text",
    "to_number",
    "choice_in_other_case",
    "nearest_choice",
    "nearest_key",
]
_PLACEHOLDER = re.compile(r"\{([0-9]+)\}", re.ASCII)
_NOTATION_PARTS = re.compile(r"YYYY|MM?|DD?")


def _check_notation(text: str) -> str:
    if sorted(part[0] for part in _NOTATION_PARTS.findall(text)) != ["D", "M", "Y"]:
        raise ValueError(f"{text!r} is not a notation of dates; write YYYY, MM or M, and DD or D once each")
    return text


NOTATION_PATTERN = r"^[YMD./ -]+$"
FIELD_PATTERN = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
Notation: TypeAlias = Annotated[str, Key(pattern=NOTATION_PATTERN), AfterValidator(_check_notation)]
"""A notation of dates: YYYY, MM and DD with the characters between them; M and D stand for one or two digits."""


class FixStep(Table):
    """A step of a fix that needs an argument. Exactly one key is set; ``parts`` and ``template`` are set together."""

    remove: Annotated[str, Key(min_length=1)] | None = None
    """Remove each of these characters."""
    remove_prefix: Annotated[str, Key(min_length=1)] | None = None
    """Remove this text from the start, in upper or lower case. A text without it stays as it is."""
    parts: Annotated[ArrayOf[Pattern], Key(min_length=1)] | None = None
    """Patterns that together match the whole text. Other texts are left alone."""
    template: str | None = None
    """The new text, in which ``{1}`` stands for the part that the first pattern matched."""
    dates: Annotated[ArrayOf[Notation], Key(min_length=1)] | None = None
    """Write a date in one of these notations as YYYY-MM-DD. The first notation that fits is used."""
    words: Annotated[dict[str, bool | int | str], Key(min_length=1)] | None = None
    """The new values of these words, which are recognized in upper and lower case. Other texts are left alone."""
    round: NonNegativeInt | None = None
    """Round a number to this many decimal places if that changes it by less than a millionth."""
    leave_out: Annotated[ArrayOf[str], Key(min_length=1)] | None = None
    """Remove a field with one of these values if it is optional: ``<null>``, ``<blank>``, or a text."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        given = self.model_fields_set - {"template"}
        if len(given) != 1:
            raise ValueError(f"write exactly one of {', '.join(STEP_KEYS)}")
        if (self.parts is None) != (self.template is None):
            raise ValueError("parts and template must be given together")
        if self.parts is not None and self.template is not None:
            compile_parts(self.parts)
            _check_template(self.template, len(self.parts))
        return self

    @property
    def name(self) -> str:
        """The key that is set."""
        return next(key for key in STEP_KEYS if key in self.model_fields_set)


STEP_KEYS = tuple(key for key in FixStep.model_fields if key != "template")


def _check_template(template: str, count: int) -> None:
    numbers = [int(number) for number in _PLACEHOLDER.findall(template)]
    if not all(1 <= number <= count for number in numbers) or {*"{}"} & {*_PLACEHOLDER.sub("", template)}:
        raise ValueError(
            f"{template!r} is not a valid template; write {{1}} to {{{count}}} for the parts and no other braces"
        )


def step_name(step: StepWord | FixStep) -> str:
    """Return the name of a step."""
    return step if isinstance(step, str) else step.name


class FixExample(Table):
    """A value, and the value after the fix, which is ``<absent>`` if the fix removes it."""

    before: AnyValue
    after: AnyValue


class Fix(Table):
    """A change that resolves findings: which findings, and the steps that make the new value."""

    id: RuleId
    """Identifier in premigrate: chosen by hand, never changed and never reused."""
    title: NonBlankText
    """What the fix does, as an instruction, such as ``Remove the separators.``"""
    why: NonBlankText
    """Why the meaning stays the same, or what a person has to check."""
    codes: ArrayOf[Name] = ()
    """The codes of the errors and advice that the fix resolves."""
    rules: ArrayOf[RuleId] = ()
    """The ids of the rules whose errors and advice the fix resolves."""
    formats: ArrayOf[Name] = ()
    """The names of schemes. The fix resolves the errors and advice of rules that require their formats."""
    territories: ArrayOf[Annotated[str, Key(pattern=TERRITORY_PATTERN)]] = ()
    """With ``formats``: the countries to whose formats the fix applies. By default, it applies to all countries."""
    types: ArrayOf[ScalarType] = ()
    """The types of the fields to which the fix applies. By default, it applies to all types."""
    on: ArrayOf[Annotated[str, Key(pattern=FIELD_PATTERN)]] = ()
    """The fields to which the fix applies, each as ``object.field``. By default, it applies to all fields."""
    steps: ArrayOf[StepWord | FixStep] = Key(min_length=1)
    """The steps that make the new value, in order. If a step does not fit the value, the fix leaves the value alone."""
    safe: bool
    """Whether the new value certainly means the same."""
    good: ArrayOf[FixExample] = Key(min_length=1)
    bad: ArrayOf[AnyValue] = Key(min_length=1)
    """Values that the fix must leave alone."""
    example_choices: ArrayOf[str] = ()
    """The choices of the field, for the examples."""
    example_keys: ArrayOf[Name] = ()
    """The keys of the object, for the examples."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not (self.codes or self.rules or self.formats):
            raise ValueError("a fix needs codes, rules or formats, which name the findings that it resolves")
        if self.territories and not self.formats:
            raise ValueError("territories needs formats")
        names = set(map(step_name, self.steps))
        if names & {"nearest_key", "leave_out"} and len(self.steps) > 1:
            raise ValueError("nearest_key or leave_out must be the only step of a fix")
        if names & {"choice_in_other_case", "nearest_choice"} and not self.example_choices:
            raise ValueError("the examples of choice_in_other_case and nearest_choice need example_choices")
        if "nearest_key" in names and not self.example_keys:
            raise ValueError("the examples of nearest_key need example_keys")
        return self
