"""Runs benchmarks, each in its own process, prints their tables and (with ``--write``) saves them in RESULTS.md.

Before anything is measured, all contenders must agree on the same verdicts. Without names, all benchmarks run; with
names, the saved results of the others are kept. A failed benchmark is reported in its section and in the exit code.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.environment import describe_environment
from benchmarks.options import add_options
from benchmarks.processes import ROOT
from premigrate.compiled_form import installed_build

WITH_OPTIONS = ("startup", "one_file", "engine", "errors", "bulk", "parquet", "memory")
"""Benchmarks that accept the options, in the order of the results."""
FULL_ONLY = ("cohort", "spark")
"""Benchmarks without options, which run with full effort only."""
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
HEADING = """\
# How fast premigrate is, compared with similar tools

`make bench` writes this page; do not change it by hand. Each tool that is measured is a contender, and `ratio` compares
it with another one. `at least` and `at most` are the required values, and `goal` is the value that we want to reach.
`result` is `goal` if the goal is reached, `holds` if only the required value is, and `MISSED` if neither is.
"""


def existing(names: tuple[str, ...]) -> list[str]:
    """Return the names for which a benchmark exists."""
    return [name for name in names if (ROOT / "benchmarks" / f"{name}.py").exists()]


def run(name: str, options: list[str]) -> tuple[str, bool]:
    """Run one benchmark; return its section of the results, and whether it succeeded."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(options if name in WITH_OPTIONS else [])]
    completed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603, PLW1510
    text = completed.stdout.strip()
    if name in WITH_OPTIONS:
        title, _, rest = text.partition("\n")
        text = f"{title}, {installed_build()}\n{rest}"
    if completed.returncode:
        text += f"\n\nThis measurement is not complete: {name} ended with exit code {completed.returncode}."
    is_markdown = text.startswith("#")
    return (text if is_markdown else f"## {name.capitalize()}\n\n```\n{text}\n```"), not completed.returncode


def replace_section(kept: str, text: str, about: str) -> str:
    """Replace the section with the same title in the results, or append one; ``about`` describes the machine."""
    title, _, rest = text.partition("\n")
    section = f"{title}\n\nMeasured separately:\n\n{about}\n{rest}\n"
    sections = re.split(r"^(?=## )", kept, flags=re.MULTILINE)
    titles = [each.partition("\n")[0] for each in sections]
    if title not in titles:
        return f"{kept}\n{section}"
    at = titles.index(title)
    end = "\n" if at + 1 < len(sections) else ""
    return "".join([*sections[:at], section, end, *sections[at + 1 :]])


def main() -> int:
    """Run the benchmarks of the command line; return 1 if one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=(*existing(WITH_OPTIONS + FULL_ONLY), []),
        help="the benchmarks to run; by default all",
    )
    add_options(parser)
    parser.add_argument(
        "--write", type=Path, nargs="?", const=RESULTS, help="write the tables to RESULTS.md, or to this file"
    )
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat(), help="the date in the results")
    args = parser.parse_args()
    if subprocess.run([sys.executable, "-m", "benchmarks.agreement"], cwd=ROOT, check=False).returncode:
        print("Nothing was measured, because the contenders do not give the same verdicts.", file=sys.stderr)
        return 1
    names = args.names or existing(WITH_OPTIONS + (FULL_ONLY if args.effort == "full" else ()))
    options = [f"--effort={args.effort}", *([f"--size={args.size}"] if args.size else [])]
    effort = f"Effort {args.effort}" + (f", {args.size:,} accounts in a big file." if args.size else ".")
    about, all_succeeded = f"{describe_environment()}\n- {args.date}. {effort}", True
    kept = args.write.read_text("utf-8") if args.names and args.write and args.write.exists() else ""
    results = kept or f"{HEADING}\n{about}\n"
    print(about, flush=True)
    for name in names:
        text, succeeded = run(name, options)
        print(f"\n{text}", flush=True)
        results = replace_section(results, text, about) if kept else f"{results}\n{text}\n"
        all_succeeded = all_succeeded and succeeded
        if args.write:  # after each benchmark, so that an interruption loses only the rest
            args.write.write_text(results, "utf-8")
    return 0 if all_succeeded else 1


if __name__ == "__main__":
    sys.exit(main())
