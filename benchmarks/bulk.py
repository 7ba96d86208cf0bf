"""Measures files with one account per line: the command and peers, each in its own processes.

One file has the examples of all markets in turn, the other varied accounts, 1% of them with errors. The command reads
the file, checks structure and every rule, and writes its findings. The loops read the file, process each line in one
way, and write nothing.
"""

import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from benchmarks.options import Effort, read_effort
from benchmarks.processes import CHECK_OPTIONS, ProcessRun, accepts_ndjson, check_command, run, write_accounts
from benchmarks.tables import format_number, table, target_cells
from benchmarks.targets import target_of

HEADER = ("contender", "accounts", "seconds", "CPU s", "accounts per CPU s", "ratio", "at least", "goal", "result")
PLAIN, TWO = "premigrate check", "premigrate check --jobs 2"
FILES = {
    "The example accounts of all markets in turn, each with its own account number": ("--examples",),
    "Varied accounts of all markets, 1% bad": ("--share-bad=0.01",),
}
DECODE, STRUCTURE, FRAMEWORK = LOOPS = ("orjson.loads", "pydantic BaseModel", "DRF serializers")
EVERY, SPLIT = "premigrate check --format ndjson", "premigrate check --split"
SAMPLE_DIVISORS = {FRAMEWORK: 100}
"""Slow contenders get one of this many accounts, from the start of the file."""
LEAST_SAMPLE = 1000
CHECKED = {
    DECODE: "decode only",
    STRUCTURE: "decode, structure",
    FRAMEWORK: "decode, structure",
}


def measure(path: Path, size: int) -> dict[str, tuple[int, ProcessRun]]:
    """Run all contenders in sequence; return the number of accounts and the run of each."""
    commands = {name: (sample_of(name, size), loop(name, path, sample_of(name, size))) for name in LOOPS}
    commands["premigrate, in a loop"] = (size, loop("premigrate", path, size))
    if accepts_ndjson():
        for name, options in (CHECK_OPTIONS | {SPLIT: ("--split", str(path.parent / "split"))}).items():
            count = sample_of(name, size)
            commands[name] = (count, check_command(path if count == size else first_of(path, count), options))
    return {name: (count, run(command, codes=(0, 1), cache=path.parent)) for name, (count, command) in commands.items()}


def sample_of(name: str, size: int) -> int:
    """Return how many accounts of a file a contender gets."""
    return min(size, max(LEAST_SAMPLE, size // SAMPLE_DIVISORS.get(name, 1)))


def first_of(path: Path, count: int) -> Path:
    """Copy the first lines of a file to another one."""
    first = path.with_name(f"first-{count}{path.suffix}")
    with path.open("rb") as lines, first.open("wb") as written:
        written.writelines(islice(lines, count))
    return first


def loop(name: str, path: Path, count: int) -> list[str]:
    """Return the command that processes the first lines of a file in one way."""
    return [sys.executable, "-m", "benchmarks.loops", name, str(path), str(count)]


def rows(found: dict[str, tuple[int, ProcessRun]]) -> list[Sequence[str]]:
    """Return a table row for each contender: accounts per CPU second, and the ratio with its target."""
    speeds = {name: count / each.cpu for name, (count, each) in found.items()}
    lines: list[Sequence[str]] = []
    for name, (count, each) in found.items():
        speed = speeds[name]
        label = f"{name} ({CHECKED[name]})" if name in CHECKED else f"{name} (all)"
        compared = compare(name, speeds)
        lines.append((label, f"{count:,}", f"{each.wall:.1f}", f"{each.cpu:.1f}", f"{speed:,.0f}", *compared))
    return lines


def compare(name: str, speeds: dict[str, float]) -> Sequence[str]:
    """Compare a contender with another; return the cells of the ratio and its target."""
    if name == TWO:
        ratio = speeds[PLAIN] / speeds[TWO]
        return f"{format_number(ratio)} x the CPU of one", *target_cells(target_of("two processes"), ratio)
    other, what = (PLAIN, "every finding") if name in {EVERY, SPLIT} else (STRUCTURE, "lines")
    if other not in speeds:
        return "", "", "", ""
    ratio = speeds[name] / speeds[other]
    target = target_of(what) if name.startswith(PLAIN) else None
    return f"{format_number(ratio)} x {other}", *target_cells(target, ratio)


def main(effort: Effort) -> None:
    """Print a table for each file."""
    size = effort.size
    print(f"## Bulk\n\n{size:,} accounts, one on each line; CPU time of all processes together, including their start.")
    print("Slow tools check only the first accounts of the file; their speed is measured with these.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.ndjson"
        for what, options in FILES.items():
            write_accounts(path, size, *options)
            print(f"\n{what}; {path.stat().st_size / 1e6:,.1f} MB:\n")
            print(table(HEADER, rows(measure(path, size))))
    if not accepts_ndjson():
        print("\nThe command cannot read lines, so only the library is measured.")


if __name__ == "__main__":
    main(read_effort(__doc__))
