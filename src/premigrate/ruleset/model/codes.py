"""Tables that say what the API's codes mean, and our own advice."""

from string import Formatter
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, model_validator

from premigrate.ruleset.model.table import Basis, Model, Sentence

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
"""What the text of an error or advice may mention in braces; of a rule's code, only the value."""


def _check_template(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{error}; write {{{{ or }}}} for a brace") from None
    for _, word, form, conversion in parts:
        if word is not None and (word not in WORDS or form or conversion):
            raise ValueError(f"{{{word}}} stands for nothing; a text may mention {', '.join(sorted(WORDS))}")
    return text


Template: TypeAlias = Annotated[Sentence, AfterValidator(_check_template)]


class Code(Model):
    """An error code of the API. ``detail`` is its text; ``details`` holds one text a kind of field instead."""

    detail: Template | None = None
    details: dict[str, Template] = {}
    meaning: Sentence
    basis: Basis
    """How we know the words of the detail; a code can be published while its words are not."""
    source: Sentence

    @model_validator(mode="after")
    def _check(self) -> Self:
        if bool(self.detail) == bool(self.details):
            raise ValueError("a code has either detail or details")
        return self


class AdviceText(Model):
    """A code of our own for what the API accepts but a person should know."""

    detail: Template
    meaning: Sentence
