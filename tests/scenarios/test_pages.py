"""Follows every page of the documentation: each fenced block is run or checked, or named here with the reason."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import httpx
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]
from jsonschema import validators
from pre_commit.clientlib import load_config  # type: ignore[import-untyped]

from premigrate.cli.group import commands
from premigrate.testing import LiveServer
from tests.command import invoke
from tests.page_reader import PageReader, make_folder, make_targets
from tests.pages import PAGES, Block, blocks_of, name_of
from tests.payloads import ROOT


class Excluded(NamedTuple):
    """Blocks that are not followed here: their page, a text that they have, and the test that runs them, or why none.

    Without a text, these are all blocks of the page.
    """

    page: str
    text: str
    instead: str


TESTED_ELSEWHERE = (
    Excluded("docs/clients.md", "curl --output", "test_pages.test_documents_for_generators_are_written"),
    Excluded("docs/clients.md", "datamodel-codegen", "test_generated_clients.generate_models"),
    Excluded("docs/engines.md", "pandas.read_parquet", "test_recipes.test_recipe_gives_the_shown_values"),
    Excluded("docs/engines.md", "from answers where", "test_recipes.test_recipe_gives_the_shown_values"),
    Excluded("docs/engines.md", "import polars", "test_recipes.test_recipe_of_an_engine_that_is_rarely_installed"),
    Excluded("docs/engines.md", "import dask", "test_recipes.test_recipe_of_an_engine_that_is_rarely_installed"),
    Excluded("docs/engines.md", "def model(", "test_recipes.test_recipe_of_dbt"),
    Excluded("docs/engines.md", "ref('account_answers')", "test_recipes.test_recipe_of_dbt"),
    Excluded("docs/engines.md", "find_clashes(", "test_spark.test_recipe"),
    Excluded("docs/engines.md", "spark.readStream", "test_spark.test_recipe_of_a_stream"),
    Excluded("docs/engines.md", 'remote("sc://', "test_spark.test_recipe_of_spark_connect"),
    Excluded("docs/market.md", "", "test_market_tutorial.test_tutorial_leads_to_a_market_and_changes_nothing_else"),
    Excluded("docs/outputs.md", "findings.parquet", "test_parquet_output.test_recipe_of_the_documents"),
    Excluded("docs/serve.md", "pip install '.[serve]'", "test_serve_documents.test_commands_work"),
    Excluded("docs/serve.md", "curl --header", "test_serve_documents.test_commands_work"),
    Excluded("docs/serve.md", "examples/walk_through.py", "test_serve_documents.test_commands_work"),
    Excluded("docs/serve.md", "curl '", "test_serve_documents.test_commands_work"),
    Excluded("docs/serve.md", '"forgotten": 0', "test_serve_documents.test_commands_work"),
    Excluded("docs/serve.md", "premigrate compare calls", "test_serve_documents.test_recording_is_compared"),
    Excluded("docs/serve.md", "client/migrate.py", "test_serve_documents.test_shown_client_imports_accounts"),
    Excluded("docs/serve.md", "pytest_plugins", "test_serve_documents.test_shown_test_passes"),
    Excluded("docs/tutorial.md", "", "test_tutorial.test_tutorial_leads_to_clean_accounts"),
)
NOT_RUN = (
    Excluded("docs/clients.md", "openapi-generator-cli", "the generators are downloaded, and one of them needs Java"),
    Excluded("docs/engines.md", "spark-submit", "needs a package registry and a Spark cluster"),
    Excluded("docs/engines.md", "%pip", "needs Databricks"),
    Excluded("docs/engines.md", "main.migration.account_answers", "needs Databricks"),
)
SCHEMAS = {".github/workflows/": "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}


def excluded(page: Path, block: Block) -> list[Excluded]:
    """Return the entries of both tables that name a block."""
    return [each for each in (*TESTED_ELSEWHERE, *NOT_RUN) if each.page == name_of(page) and each.text in block.text]


def blocks_to_follow(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if not excluded(page, block)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the pages assume it."""
    return make_folder(tmp_path)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks_to_follow(page)], ids=name_of)
def test_page_does_what_it_shows(page: Path, folder: Path) -> None:
    """Follow each block of the page. A block that nothing can follow needs an entry in one of the tables above."""
    reader = PageReader(folder)
    for block in blocks_to_follow(page):
        try:
            reader.follow(block)
        except Exception as error:
            error.add_note(f"{name_of(page)}:{block.line}")
            raise


@pytest.mark.parametrize("entry", [*TESTED_ELSEWHERE, *NOT_RUN], ids=lambda entry: f"{entry.page}-{entry.text}")
def test_excluded_blocks_exist(entry: Excluded) -> None:
    found = [block for block in blocks_of(ROOT / entry.page) if entry.text in block.text]
    assert len(found) == 1 or (found and not entry.text)
    assert [len(excluded(ROOT / entry.page, block)) for block in found] == [1] * len(found)


@pytest.mark.parametrize("test", sorted({each.instead for each in TESTED_ELSEWHERE}))
def test_other_tests_of_pages_exist(test: str) -> None:
    module, _, name = test.partition(".")
    assert f"\ndef {name}(" in (ROOT / "tests" / "scenarios" / f"{module}.py").read_text("utf-8")


def test_documents_for_generators_are_written(server: LiveServer, tmp_path: Path) -> None:
    (block,) = [each for each in blocks_of(ROOT / "docs" / "clients.md") if "curl --output" in each.text]
    curl, premigrate = map(shlex.split, block.text.splitlines())
    assert curl[:3] == ["curl", "--output", "openapi.json"]
    document = httpx.get(curl[3].replace("http://127.0.0.1:8000", server.url)).json()
    assert "AccountRequest" in document["components"]["schemas"]
    assert premigrate[-2:] == [">", "schema.json"]
    assert "$schema" in json.loads(invoke(*premigrate[1:-2], cwd=tmp_path).out)


def yaml_blocks() -> Iterator[tuple[Path, Block]]:
    for page in PAGES:
        for block in blocks_of(page):
            if block.language == "yaml":
                yield page, block


def test_shown_hooks_are_valid(tmp_path: Path) -> None:
    """Read configurations with pre-commit itself; each hook exists, and a part of a hook fits the first one."""
    hooks = {each["id"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    configurations = [block for _, block in yaml_blocks() if block.file == ".pre-commit-config.yaml"]
    parts = [block for _, block in yaml_blocks() if block.text.lstrip().startswith("additional_dependencies:")]
    assert configurations
    for text in [block.text for block in configurations] + [f"{configurations[0].text}{part.text}" for part in parts]:
        (tmp_path / "config.yaml").write_text(text, "utf-8")
        (repository,) = load_config(str(tmp_path / "config.yaml"))["repos"]
        assert {hook["id"] for hook in repository["hooks"]} <= hooks


def test_shown_additional_dependencies_are_libraries_of_extras() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    known = {re.match(r"[\w.-]+", each)[0] for extra in extras.values() for each in extra}  # type: ignore[index]
    for _, block in yaml_blocks():
        if block.text.lstrip().startswith("additional_dependencies:"):
            assert set(yaml.safe_load(block.text)["additional_dependencies"]) <= known


@pytest.mark.parametrize("beginning", SCHEMAS)
def test_shown_pipelines_are_valid(beginning: str) -> None:
    schema = get_builtin_schema(SCHEMAS[beginning])
    contents = [yaml.safe_load(each.text) for _, each in yaml_blocks() if each.file.startswith(beginning)]
    assert contents
    for content in contents:
        if True in content:
            content["on"] = content.pop(True)  # YAML 1.1 takes the key for a boolean
        validators.validator_for(schema)(schema).validate(content)


def inline_commands(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the page and the words of each command in the text or in a table of a page, but for those of the past."""
    for page in PAGES:
        if page.name == "CHANGELOG.md":
            continue
        text = re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for code in re.findall(rf"`({name} [^`]+)`", text):
            yield name_of(page), code.split()


def test_premigrate_commands_in_texts_have_the_options_that_they_use() -> None:
    found = list(inline_commands("premigrate"))
    assert found
    for page, (_, *words) in found:
        command: click.Command = commands
        context = click.Context(command)
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            following = command.get_command(context, words.pop(0))
            assert following, f"{page}: premigrate has no such command"
            command = following
        known = {option for parameter in command.get_params(context) for option in parameter.opts}
        used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= known, f"{page}: {command.name} has no {used - known}"


def test_make_commands_in_texts_have_targets() -> None:
    found = [(page, words[1:]) for page, words in inline_commands("make")]
    assert found
    for page, targets in found:
        assert set(targets) <= make_targets(), page
