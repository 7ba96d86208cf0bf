"""Measures accounts per second: validate, the Arrow function, and Spark in local mode, on the same accounts.

The start of a Spark session and of its workers is reported separately. The result is a table; nothing is asserted.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import premigrate
from benchmarks.accounts import account_texts
from benchmarks.tables import format_number, table
from premigrate.accounts.identity import market_of
from premigrate.integrations.arrow import TableChecker
from premigrate.integrations.spark import check_dataframe

AS_OF = date(2026, 1, 31)
BATCH = 10_000


def seconds(task: Callable[[], object]) -> float:
    """Return the wall time of a task."""
    started = time.perf_counter()
    task()
    return time.perf_counter() - started


def validate_all(payloads: list[str], validators: dict[str, premigrate.Validator]) -> None:
    """Parse each payload, detect its market, and validate it."""
    for text in payloads:
        payload = json.loads(text)
        validators[market_of(payload) or ""].validate(payload)


def check_all(accounts: pa.Table, checker: TableChecker) -> None:
    """Check accounts with the Arrow function."""
    for _ in checker.stream(pa.Table.from_batches(accounts.to_batches(max_chunksize=BATCH))):
        pass


def in_process(accounts: pa.Table) -> Iterator[tuple[str, float]]:
    """Yield the name and the seconds of each contender that runs in this process, on one core."""
    validators = {name: premigrate.Validator(market=name, as_of=AS_OF) for name in premigrate.markets()}
    payloads = accounts.column("payload").to_pylist()
    validate_all(payloads[:BATCH], validators)  # fills caches
    yield "json.loads and validate, one process", seconds(lambda: validate_all(payloads, validators))
    checker = TableChecker(as_of=AS_OF)
    yield "Arrow function, one process", seconds(lambda: check_all(accounts, checker))


def on_spark(path: Path, cores: int) -> tuple[float, float, float]:
    """Return the seconds for the start of a session, for the first job, and for the next, with running workers."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    started = time.perf_counter()
    builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.log.level", "ERROR").getOrCreate()
    session_seconds = time.perf_counter() - started
    first, second = (seconds(lambda: _answer(session, path, cores)) for _ in range(2))
    session.stop()
    return session_seconds, first, second


def _answer(session: Any, path: Path, cores: int) -> None:
    accounts = session.read.parquet(str(path)).repartition(4 * cores)
    check_dataframe(accounts, as_of=AS_OF).write.format("noop").mode("overwrite").save()


def main() -> None:
    """Measure all contenders, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    payloads = list(account_texts(args.count, seed=1))
    accounts = pa.table({"id": range(args.count), "payload": payloads})
    rows = list(in_process(accounts))
    session_seconds = 0.0
    if shutil.which("java"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "accounts.parquet"
            pq.write_table(accounts, path)
            session_seconds, first, second = on_spark(path, args.cores)
        rows += [("Spark, first job", first), (f"Spark, {args.cores} cores, workers there", second)]
    plain = rows[0][1]
    size = sum(len(text.encode()) for text in payloads) / args.count
    print(f"\n{args.count:,} accounts of {size:,.0f} bytes, 1 % bad; {args.cores} cores")
    lines = [
        (name, format_number(took), format_number(args.count / took), format_number(plain / took))
        for name, took in rows
    ]
    print(table(("", "seconds", "accounts per second", "times validate"), lines))
    print(
        f"start of the Spark session: {session_seconds:.1f} s"
        if session_seconds
        else "Spark is not measured: there is no Java"
    )


if __name__ == "__main__":
    main()
