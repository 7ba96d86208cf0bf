"""Tables that say what the API's codes mean, and our own advice."""

from typing import Self

from pydantic import model_validator

from premigrate.rulebook.model import Basis, Model, Sentence


class Code(Model):
    """An error code of the API. ``detail`` is its text; ``details`` holds one text a kind of field instead."""

    detail: str | None = None
    details: dict[str, str] = {}
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

    detail: Sentence
    meaning: Sentence
