"""The settings of a configuration as a pydantic model: its JSON Schema, and what is wrong with a file.

Loading pydantic takes longer than checking a payload, so `premigrate.command.config` imports this module only where a
setting is wrong.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from premigrate.command.config import FAILURES, SETTINGS, Kind
from premigrate.exceptions import Problem
from premigrate.report.outputs import FORMATS


class PerPath(BaseModel):
    """Which findings are shown for the files of some paths."""

    model_config = ConfigDict(extra="forbid", strict=True)

    paths: list[str] = Field(min_length=1, description="Patterns of paths, from the folder of the configuration.")
    select: list[str] | None = Field(None, description="Show only these rules, codes or attrs.")
    ignore: list[str] | None = Field(None, description="Do not show these rules, codes or attrs.")

    @model_validator(mode="after")
    def _check_filters(self) -> Self:
        if self.select is None and self.ignore is None:
            raise ValueError("it needs select or ignore")
        return self


_TYPES: Mapping[Kind, Any] = {
    "text": str,
    "path": str,
    "texts": list[str],
    "paths": list[str],
    "number": Annotated[int, Field(ge=0)],
    "flag": bool,
    "tables": list[PerPath],
}
_CHOICES = {"format": Literal[*FORMATS], "fail-on": Literal[*FAILURES]}

Settings: type[BaseModel] = create_model(
    "Settings",
    __config__=ConfigDict(extra="forbid", strict=True, title="premigrate.toml"),
    **{
        key.replace("-", "_"): (
            _CHOICES.get(key, _TYPES[setting.kind]) | None,
            Field(None, alias=key, description=setting.description),
        )
        for key, setting in SETTINGS.items()
    },
)  # type: ignore[call-overload]
"""The settings of premigrate.toml, all of them optional."""


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of premigrate.toml, for editors that check it while it is typed."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Settings.model_json_schema()}


def find_mistakes(file: str, settings: Mapping[str, Any]) -> list[Problem]:
    """List what is wrong with the settings of a file."""
    try:
        Settings.model_validate(settings)
    except ValidationError as error:
        return [_problem(file, each) for each in error.errors(include_url=False)]
    return []


def _problem(file: str, error: Any) -> Problem:  # noqa: ANN401 - an ErrorDetails of pydantic_core
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        near = get_close_matches(key, SETTINGS, 1)
        offer = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(SETTINGS)}"
        return Problem(file, "", f"there is no setting {key!r}; {offer}")
    message = error["msg"].removeprefix("Value error, ")
    return Problem(file, key, f"{message[0].lower()}{message[1:]}; it is {error['input']!r}")
