"""Runs the recipes for data engines that the documents show."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.payloads import ROOT
from tests.scenarios.test_documents import blocks_of

COMMENT = "  # "


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
    (text,) = [text for text in found if f"import {engine}\n" in text or f"integrations.{engine} " in text]
    return text


def run_recipe(text: str, **names: object) -> int:
    """Run a recipe, compare expressions with the values in their comments, and return how many there are."""
    lines = text.splitlines()
    shown = [line.split(COMMENT) for line in lines if COMMENT in line]
    exec("\n".join(line for line in lines if COMMENT not in line), names)  # noqa: S102 - our own document
    for expression, value in shown:
        assert str(eval(expression, names)) == value, expression  # noqa: S307 - our own document
    return len(shown)


@pytest.mark.parametrize(("engine", "shown"), [("pandas", 1), ("duckdb", 2)])
def test_recipe_gives_the_shown_values(
    engine: str, shown: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run_recipe(recipe(engine)) == shown
