"""Runs the recipes for data engines that the documents show."""

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from premigrate.integrations.arrow import TableChecker
from premigrate.ruleset.lineage import lineage_of
from tests.pages import blocks_of, run_python
from tests.payloads import AS_OF, ROOT


def write_table(folder: Path) -> None:
    """Write the table of accounts that the recipes read."""
    texts = [
        (ROOT / "examples" / market / f"{kind}.json").read_text("utf-8")
        for market in ("pt", "dk")
        for kind in ("good", "bad")
    ]
    pq.write_table(pa.table({"id": [1, 2, 3, 4], "payload": texts}), folder / "accounts.parquet")


def recipe(section: str) -> str:
    """Return the Python code of a section of the page."""
    page = (ROOT / "docs" / "engines.md").read_text("utf-8")
    text = re.split(rf"^##+ {section}\n", page, flags=re.MULTILINE)[1]
    code: str = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[0]
    return code


def run_recipe(text: str, names: dict[str, object] | None = None, **more: object) -> int:
    """Run a recipe, compare expressions with the values in their comments, and return how many there are.

    ``names`` are its global names, which it adds to.
    """
    names = {} if names is None else names
    names |= more
    return run_python(text, names)


@pytest.mark.parametrize(("section", "shown"), [("pandas", 1), ("DuckDB", 2)])
def test_recipe_gives_the_shown_values(
    section: str, shown: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run_recipe(recipe(section)) == shown


@pytest.mark.slow
@pytest.mark.parametrize(("library", "section", "shown"), [("polars", "Polars", 2), ("dask", "Dask", 1)])
def test_recipe_of_an_engine_that_is_rarely_installed(
    library: str, section: str, shown: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(library, reason="nox -s engines installs it")
    test_recipe_gives_the_shown_values(section, shown, tmp_path, monkeypatch)


@pytest.mark.slow
def test_dask_sends_a_checker_to_processes(tmp_path: Path) -> None:
    dataframe = pytest.importorskip("dask.dataframe", reason="nox -s engines installs it")
    overlay = {"market": {"extends": "dk"}, "enabled": {"deprecated-field": "Known."}}
    checker = TableChecker(as_of=AS_OF, market="dk", overlay=overlay, lineage=True)
    write_table(tmp_path)
    table = pq.read_table(tmp_path / "accounts.parquet")
    accounts = dataframe.from_pandas(table.to_pandas(), npartitions=2)
    meta = checker.stream(accounts.head(0)).read_pandas()
    answers = accounts.map_partitions(lambda part: checker.stream(part).read_pandas(), meta=meta)
    computed = answers[["id", "account", "overlay_digest"]].compute(scheduler="processes").to_numpy().tolist()
    expected = checker.stream(table).read_all().select(["id", "account", "overlay_digest"]).to_pylist()
    assert computed == [list(row.values()) for row in expected]


PROJECT = {
    "dbt_project.yml": "{name: migration, profile: migration, flags: {send_anonymous_usage_stats: false}}\n",
    "profiles.yml": "migration: {target: dev, outputs: {dev: {type: duckdb, path: migration.duckdb}}}\n",
    "models/accounts.sql": "select * from read_parquet('accounts.parquet')\n",
}


@pytest.mark.slow
def test_recipe_of_dbt(tmp_path: Path) -> None:
    pytest.importorskip("dbt.adapters.duckdb", reason="nox -s dbt installs it")
    write_table(tmp_path)
    shown = {block.file: block.text for block in blocks_of(ROOT / "docs" / "engines.md") if block.file}
    for name, text in {**PROJECT, **shown}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", "--profiles-dir", "."]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert completed.returncode == 1, completed.stderr
    assert "Got 2 results, configured to fail if != 0" in completed.stdout, completed.stdout
    with duckdb.connect(str(tmp_path / "migration.duckdb")) as connection:
        rows = connection.sql("select id, status, as_of, rules_digest from account_answers order by id").fetchall()
    digest = lineage_of(AS_OF, None).rules_digest
    assert rows == [(number, status, AS_OF, digest) for number, status in enumerate((200, 400, 200, 400), 1)]
