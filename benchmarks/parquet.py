"""Measures Parquet files with accounts as structs, beside the same accounts as JSON text."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import premigrate
from benchmarks.options import Effort, read_effort
from benchmarks.payloads import good_account
from benchmarks.processes import ProcessRun, check_command, run
from benchmarks.tables import format_number, table, target_cells
from benchmarks.targets import target_of

HEAD = ("contender", "accounts", "CPU s", "accounts per CPU s", "ratio", "at least", "goal", "result")
TEXT, STRUCTS = "text", "structs"


def write_files(folder: Path, market: str, size: int) -> dict[str, Path]:
    """Write ``size`` copies of a market's example account, with unique account numbers, in both forms."""
    accounts: list[dict[str, Any]] = [
        {**good_account(market), "external_account_number": f"A-{number}"} for number in range(size)
    ]
    tables = {TEXT: pa.table({"payload": [json.dumps(account) for account in accounts]})}
    tables[STRUCTS] = pa.table({"payload": pa.array(accounts)})
    paths = {kind: folder / f"{market}-{kind}.parquet" for kind in tables}
    for kind, path in paths.items():
        pq.write_table(tables[kind], path)
    return paths


def rows(market: str, size: int, runs: dict[str, ProcessRun]) -> list[Sequence[str]]:
    """Return the table rows of both forms."""
    ratio = runs[TEXT].cpu / runs[STRUCTS].cpu
    found: list[Sequence[str]] = []
    for kind, each in runs.items():
        compared = (
            (f"{format_number(ratio)} x text", *target_cells(target_of("structs"), ratio))
            if kind == STRUCTS
            else [""] * 4
        )
        found.append((f"{market}: {kind}", f"{size:,}", f"{each.cpu:.1f}", f"{size / each.cpu:,.0f}", *compared))
    return found


def main(effort: Effort) -> None:
    """Print the table."""
    size = min(effort.size, 100_000)
    print("## Parquet\n\nThe command with tables of good accounts; CPU time of the whole process.\n")
    found: list[Sequence[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for market in premigrate.markets():
            paths = write_files(Path(folder), market, size)
            runs = {kind: run(check_command(path, ()), cache=Path(folder)) for kind, path in paths.items()}
            found += rows(market, size, runs)
    print(table(HEAD, found))


if __name__ == "__main__":
    main(read_effort(__doc__))
