"""Turns this repository into installations of its wheel: in other Pythons, with the oldest libraries or the newest."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

from tests.payloads import ROOT

_VERSIONS = [f"python3.{minor}" for minor in range(11, 20)]
_EXTRAS = "arrow,serve,zstd"
_TELL = (
    "import importlib.metadata as m, sys; "
    "print(*(f'{d.name} {d.version}' for d in m.distributions() if d.name in sys.argv[1:]), sep='\\n')"
)


class Installation(NamedTuple):
    """An interpreter, and the libraries it has."""

    python: str
    libraries: list[str]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command to its end, and give what it prints.

    Raises:
        RuntimeError: it failed.

    """
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, cwd=cwd)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def find_pythons() -> dict[str, str]:
    """Find interpreters that can run premigrate: by version, those of PYTHONS first, then those on PATH."""
    named = [*os.environ.get("PYTHONS", "").split(), *filter(None, map(shutil.which, _VERSIONS))]
    found: dict[str, str] = {}
    for path in named:
        asked = subprocess.run(
            [path, "-c", "import sys; print(*sys.version_info[:3], sep='.')"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        version = asked.stdout.strip()
        minor = version.rpartition(".")[0]
        if asked.returncode == 0 and minor not in {known.rpartition(".")[0] for known in found}:
            found[version] = path
    return found


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this repository."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def oldest() -> list[str]:
    """Pin what `pyproject.toml` declares at its lower bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    bounds = [re.match(r"([\w.-]+)(?:\[[\w,]+\])?>=([\d.]+)", each) for each in declared]
    return sorted({f"{bound[1]}=={bound[2]}" for bound in bounds if bound})


def install(python: str, wheel: Path, folder: Path, *, end: str, with_extras: bool) -> Installation:
    """Make an environment with the wheel and its libraries.

    Args:
        python: the interpreter it is for.
        wheel: what is installed.
        folder: where the environment comes.
        end: the end of the declared ranges its libraries are at, `oldest` or `newest`.
        with_extras: whether all extras but that for Spark are installed too.

    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    run(python, "-m", "venv", folder)
    pins = folder.parent / "pins.txt"
    pins.write_text("\n".join(oldest()) if end == "oldest" else (ROOT / "constraints.txt").read_text("utf-8"), "utf-8")
    inside = folder / "bin" / "python"
    asked = f"{wheel}[{_EXTRAS}]" if with_extras else str(wheel)
    run(inside, "-m", "pip", "install", "--quiet", "--constraint", pins, asked)
    names = [pin.partition("==")[0] for pin in oldest()]
    return Installation(str(inside), sorted(run(inside, "-c", _TELL, *names).splitlines()))
