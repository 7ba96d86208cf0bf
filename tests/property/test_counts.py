"""However findings are set aside, and whichever way accounts are checked, refused is what the API would refuse."""

import json
import re
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from benchmarks.accounts import account_texts
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate import Validator, markets
from premigrate.cli.group import commands
from premigrate.command.check_chunks import RunOptions, make_validator
from premigrate.command.exit_codes import ExitCode
from premigrate.command.filters import make_selection
from premigrate.command.run import Runner
from premigrate.command.sinks import make_sinks
from premigrate.command.split_sink import SplitSink
from premigrate.report.run import Tally
from tests.conftest import validator_of
from tests.payloads import AS_OF

WORDS = (
    "*", "field", "invalid", "customers.*", "*.non_field_errors", "non_field_errors", "supply_addresses.*",
    "*identifier*", "deprecated_field*", "phone*", "*_email", "customers.0.*", "nothing-of-all-this",
)  # fmt: skip
TEXTS = [*account_texts(24, 5, share_bad=0), *account_texts(24, 6, share_bad=1)]
LINE = re.compile(
    r"(\d+) accounts? checked, (\d+) refused(?:, (\d+) of them only by findings that are set aside)?[:\n]"
)

words = st.lists(st.sampled_from(WORDS), max_size=3).map(tuple)
mixes = st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=14)
shapes = st.sampled_from(["lines", "array", "files"])


def lay_out(folder: Path, mix: list[int], shape: str) -> None:
    """Write accounts to files in one of the shapes that are read in different ways."""
    chosen = [TEXTS[number] for number in mix]
    if shape == "lines":
        (folder / "a.ndjson").write_text("\n".join(chosen), "utf-8")
    elif shape == "array":
        (folder / "a.json").write_text(f"[{','.join(chosen)}]", "utf-8")
    else:
        for number, text in enumerate(chosen):
            (folder / f"{number}.json").write_text(text, "utf-8")


class Run(NamedTuple):
    """What came of a run: its counts, its exit code, and what it wrote, by name of the file."""

    tally: Tally
    code: ExitCode
    files: dict[str, str]


def run(folder: Path, wish: RunOptions, outputs: tuple[str, ...], *, split: bool) -> Run:
    with tempfile.TemporaryDirectory() as reports:
        targets = make_sinks("text", tuple(f"{name}:{reports}/{name}" for name in outputs))[1:]
        sorter = SplitSink(f"{reports}/split") if split else None
        runner = Runner(wish, [*targets, sorter.errors] if sorter else targets, sorter)
        runner.run((str(folder),))
        files = {path.name: path.read_text("utf-8") for path in Path(reports).rglob("*") if path.is_file()}
    return Run(runner.tally, runner.exit_code, files)


def counts(tally: Tally) -> tuple[int, ...]:
    return tally.accounts, tally.refused, tally.refused_set_aside, tally.errors, tally.follow_on, tally.advice


def agree(full: Run) -> None:
    """Compare all that one run wrote."""
    tally, files = full.tally, full.files
    report = json.loads(files["json"])
    failing = files["fail.ndjson"].splitlines()
    assert tally.refused == len(failing) == sum(each["status"] == 400 for each in report["accounts"])
    assert tally.accounts - tally.refused == len(files["pass.ndjson"].splitlines())
    left = [any(each["level"] != "advice" for each in account["findings"]) for account in report["accounts"]]
    assert tally.refused_set_aside == tally.refused - sum(left)
    summary = report["summary"]
    assert (summary["refused"], summary["refused_set_aside"]) == (tally.refused, tally.refused_set_aside)
    cases = [[each.tag for each in case] for case in ET.fromstring(files["junit"]).iter("testcase")]  # noqa: S314
    assert sum("failure" in case for case in cases) == tally.refused - tally.refused_set_aside
    assert sum("skipped" in case for case in cases) == tally.refused_set_aside
    (page,) = re.findall(r'id="data">(.*?)</script>', files["html"], re.DOTALL)
    totals = json.loads(page)["totals"]
    assert (totals["refused"], totals["refused_set_aside"]) == (tally.refused, tally.refused_set_aside)
    (sarif,) = json.loads(files["sarif"])["runs"]
    assert sarif["invocations"][0]["properties"]["refused"] == tally.refused
    for name in ("text", "github"):
        ((_, refused, aside),) = LINE.findall(files[name])
        assert (int(refused), int(aside or 0)) == (tally.refused, tally.refused_set_aside)
    assert (full.code == ExitCode.ERRORS) == any(left)


ALL = ("text", "json", "junit", "html", "sarif", "github")


@given(mixes, shapes, words, words, st.booleans())
@settings(max_examples=40)
def test_counts_agree(mix: list[int], shape: str, select: tuple[str, ...], ignore: tuple[str, ...], some: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), mix, shape)
        by_path = [{"paths": (f"{Path(folder).resolve()}/1.json",), "ignore": ("*",)}] if some else []
        selection = make_selection(select, ignore, by_path)
        wish = RunOptions(None, AS_OF, is_as_of_default=False, make_validator=validator_of, selection=selection)
        full = run(Path(folder), wish, ALL, split=True)
        agree(full)
        for outputs in (("text",), ("ndjson", "csv")):  # nobody wants to hear of accounts that pass: a faster way
            fast = run(Path(folder), wish, outputs, split=False)
            assert (counts(fast.tally), fast.code) == (counts(full.tally), full.code)


def test_without_a_selection_many_of_a_kind_are_only_counted(tmp_path: Path) -> None:
    lay_out(tmp_path, [*range(len(TEXTS))] * 4, "lines")
    wish = RunOptions(None, AS_OF, is_as_of_default=False, make_validator=validator_of)
    full, fast = run(tmp_path, wish, ALL, split=True), run(tmp_path, wish, ("text",), split=False)
    agree(full)
    assert (counts(fast.tally), fast.code) == (counts(full.tally), full.code)
    assert fast.tally.refused > 90


@pytest.mark.parametrize("ignore", [(), ("customers.*", "*.non_field_errors")])
def test_more_processes_count_the_same(tmp_path: Path, ignore: tuple[str, ...]) -> None:
    lay_out(tmp_path, [0, 30, 1, 31, 32, 2] * 4, "files")
    make: Callable[[str], Validator] = partial(make_validator, AS_OF, None, None)
    wish = RunOptions(None, AS_OF, is_as_of_default=False, make_validator=make, selection=make_selection((), ignore))
    one, two = (run(tmp_path, wish._replace(jobs=jobs), ALL, split=True) for jobs in (1, 2))
    agree(two)
    assert (counts(two.tally), two.code, two.files) == (counts(one.tally), one.code, one.files)
    assert two.tally.refused == 12


def check(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(commands, ["check", "--as-of", AS_OF.isoformat(), *arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("shape", ["lines", "array", "files"])
def test_a_baseline_of_all_that_is_known_hides_no_refusal(tmp_path: Path, shape: str) -> None:
    folder, known = tmp_path / "in", str(tmp_path / "known.toml")
    folder.mkdir()
    lay_out(folder, [0, 30, 1, 31], shape)
    done = CliRunner().invoke(
        commands, ["baseline", "write", "--as-of", "2026-01-31", "--baseline", known, str(folder)]
    )
    assert done.exit_code == 0
    code, out, err = check("--baseline", known, str(folder))
    assert (code, err) == (0, "")
    assert "4 accounts checked, 2 refused, 2 of them only by findings that are set aside: 0 errors" in out
    code, out, err = check("--baseline", known, "--format", "json", "--split", str(tmp_path / "out"), str(folder))
    report: dict[str, Any] = json.loads(out)
    assert (code, report["summary"]["refused"], report["summary"]["refused_set_aside"]) == (0, 2, 2)
    assert [each["status"] for each in report["accounts"]].count(400) == 2
    assert len((tmp_path / "out" / "fail.ndjson").read_text("utf-8").splitlines()) == 2
    assert "2 of them only by findings that are set aside" in err


@pytest.mark.parametrize("name", ["ndjson", "csv", "sarif", "junit", "github", "html", "json"])
def test_formats_that_are_no_text_say_it_on_the_error_stream(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, [0, 30], "files")
    code, _, err = check("--ignore", "*", "--market", markets()[0], "--format", name, str(tmp_path))
    assert code == 0
    assert err.endswith("2 accounts checked, 1 refused, 1 of them only by findings that are set aside\n")
