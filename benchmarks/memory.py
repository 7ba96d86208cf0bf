"""Measures the peak memory of the largest process for files with few and with only bad accounts.

Two file sizes show that memory does not grow with the number of accounts.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bulk import EVERY, loop
from benchmarks.options import Effort, read_effort
from benchmarks.processes import CHECK_OPTIONS, accepts_ndjson, check_command, run, write_accounts
from benchmarks.tables import Target, table

HEAD = ("contender", "accounts", "bad", "peak MB", "at most", "goal", "result")
TARGET = Target(150, 150, at_most=True)
SHARES = (0.01, 1.0)


def measure(folder: Path, size: int, share_bad: float, *, is_largest: bool) -> list[Sequence[str]]:
    """Run all contenders on a generated file; return the table row of each, with its peak memory."""
    path = folder / "accounts.ndjson"
    write_accounts(path, size, f"--share-bad={share_bad}")
    commands = {"orjson.loads, in a loop": loop("orjson.loads", path, size)}
    commands["premigrate, in a loop"] = loop("premigrate", path, size)
    if accepts_ndjson():
        ways = {name: options for name, options in CHECK_OPTIONS.items() if name != EVERY or not is_largest}
        commands |= {name: check_command(path, options) for name, options in ways.items()}
    rows: list[Sequence[str]] = []
    for name, command in commands.items():
        peak = run(command, codes=(0, 1), cache=folder).peak
        cells = TARGET.cells(peak) if name.startswith("premigrate") else ("", "", "")
        rows.append((name, f"{size:,}", f"{share_bad:.0%}", f"{peak:.0f}", *cells))
    return rows


def main(effort: Effort) -> None:
    """Print the table."""
    print("## Memory\n\nThe peak memory of the largest process of each contender.\n")
    with tempfile.TemporaryDirectory() as folder:
        sizes = max(1, effort.size // 10), effort.size
        cases = [(size, share) for share in SHARES for size in sizes]
        rows = [row for case in cases for row in measure(Path(folder), *case, is_largest=case[0] == sizes[-1])]
    print(table(HEAD, rows))


if __name__ == "__main__":
    main(read_effort(__doc__))
