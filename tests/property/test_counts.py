"""The count of refused accounts does not depend on filters, outputs, the shape of inputs or processes."""

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

from premigrate import Validator
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

PATTERNS = (
    "*", "field", "invalid", "customers.*", "*.non_field_errors", "non_field_errors", "supply_addresses.*",
    "*identifier*", "deprecated_field*", "phone*", "*_email", "customers.0.*", "nothing-of-all-this",
)  # fmt: skip
TEXTS = [*account_texts(24, 5, share_bad=0), *account_texts(24, 6, share_bad=1)]
LINE = re.compile(
    r"(\d+) accounts? checked, (\d+) refused(?:, (\d+) of them only by findings that are set aside)?[:\n]"
)

patterns = st.lists(st.sampled_from(PATTERNS), max_size=3).map(tuple)
mixes = st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=14)
shapes = st.sampled_from(["lines", "array", "files"])


def write_accounts(folder: Path, mix: list[int], shape: str) -> None:
    """Write accounts to files in one of the shapes, each of which has its own reader."""
    chosen = [TEXTS[number] for number in mix]
    if shape == "lines":
        (folder / "a.ndjson").write_text("\n".join(chosen), "utf-8")
    elif shape == "array":
        (folder / "a.json").write_text(f"[{','.join(chosen)}]", "utf-8")
    else:
        for number, text in enumerate(chosen):
            (folder / f"{number}.json").write_text(text, "utf-8")


class Run(NamedTuple):
    """The results of a run: its counts, its exit code, and the contents of its output files by name."""

    tally: Tally
    code: ExitCode
    files: dict[str, str]


def run(folder: Path, options: RunOptions, outputs: tuple[str, ...], *, split: bool) -> Run:
    with tempfile.TemporaryDirectory() as reports:
        sinks = make_sinks("text", tuple(f"{name}:{reports}/{name}" for name in outputs))[1:]
        splitter = SplitSink(f"{reports}/split") if split else None
        runner = Runner(options, [*sinks, splitter.errors] if splitter else sinks, splitter)
        runner.run((str(folder),))
        files = {path.name: path.read_text("utf-8") for path in Path(reports).rglob("*") if path.is_file()}
    return Run(runner.tally, runner.exit_code, files)


def counts(tally: Tally) -> tuple[int, ...]:
    return tally.accounts, tally.refused, tally.refused_set_aside, tally.errors, tally.follow_on, tally.advice


def check_outputs(full: Run) -> None:
    """Check that all outputs of a run have the same counts."""
    tally, files = full.tally, full.files
    report = json.loads(files["json"])
    failing = files["fail.ndjson"].splitlines()
    assert tally.refused == len(failing) == sum(each["status"] == 400 for each in report["accounts"])
    assert tally.accounts - tally.refused == len(files["pass.ndjson"].splitlines())
    has_findings = [any(each["level"] != "advice" for each in account["findings"]) for account in report["accounts"]]
    assert tally.refused_set_aside == tally.refused - sum(has_findings)
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
    assert (full.code == ExitCode.ERRORS) == any(has_findings)


ALL = ("text", "json", "junit", "html", "sarif", "github")


@given(mixes, shapes, patterns, patterns, st.booleans())
@settings(max_examples=40)
def test_counts_of_all_outputs_agree(
    mix: list[int], shape: str, select: tuple[str, ...], ignore: tuple[str, ...], has_overrides: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_accounts(Path(folder), mix, shape)
        by_path = [{"paths": (f"{Path(folder).resolve()}/1.json",), "ignore": ("*",)}] if has_overrides else []
        selection = make_selection(select, ignore, by_path)
        options = RunOptions(None, AS_OF, is_as_of_default=False, make_validator=validator_of, selection=selection)
        full = run(Path(folder), options, ALL, split=True)
        check_outputs(full)
        for outputs in (("text",), ("ndjson", "csv")):  # no output of accounts that pass: a faster path
            fast = run(Path(folder), options, outputs, split=False)
            assert (counts(fast.tally), fast.code) == (counts(full.tally), full.code)


def test_repeated_findings_are_counted_without_a_selection(tmp_path: Path) -> None:
    write_accounts(tmp_path, [*range(len(TEXTS))] * 4, "lines")
    options = RunOptions(None, AS_OF, is_as_of_default=False, make_validator=validator_of)
    full, fast = run(tmp_path, options, ALL, split=True), run(tmp_path, options, ("text",), split=False)
    check_outputs(full)
    assert (counts(fast.tally), fast.code) == (counts(full.tally), full.code)
    assert fast.tally.refused > 90


@pytest.mark.parametrize("ignore", [(), ("customers.*", "*.non_field_errors")])
def test_counts_do_not_depend_on_processes(tmp_path: Path, ignore: tuple[str, ...]) -> None:
    write_accounts(tmp_path, [0, 30, 1, 31, 32, 2] * 4, "files")
    make: Callable[[str], Validator] = partial(make_validator, AS_OF, None, None)
    options = RunOptions(None, AS_OF, is_as_of_default=False, make_validator=make, selection=make_selection((), ignore))
    one, two = (run(tmp_path, options._replace(jobs=jobs), ALL, split=True) for jobs in (1, 2))
    check_outputs(two)
    assert (counts(two.tally), two.code, two.files) == (counts(one.tally), one.code, one.files)
    assert two.tally.refused == 12


def check(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(commands, ["check", "--as-of", AS_OF.isoformat(), *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("shape", ["lines", "array", "files"])
def test_complete_baseline_keeps_the_count_of_refused_accounts(tmp_path: Path, shape: str) -> None:
    folder, known = tmp_path / "in", str(tmp_path / "known.toml")
    folder.mkdir()
    write_accounts(folder, [0, 30, 1, 31], shape)
    result = CliRunner().invoke(
        commands, ["baseline", "write", "--as-of", "2026-01-31", "--baseline", known, str(folder)]
    )
    assert result.exit_code == 0
    code, out, err = check("--baseline", known, str(folder))
    assert (code, err) == (0, "")
    assert "4 accounts checked, 2 refused, 2 of them only by findings that are set aside: 0 errors" in out
    code, out, err = check("--baseline", known, "--format", "json", "--split", str(tmp_path / "out"), str(folder))
    report: dict[str, Any] = json.loads(out)
    assert (code, report["summary"]["refused"], report["summary"]["refused_set_aside"]) == (0, 2, 2)
    assert [each["status"] for each in report["accounts"]].count(400) == 2
    assert len((tmp_path / "out" / "fail.ndjson").read_text("utf-8").splitlines()) == 2
    assert "2 of them only by findings that are set aside" in err


@pytest.mark.parametrize("name", ["ndjson", "csv", "sarif", "junit", "github", "gitlab", "html", "json"])
def test_other_formats_summarize_on_stderr(tmp_path: Path, name: str) -> None:
    write_accounts(tmp_path, [0, 30], "files")
    code, _, err = check("--ignore", "*", "--format", name, str(tmp_path))
    assert code == 0
    assert err.endswith("2 accounts checked, 1 refused, 1 of them only by findings that are set aside\n")
