"""A SARIF report of more results than GitHub takes: cut where there is one place, in numbered files elsewhere."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from premigrate.command import sarif_sink
from premigrate.command.sinks import StreamSink, make_sinks
from premigrate.report import sarif_output
from premigrate.report.outputs import make_output
from premigrate.report.run import AccountReport, Tally, UnreadableInput
from tests.reports import RUN, account, finding, write

MOST = 4
GITHUB_TAKES = sarif_output.MAX_RESULTS


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sarif_output, sarif_sink):
        monkeypatch.setattr(module, "MAX_RESULTS", MOST)


def accounts(findings: int, each: int = 1) -> Iterator[AccountReport]:
    for number in range(findings // each):
        told = [finding("taken", f"a.{n}", rule=f"rule-{number % 3}") for n in range(each)]
        yield account(*told, index=number, count=99, reference=f"R-{number}")


def target_of(path: Path) -> StreamSink:
    _, target = make_sinks("text", (str(path),))
    return target


def write_file(path: Path, told: Iterator[AccountReport], *, unreadable: int = 0, accounts: int = 0) -> str:
    """Write a report, and tell why that failed."""
    target = target_of(path)
    target.begin(RUN)
    for each in told:
        target.account(each)
    for number in range(unreadable):
        target.unreadable(UnreadableInput(f"{number}.json", 1, 1, "broken"))
    target.end(Tally(unreadable=unreadable, accounts=accounts))
    return target.failure


def results(path: Path) -> list[tuple[str, str]]:
    """Name the results of a file; each refers to its rule."""
    (run,) = json.loads(path.read_text("utf-8"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    return [
        (each["properties"]["account"], each["locations"][0]["logicalLocations"][0]["fullyQualifiedName"])
        for each in run["results"]
    ]


def invocation(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))["runs"][0]["invocations"][0]
    return found


@pytest.mark.parametrize("findings", [0, 1, MOST])
def test_what_fits_is_in_one_file(tmp_path: Path, findings: int) -> None:
    assert not write_file(tmp_path / "x.sarif", accounts(findings))
    assert [path.name for path in tmp_path.iterdir()] == ["x.sarif"]
    assert len(results(tmp_path / "x.sarif")) == findings


@pytest.mark.parametrize(
    ("findings", "each", "sizes"), [(5, 1, [4, 1]), (8, 2, [4, 4]), (9, 3, [4, 4, 1]), (13, 13, [4, 4, 4, 1])]
)
def test_what_does_not_fit_is_in_numbered_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], findings: int, each: int, sizes: list[int]
) -> None:
    (tmp_path / "x.sarif").write_text("of an earlier run")
    assert not write_file(tmp_path / "x.sarif", accounts(findings, each), accounts=findings // each)
    names = [f"x-{number}.sarif" for number in range(1, len(sizes) + 1)]
    assert sorted(path.name for path in tmp_path.iterdir()) == names, "x.sarif would be taken for the report"
    found = [results(tmp_path / name) for name in names]
    assert list(map(len, found)) == sizes
    expected = [(f"R-{number}", f"a.{n}") for number in range(findings // each) for n in range(each)]
    assert [*chain.from_iterable(found)] == expected
    assert all(invocation(tmp_path / name)["properties"]["accounts"] == findings // each for name in names)
    assert f"{findings} results, written to x-1.sarif to {names[-1]}" in capsys.readouterr().err


def test_each_file_says_whether_the_run_was_complete(tmp_path: Path) -> None:
    assert not write_file(tmp_path / "x.sarif", accounts(6), unreadable=2)
    first, second = invocation(tmp_path / "x-1.sarif"), invocation(tmp_path / "x-2.sarif")
    assert not first["executionSuccessful"]
    assert not second["executionSuccessful"]
    assert (len(first["toolExecutionNotifications"]), len(second["toolExecutionNotifications"])) == (2, 0)


def test_files_of_an_earlier_run_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not write_file(tmp_path / "x.sarif", accounts(9))
    capsys.readouterr()
    assert not write_file(tmp_path / "x.sarif", accounts(5))
    assert "x-3.sarif beside it: not written by this run" in capsys.readouterr().err
    assert not write_file(tmp_path / "x.sarif", accounts(1))
    assert "x-1.sarif, x-2.sarif, x-3.sarif beside it: not written by this run" in capsys.readouterr().err


@pytest.mark.parametrize("taken", ["x-1.sarif", "x-2.sarif", "x-3.sarif"])
def test_a_file_that_is_no_report_is_not_replaced(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("{}")
    failure = write_file(tmp_path / "x.sarif", accounts(9))
    assert failure.startswith(f"{tmp_path / taken}: can't be written: 4 results fill x.sarif")
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [(taken, "{}")]


def test_a_run_that_failed_leaves_nothing(tmp_path: Path) -> None:
    target = target_of(tmp_path / "x.sarif")
    target.begin(RUN)
    for each in accounts(9):
        target.account(each)
    target.discard()
    assert not list(tmp_path.iterdir())


def test_a_name_without_the_usual_ending(tmp_path: Path) -> None:
    _, target = make_sinks("text", (f"sarif:{tmp_path / 'report.json'}",))
    target.begin(RUN)
    for each in accounts(5):
        target.account(each)
    target.end(Tally())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report-1.json", "report-2.json"]


@pytest.mark.parametrize(("findings", "each"), [(5, 1), (12, 6), (9, 9)])
def test_one_stream_is_cut_and_says_so(findings: int, each: int) -> None:
    output = make_output("sarif")
    (run,) = json.loads(write(output, accounts(findings, each)))["runs"]
    assert len(run["results"]) == MOST
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["level"] == "warning"
    assert f"the first 4 of {findings} results" in notice["message"]["text"]
    assert run["invocations"][0]["executionSuccessful"]


def test_a_device_is_one_stream(capsys: pytest.CaptureFixture[str]) -> None:
    _, target = make_sinks("text", ("sarif:/dev/null",))
    target.begin(RUN)
    for each in accounts(5):
        target.account(each)
    target.end(Tally())
    assert "holds the first 4 of 5 results" in capsys.readouterr().err


def test_the_limit_is_that_of_github() -> None:
    assert GITHUB_TAKES == 25_000
