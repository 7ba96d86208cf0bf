"""The settings of a configuration as a pydantic model: its JSON Schema, and the mistakes in a file.

Loading pydantic takes longer than checking a payload, so `premigrate.command.config` imports this module only where a
setting is wrong.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from premigrate.command.config import FAILURES, SETTINGS, Kind
from premigrate.documents.toml_writer import toml_value
from premigrate.exceptions import Problem
from premigrate.report.outputs import FORMATS

_MAX_PROBLEMS = 20
_MAX_VALUE_LENGTH = 60  # characters of a value that a message shows


def _check_path(path: str) -> str:
    if "\0" in path:
        raise ValueError("it must not contain a NUL character")
    return path


class PerPath(BaseModel):
    """The findings to show for files whose paths match patterns."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"anyOf": [{"required": ["select"]}, {"required": ["ignore"]}]}
    )

    paths: list[str] = Field(
        min_length=1, description="Patterns of paths, relative to the folder of the configuration file."
    )
    select: list[str] = Field([], description="Show only findings with these rule ids, codes or attrs.")
    ignore: list[str] = Field([], description="Hide findings with these rule ids, codes or attrs.")


_PATH = Annotated[str, AfterValidator(_check_path)]
_TYPES: Mapping[Kind, Any] = {
    "text": str,
    "path": _PATH,
    "texts": list[str],
    "paths": list[_PATH],
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
            _CHOICES.get(key, _TYPES[setting.kind]),
            Field(None, alias=key, description=setting.description),
        )
        for key, setting in SETTINGS.items()
    },
)  # type: ignore[call-overload]
"""The settings of premigrate.toml, all of them optional."""


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of premigrate.toml, for editors that check it while it is typed."""
    schema = Settings.model_json_schema()
    for model in (schema, *schema["$defs"].values()):
        for setting in model["properties"].values():
            setting.pop("default", None)  # None stands for a setting that is not there, which TOML cannot write
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def find_mistakes(file: str, settings: Mapping[str, Any]) -> list[Problem]:
    """List the mistakes in the settings of a file: the first ones, and the number of the others."""
    problems = [Problem(file, key, message) for key, message in _mistakes(settings)]
    more = len(problems) - _MAX_PROBLEMS
    return [*problems[:_MAX_PROBLEMS], *([Problem(file, "", f"{more} more mistakes")] if more > 0 else [])]


def _mistakes(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        Settings.model_validate(settings)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            yield _mistake(each)
    tables = settings.get("per-path")
    for position, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, dict) and not table.keys() & {"select", "ignore"}:
            yield f"per-path.{position}", "select or ignore is missing; add one of them"


def _mistake(error: Any) -> tuple[str, str]:  # noqa: ANN401 - an ErrorDetails of pydantic_core
    """Describe an error of pydantic in terms of TOML: the key, and what it must be."""
    *above, last = error["loc"]
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        known = list(PerPath.model_fields) if above else list(SETTINGS)
        near = get_close_matches(str(last), known, 1)
        offer = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(known)}"
        return ".".join(map(str, above)), f"unknown setting {_shorten(str(last))!r}; {offer}"
    if key == "per-path" and error["type"] == "list_type":
        return key, "write [[per-path]], with two brackets"
    return key, f"{_REQUIREMENTS.get(error['type'], error['msg']).format(**error.get('ctx', {}))}{_value_of(error)}"


_REQUIREMENTS = {
    "string_type": "it must be a string",
    "list_type": "it must be a list",
    "int_type": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "bool_type": "it must be true or false",
    "greater_than_equal": "it must be at least {ge}",
    "literal_error": "it must be {expected}",
    "too_short": "it must not be empty",
    "missing": "it is missing",
    "model_type": "it must be a table",
    "value_error": "{error}",
}
"""The requirement on a value, by the type of pydantic's error."""


def _value_of(error: Any) -> str:  # noqa: ANN401 - an ErrorDetails of pydantic_core
    """Write the value that is wrong as TOML; empty if there is none."""
    if error["type"] in {"missing", "too_short"}:
        return ""
    return f", not {_shorten(toml_value(error['input']))}"


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_VALUE_LENGTH else f"{text[:_MAX_VALUE_LENGTH]}..."
