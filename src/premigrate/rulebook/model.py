"""What all tables of the grammar share: frozen, nothing unknown, nothing converted."""

from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Strict, StringConstraints

Basis: TypeAlias = Literal["documented", "published", "framework", "inferred", "observed"]
"""How we know: the two API pages, a sister tenant's document, the framework's own behaviour, a conclusion, or
answers that the API gave."""

Sentence: TypeAlias = Annotated[str, StringConstraints(pattern=r"\S")]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RuleId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


Item = TypeVar("Item")
Several: TypeAlias = Annotated[tuple[Item, ...], Strict(strict=False)]
"""An array. A tuple is what freezes it, so a list may become one."""


class Model(BaseModel):
    """A table of a rule file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)
