"""The problem matcher for GitHub finds each line of the format concise, and nothing else."""

import json
import re
from pathlib import Path

import pytest

from tests.command import invoke as run
from tests.payloads import ROOT
from tests.scenarios.test_command import DAY

MATCHERS = json.loads((ROOT / "docs" / "problem-matcher.json").read_text("utf-8"))["problemMatcher"]
SEVERITIES = {"error": "error", "follow-on": "warning", "advice": "warning"}
EXAMPLES = ["examples/dk/bad.json", "examples/gb/bad.json", "examples/pt/bad.json"]


def annotations(line: str) -> list[dict[str, str]]:
    """Apply the matchers to a line as GitHub does: groups by their numbers, the severity of the matcher."""
    found = []
    for matcher in MATCHERS:
        (pattern,) = matcher["pattern"]
        if match := re.search(pattern["regexp"], line):
            groups = {name: match[group] for name, group in pattern.items() if name != "regexp"}
            found.append({"severity": matcher["severity"], **groups})
    return found


def test_each_finding_is_one_annotation() -> None:
    concise = run("check", *DAY, "--format", "concise", *EXAMPLES).out.splitlines()
    findings = [json.loads(line) for line in run("check", *DAY, "--format", "ndjson", *EXAMPLES).out.splitlines()]
    assert {finding["level"] for finding in findings} == {*SEVERITIES}, "every level is tested"
    assert all(len(annotations(line)) == 1 for line in concise)
    found = [annotations(line)[0] for line in concise]
    assert sorted(
        (each["severity"], each["file"], each["line"], each["column"], each["code"]) for each in found
    ) == sorted(
        (SEVERITIES[each["level"]], each["file"], str(each["line"]), str(each["column"]), each["code"])
        for each in findings
    )
    details = {f"{each['attr'] or '-'} {each['detail']}" for each in findings}
    assert {re.sub(r" \[[a-z-]+\]$", "", each["message"]) for each in found} == details


def test_unreadable_input_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1,}', "utf-8")
    code, out, _ = run("check", *DAY, "--format", "concise", "a.json", cwd=tmp_path)
    (found,) = annotations(out.rstrip("\n"))
    assert code == 4
    assert (found["severity"], found["file"], found["line"], found["code"]) == ("error", "a.json", "1", "unreadable")


@pytest.mark.parametrize("form", ["text", "github", "ndjson", "csv"])
def test_other_formats_are_not_annotated(form: str) -> None:
    out = run("check", *DAY, "--format", form, *EXAMPLES).out
    assert not [line for line in out.splitlines() if not line.startswith("- ") and annotations(line)]


def test_github_knows_the_keys() -> None:
    owners = [matcher["owner"] for matcher in MATCHERS]
    assert len({*owners}) == len(owners), "a matcher replaces another one of the same owner"
    for matcher in MATCHERS:
        assert matcher.keys() == {"owner", "severity", "pattern"}
        assert matcher["severity"] in {"error", "warning"}
