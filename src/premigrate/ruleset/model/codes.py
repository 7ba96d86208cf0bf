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
"""Placeholders, written in braces, that the text of an error or advice may contain. Rules replace only ``value`` and
``input``, which are the wrong value."""


def _check_template(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{error}; write {{{{ or }}}} for a brace") from None
    for _, word, form, conversion in parts:
        if word is not None and (word not in WORDS or form or conversion):
            raise ValueError(f"{{{word}}} is not a placeholder; a text may contain {', '.join(sorted(WORDS))}")
    return text


Template: TypeAlias = Annotated[NonBlankText, AfterValidator(_check_template)]


class ErrorCode(Table):
    """An error code of the API. ``detail`` is its text; ``details`` has one text for each type of field instead."""

    detail: Template | None = None
    details: dict[str, Template] = {}
    meaning: NonBlankText
    detail_basis: Basis
    """How the wording of the text is known. A code can be published although its wording is not."""
    source: NonBlankText

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.detail) == bool(self.details):
            raise ValueError("a code needs either detail or details")
        return self


class AdviceCode(Table):
    """An advice code of premigrate, for data that the API accepts but that a person should look at."""

    detail: Template
    meaning: NonBlankText
    example: AnyValue = None
    """A value that gets the advice, if no rule gives the advice. Otherwise, the examples of the rule show it."""
