"""What all tables of the grammar share: frozen, nothing unknown, nothing converted."""

from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict, StringConstraints

Basis: TypeAlias = Literal["documented", "published", "framework", "inferred", "observed"]
"""How we know: the two API pages, a sister tenant's document, the framework's own behaviour, a conclusion, or
answers that the API gave."""

Sentence: TypeAlias = Annotated[str, StringConstraints(pattern=r"\S")]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RuleId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


Item = TypeVar("Item")
Several: TypeAlias = Annotated[tuple[Item, ...], Strict(strict=False)]
"""An array. A tuple is what freezes it, so a list may become one."""


DATE_KEY = "<date>"
"""The only key of the table that stands for a TOML date in the JSON that the grammar reads: JSON has no dates."""


def _dates_as_text(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        only = value.get(DATE_KEY) if len(value) == 1 else None
        return only if isinstance(only, str) else {key: _dates_as_text(each) for key, each in value.items()}
    return [_dates_as_text(each) for each in value] if isinstance(value, list) else value


AnyValue: TypeAlias = Annotated[Any, BeforeValidator(_dates_as_text)]
"""Any value, of a payload for example; a date in it is text, as it is in JSON."""


class Model(BaseModel):
    """A table of a rule file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)
