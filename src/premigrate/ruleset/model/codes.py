"""Tables of the API's error codes and of premigrate's advice codes."""

from string import Formatter
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, model_validator

from premigrate.ruleset.model.table import AnyValue, Basis, NonBlankText, Table

WORDS = frozenset(
    [
        "value",
        "why",
        "name",
        "nearest",
        "instead",
        "input",
        "input_type",
        "datatype",
        "code_point",
        "max_length",
        "min_length",
        "max_value",
        "min_value",
        "max_digits",
        "max_decimal_places",
        "max_whole_digits",
        "account_number",
        "wait",
    ]
)
"""Placeholders, written in braces, that the text of an error or advice may contain; rules fill in ``value`` and
``input`` only, which are the value that is wrong."""


def _check_template(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{error}; write {{{{ or }}}} for a brace") from None
    for _, word, form, conversion in parts:
        if word is not None and (word not in WORDS or form or conversion):
            raise ValueError(f"{{{word}}} stands for nothing; a text may mention {', '.join(sorted(WORDS))}")
    return text


Template: TypeAlias = Annotated[NonBlankText, AfterValidator(_check_template)]


class ErrorCode(Table):
    """An error code of the API. ``detail`` is its text; ``details`` has a text for each kind of field instead."""

    detail: Template | None = None
    details: dict[str, Template] = {}
    meaning: NonBlankText
    detail_basis: Basis
    """How the wording of the text is known; a code can be published while its wording is not."""
    source: NonBlankText

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.detail) == bool(self.details):
            raise ValueError("a code has either detail or details")
        return self


class AdviceCode(Table):
    """An advice code of premigrate, for data that the API accepts but that deserves attention."""

    detail: Template
    meaning: NonBlankText
    example: AnyValue = None
    """A value that gets the advice, if no rule gives it; the examples of a rule show it otherwise."""
