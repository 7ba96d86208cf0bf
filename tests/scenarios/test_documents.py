"""Runs what the documents show: commands, Python, configurations, rule files and workflows."""

import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft202012Validator

from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from tests.command import invoke as run
from tests.payloads import AS_OF, ROOT, good_account, put

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text("utf-8")


class Block(NamedTuple):
    """A fenced block: its language, the file that it belongs in, and its text."""

    language: str
    file: str
    text: str


def blocks_of(page: Path) -> list[Block]:
    found = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [Block(*each) for each in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the documents assume it: examples, payloads in accounts, lists."""
    for shown in ("dk", "pt", "references"):
        shutil.copytree(ROOT / "examples" / shown, tmp_path / "examples" / shown)
    shutil.copytree(ROOT / "examples" / "pt", tmp_path / "accounts" / "pt")
    shutil.copytree(ROOT / "examples" / "references", tmp_path / "lists")
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "market"], ids=lambda page: page.stem)
def test_commands_give_what_is_shown(page: Path, folder: Path) -> None:
    for block in blocks_of(page):
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
        if block.language == "console":
            for command, shown in commands_of(block.text):
                check_command(command, shown, folder)


def commands_of(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def check_command(command: str, shown: list[str], folder: Path) -> None:
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return
    if words == ["pip", "install", "."]:
        return  # covered by the tests of the wheel
    env = {name: value for name, _, value in (word.partition("=") for word in words[: words.index("premigrate")])}
    code, out, err = run(*words[words.index("premigrate") + 1 :], stdin=b"", cwd=folder, **env)
    assert code in {0, 1}, (command, out, err)
    assert out, command
    assert is_as_shown(out, shown), (command, out)


def is_as_shown(out: str, shown: list[str]) -> bool:
    """Return whether an output has the lines that are shown, where ... stands for any text."""
    pattern = "".join(re.escape(f"{line}\n").replace(r"\.\.\.", r"[\s\S]*") for line in shown)
    return not shown or re.fullmatch(pattern, out) is not None


def test_python_example_gives_the_shown_values() -> None:
    (example,) = [block.text for block in blocks_of(PAGES[0]) if block.language == "python"]
    names: dict[str, object] = {}
    code = example.replace("examples/", f"{ROOT.as_posix()}/examples/")
    lines = code.splitlines()
    exec("\n".join(line for line in lines if not line.startswith("result.")), names)  # noqa: S102 - our own document
    shown = [line.split("#", 1) for line in lines if line.startswith("result.")]
    assert len(shown) == 6
    for expression, value in shown:
        assert repr(eval(expression, names)) == value.strip()  # noqa: S307 - our own document


def test_python_example_of_bulk_checks_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = [block.text for block in blocks_of(ROOT / "docs" / "bulk.md") if block.language == "python"]
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(example, names)  # noqa: S102 - our own document
    output = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in output] == ["examples/dk/bad.json", "examples/pt/bad.json"]
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


def test_shown_hooks_exist() -> None:
    hooks = {each["id"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    for page in PAGES:
        for block in blocks_of(page):
            if block.file == ".pre-commit-config.yaml":
                (repository,) = yaml.safe_load(block.text)["repos"]
                assert {hook["id"] for hook in repository["hooks"]} <= hooks


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


def test_commands_about_lists_work() -> None:
    code, out, err = run("rules", "--lists")
    assert (code, err, "ledger_codes" in out) == (0, "", True)


def test_example_lists_hold_the_values_of_the_good_examples() -> None:
    for market in ("pt", "dk"):
        code, out, _ = run(
            "check", "--as-of", "2026-01-31", "--references", "examples/references", f"examples/{market}/good.json"
        )
        assert (code, "0 errors" in out) == (0, True)


def test_rules_of_the_introduction_work_in_an_overlay() -> None:
    rules = [rule for tables in introduction() if "market" not in tables for rule in tables.get("rule", ())]
    assert len(rules) == 3
    ours = [{**rule, "id": f"ours-{rule['id']}"} for rule in rules]
    checked = check_overlay_examples(load_ruleset("pt", {"market": {"extends": "pt"}, "rule": ours}), AS_OF)
    assert (checked.problems, checked.rules) == ((), 3)
    assert checked.examples >= sum(len(rule["good"]) + len(rule["bad"]) for rule in rules)


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


def test_linked_files_exist() -> None:
    for page in (*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "rules" / "README.md", ROOT / "rules" / "REFERENCE.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


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
