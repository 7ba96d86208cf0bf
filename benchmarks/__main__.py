"""Runs benchmarks, each in a process of its own, prints their tables and (with ``--write``) keeps them in RESULTS.md.

First of all, what is compared has to agree; if it doesn't, nothing is measured.
Without names it runs all that are there; with names, what is kept of the others stays. A benchmark that fails is told
in its place, and in the exit code.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.options import add_options
from benchmarks.processes import ROOT
from premigrate.compiled_form import form

OURS = ("startup", "one_file", "engine", "errors", "bulk", "parquet", "memory")
"""What takes the options; the order is that of the results."""
OTHERS = ("cohort", "spark")
"""What says itself how long it measures, and is only run in full."""
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
HEADING = "# How fast premigrate is, beside its peers\n\n`make bench` wrote this; don't change it by hand.\n"


def there(names: tuple[str, ...]) -> list[str]:
    """Tell which benchmarks of these there are."""
    return [name for name in names if (ROOT / "benchmarks" / f"{name}.py").exists()]


def run(name: str, options: list[str]) -> tuple[str, bool]:
    """Run one benchmark; its text for the results, and whether it went well."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(options if name in OURS else [])]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603, PLW1510
    text = told.stdout.strip()
    if name in OURS:
        title, _, rest = text.partition("\n")
        text = f"{title}, {form()}\n{rest}"
    if told.returncode:
        text += f"\n\nNot measured to its end: {name} ended with {told.returncode}."
    is_markdown = text.startswith("#")
    return (text if is_markdown else f"## {name.capitalize()}\n\n```\n{text}\n```"), not told.returncode


def put_in(kept: str, text: str, about: str) -> str:
    """Put a table into the results in place of the one with its title, or behind all, and what it was measured on."""
    title, _, rest = text.partition("\n")
    told = f"{title}\n\nMeasured later than the rest:\n\n{about}\n{rest}\n"
    parts = re.split(r"^(?=## )", kept, flags=re.MULTILINE)
    titles = [part.partition("\n")[0] for part in parts]
    if title not in titles:
        return f"{kept}\n{told}"
    at = titles.index(title)
    end = "\n" if at + 1 < len(parts) else ""
    return "".join([*parts[:at], told, end, *parts[at + 1 :]])


def main() -> int:
    """Read the command line and run; 1 if a benchmark failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=(*there(OURS + OTHERS), []), help="what to run; all if left out")
    add_options(parser)
    parser.add_argument("--write", type=Path, nargs="?", const=RESULTS, help="keep the tables, in RESULTS.md or here")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat(), help="the date to write")
    said = parser.parse_args()
    if subprocess.run([sys.executable, "-m", "benchmarks.agreement"], cwd=ROOT, check=False).returncode:
        print("Nothing was measured: what is to be compared does not agree.", file=sys.stderr)
        return 1
    names = said.names or there(OURS + (OTHERS if said.effort == "full" else ()))
    options = [f"--effort={said.effort}", *([f"--size={said.size}"] if said.size else [])]
    effort = f"Effort {said.effort}" + (f", {said.size:,} accounts in a big file." if said.size else ".")
    about, is_well = f"{machine()}\n- {said.date}. {effort}", True
    kept = said.write.read_text("utf-8") if said.names and said.write and said.write.exists() else ""
    results = kept or f"{HEADING}\n{about}\n"
    print(about, flush=True)
    for name in names:
        text, went_well = run(name, options)
        print(f"\n{text}", flush=True)
        results = put_in(results, text, about) if kept else f"{results}\n{text}\n"
        is_well = is_well and went_well
        if said.write:  # so that what was measured is kept if the rest is not
            said.write.write_text(results, "utf-8")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
