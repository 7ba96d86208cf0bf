"""``--show-fixes`` in the outputs: which findings can be fixed, how, and which values are hidden."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from premigrate.documents.text_values import TextEdit, apply_edits
from premigrate.engine.engine import Engine
from tests.command import invoke, unmeasured
from tests.payloads import good_account

NAME = "Søren"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two accounts, in JSON and in YAML, with safe and unsafe fixes of personal and other values."""
    account = good_account("dk") | {"external_account_number": " A-1", "account_type": "domestic"}
    account["customers"][0] |= {"given_name": f" {NAME}", "landlin": "+4587654321"}
    account["customers"][0].pop("landline", None)
    (tmp_path / "a.json").write_text(json.dumps([account], indent=2, ensure_ascii=False), "utf-8")
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)} # note\r\n" for key, value in account.items()]
    (tmp_path / "b.yaml").write_text("".join(lines), "utf-8", newline="")
    return tmp_path


def check(folder: Path, *options: str) -> str:
    return invoke("check", "--as-of", "2026-01-31", *options, cwd=folder).out


def fixes_of(report: Any) -> dict[str, list[dict[str, Any]]]:
    return {finding["attr"]: finding["fixes"] for finding in report["accounts"][0]["findings"]}


@pytest.mark.parametrize("name", ["a.json", "b.yaml"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_json_has_fixes_with_the_values_that_are_not_personal(folder: Path, name: str, jobs: str) -> None:
    found = fixes_of(json.loads(check(folder, "--format", "json", "--show-fixes", "--jobs", jobs, name)))
    (number,) = found["external_account_number"]
    assert number.pop("title")
    assert number == {"id": "trim-text", "action": "replace", "value": "A-1", "safe": True}
    (given,) = found["customers.0.given_name"]
    assert (given["action"], "value" in given) == ("replace", False)
    (landline,) = found["customers.0.landlin"]
    assert (landline["action"], landline["value"], landline["safe"]) == ("rename", "landline", False)
    shown = fixes_of(json.loads(check(folder, "--format", "json", "--show-fixes", "--show-values", name)))
    assert shown["customers.0.given_name"][0]["value"] == NAME


def test_fixes_are_told_only_if_they_are_asked_for(folder: Path) -> None:
    for form in ("json", "ndjson", "sarif", "text", "html"):
        out = check(folder, "--format", form, "a.json")
        assert ('"fixes"' in out, "\n  fix: " in out, "not safe" in out) == (False, False, False), form
    lines = check(folder, "--format", "ndjson", "--show-fixes", "a.json").splitlines()
    assert all("fixes" in json.loads(line) for line in lines)


def test_text_and_html_have_the_titles(folder: Path) -> None:
    text = check(folder, "--show-fixes", "a.json")
    (number,) = fixes_of(json.loads(check(folder, "--format", "json", "--show-fixes", "a.json")))[
        "external_account_number"
    ]
    assert f"\n  fix: {number['title']}\n" in text
    assert "(unsafe: review the change)\n" in text
    page = check(folder, "--format", "html", "--show-fixes", "a.json")
    assert number["title"] in page
    assert NAME not in text + page


@pytest.mark.parametrize("name", ["a.json", "b.yaml"])
def test_sarif_replacements_give_the_fixed_text(folder: Path, name: str) -> None:
    file = folder / name
    text = file.read_bytes().decode()
    log = json.loads(check(folder, "--format", "sarif", "--show-fixes", "--show-values", name))
    edits = [
        TextEdit(
            offset(text, change["deletedRegion"], "start"),
            offset(text, change["deletedRegion"], "end"),
            change["insertedContent"]["text"],
        )
        for result in log["runs"][0]["results"]
        for fix in result.get("fixes", ())
        for artifact in fix["artifactChanges"]
        for change in artifact["replacements"]
    ]
    assert len(edits) == 4
    invoke("check", "--as-of", "2026-01-31", "--fix", "--unsafe-fixes", name, cwd=folder)
    assert apply_edits(text, edits) == file.read_bytes().decode() != text


def test_sarif_has_no_fix_that_shows_a_personal_value(folder: Path) -> None:
    out = check(folder, "--format", "sarif", "--show-fixes", "a.json")
    results = json.loads(out)["runs"][0]["results"]
    fixed = {
        result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] for result in results if "fixes" in result
    }
    assert fixed == {"external_account_number", "account_type", "customers.0.landlin"}
    assert NAME not in out


def offset(text: str, region: dict[str, int], end: str) -> int:
    lines = text.split("\n")
    line, column = region[f"{end}Line"], region[f"{end}Column"]
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1


def test_check_without_these_options_looks_for_no_fixes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    propose = Mock(return_value=())
    monkeypatch.setattr(Engine, "propose_fixes", propose)
    for form in ("json", "text", "sarif", "html"):
        check(folder, "--format", form, "a.json", "b.yaml")
    propose.assert_not_called()
    check(folder, "--show-fixes", "a.json")
    propose.assert_called_once()


def test_check_without_these_options_does_not_import_what_fixes(folder: Path) -> None:
    command = (
        "import sys; from premigrate.cli.main import main\ntry: main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    arguments = ["check", "--as-of", "2026-01-31", "a.json"]
    found = subprocess.run(
        [sys.executable, "-c", command, *arguments], cwd=folder, capture_output=True, check=True, env=unmeasured()
    ).stdout.split()
    assert b"premigrate.report.text_output" in found
    unwanted = [name for name in found if name.startswith((b"premigrate.fix", b"premigrate.documents.fix_text"))]
    assert unwanted == []
