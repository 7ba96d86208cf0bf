"""Turns an installed premigrate and a folder of inputs into digests: one for each command, of all that it writes."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

Commands: TypeAlias = Mapping[str, Sequence[str]]

SCRIPTS = Path(__file__).parent / "scripts"
_KEPT = ("PATH", "HOME", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Variables that no command can do without."""
_DAY = ("--as-of", "2026-01-31")
_ACCOUNTS = ("accounts/many.ndjson", "accounts/odd.json")
_FILES = (
    "text:out/a",
    "json:out/b",
    "ndjson:out/c",
    "csv:out/d",
    "junit:out/e",
    "sarif:out/f",
    "github:out/g",
    "html:out/h",
)
_OUTPUTS = [word for file in _FILES for word in ("--output", file)]

QUICK: Commands = {
    "check few": ("check", *_DAY, *_OUTPUTS, "--show-values", "--split", "out/sorted", "few.ndjson", "broken"),
    "cohort of few": ("cohort", "few.ndjson", "accounts/as.yaml"),
}
"""What is asked in `make test`."""

ALL: Commands = {
    **QUICK,
    "check": ("check", *_DAY, *_OUTPUTS, "--split", "out/sorted", *_ACCOUNTS),
    "check shown": ("check", *_DAY, "--show-values", "--show-all", "--references", "examples/references", "accounts"),
    "check broken": ("check", *_DAY, "--format", "json", "broken", "nowhere.json"),
    "cohort": ("cohort", "--show-values", "accounts"),
    "compare": ("compare", "--show-values", "--write-overlay", "out/overlay.toml", "recorded.json"),
    "explain": ("explain", "invalid_phone_number"),
    "check plainly": ("check", *_DAY, *_ACCOUNTS),
    "check plainly as json": ("check", *_DAY, "--format", "json", *_ACCOUNTS),
    "check examples": ("check", *_DAY, "examples"),
    "check wrong rules": ("check", *_DAY, "--overlay", "wrong.toml", "examples"),
    "baseline": ("baseline", "write", *_DAY, "--baseline", "out/known.toml", "--reason", "It is known.", *_ACCOUNTS),
    "cohort lines": ("cohort", "--format", "ndjson", "--memory", "1", "accounts", "examples"),
    "compare as json": ("compare", "--format", "json", "recorded.json"),
    "rules": ("rules", "--format", "json"),
    "rules as text": ("rules",),
    "rules as a page": ("rules", "--format", "markdown"),
    "lists": ("rules", "--lists"),
    "grammar": ("rules", "--schema"),
    "schema pt": ("schema", "--market", "pt"),
    "schema dk": ("schema", "--market", "dk", "--draft", "7"),
    "tenant": (
        "tenant",
        "learn",
        "tenant.yml",
        *_DAY,
        "--show-all",
        "--output",
        "out/overlay.toml",
        "--report",
        "out/r",
    ),
    "library": (str(SCRIPTS / "answers.py"), "accounts/many.ndjson", "shuffled.ndjson"),
}
"""What any installation has to answer in the same way."""

WITH_EXTRAS: Commands = {
    "packed and tables": ("check", *_DAY, "--format", "json", "extras"),
    "arrow": (str(SCRIPTS / "arrow.py"), "extras/many.parquet"),
    "served": (str(SCRIPTS / "served.py"), "shuffled.ndjson"),
}
"""What needs the extras, all but that for Spark."""

NUMBERS: Commands = {"numbers": (str(SCRIPTS / "phone_plans.py"),)}
"""What depends on the numbering plans that an installation has."""

Told: TypeAlias = dict[str, bytes]


class Place(NamedTuple):
    """Where commands are run: the interpreter, the variables it gets, and more arguments for each `check`."""

    python: str = sys.executable
    variables: Mapping[str, str] = {}
    more: Sequence[str] = ()


def ask(commands: Commands, place: Place, inputs: Path, work: Path) -> Told:
    """Run commands one after the other, and keep all that each writes.

    Args:
        commands: their arguments; where a script comes first, they are the interpreter's.
        place: where they are run. The cache of plans is off unless its variables say where it is.
        inputs: the folder of what they read.
        work: a folder that is not there yet: they are run in it.

    """
    shutil.copytree(inputs, work)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    variables = {**kept, "PREMIGRATE_CACHE_DIR": "", **place.variables}
    return {name: _ask([place.python, *_spell(words, place)], work, variables) for name, words in commands.items()}


def _spell(words: Sequence[str], place: Place) -> Sequence[str]:
    if words[0].endswith(".py"):
        return words
    return ["-m", "premigrate", *words, *(place.more if words[0] == "check" else ())]


def _ask(command: list[str], work: Path, variables: Mapping[str, str]) -> bytes:
    """Run one command: its exit code, its streams, and the files it leaves."""
    out = work / "out"
    out.mkdir()
    done = subprocess.run(command, capture_output=True, check=False, cwd=work, env=variables)
    parts = [b"exit code %d" % done.returncode, done.stdout, done.stderr]
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        parts += [path.relative_to(out).as_posix().encode(), path.read_bytes()]
    shutil.rmtree(out)
    return b"\n".join(parts)


def digest_of(told: Told) -> str:
    """Name all that was told by a few letters."""
    return hashlib.blake2b(repr(sorted(told.items())).encode(), digest_size=8).hexdigest()
