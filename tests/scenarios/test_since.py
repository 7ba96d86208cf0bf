"""A run is compared with an earlier one, as a user asks for it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import CommandResult
from tests.command import invoke as run
from tests.payloads import good_account, put
from tests.scenarios.test_command import DAY

LINE = "since old.json (as of 2026-01-31): 1 new, 2 gone, 1 remaining, 1 in accounts that were not checked again"


def numbered(number: str, *places: tuple[str, Any]) -> dict[str, Any]:
    account: dict[str, Any] = put(good_account("pt"), "external_account_number", number)
    for place, value in places:
        account = put(account, place, value)
    return account


EMAIL, PHONE, EXTRA = ("customers.0.email", "x"), ("customers.0.mobile", "abcde"), ("shoe_size", 1)
OLD = [numbered("A", EMAIL, PHONE), numbered("B", PHONE), numbered("C", EMAIL)]
NEW = [numbered("D"), numbered("B"), numbered("A", EMAIL, EXTRA)]


def write(path: Path, accounts: list[dict[str, Any]]) -> None:
    path.write_text("\n".join(map(json.dumps, accounts)), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "payloads.ndjson", OLD)
    assert check(tmp_path, "--output", "old.json", since=None).code == 1
    write(tmp_path / "payloads.ndjson", NEW)
    return tmp_path


def check(folder: Path, *arguments: str, since: str | None = "old.json") -> CommandResult:
    compared = ["--since", since] if since else []
    return run("check", *DAY, *compared, *arguments, "payloads.ndjson", cwd=folder)


def test_text_has_a_line(folder: Path) -> None:
    code, out, err = check(folder)
    assert (code, err) == (1, "")
    assert LINE in out.splitlines()
    assert "since" not in check(folder, since=None).out


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "concise"])
def test_other_formats_have_it_on_standard_error(folder: Path, form: str) -> None:
    code, out, err = check(folder, "--format", form)
    assert (code, err) == (1, f"{LINE}\n")
    plain = check(folder, "--format", form, since=None).out
    if form == "json":
        assert json.loads(out).pop("since") == {
            "file": "old.json", "as_of": "2026-01-31", "new": 1, "gone": 2, "left": 1, "not_checked": 1,
        }  # fmt: skip
    else:
        assert out == plain


def test_processes_and_statistics_do_not_change_it(folder: Path) -> None:
    write(folder / "payloads.ndjson", [*NEW, *[numbered(f"N-{n}", EMAIL) for n in range(500)]])
    one, two = (check(folder, "--jobs", jobs, "--format", "csv", "--output", f"{jobs}.html") for jobs in "12")
    assert one == two
    assert (folder / "1.html").read_bytes() == (folder / "2.html").read_bytes()
    assert "501 new, 2 gone, 1 remaining" in check(folder, "--statistics").out


def test_page_marks_new_findings(folder: Path) -> None:
    check(folder, "--output", "new.html")
    page = (folder / "new.html").read_text("utf-8")
    (data,) = (line for line in page.splitlines() if line.startswith('<script type="application/json" id="data">'))
    assert '"new":1,"gone":2,"left":1,"not_checked":1' in data
    assert '\n"is_new":[1,0]' in page or '\n"is_new":[0,1]' in page


def test_set_aside_findings_count_as_gone(folder: Path) -> None:
    assert "0 new, 3 gone, 0 remaining" in check(folder, "--ignore", "*").out


def test_interrupted_earlier_run_is_mentioned(folder: Path) -> None:
    report = (folder / "old.json").read_text("utf-8").replace('"complete": true', '"complete": false')
    (folder / "old.json").write_text(report, "utf-8")
    assert check(folder).err == "premigrate: old.json: that run was interrupted; findings that it missed count as new\n"


@pytest.mark.parametrize(
    ("since", "arguments", "message"),
    [
        ("none.json", [], "--since none.json: cannot be read: No such file or directory"),
        ("payloads.ndjson", [], "--since payloads.ndjson: not a JSON report of premigrate"),
        (
            "old.json",
            ["--output", "old.json"],
            "--output old.json: would overwrite --since old.json",
        ),
    ],
)
def test_mistakes(folder: Path, since: str, arguments: list[str], message: str) -> None:
    code, out, err = check(folder, *arguments, since=since)
    assert (code, out) == (2, "")
    assert message in err
