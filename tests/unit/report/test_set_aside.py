"""An account that is refused only because of findings set aside counts as refused, never as passed."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml

from premigrate.report import junit_output
from premigrate.report.findings import Finding
from premigrate.report.outputs import make_output
from premigrate.report.run import AccountReport, Tally, UnreadableInput, summarize
from premigrate.results import Response
from tests.reports import account, finding, write


def set_aside_account(*remaining: Finding, index: int = 0) -> AccountReport:
    return AccountReport("b.json", index, 9, f"B-{index}", Response(400, {"errors": []}), remaining)


ADVICE = finding("odd", level="advice")
MIXED = [
    account(),
    account(finding(), file="c.json"),
    set_aside_account(),
    set_aside_account(ADVICE, index=1),
    account(ADVICE, file="d.json"),
]
SUMMARY = "5 accounts checked, 3 refused, 2 of them only by findings that are set aside"


def cases(report: str) -> dict[str, list[str]]:
    """Return the tags inside each test case, by name of the case."""
    root = ET.fromstring(report)  # noqa: S314 - our own output
    return {
        f"{case.get('classname')} {case.get('name')}": [each.tag for each in case] for case in root.iter("testcase")
    }


def test_tally() -> None:
    tally = Tally()
    for each in MIXED:
        tally.count(each)
    assert (tally.accounts, tally.refused, tally.refused_set_aside) == (5, 3, 2)
    assert (tally.errors, tally.advice) == (1, 2)
    total = Tally(refused=1)
    total.add(tally)
    assert (total.refused, total.refused_set_aside) == (4, 2)
    assert summarize(tally) == SUMMARY
    assert summarize(Tally(accounts=1, refused=1)) == "1 account checked, 1 refused"


@pytest.mark.parametrize("name", ["text", "github", "html"])
def test_summary_line(name: str) -> None:
    assert SUMMARY in write(make_output(name), MIXED)


@pytest.mark.parametrize(
    ("accounts", "colour"),
    [(MIXED, "red"), ([account(), set_aside_account()], "yellow"), ([account(), account(ADVICE)], "green")],
)
def test_summary_is_green_only_if_all_accounts_pass(accounts: list[AccountReport], colour: str) -> None:
    out = write(make_output("text", paint=lambda text, style: f"<{style}>{text}</{style}>"), accounts)
    assert re.findall(r"<(\w+)>\d+ accounts checked", out) == [colour]


def test_json_counts_match_its_accounts() -> None:
    report = json.loads(write(make_output("json"), MIXED))
    refused = [each for each in report["accounts"] if each["status"] == 400]
    assert report["summary"]["refused"] == len(refused) == 3
    assert report["summary"]["refused_set_aside"] == 2


def test_sarif_properties_hold_the_counts() -> None:
    (run,) = json.loads(write(make_output("sarif"), MIXED))["runs"]
    assert run["invocations"][0]["properties"] == {"accounts": 5, "refused": 3, "refused_set_aside": 2}


def test_junit_marks_it_as_skipped() -> None:
    report = write(make_output("junit"), MIXED)
    assert cases(report) == {
        "a.json A-1": [],
        "c.json A-1": ["failure"],
        "b.json account 0 (B-0)": ["skipped"],
        "b.json account 1 (B-1)": ["skipped", "system-out"],
        "d.json A-1": ["system-out"],
    }
    suites = JUnitXml.fromstring(report.encode())
    assert {suite.name: (suite.tests, suite.failures, suite.skipped) for suite in suites} == {
        "a.json": (1, 0, 0), "c.json": (1, 1, 0), "b.json": (2, 0, 2), "d.json": (1, 0, 0),
    }  # fmt: skip
    assert "all its errors are set aside" in report


@pytest.mark.parametrize(
    "accounts",
    [
        [account(), account()],
        [account(reference=""), account(reference=""), account(reference="")],
        [account(reference="x"), account(reference="x"), account(reference="x #2")],
        [account(reference="x #2"), account(reference="x"), account(reference="x")],
        [account(reference="\x00"), account(reference="\\u0000")],
        [account(count=0), account(count=0), account(finding(), count=0)],
        [account(reference="input"), account(reference="input, line 3")],
    ],
)
def test_junit_names_are_unique(accounts: list[AccountReport]) -> None:
    problems = [UnreadableInput("a.json", line, 1, "broken") for line in (0, 0, 3, 3, 4)]
    report = write(make_output("junit"), accounts, problems)
    assert len(cases(report)) == len(accounts) + len(problems)


def test_junit_names_are_unique_beyond_the_memory_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit_output, "_MAX_NAMES_LENGTH", 20)
    accounts = [account(reference=f"A-{number % 40}", index=number) for number in range(100)]
    output = junit_output.JunitOutput()
    report = write(output, accounts)
    assert len(cases(report)) == 100
    assert {len(suite.names) for suite in output._suites.values()} == {7}, "few names are kept"


def test_page_without_script_shows_the_counts() -> None:
    page = write(make_output("html"), MIXED)
    (noscript,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert "5 accounts checked: 2 pass, 3 refused, 2 of them only by findings that are set aside." in noscript
