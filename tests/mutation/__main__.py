"""Changes one small thing in a module, runs the tests that reach it, and tells what none of them noticed.

    python -m tests.mutation running compiling formats --count 300 --seed 1

A room may be narrowed: ``compiling/operators``, ``running/run.py``.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import random
import sys
import time

from tests.mutation.applying import SRC
from tests.mutation.explained import explained
from tests.mutation.judging import ENDED, Verdict, judge
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.reaching import reach, tests_for

_HEAVY = ("pydantic", "phonenumbers", "msgspec", "stdnum", "pycountry", "yaml", "click", "hypothesis.strategies")
_LOW = 0.9


def main() -> int:
    """Run, and exit with 1 if fewer than nine of ten mutants of a room were noticed."""
    told = _arguments()
    os.environ["PREMIGRATE_CACHE_DIR"] = ""
    for name in _HEAVY:  # each copy of this process has them already
        importlib.import_module(name)
    chosen = {room: _sample(room, told.count, told.seed) for room in told.rooms}
    files = tests_for(room.partition("/")[0].removesuffix(".py") for room in chosen)
    reached = reach(files, {mutant.file for each in chosen.values() for mutant in each})
    reasons = explained()
    found: dict[Mutant, Verdict] = {}
    began = time.monotonic()
    for verdict in judge(sorted({mutant for each in chosen.values() for mutant in each}), reached, told.seconds):
        found[verdict.mutant] = verdict
        if not verdict.killer:
            _tell_survivor(verdict, reasons)
        elif told.verbose:
            print(f"src/{verdict.mutant.file}:{verdict.mutant.line}: killed by {verdict.killer}", flush=True)
    print(f"{len(found)} mutants in {time.monotonic() - began:.0f} s")
    rates = [_tell_room(room, [found[each] for each in chosen[room]], reasons) for room in chosen]
    return 0 if min(rates) >= _LOW else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="+", help="rooms of src/premigrate, or files")
    parser.add_argument("--count", type=int, default=100, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=1, help="tells which")
    parser.add_argument("--seconds", type=float, default=10, help="what the tests of one mutant may take")
    parser.add_argument("--verbose", action="store_true", help="say what killed each of the others, too")
    return parser.parse_args()


def _sample(room: str, count: int, seed: int) -> list[Mutant]:
    """Choose mutants of a room; the same ones each time, in the order of the text."""
    place = SRC / "premigrate" / room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    if not files[0].is_file():
        sys.exit(f"there is no {place}")
    found = [mutant for file in files for mutant in mutants_of(str(file.relative_to(SRC)), file.read_bytes())]
    rng = random.Random(f"{room} {seed}")  # noqa: S311 - to be repeated, not to be secret
    return sorted(rng.sample(found, min(count, len(found))))


def _reason(verdict: Verdict, reasons: dict[tuple[str, str, str], str]) -> str | None:
    mutant = verdict.mutant
    return reasons.get((mutant.file, *mutant.lines((SRC / mutant.file).read_bytes())))


def _tell_survivor(verdict: Verdict, reasons: dict[tuple[str, str, str], str]) -> None:
    mutant = verdict.mutant
    was, becomes = mutant.lines((SRC / mutant.file).read_bytes())
    why = _reason(verdict, reasons)
    print(f"src/{mutant.file}:{mutant.line}: survived {verdict.tests} tests{f' ({why})' if why else ''}")
    for line in list(difflib.unified_diff(was.splitlines(), becomes.splitlines(), lineterm="", n=0))[3:]:
        print(f"    {line}")
    sys.stdout.flush()


def _tell_room(room: str, verdicts: list[Verdict], reasons: dict[tuple[str, str, str], str]) -> float:
    """Print a line of figures; the share that was noticed."""
    killed = sum(1 for each in verdicts if each.killer)
    ended = sum(1 for each in verdicts if each.killer == ENDED)
    known = sum(1 for each in verdicts if not each.killer and _reason(each, reasons))
    rate = killed / max(len(verdicts), 1)
    print(
        f"{room}: {len(verdicts)} mutants, {killed} killed ({rate:.1%}; {ended} crashed or took too long), "
        f"{len(verdicts) - killed} survived, {known} of them explained"
    )
    return rate


if __name__ == "__main__":
    sys.exit(main())
