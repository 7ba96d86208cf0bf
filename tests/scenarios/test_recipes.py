"""The recipes for engines are run as they stand in the documents."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.payloads import ROOT
from tests.scenarios.test_documents import blocks_of

SHOWN = "  # "


def write_table(folder: Path) -> None:
    """Write the table of accounts that the recipes read."""
    texts = [
        (ROOT / "examples" / market / f"{kind}.json").read_text("utf-8")
        for market in ("pt", "dk")
        for kind in ("good", "bad")
    ]
    pq.write_table(pa.table({"id": [1, 2, 3, 4], "payload": texts}), folder / "accounts.parquet")


def recipe(engine: str) -> str:
    found = [block.text for block in blocks_of(ROOT / "docs" / "engines.md") if block.language == "python"]
    (text,) = [text for text in found if f"import {engine}\n" in text or f"engines.{engine} " in text]
    return text


def follow(text: str, **names: object) -> int:
    """Run a recipe, and compare what lines give with what is shown behind them; tells how many do."""
    lines = text.splitlines()
    shown = [line.split(SHOWN) for line in lines if SHOWN in line]
    exec("\n".join(line for line in lines if SHOWN not in line), names)  # noqa: S102 - our own document
    for expression, value in shown:
        assert str(eval(expression, names)) == value, expression  # noqa: S307 - our own document
    return len(shown)


@pytest.mark.parametrize(("engine", "shown"), [("pandas", 1), ("duckdb", 2)])
def test_a_recipe_gives_what_is_shown(engine: str, shown: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_table(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert follow(recipe(engine)) == shown
