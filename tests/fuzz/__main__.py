"""Runs the targets under atheris, one after the other, and prints what came of it: ``python -m tests.fuzz``.

Each target gets a process of its own, for the fuzzer ends the one that it runs in. What it learns is kept in ``.fuzz``,
inputs that fail are put beside the corpus, where the tests find them.
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
CORPUS, CRASHES, LEARNT = HERE / "corpus", HERE / "crashes", Path(".fuzz")
_LONGEST = 4096  # bytes of an input
_STATE = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/\S+(?: lim: \d+)? exec/s: (\d+)")
_DONE = re.compile(r"stat::number_of_executed_units: +(\d+)")
_ENDED_WELL = 0
_MOST_CRASHES = 20  # of one target, then it is given up


class Told(NamedTuple):
    """What came of one target."""

    runs: int = 0
    seconds: float = 0
    edges: int = 0
    corpus: int = 0
    crashes: int = 0


def fuzz_all(names: list[str], seconds: float) -> int:
    """Run targets in turns; the number of failures."""
    told: dict[str, Told] = {}
    for name in names:
        told[name] = _fuzz(name, seconds / len(names))
        print(_row(name, told[name]), flush=True)
    print(_row("all", Told(*map(sum, zip(*told.values(), strict=True)))))
    return sum(each.crashes for each in told.values())


def _row(name: str, told: Told) -> str:
    speed = told.runs / max(told.seconds, 1e-3)
    return (
        f"{name:14} {told.seconds:7.0f} s {told.runs:10} runs {speed:8.0f} /s {told.edges:6} edges "
        f"{told.corpus:5} inputs {told.crashes:3} failures"
    )


def _fuzz(name: str, seconds: float) -> Told:
    """Run one target for some time; after a failure it goes on."""
    told = Told()
    while told.seconds < seconds and told.crashes < _MOST_CRASHES:
        begun = time.monotonic()
        code, output = _run(name, max(round(seconds - told.seconds), 1))
        states = [tuple(map(int, state)) for state in _STATE.findall(output)]
        done = [int(number) for number in _DONE.findall(output)]
        runs, edges, _, inputs, _ = states[-1] if states else (0, 0, 0, 0, 0)
        took = time.monotonic() - begun
        told = Told(
            told.runs + max([runs, *done]),
            told.seconds + took,
            max(told.edges, edges),
            max(told.corpus, inputs),
            told.crashes + (code != _ENDED_WELL),
        )
        if code != _ENDED_WELL:
            print(f"--- {name} failed\n{_tail(output)}", flush=True)
    return told


def _tail(output: str) -> str:
    """Leave out what the fuzzer says of its progress."""
    return "\n".join([line for line in output.splitlines() if not line.startswith(("#", "INFO"))][-40:])


def _run(name: str, seconds: int) -> tuple[int, str]:
    from tests.fuzz.words import words_of

    learnt, crashes = LEARNT / name, CRASHES / name
    for folder in (learnt, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="ascii") as words:
        words.write(words_of(name))
        words.flush()
        command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--", f"-dict={words.name}"]
        command += [f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=30", "-rss_limit_mb=3000"]
        command += ["-print_final_stats=1", f"-artifact_prefix={crashes}/", str(learnt), str(CORPUS / name)]
        done = subprocess.run(command, capture_output=True, check=False)
    if not any(crashes.iterdir()):
        crashes.rmdir()
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def fuzz_one(name: str, arguments: list[str]) -> None:
    """Be the process of one target; never returns."""
    import atheris

    os.environ["PREMIGRATE_CACHE_DIR"] = ""
    with atheris.instrument_imports(include=["premigrate"]):
        import premigrate

        for module in pkgutil.walk_packages(premigrate.__path__, "premigrate."):
            if not module.name.startswith(("premigrate.integrations", "premigrate.__main__")):
                importlib.import_module(module.name)
    from tests.fuzz.targets import TARGETS

    TARGETS[name](b"")  # what is loaded the first time is not for the fuzzer to time
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="which; all if none is named")
    parser.add_argument("--seconds", type=float, default=3600, help="for all targets together")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.one:
        fuzz_one(said.one, said.targets)
    from tests.fuzz.targets import all_of

    return int(fuzz_all(all_of(said.targets), said.seconds) > 0)


if __name__ == "__main__":
    sys.exit(main())
