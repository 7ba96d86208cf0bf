"""Lists the public names of the library: functions and classes with their parameters, methods and fields."""

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from pydantic import BaseModel, RootModel

import premigrate

MODULES: Mapping[str, tuple[str, ...]] = {
    "premigrate": tuple(premigrate.__all__),
    "premigrate.api_models": (
        *("ENDPOINTS", "Accepted", "AlreadyImported", "AttrError", "Detail", "ImportStatus", "LatestError"),
        *("LatestEvent", "NestedRefused", "NonFieldErrors", "NotValid", "Refused", "parse_answer"),
    ),
    "premigrate.integrations.arrow": ("LINEAGE_SCHEMA", "RESULT_SCHEMA", "TableChecker", "check_batch"),
    "premigrate.integrations.arrow_cohort": ("CLASH_SCHEMA",),
    "premigrate.integrations.spark": ("check_dataframe", "find_clashes"),
    "premigrate.testing": ("LiveServer", "mock_server", "mock_server_options", "run_mock_server"),
}
"""The public names of each public module."""
INTERNAL = frozenset(
    {
        "premigrate.KeyExtractor.program_for",
        "premigrate.integrations.arrow.TableChecker.kept_columns",
        "premigrate.testing.LiveServer",  # its constructor: fixtures and `run_mock_server` make it
    }
)
"""Functions that only other modules of premigrate call."""


def python_names() -> Iterator[str]:
    """Yield a line for each name, parameter, method and field."""
    for module, names in MODULES.items():
        for name in names:
            value = getattr(import_module(module), name)
            full = f"{module}.{name}"
            if inspect.isclass(value):
                yield from _class_names(full, value)
            elif inspect.isfunction(value):
                yield from _parameters(full, value)
            elif hasattr(value, "names"):
                yield from (f"{full}: column {column}" for column in value.names)
            else:
                yield full


_GENERAL = (BaseModel, RootModel, Exception, BaseException, tuple)


def _class_names(full: str, class_: Any) -> Iterator[str]:
    yield full
    if issubclass(class_, BaseModel):
        yield from (f"{full}.{field}" for field in class_.model_fields if field != "root")
    elif issubclass(class_, tuple):
        yield from (f"{full}.{field}, item {number}" for number, field in enumerate(class_._fields, 1))
    elif issubclass(class_, Exception):
        yield from _exception_names(full, class_)
    else:
        yield from _parameters(full, class_)
    for name, member in inspect.getmembers_static(class_):
        if name.startswith("_") or any(name in vars(base) for base in class_.__mro__ if base in _GENERAL):
            continue
        if inspect.isfunction(member):
            yield from _parameters(f"{full}.{name}", member)
        elif isinstance(member, property):
            yield f"{full}.{name}"


def _exception_names(full: str, class_: type[Exception]) -> Iterator[str]:
    """Yield the exceptions that it is a kind of, and its attributes."""
    bases = class_.__mro__[1 : class_.__mro__.index(Exception)]
    yield from (f"{full}, a kind of {base.__name__}" for base in bases)
    if "__init__" in vars(class_):
        yield from (f"{full}.{name}" for name in inspect.signature(class_).parameters if name != "message")


def _parameters(full: str, function: Any) -> Iterator[str]:
    """Yield the name with parentheses, and each parameter with its position and default."""
    if full in INTERNAL:
        return
    yield f"{full}()"
    positional = 0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self":
            continue
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        if parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}:
            positional += 1
            yield f"{full}(), parameter {positional}: {parameter.name}{default}"
        else:
            mark = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
            yield f"{full}(), keyword: {mark}{parameter.name}{default}"
