"""Computes all public names of premigrate by group."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from pydantic import TypeAdapter

import premigrate
from premigrate.command.config_model import config_schema
from premigrate.command.exit_codes import ExitCode
from premigrate.describe.market import rule_language_schema
from premigrate.mock_server.operations import OPERATIONS
from tests.payloads import ROOT
from tests.stability.command_names import command_names
from tests.stability.output_names import output_names
from tests.stability.python_names import python_names
from tests.stability.rule_names import codes, reference_lists, rule_ids, tenant_facts
from tests.stability.schema_names import schema_names

FILE = ROOT / "tests" / "stability" / "public_surface.txt"


def current_names() -> dict[str, set[str]]:
    """Return the public names of this version by group."""
    with TemporaryDirectory() as folder:
        return {group: set(names) for group, names in _groups(Path(folder))}


def _groups(folder: Path) -> Iterator[tuple[str, Iterable[str]]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    yield "commands and options", command_names()
    yield "exit codes", (f"{code.value} {code.name.lower()}" for code in ExitCode)
    yield "configuration", schema_names(config_schema())
    yield "environment variables", _environment_variables()
    yield "output", output_names(folder)
    yield "Python", python_names()
    yield (
        "installation",
        (
            *(f"extra {name}" for name in project["optional-dependencies"]),
            *(f"script {name}" for name in project["scripts"]),
            f"Python {project['requires-python']}",
        ),
    )
    yield (
        "pre-commit hooks",
        (hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))),
    )
    yield "CI", _ci_inputs()
    yield "mock server", _operations()
    yield "markets", premigrate.markets()
    yield "rules", rule_ids()
    yield "codes", codes()
    yield "reference lists", reference_lists()
    yield "tenant facts", tenant_facts()
    yield "rule language", schema_names(rule_language_schema())


def _environment_variables() -> Iterator[str]:
    for module in (ROOT / "src").rglob("*.py"):
        yield from re.findall(
            r"""environ(?:\.get\(|\[)"(PREMIGRATE_\w+|NO_COLOR|FORCE_COLOR)""", module.read_text("utf-8")
        )


def _ci_inputs() -> Iterator[str]:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    yield from (f"GitHub action: input {name}" for name in action["inputs"])
    yield from (f"GitHub action: output {name}" for name in action["outputs"])
    component = next(yaml.safe_load_all((ROOT / "templates" / "premigrate.yml").read_text("utf-8")))
    yield from (f"GitLab component: input {name}" for name in component["spec"]["inputs"])


def _operations() -> Iterator[str]:
    for operation in OPERATIONS:
        call = f"{operation.method.upper()} {operation.path}"
        yield call
        yield from (f"{call}?{name}" for name in operation.query)
        if operation.is_admin:
            models = [model for answers in operation.responses.values() for model in answers]
            request = [] if operation.request is None else [operation.request]
            for kind, model in [("request", each) for each in request] + [("response", each) for each in models]:
                yield from (f"{call} {kind}: {key}" for key in schema_names(TypeAdapter(model).json_schema()))
