"""A SARIF report of more results than GitHub accepts is truncated in a stream, and split into numbered files."""

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
from tests.command import invoke
from tests.reports import RUN, account, finding, write
from tests.scenarios.test_command import DAY

LIMIT = 4
GITHUB_LIMIT = sarif_output.MAX_RESULTS


@pytest.fixture(autouse=True)
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sarif_output, sarif_sink):
        monkeypatch.setattr(module, "MAX_RESULTS", LIMIT)


def accounts(findings: int, each: int = 1) -> Iterator[AccountReport]:
    for number in range(findings // each):
        account_findings = [finding("taken", f"a.{n}", rule=f"rule-{number % 3}") for n in range(each)]
        yield account(*account_findings, index=number, count=99, reference=f"R-{number}")


def sink_of(path: Path) -> StreamSink:
    _, sink = make_sinks("text", (str(path),))
    assert isinstance(sink, StreamSink)
    return sink


def write_file(path: Path, reports: Iterator[AccountReport], *, unreadable: int = 0, accounts: int = 0) -> StreamSink:
    """Write a report, and return the sink, which knows whether that failed."""
    sink = sink_of(path)
    sink.begin(RUN)
    for each in reports:
        sink.write_account(each)
    for number in range(unreadable):
        sink.write_unreadable(UnreadableInput(f"{number}.json", 1, 1, "broken"))
    sink.end(Tally(unreadable=unreadable, accounts=accounts))
    return sink


def results(path: Path) -> list[tuple[str, str]]:
    """Return account and attr of each result of a file, after a check that it refers to its rule."""
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


@pytest.mark.parametrize("findings", [0, 1, LIMIT])
def test_results_within_the_limit_are_in_one_file(tmp_path: Path, findings: int) -> None:
    assert not write_file(tmp_path / "x.sarif", accounts(findings)).failure
    assert [path.name for path in tmp_path.iterdir()] == ["x.sarif"]
    assert len(results(tmp_path / "x.sarif")) == findings


@pytest.mark.parametrize(
    ("findings", "each", "sizes"), [(5, 1, [4, 1]), (8, 2, [4, 4]), (9, 3, [4, 4, 1]), (13, 13, [4, 4, 4, 1])]
)
def test_results_beyond_the_limit_are_in_numbered_files(
    tmp_path: Path, findings: int, each: int, sizes: list[int]
) -> None:
    (tmp_path / "x.sarif").write_text("of an earlier run")
    sink = write_file(tmp_path / "x.sarif", accounts(findings, each), accounts=findings // each)
    assert not sink.failure
    names = [f"x-{number}.sarif" for number in range(1, len(sizes) + 1)]
    assert sorted(path.name for path in tmp_path.iterdir()) == names, "the x.sarif of an earlier run is removed"
    found = [results(tmp_path / name) for name in names]
    assert list(map(len, found)) == sizes
    expected = [(f"R-{number}", f"a.{n}") for number in range(findings // each) for n in range(each)]
    assert [*chain.from_iterable(found)] == expected
    assert all(invocation(tmp_path / name)["properties"]["accounts"] == findings // each for name in names)
    assert f"{findings} results, written to x-1.sarif to {names[-1]}" in sink.notices[0]


def test_each_file_says_whether_the_run_was_complete(tmp_path: Path) -> None:
    assert not write_file(tmp_path / "x.sarif", accounts(6), unreadable=2).failure
    first, second = invocation(tmp_path / "x-1.sarif"), invocation(tmp_path / "x-2.sarif")
    assert not first["executionSuccessful"]
    assert not second["executionSuccessful"]
    assert (len(first["toolExecutionNotifications"]), len(second["toolExecutionNotifications"])) == (2, 0)


def test_files_of_an_earlier_run_are_named(tmp_path: Path) -> None:
    assert not write_file(tmp_path / "x.sarif", accounts(9)).failure
    *_, notice = write_file(tmp_path / "x.sarif", accounts(5)).notices
    assert "an earlier run left these files in the folder: x-3.sarif" in notice
    (notice,) = write_file(tmp_path / "x.sarif", accounts(1)).notices
    assert "an earlier run left these files in the folder: x-1.sarif, x-2.sarif, x-3.sarif" in notice


@pytest.mark.parametrize("existing", ["x-1.sarif", "x-2.sarif", "x-3.sarif"])
def test_foreign_file_is_not_replaced(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("{}")
    failure = write_file(tmp_path / "x.sarif", accounts(9)).failure
    assert failure.startswith(f"{tmp_path / existing}: cannot be written: it is not a report of premigrate")
    assert [(path.name, path.read_text("utf-8")) for path in tmp_path.iterdir()] == [(existing, "{}")]


def test_discarded_run_leaves_no_files(tmp_path: Path) -> None:
    sink = sink_of(tmp_path / "x.sarif")
    sink.begin(RUN)
    for each in accounts(9):
        sink.write_account(each)
    sink.discard()
    assert not list(tmp_path.iterdir())


def test_file_name_without_the_usual_suffix(tmp_path: Path) -> None:
    _, sink = make_sinks("text", (f"sarif:{tmp_path / 'report.json'}",))
    sink.begin(RUN)
    for each in accounts(5):
        sink.write_account(each)
    sink.end(Tally())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report-1.json", "report-2.json"]


@pytest.mark.parametrize(("findings", "each"), [(5, 1), (12, 6), (9, 9)])
def test_stream_is_truncated_with_a_notice(findings: int, each: int) -> None:
    output = make_output("sarif")
    (run,) = json.loads(write(output, accounts(findings, each)))["runs"]
    assert len(run["results"]) == LIMIT
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["level"] == "warning"
    assert f"the first 4 of {findings} results" in notice["message"]["text"]
    assert run["invocations"][0]["executionSuccessful"]


def test_device_is_written_as_a_stream() -> None:
    _, sink = make_sinks("text", ("sarif:/dev/null",))
    sink.begin(RUN)
    for each in accounts(5):
        sink.write_account(each)
    sink.end(Tally())
    assert "contains the first 4 of 5 results" in sink.notices[0]


def test_command_prints_the_notices(tmp_path: Path) -> None:
    arguments = ["check", *DAY, "examples/dk", "examples/pt", "--output", str(tmp_path / "x.sarif")]
    assert "8 results, written to x-1.sarif to x-2.sarif\n" in invoke(*arguments).err
    assert invoke(*arguments, "--quiet").err == ""


def test_written_files_are_those_of_the_run(tmp_path: Path) -> None:
    assert write_file(tmp_path / "x.sarif", accounts(4)).written == [str(tmp_path / "x.sarif")]
    assert write_file(tmp_path / "x.sarif", accounts(5)).written == [str(tmp_path / f"x-{n}.sarif") for n in (1, 2)]


def test_limit_is_that_of_github() -> None:
    assert GITHUB_LIMIT == 25_000
