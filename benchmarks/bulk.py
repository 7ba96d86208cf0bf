"""Measures files of many accounts, one in each line: the command beside peers, each in processes of its own.

The accounts are the examples of all markets in turn; then varied ones, of which one in a hundred is bad. The command
reads the file, checks structure and every rule, and writes what it found; the loops read the file and do one thing with
each line, and write nothing.
"""

import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from benchmarks.options import Effort, read_effort
from benchmarks.processes import WAYS, Run, check_command, make_lines, reads_lines, run
from benchmarks.tables import NO_TARGET, Target, figure, table

HEAD = ("contender", "accounts", "seconds", "CPU s", "accounts a CPU s", "ratio", "at least", "goal", "says")
TARGET = Target(25_000, 50_000)
PROMISED = "premigrate check"
FILES = {
    "The examples of all markets in turn, each with a number of its own": (("--examples",), TARGET),
    "Varied accounts of all markets, 1% bad; no figure was promised for them": (("--share-bad=0.01",), None),
}
LOOPS = ("orjson.loads", "pydantic BaseModel", "DRF serializers")
EVERY, SPLIT = "premigrate check --format ndjson", "premigrate check --split"
SAMPLE_OF = {"DRF serializers": 100, EVERY: 10, SPLIT: 10}
"""Of how many accounts the slow get one: the first of the file. They write, and find the place of, each finding."""
LEAST_SAMPLE = 1000
CHECKED = {
    "orjson.loads": "decode only",
    "pydantic BaseModel": "decode, structure",
    "DRF serializers": "decode, structure",
}


def measure(path: Path, size: int) -> dict[str, tuple[int, Run]]:
    """Run all contenders, one after the other; of each the number of accounts, and what it took."""
    commands = {name: (sample_of(name, size), loop(name, path, sample_of(name, size))) for name in LOOPS}
    commands["premigrate, in a loop"] = (size, loop("premigrate", path, size))
    if reads_lines():
        for name, options in (WAYS | {SPLIT: ("--split", str(path.parent / "split"))}).items():
            count = sample_of(name, size)
            commands[name] = (count, check_command(path if count == size else first_of(path, count), options))
    return {name: (count, run(command, codes=(0, 1), cache=path.parent)) for name, (count, command) in commands.items()}


def sample_of(name: str, size: int) -> int:
    """Tell how many accounts of a file a contender gets."""
    return min(size, max(LEAST_SAMPLE, size // SAMPLE_OF.get(name, 1)))


def first_of(path: Path, count: int) -> Path:
    """Write the first lines of a file into another."""
    first = path.with_name(f"first-{count}{path.suffix}")
    with path.open("rb") as lines, first.open("wb") as written:
        written.writelines(islice(lines, count))
    return first


def loop(name: str, path: Path, count: int) -> list[str]:
    """Write the command that does one thing with each of the first lines of a file."""
    return [sys.executable, "-m", "benchmarks.loops", name, str(path), str(count)]


def rows(found: dict[str, tuple[int, Run]], target: Target | None) -> list[Sequence[str]]:
    """Set contenders side by side: accounts a second of CPU, and how many times as many as DRF does."""
    speeds = {name: count / each.cpu for name, (count, each) in found.items()}
    told: list[Sequence[str]] = []
    for name, (count, each) in found.items():
        speed = speeds[name]
        cells = target.cells(speed) if target and name == PROMISED else NO_TARGET
        label = f"{name} ({CHECKED[name]})" if name in CHECKED else f"{name} (all)"
        ratio = f"{figure(speed / speeds['DRF serializers'])} x DRF"
        told.append((label, f"{count:,}", f"{each.wall:.1f}", f"{each.cpu:.1f}", f"{speed:,.0f}", ratio, *cells))
    return told


def main(effort: Effort) -> None:
    """Print a table for each file."""
    size = effort.size
    print(f"## Bulk\n\n{size:,} accounts, one in each line; CPU time of all processes together, their start included.")
    print("What is slow gets the first of the file only, and its speed is that of those.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.ndjson"
        for what, (options, target) in FILES.items():
            make_lines(path, size, *options)
            print(f"\n{what}; {path.stat().st_size / 1e6:,.1f} MB:\n")
            print(table(HEAD, rows(measure(path, size), target)))
    if not reads_lines():
        print("\nThe command does not read lines yet, so premigrate is measured by its library only.")


if __name__ == "__main__":
    main(read_effort(__doc__))
