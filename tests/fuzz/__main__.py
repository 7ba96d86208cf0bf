"""Runs the targets with atheris, one after the other, and prints the results: ``python -m tests.fuzz``.

Each target has its own process, because the fuzzer exits its process. The inputs that it discovers are kept in
``.fuzz``; inputs that fail are written beside the corpus, where the tests find them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
CORPUS, CRASHES, DISCOVERED = HERE / "corpus", HERE / "crashes", Path(".fuzz")
_MAX_BYTES = 4096  # of an input
_STATE = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/\S+(?: lim: \d+)? exec/s: (\d+)")
_DONE = re.compile(r"stat::number_of_executed_units: +(\d+)")
_SUCCESS = 0
_MAX_CRASHES = 20  # of a target, which then ends


class TargetResult(NamedTuple):
    """The results of one target."""

    runs: int = 0
    seconds: float = 0
    edges: int = 0
    corpus: int = 0
    crashes: int = 0


def fuzz_all(names: list[str], seconds: float) -> int:
    """Run the targets one after the other; return the number of failures."""
    results: dict[str, TargetResult] = {}
    for name in names:
        results[name] = _fuzz(name, seconds / len(names))
        print(_row(name, results[name]), flush=True)
    print(_row("all", TargetResult(*map(sum, zip(*results.values(), strict=True)))))
    return sum(each.crashes for each in results.values())


def _row(name: str, result: TargetResult) -> str:
    speed = result.runs / max(result.seconds, 1e-3)
    return (
        f"{name:14} {result.seconds:7.0f} s {result.runs:10} runs {speed:8.0f} /s {result.edges:6} edges "
        f"{result.corpus:5} inputs {result.crashes:3} failures"
    )


def _fuzz(name: str, seconds: float) -> TargetResult:
    """Run one target for some time, also after failures."""
    result = TargetResult()
    while result.seconds < seconds and result.crashes < _MAX_CRASHES:
        started = time.monotonic()
        code, output = _run(name, max(round(seconds - result.seconds), 1))
        states = [tuple(map(int, state)) for state in _STATE.findall(output)]
        totals = [int(number) for number in _DONE.findall(output)]
        runs, edges, _, inputs, _ = states[-1] if states else (0, 0, 0, 0, 0)
        took = time.monotonic() - started
        result = TargetResult(
            result.runs + max([runs, *totals]),
            result.seconds + took,
            max(result.edges, edges),
            max(result.corpus, inputs),
            result.crashes + (code != _SUCCESS),
        )
        if code != _SUCCESS:
            print(f"--- {name} failed\n{_tail(output)}", flush=True)
    return result


def _tail(output: str) -> str:
    """Return the last lines, without the progress of the fuzzer."""
    return "\n".join([line for line in output.splitlines() if not line.startswith(("#", "INFO"))][-40:])


def _run(name: str, seconds: int) -> tuple[int, str]:
    from tests.fuzz.words import words_of

    discovered, crashes = DISCOVERED / name, CRASHES / name
    for folder in (discovered, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="ascii") as words:
        words.write(words_of(name))
        words.flush()
        command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--", f"-dict={words.name}"]
        command += [f"-max_total_time={seconds}", f"-max_len={_MAX_BYTES}", "-timeout=30", "-rss_limit_mb=3000"]
        command += ["-print_final_stats=1", f"-artifact_prefix={crashes}/", str(discovered), str(CORPUS / name)]
        completed = subprocess.run(command, capture_output=True, check=False)
    if not any(crashes.iterdir()):
        crashes.rmdir()
    return completed.returncode, (completed.stdout + completed.stderr).decode("utf-8", "replace")


def fuzz_one(name: str, arguments: list[str]) -> None:
    """Run the fuzzer for one target in this process; never returns."""
    import atheris

    os.environ["PREMIGRATE_CACHE_DIR"] = ""
    with atheris.instrument_imports(include=["premigrate"]):
        import premigrate

        for module in pkgutil.walk_packages(premigrate.__path__, "premigrate."):
            if not module.name.startswith(("premigrate.integrations", "premigrate.__main__")):
                importlib.import_module(module.name)
    from tests.fuzz.targets import TARGETS

    TARGETS[name](b"")  # loads modules and data, which should not count as slow inputs
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    """Parse the command line, and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="the targets to run; all if omitted")
    parser.add_argument("--seconds", type=float, default=3600, help="total time of all targets")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        fuzz_one(args.one, args.targets)
    from tests.fuzz.targets import selected_targets

    return int(fuzz_all(selected_targets(args.targets), args.seconds) > 0)


if __name__ == "__main__":
    sys.exit(main())
