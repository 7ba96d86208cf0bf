"""check_files returns the same results as the command, in the order of its inputs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import premigrate
from premigrate.batch.check_files import AccountResult, check_files
from premigrate.exceptions import BadArgument, BadRules, UnknownMarket
from tests.conftest import validator_of
from tests.payloads import AS_OF, good_account, put

BAD = put(good_account("pt"), "customers.0.email", "x")


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    lines = [json.dumps(good_account("dk")), "", "{", json.dumps({"payload": BAD}), "{}"]
    (tmp_path / "a.ndjson").write_text("\n".join(lines), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps([BAD, good_account("pt")], indent=1), "utf-8")
    (tmp_path / "c.yaml").write_text(json.dumps([good_account("pt"), BAD]), "utf-8")
    return [tmp_path, tmp_path / "gone.json"]


def summary_of(checked: AccountResult) -> tuple[str, int, int, str, bool]:
    return Path(checked.file).name, checked.line, checked.position, checked.account_number, checked.ok


def test_accounts_and_read_errors_come_in_input_order(inputs: list[Path]) -> None:
    found = list(check_files(inputs, as_of=AS_OF))
    pt, dk = (good_account(market)["external_account_number"] for market in ("pt", "dk"))
    second = json.dumps([BAD, 0], indent=1).count("\n", 0, json.dumps([BAD, 0], indent=1).rindex("}")) + 2
    assert [summary_of(each) for each in found] == [
        ("a.ndjson", 1, 0, dk, True),
        ("a.ndjson", 3, 1, "", False),
        ("a.ndjson", 4, 2, pt, False),
        ("a.ndjson", 5, 3, "", False),
        ("b.json", 2, 0, pt, False),
        ("b.json", second, 1, pt, True),
        ("c.yaml", 1, 0, pt, True),
        ("c.yaml", 1, 1, pt, False),
        ("gone.json", 0, 0, "", False),
    ]
    problems = [str(each.problem) for each in found if each.problem]
    assert [problem.split(":")[0] for problem in problems] == [
        "not JSON",
        "this object is empty; an account must have import_supplier and external_account_number (known codes",
        "No such file or directory",
    ]
    assert [(each.problem.line, each.problem.column) for each in found if each.problem] == [(3, 2), (5, 1), (0, 0)]
    assert found[0].result == validator_of("dk").validate(good_account("dk"))
    assert found[4].result == validator_of("pt").validate(BAD)


def test_several_processes_give_the_same_results(inputs: list[Path]) -> None:
    one = [(summary_of(each), each.result, str(each.problem)) for each in check_files(inputs, as_of=AS_OF)]
    two = [(summary_of(each), each.result, str(each.problem)) for each in check_files(inputs, as_of=AS_OF, jobs=2)]
    assert one == two


def test_script_without_a_main_guard_is_not_run_again(inputs: list[Path]) -> None:
    script = inputs[0].parent / f"{inputs[0].name}.py"
    script.write_text(
        "import datetime, sys, premigrate\n"
        "print('begun')\n"
        "day = datetime.date(2026, 1, 31)\n"
        "print(len(list(premigrate.check_files(sys.argv[1:], as_of=day, jobs=2))))\n",
        "utf-8",
    )
    command = [sys.executable, str(script), *map(str, inputs)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "begun\n9\n", "")


def test_files_are_read_lazily(inputs: list[Path]) -> None:
    checked = check_files(inputs, as_of=AS_OF)
    next(checked)
    (inputs[0] / "b.json").write_text("[]", "utf-8")
    assert "the array is empty; it must contain at least one account" in [str(each.problem) for each in checked]


@pytest.mark.parametrize("jobs", [1, 2])
def test_unknown_market_and_invalid_overlay_raise(inputs: list[Path], jobs: int) -> None:
    with pytest.raises(UnknownMarket):
        list(check_files(inputs, as_of=AS_OF, market="xx", jobs=jobs))
    with pytest.raises(BadRules) as caught:
        list(check_files(inputs, as_of=AS_OF, market="pt", overlay={"nope": {}}, jobs=jobs))
    assert "nope" in str(caught.value)
    assert caught.value.problems


def test_invalid_arguments_are_refused(inputs: list[Path]) -> None:
    with pytest.raises(BadArgument):
        check_files(str(inputs[0]), as_of=AS_OF)
    with pytest.raises(BadArgument):
        check_files(inputs, as_of=AS_OF, jobs=-1)


def test_validate_many_is_lazy() -> None:
    taken = []

    def payloads() -> Iterator[object]:
        for payload in (good_account("pt"), BAD, None):
            taken.append(payload)
            yield payload

    results = validator_of("pt").validate_many(payloads())
    assert not taken
    assert next(results).ok
    assert len(taken) == 1
    assert [each.ok for each in results] == [False, False]


def test_names_are_public() -> None:
    assert premigrate.check_files is check_files
    assert premigrate.AccountResult is AccountResult
    assert issubclass(premigrate.WorkerLost, premigrate.PremigrateError)


@pytest.mark.parametrize("path", ["a\0b.json", "a\ud800b.json", "x" * 10_000, "a\0b.parquet"])
def test_impossible_path_is_reported_as_a_result(path: str) -> None:
    (checked,) = check_files([path], as_of=AS_OF)
    assert checked.problem


def test_file_names_do_not_depend_on_the_locale(tmp_path: Path) -> None:
    """Check a UTF-8 name in an ASCII locale, and a name that is not valid UTF-8."""
    for name in ("Ærø.json".encode(), b"\xc6r\xf8.json"):
        (tmp_path / os.fsdecode(name)).write_text("{", "utf-8")
    names = []
    for variables in ({"PYTHONUTF8": "1"}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        command = [sys.executable, "-m", "premigrate", "check", "--format", "ndjson", "."]
        environment = {**os.environ, "LC_ALL": "C", **variables}
        completed = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env=environment)
        names.append([json.loads(line)["file"] for line in completed.stdout.splitlines()])
    assert names == [["Ærø.json", r"\udcc6r\udcf8.json"]] * 2
