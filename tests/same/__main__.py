"""Tries premigrate in every Python found, with the oldest and the newest libraries: ``python -m tests.same``.

Prints a line for each installation, and below it what was told otherwise than here; the exit code is 1 if anything was.
Numbering plans change with the library that has them, as they should: numbers that are judged otherwise are only named.
Pythons are those on PATH, and those that the variable PYTHONS names.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from tests.same.batch import ALL, NUMBERS, WITH_EXTRAS, Place, Told, ask, digest_of
from tests.same.inputs import write_inputs, write_packed
from tests.same.installing import Installation, build_wheel, find_pythons, install

_SHOWN = 3  # differences of an installation that are shown with their bytes
_AROUND = 50  # bytes before what differs, and twice as many behind


def main() -> bool:
    """Go through all installations."""
    parser = argparse.ArgumentParser(prog="python -m tests.same", description=__doc__)
    parser.add_argument("--ends", nargs="+", choices=("newest", "oldest"), default=("newest", "oldest"))
    parser.add_argument("--extras", nargs="+", choices=("none", "all"), default=("none", "all"))
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return _compare(Path(name), find_pythons(), said.ends, [each == "all" for each in said.extras])


def _compare(folder: Path, pythons: Mapping[str, str], ends: Sequence[str], extras: Sequence[bool]) -> bool:
    inputs = folder / "inputs"
    inputs.mkdir()
    write_inputs(inputs)
    write_packed(inputs)
    wheel = build_wheel(folder / "dist")
    commands = {**ALL, **NUMBERS, **WITH_EXTRAS}
    expected = ask(commands, _place(sys.executable, folder), inputs, folder / "here")
    print(f"{sys.version.partition(' ')[0]}, here: {digest_of(expected)}, {len(expected)} commands", flush=True)
    differs = False
    for number, (version, end, with_extras) in enumerate(product(pythons, ends, extras)):
        env, work = folder / str(number), folder / f"work {number}"
        done = install(pythons[version], wheel, env, end=end, with_extras=with_extras)
        told = ask(commands if with_extras else {**ALL, **NUMBERS}, _place(done.python, env), inputs, work)
        shutil.rmtree(env)
        differing = [name for name in told if told[name] != expected[name] and name not in NUMBERS]
        differs |= bool(differing)
        print(_line(version, end, done, differing, with_extras=with_extras), flush=True)
        print("".join(_differences(differing[:_SHOWN], told, expected)), end="", flush=True)
        for name in NUMBERS:
            print(_plans(told[name], expected[name]), end="", flush=True)
    return differs


def _place(python: str, folder: Path) -> Place:
    return Place(python, {"PREMIGRATE_CACHE_DIR": str(folder / "cache")})


def _line(version: str, end: str, done: Installation, differing: list[str], *, with_extras: bool) -> str:
    verdict = f"OTHERWISE: {', '.join(differing)}" if differing else "the same"
    extras = "all extras but spark" if with_extras else "no extras"
    return f"{version}, {end} libraries ({', '.join(done.libraries)}), {extras}: {verdict}"


def _differences(names: Sequence[str], told: Told, expected: Told) -> Iterator[str]:
    """Show for each command the first line that is not the same, around what differs."""
    for name in names:
        pairs = zip(expected[name].split(b"\n"), told[name].split(b"\n"), strict=False)
        here, there = next(((one, other) for one, other in pairs if one != other), (b"", b"(more lines, or fewer)"))
        same = next((at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), 0)
        begin = max(0, same - _AROUND)
        yield f"  {name}\n    here:  {here[begin:][: 3 * _AROUND]!r}\n    there: {there[begin:][: 3 * _AROUND]!r}\n"


def _plans(told: bytes, expected: bytes) -> str:
    """Name the beginnings of numbers that are judged otherwise."""
    others = sorted(set(told.decode().splitlines()) - set(expected.decode().splitlines()))
    begin = [f"{region} {number[:4]}... ({verdict})" for region, number, verdict in map(str.split, others)]
    return f"  numbers judged otherwise: {len(others)}: {', '.join(begin[:_SHOWN])} ...\n" if others else ""


if __name__ == "__main__":
    sys.exit(main())
