"""Base class and types of the rule language: immutable tables, no unknown keys, no type conversions."""

from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict, StringConstraints

Basis: TypeAlias = Literal["documented", "published", "framework", "inferred", "observed"]
"""How a fact is known: from the two API pages (documented), from the OpenAPI document of another tenant (published),
from the behaviour of the framework (framework), by a conclusion (inferred), or from responses of the API (observed)."""

NON_BLANK_PATTERN = r"\S"
NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
RULE_ID_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
TERRITORY_PATTERN = "^[A-Z]{2}$"
SWITCH_PATTERN = r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"
NonBlankText: TypeAlias = Annotated[str, StringConstraints(pattern=NON_BLANK_PATTERN)]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
RuleId: TypeAlias = Annotated[str, StringConstraints(pattern=RULE_ID_PATTERN)]
SwitchName: TypeAlias = Annotated[str, StringConstraints(pattern=SWITCH_PATTERN)]
"""The id of a rule, advice or fix. Underscores are accepted, so that a code can be reported as a wrong id."""

Item = TypeVar("Item")
ArrayOf: TypeAlias = Annotated[tuple[Item, ...], Strict(strict=False)]
"""An array. It is stored as a tuple, so that tables are immutable. Strict mode would reject the list."""


DATE_KEY = "<date>"
"""The only key of the object that represents a TOML date in the JSON that the models validate, because JSON has no
dates."""


def _dates_as_text(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        only = value.get(DATE_KEY) if len(value) == 1 else None
        return only if isinstance(only, str) else {key: _dates_as_text(each) for key, each in value.items()}
    return [_dates_as_text(each) for each in value] if isinstance(value, list) else value


AnyValue: TypeAlias = Annotated[Any, BeforeValidator(_dates_as_text)]
"""Any value, for example of a payload. Dates in it are texts, as in JSON."""


class Table(BaseModel):
    """A table of a rule file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)
