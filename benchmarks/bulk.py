"""Measures files of many accounts, one in each line: the command beside peers, each in processes of its own.

The accounts are the examples of all markets in turn; then varied ones, of which one in a hundred is bad. The command
reads the file, checks structure and every rule, and writes what it found; the loops read the file and do one thing with
each line, and write nothing.
"""

import sys
import tempfile
from collections.abc import Sequence
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
SAMPLE_OF = {"DRF serializers": 100}
"""Of how many accounts the slow get one: the first of the file."""
LEAST_SAMPLE = 1000
CHECKED = {
    "orjson.loads": "decode only",
    "pydantic BaseModel": "decode, structure",
    "DRF serializers": "decode, structure",
}


def measure(path: Path, size: int) -> dict[str, tuple[int, Run]]:
    """Run all contenders, one after the other; of each the number of accounts, and what it took."""
    samples = {name: min(size, max(LEAST_SAMPLE, size // SAMPLE_OF.get(name, 1))) for name in LOOPS}
    commands = {name: (count, loop(name, path, count)) for name, count in samples.items()}
    commands["premigrate, in a loop"] = (size, loop("premigrate", path, size))
    if reads_lines():
        split = {"premigrate check --split": ("--split", str(path.parent / "split"))}
        commands |= {name: (size, check_command(path, options)) for name, options in (WAYS | split).items()}
    return {name: (count, run(command, codes=(0, 1), cache=path.parent)) for name, (count, command) in commands.items()}


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
    print("DRF gets the first of the file only, and its speed is that of those.")
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
