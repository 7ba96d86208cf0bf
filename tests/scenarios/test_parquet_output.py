"""The command writes findings as a Parquet file that pyarrow, DuckDB and pandas read."""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.command import invoke, run_process
from tests.pages import blocks_of
from tests.payloads import ROOT
from tests.scenarios.test_bulk import PEAK
from tests.scenarios.test_command import DAY
from tests.scenarios.test_memory import accounts, peak

SAME_NAMES = ("file", "account", "level", "code", "attr", "detail", "rule", "line", "column")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of examples, and a file that can't be read."""
    for market in ("dk", "pt"):
        for kind in ("good", "bad"):
            text = (ROOT / "examples" / market / f"{kind}.json").read_text("utf-8")
            (tmp_path / "in").mkdir(exist_ok=True)
            (tmp_path / "in" / f"{market}-{kind}.json").write_text(text, "utf-8")
    (tmp_path / "in" / "z.json").write_text('{\n"a": tru\n}', "utf-8")
    return tmp_path


def rows_of(folder: Path, *options: str) -> list[dict[str, Any]]:
    code, out, _ = invoke("check", *DAY, "--format", "json", "--output", "f.parquet", *options, "in", cwd=folder)
    assert code == 4
    rows: list[dict[str, Any]] = pq.read_table(folder / "f.parquet").to_pylist()
    found = [(each["file"], each["supplier"]) for each in json.loads(out)["accounts"] for _ in each["findings"]]
    assert [(row["file"], row["supplier"]) for row in rows] == [*found, ("in/z.json", None)]
    return rows


def test_rows_are_the_lines_of_ndjson(folder: Path) -> None:
    rows = rows_of(folder)
    _, out, _ = invoke("check", *DAY, "--format", "ndjson", "in", cwd=folder)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [{name: row[name] for name in SAME_NAMES} for row in rows] == [
        {name: line.get(name) for name in SAME_NAMES} for line in lines
    ]
    assert [row["position"] for row in rows] == [line.get("index") for line in lines]
    assert [row["expected"] or "" for row in rows] == [line.get("expected", "") for line in lines]
    assert {row["as_of"].isoformat() for row in rows} == {DAY[-1]}


def test_values_are_masked_unless_asked_for(folder: Path) -> None:
    details = [row["detail"] for row in rows_of(folder)]
    shown = [row["detail"] for row in rows_of(folder, "--show-values")]
    assert "*** is not a valid phone number" in details
    assert "*** is not a valid phone number" not in shown
    assert any(text.endswith(" is not a valid phone number") for text in shown)


def test_same_file_with_several_processes_and_outputs(folder: Path) -> None:
    files = []
    for jobs in ("1", "2"):
        outputs = ("--output", "f.parquet", "--output", "f.csv")
        run_process("check", *DAY, "--jobs", jobs, *outputs, "in", cwd=folder)
        files.append(((folder / "f.parquet").read_bytes(), (folder / "f.csv").read_bytes()))
    assert files[0] == files[1]


def test_duckdb_and_pandas_read_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(folder, "--overlay", str(overlay_in(folder)))
    monkeypatch.chdir(folder)
    names = ("code", "attr", "line", "as_of", "overlay_digest")
    found = duckdb.sql(f"select {', '.join(names)} from 'f.parquet' where level = 'error'").fetchall()  # noqa: S608
    expected = [row for row in rows if row["level"] == "error"]
    assert found == [tuple(row[name] for name in names) for row in expected]
    assert all(row["overlay_digest"] for row in expected)
    frame = pd.read_parquet(folder / "f.parquet")
    assert list(frame.columns) == list(rows[0])
    assert frame["code"].value_counts().to_dict() == count(row["code"] for row in rows if row["code"])
    assert frame["line"].fillna(0).tolist() == [row["line"] or 0 for row in rows]


def overlay_in(folder: Path) -> Path:
    (folder / "tenant.toml").write_text('[market]\nextends = "dk"\n', "utf-8")
    return folder / "tenant.toml"


def count(codes: Any) -> dict[str, int]:
    listed = list(codes)
    return {code: listed.count(code) for code in listed}


def test_recipe_of_the_documents(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invoke("check", *DAY, "--output", "findings.parquet", "in", cwd=folder)
    (recipe,) = [block.text for block in blocks_of(ROOT / "docs" / "outputs.md") if block.language == "python"]
    monkeypatch.chdir(folder)
    counts = dict(eval(recipe.removeprefix("import duckdb\n\n"), {"duckdb": duckdb}).fetchall())  # noqa: S307 - our own document
    assert counts["invalid_phone_number"] == 1


def test_clear_message_without_pyarrow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, out, err = invoke("check", *DAY, "--output", "f.parquet", "in", cwd=folder)
    hint = "install it with: pip install 'premigrate[arrow]'"
    assert (code, out, err) == (2, "", f"premigrate: --output f.parquet: writing Parquet requires pyarrow; {hint}\n")


def test_report_in_the_folder_is_skipped_and_written_over(folder: Path) -> None:
    for _ in range(2):
        code, out, _ = invoke("check", *DAY, "--format", "json", "--output", "in/f.parquet", "in", cwd=folder)
        assert (code, len(json.loads(out)["unreadable"])) == (4, 1)
    code, _, err = invoke("cohort", "in", cwd=folder)
    assert (code, "in/f.parquet: skipped: this is a report of premigrate; pass its path to check it" in err) == (
        4,
        True,
    )
    code, _, err = invoke("check", *DAY, "in/f.parquet", cwd=folder)
    assert (code, "the column 'payload' is missing" in err) == (4, True)


def test_table_of_payloads_is_not_written_over(folder: Path) -> None:
    text = (folder / "in" / "dk-good.json").read_text("utf-8")
    pd.DataFrame({"payload": [text]}).to_parquet(folder / "in" / "f.parquet")
    before = (folder / "in" / "f.parquet").read_bytes()
    code, _, err = invoke("check", *DAY, "--output", "in/f.parquet", "in", cwd=folder)
    assert (code, "would overwrite" in err) == (2, True)
    assert (folder / "in" / "f.parquet").read_bytes() == before


def test_output_of_the_configuration(folder: Path) -> None:
    (folder / "premigrate.toml").write_text('output = ["parquet:table"]\npaths = ["in"]\n', "utf-8")
    (folder / "sub").mkdir()
    assert invoke("check", *DAY, cwd=folder / "sub").code == 4
    assert pq.read_table(folder / "table").num_rows


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
def test_memory_does_not_grow(tmp_path: Path) -> None:
    script = (
        "import premigrate.command.parquet_sink as sink; sink._MAX_ROWS = 500\n"
        f"{PEAK}sys.stdout = open('/dev/null', 'w'); import premigrate.cli.main as c; c.main()"
    )
    options = ("check", *DAY, "--output", "f.parquet")
    small, large = (peak(tmp_path, accounts(count), *options, script=script) for count in (4_000, 40_000))
    assert large < small + (16 << 10)
