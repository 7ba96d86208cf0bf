"""Code Quality reports of GitLab: the form of an issue, its severity and path, and unique, stable fingerprints."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from premigrate.batch.display_paths import DisplayPaths
from premigrate.documents.source_map import LineRange
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.report import gitlab_output
from premigrate.report.outputs import make_output
from premigrate.report.run import AccountReport, UnreadableInput
from tests.command import invoke
from tests.payloads import ROOT
from tests.reports import account, finding, write

TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/).+"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""The fields that GitLab documents, and that it reads."""


def issues_of(accounts: Iterable[AccountReport], unreadable: Iterable[UnreadableInput] = (), **counts: Any) -> Any:
    """Write a report, and return its issues after checking what holds for every report."""
    issues = json.loads(write(make_output("gitlab"), accounts, unreadable, **counts))
    Draft202012Validator(SCHEMA).validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return issues


def prints_of(accounts: Iterable[AccountReport]) -> list[str]:
    return [issue["fingerprint"] for issue in issues_of(accounts)]


def test_an_issue_says_what_and_where() -> None:
    (issue,) = issues_of([account(finding(expected="digits"), file="in/a.json")])
    del issue["fingerprint"]
    assert issue == {
        "check_name": "phone-valid",
        "severity": "major",
        "description": "customers.0.mobile: Enter a valid phone number. (expected: digits)",
        "location": {"path": "in/a.json", "lines": {"begin": 12}},
    }


def test_severities_and_names_of_checks() -> None:
    findings = (finding(), finding(level="follow-on"), finding(level="advice"), finding(rule=FRAMEWORK_RULE_ID))
    issues = issues_of([account(*findings)], [UnreadableInput("b.json", 0, 0, "not JSON")])
    assert [(issue["severity"], issue["check_name"]) for issue in issues] == [
        ("major", "phone-valid"),
        ("minor", "phone-valid"),
        ("info", "phone-valid"),
        ("major", "invalid"),  # the code: every check of the framework has the same rule id
        ("blocker", "unreadable"),
    ]
    assert issues[-1]["location"] == {"path": "b.json", "lines": {"begin": 1}}


def test_a_run_without_findings_is_an_empty_array() -> None:
    assert issues_of([account()]) == []


def test_an_interrupted_run_is_an_issue() -> None:
    (issue,) = issues_of([], interrupted=True)
    assert issue["description"] == "The run was interrupted: not all inputs were checked."


def test_fingerprints_do_not_depend_on_lines_texts_and_other_accounts() -> None:
    moved = finding(spot=LineRange(99, 1, 99, 2), detail="***", expected="another text")
    (first,) = prints_of([account(finding())])
    assert prints_of([account(finding(), reference="A-0"), account(moved, index=1, count=2)])[1] == first


@pytest.mark.parametrize(
    "other",
    [
        account(finding(), file="b.json"),
        account(finding(), reference="A-2"),
        account(finding(attr="customers.1.mobile")),
        account(finding(code="required")),
        account(finding(rule="phone-of-country")),
    ],
)
def test_fingerprints_depend_on_what_names_a_finding(other: AccountReport) -> None:
    assert prints_of([other]) != prints_of([account(finding())])


def test_accounts_without_a_number_are_told_apart() -> None:
    nameless = [account(finding(), reference="", index=index) for index in range(3)]
    assert len(set(prints_of([*nameless, account(finding(), reference="1")]))) == 4


def test_equal_findings_have_stable_fingerprints_of_their_own() -> None:
    twice = prints_of([account(finding(), finding())])
    assert twice == prints_of([account(finding(), finding())])
    assert twice[0] == prints_of([account(finding())])[0]


ACCOUNTS = st.lists(
    st.builds(
        lambda numbers, file, reference: (file, reference, numbers),
        st.lists(st.integers(0, 1), max_size=4),
        st.sampled_from(["a.json", "b.json"]),
        st.sampled_from(["", "1", "A-1"]),
    ),
    max_size=6,
)


@pytest.mark.parametrize("remembered", [0, 2, 1000])
@given(drawn=ACCOUNTS)
def test_fingerprints_are_unique_however_many_are_remembered(
    remembered: int, drawn: list[tuple[str, str, list[int]]]
) -> None:
    accounts = [
        account(*(finding(attr=f"notes.{number}") for number in numbers), file=file, reference=reference, index=index)
        for index, (file, reference, numbers) in enumerate(drawn)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gitlab_output, "_MAX_REMEMBERED", remembered)
        assert prints_of(accounts) == prints_of(accounts)


@pytest.mark.parametrize("place", [lambda folder: folder, lambda folder: folder / "ci"])
def test_paths_are_relative_to_the_working_directory(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    """Reports of other formats show the path from the folder of the configuration."""
    for name in ("ci", "in"):
        (tmp_path / name).mkdir()
    bad = (ROOT / "examples" / "dk" / "bad.json").read_bytes()
    (tmp_path / "in" / "a.json").write_bytes(bad)
    (place(tmp_path) / "premigrate.toml").write_text("", "utf-8")
    config = ["--config", str(place(tmp_path) / "premigrate.toml"), "--as-of", "2026-01-31"]
    for here, shown in ((tmp_path, "in/a.json"), (tmp_path / "in", "a.json"), (tmp_path / "ci", "../in/a.json")):
        code, _, err = invoke("check", *config, "--output", "gitlab:out", tmp_path / "in", cwd=here)
        issues = json.loads((here / "out").read_text("utf-8"))
        assert (code, err, {issue["location"]["path"] for issue in issues}) == (1, "", {shown})
        (here / "out").unlink()


def test_a_path_elsewhere_is_relative_too() -> None:
    shown = DisplayPaths("/work/ci", "/work/here")
    assert shown.from_cwd("/data/a.json") == "../../data/a.json"
    assert DisplayPaths("/work", "/work").from_cwd("in/a.json") == "in/a.json"


def test_personal_values_are_hidden_unless_asked_for() -> None:
    command = ("check", "--as-of", "2026-01-31", "--format", "gitlab", "examples/dk/bad.json")
    (hidden, shown) = (json.loads(invoke(*command, *more).out) for more in ((), ("--show-values",)))
    texts = [issues[0]["description"] for issues in (hidden, shown)]
    assert ("***" in texts[0], "***" in texts[1]) == (True, False)
    assert [issue["fingerprint"] for issue in hidden] == [issue["fingerprint"] for issue in shown]
