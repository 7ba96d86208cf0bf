"""Measures the command on one file, with and without the cache, beside bare Python and another JSON checker.

The other is check-jsonschema, on the same file, with the schema that premigrate exports.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import premigrate
from benchmarks.options import Effort, read_effort
from benchmarks.processes import BIN
from benchmarks.tables import table
from benchmarks.targets import target_of
from benchmarks.wall_times import HEAD, Command, measure_alternately, row

DAY = "2026-01-31"
RIVAL = "check-jsonschema"


def commands(folder: Path) -> dict[str, Command]:
    """Return the command of each contender."""
    own, cache = str(BIN / "premigrate"), str(folder / "cache")
    found = {"python -c pass": Command([sys.executable, "-c", "pass"])}
    found["premigrate --version"] = Command([own, "--version"])
    for market in premigrate.markets():
        example = f"examples/{market}/good.json"
        check = [own, "check", "--market", market, "--as-of", DAY, example]
        found[f"check {market}, warm cache"] = Command(check, cache)
        found[f"check {market}, cold cache"] = Command(check, None)
        found[f"check {market}, no cache"] = Command(check)
        schema = folder / f"{market}.schema.json"
        with schema.open("wb") as file:
            subprocess.run([own, "schema", "--market", market], check=True, stdout=file)  # noqa: S603
        found[f"{RIVAL} {market}"] = Command([str(BIN / RIVAL), "--schemafile", str(schema), example])
    return found


def main(effort: Effort) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        times = measure_alternately(commands(Path(folder)), effort.starts)
    rivals = {f"check {market}": times[f"{RIVAL} {market}"] for market in premigrate.markets()}
    print(f"## Startup\n\nWall time of whole processes, from start to end; {effort.starts} runs of each.\n")
    rows = []
    for name, each in times.items():
        target = target_of("one small file") if name.endswith("warm cache") else None
        rows.append(row(name, each, RIVAL, rivals.get(name.split(",")[0], ()), target))
    print(table(HEAD, rows))


if __name__ == "__main__":
    main(read_effort(__doc__))
