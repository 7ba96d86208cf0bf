"""Statistics of a run, as a user asks for them."""

import csv
import json
from pathlib import Path

import pytest

from tests.command import invoke as run
from tests.payloads import ROOT, good_account, put
from tests.scenarios.test_command import DAY

EXAMPLES = ["examples/dk", "examples/pt"]


def test_table_replaces_the_findings() -> None:
    code, out, err = run("check", *DAY, "--statistics", *EXAMPLES)
    assert (code, err) == (1, "")
    table, summary = out.split("\n\n")
    header, *rows = table.splitlines()
    assert header.split() == ["count", "accounts", "share", "level", "code", "attr", "example"]
    words = "1 1 25.0 % error invalid_phone_number customers.*.landline examples/dk/bad.json:12:21"
    assert words in [" ".join(row.split()) for row in rows]
    levels = [row.split()[4] for row in rows]
    assert levels == sorted(levels, key=["error", "follow-on", "advice"].index)
    assert "\n4 accounts checked, 2 refused: " in summary


def test_formats_and_files_agree(tmp_path: Path) -> None:
    outputs = [f"--output={tmp_path}/{name}" for name in ("s.json", "s.csv", "s.txt", "findings.ndjson")]
    code, out, err = run("check", *DAY, "--statistics", "--format", "csv", *outputs, *EXAMPLES)
    assert (code, err) == (1, "")
    rows = list(csv.DictReader(out.splitlines()))
    assert (tmp_path / "s.csv").read_text("utf-8") == "\ufeff" + out
    report = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert [(row["code"], row["attr"], str(row["count"])) for row in report["statistics"]] == [
        (row["code"], row["attr"], row["count"]) for row in rows
    ]
    findings = [json.loads(line) for line in (tmp_path / "findings.ndjson").read_text("utf-8").splitlines()]
    assert (
        len(findings)
        == sum(int(row["count"]) for row in rows)
        == sum(report["summary"][level] for level in ("errors", "follow_on", "advice"))
    )
    examples = {(row["file"], row["line"], row["column"], row["code"]) for row in rows}
    assert examples <= {(each["file"], str(each["line"]), str(each["column"]), each["code"]) for each in findings}
    assert "accounts checked" in (tmp_path / "s.txt").read_text("utf-8")


def test_statistics_do_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    bad = put(put(good_account("pt"), "customers.0.email", "x"), "customers.0.shoe_size", 1)
    lines = [json.dumps(bad if number % 3 else good_account("pt")) for number in range(3_000)]
    (tmp_path / "many.ndjson").write_text("\n".join(lines), "utf-8")
    one, two = (run("check", *DAY, "--statistics", "--jobs", jobs, "many.ndjson", cwd=tmp_path) for jobs in "12")
    assert one == two
    first, second = one.out.splitlines()[1:3]
    assert first.split() == [
        *("2000", "2000", "66.6", "%", "error", "invalid", "customers.*.email"),
        first.split()[-1],
    ]
    assert first.split()[-1].startswith("many.ndjson:2:")
    assert second.split()[:5] == ["2000", "2000", "66.6", "%", "advice"]


def test_set_aside_findings_are_not_counted() -> None:
    code, out, _ = run("check", *DAY, "--statistics", "--ignore", "*", *EXAMPLES)
    assert code == 0
    assert out.startswith("not checked: ")
    assert "2 refused, 2 of them only by findings that are set aside" in out


@pytest.mark.parametrize("form", ["ndjson", "sarif", "junit", "github", "html"])
def test_other_formats_of_standard_output_are_refused(form: str) -> None:
    code, out, err = run("check", *DAY, "--statistics", "--format", form, *EXAMPLES)
    assert (code, out) == (2, "")
    assert f"--statistics is not available with --format {form}. Choose one of: text, json, csv, csv-bom." in err


@pytest.mark.parametrize("form", ["json", "text", "csv"])
def test_later_runs_skip_statistics_in_a_folder(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.json").write_bytes((ROOT / "examples/dk/bad.json").read_bytes())
    for notes in ("", "premigrate: s.yaml: skipped: this is a report of premigrate; pass its path to check it\n"):
        code, out, err = run("check", *DAY, "--statistics", "--output", f"{form}:s.yaml", ".", cwd=tmp_path)
        assert (code, err) == (1, notes)
        assert "1 account checked" in out
