"""Measures whole processes: Python alone, the command with and without its cache, and another checker of JSON files.

Prints the median milliseconds of each, and how many times as long check-jsonschema takes on the same file with the
schema that premigrate exports, if it is installed (`make bench` installs it). The commands take turns, so that a
machine that gets slower is slower for all; nothing is asserted.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ROUNDS = 21
DAY = "2026-01-31"
MARKETS = ("pt", "dk")
RIVAL = "check-jsonschema"


def milliseconds(command: list[str], cache: str) -> float:
    # Python keeps the bytecode of modules, as it does for everybody whose tools don't tell it not to.
    env = {**os.environ, "PREMIGRATE_CACHE_DIR": cache, "PYTHONDONTWRITEBYTECODE": ""}
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
    return (time.perf_counter() - started) * 1e3


def commands(folder: Path) -> dict[str, tuple[list[str], str]]:
    """Name each command line, with the folder of the cache (empty: it is switched off)."""
    own, rival, cache = str(BIN / "premigrate"), BIN / RIVAL, str(folder / "cache")
    found = {"python -c pass": ([sys.executable, "-c", "pass"], ""), "premigrate --version": ([own, "--version"], "")}
    for market in MARKETS:
        example = f"examples/{market}/good.json"
        check = [own, "check", "--market", market, "--as-of", DAY, example]
        found[f"check {market}, warm cache"] = (check, cache)
        found[f"check {market}, no cache"] = (check, "")
        if rival.exists():
            schema = folder / f"{market}.schema.json"
            with schema.open("wb") as file:
                subprocess.run([own, "schema", "--market", market], check=True, stdout=file)  # noqa: S603
            found[f"{RIVAL} {market}"] = ([str(rival), "--schemafile", str(schema), example], "")
    return found


def main() -> None:
    """Print one row for each command."""
    with tempfile.TemporaryDirectory() as folder:
        given = commands(Path(folder))
        for command, cache in given.values():
            milliseconds(command, cache)  # the first run fills the caches, Python's among them
        rounds = [{name: milliseconds(*each) for name, each in given.items()} for _ in range(ROUNDS)]
    medians = {name: statistics.median(each[name] for each in rounds) for name in given}
    print(f"Python {sys.version.split()[0]}; median milliseconds of {ROUNDS} processes, in turns")
    for name, median in medians.items():
        rival = medians.get(f"{RIVAL} {name.split()[1].rstrip(',')}") if name.startswith("check ") else None
        print(f"{name:24}{median:8.1f}" + (f"   {rival / median:.1f} times as fast as {RIVAL}" if rival else ""))


if __name__ == "__main__":
    main()
