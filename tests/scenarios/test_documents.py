"""Checks that the documents are complete and true beyond what each block shows: tables and outputs."""

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from premigrate.ruleset.load import load_ruleset
from tests.command import invoke as run
from tests.page_reader import make_folder
from tests.pages import blocks_of
from tests.payloads import ROOT, good_account, put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the documents assume it."""
    return make_folder(tmp_path)


def test_python_example_of_bulk_checks_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = [block.text for block in blocks_of(ROOT / "docs" / "bulk.md") if block.language == "python"]
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102 - our own document
    output = capsys.readouterr().out.splitlines()
    refused = [file.relative_to(folder).as_posix() for file in sorted(folder.glob("examples/*/bad.json"))]
    assert [line.split(" ")[0] for line in output] == refused
    assert names["refused"] == 2


def test_python_example_of_fixes_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = [block.text for block in blocks_of(ROOT / "docs" / "fix.md") if block.language == "python"]
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own document
    assert (names["fixed"], [fix.action for fix in names["result"].fixes]) == (names["text"], ["rename"])


def test_files_of_split_are_in_the_table(folder: Path) -> None:
    run("check", "--as-of", "2026-01-31", "--split", "sorted", "examples", cwd=folder)
    page = (ROOT / "docs" / "bulk.md").read_text("utf-8")
    assert {path.name for path in (folder / "sorted").iterdir()} == set(re.findall(r"^\| `sorted/(\S+)`", page, re.M))


def test_payload_suffixes_are_in_the_table() -> None:
    from premigrate.batch.inputs import PAYLOAD_SUFFIXES

    page = (ROOT / "docs" / "bulk.md").read_text("utf-8")
    assert {part for ending in PAYLOAD_SUFFIXES for part in re.findall(r"\.\w+", ending)} <= set(
        re.findall(r"`(\.\w+)`", page)
    )


def test_workflow_runs(folder: Path) -> None:
    (workflow,) = [block for block in blocks_of(ROOT / "docs" / "ci.md") if block.file.endswith("payloads.yml")]
    steps = yaml.safe_load(workflow.text)["jobs"]["check"]["steps"]
    commands = [step["run"] for step in steps if step.get("run", "").startswith("premigrate")]
    assert commands
    for command in commands:
        code, out, _ = run(*shlex.split(command)[1:], cwd=folder)
        assert (code, "::error" in out) == (1, True)
    (sarif,) = [step["with"]["sarif_file"] for step in steps if "sarif" in step.get("uses", "")]
    assert (folder / sarif).is_file()


def test_configuration_names_the_schema_that_it_fits() -> None:
    (config,) = [block for block in blocks_of(ROOT / "docs" / "configuration.md") if block.file]
    (command,) = re.findall(
        r"`premigrate (config schema) > (\S+)`", (ROOT / "docs" / "configuration.md").read_text("utf-8")
    )
    schema = json.loads(run(*command[0].split()).out)
    assert config.text.startswith(f"#:schema ./{command[1]}\n")
    Draft202012Validator(schema).validate(tomllib.loads(config.text))
    assert schema == json.loads((ROOT / "docs" / command[1]).read_text("utf-8")), "run make schema"


def test_configuration_works(folder: Path) -> None:
    (config,) = [block for block in blocks_of(ROOT / "docs" / "configuration.md") if block.file]
    (folder / config.file).write_text(config.text, "utf-8")
    code, _, err = run("check", cwd=folder)
    assert (code, err) == (1, "")
    assert {path.name for path in folder.iterdir()} >= {"reports.html", "reports.txt"}


def test_example_lists_hold_the_values_of_the_good_examples() -> None:
    for market in ("pt", "dk"):
        code, out, _ = run(
            "check", "--as-of", "2026-01-31", "--references", "examples/references", f"examples/{market}/good.json"
        )
        assert (code, "0 errors" in out) == (0, True)


def test_overlay_of_the_introduction_works(folder: Path) -> None:
    (text,) = [block.text for block in blocks_of(ROOT / "rules" / "README.md") if "[market]" in block.text]
    (folder / "ours.toml").write_text(text, "utf-8")
    code, out, err = run("rules", "--overlay", "ours.toml", "--test", cwd=folder)
    assert (code, err) == (0, ""), out
    (folder / "shop.json").write_text(json.dumps(put(good_account("dk"), "sales_channel", "SHOP")), "utf-8")
    code, out, err = run("check", "--as-of", "2026-01-31", "--overlay", "ours.toml", "shop.json", cwd=folder)
    assert (code, err, "our_channel_unknown at sales_channel" in out) == (0, "", True), out


def test_defaults_of_the_introduction_are_those_of_a_rule_file() -> None:
    (defaults,) = [tables["defaults"] for tables in introduction() if "defaults" in tables]
    first = next(tables["rule"][0] for tables in introduction() if "rule" in tables and "market" not in tables)
    rule = {key: value for key, value in first.items() if key not in defaults}
    overlay = {"market": {"extends": "pt"}, "defaults": defaults, "rule": [{**rule, "id": "ours"}]}
    (ours,) = [each for each in load_ruleset("pt", overlay).rules if each.id == "ours"]
    assert (ours.basis, ours.source, ours.inferred) == (defaults["basis"], defaults["source"], defaults["inferred"])


def introduction() -> list[dict[str, Any]]:
    """The rule files that rules/README.md shows."""
    return [tomllib.loads(block.text) for block in blocks_of(ROOT / "rules" / "README.md") if block.language == "toml"]


def test_every_format_is_in_the_table() -> None:
    from premigrate.report.outputs import FILE_FORMATS

    page = (ROOT / "docs" / "outputs.md").read_text("utf-8")
    for name, endings in FILE_FORMATS.items():
        assert f"| `{name}` | {' '.join(f'`{ending}`' for ending in endings)}".rstrip() in page


def test_every_option_of_check_is_in_the_table() -> None:
    page = (ROOT / "docs" / "check.md").read_text("utf-8")
    options = set(re.findall(r"--[a-z-]+", run("check", "--help").out)) - {"--help"}
    assert options - set(re.findall(r"`(--[a-z-]+)", page)) == set()


def test_every_setting_is_in_the_table() -> None:
    from premigrate.command.config import SETTINGS

    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    for key in SETTINGS:
        assert f"`{key}`" in page or f"`[[{key}]]`" in page
