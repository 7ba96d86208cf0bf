"""Builds the source archive, the wheel of pure Python, and a compiled wheel for each CPython that is found."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from release.process import ReleaseError, run

PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


def clone(root: Path, folder: Path) -> Path:
    """Clone the current commit into an empty folder, so that no file that git ignores gets into a package."""
    run("git", "clone", "--quiet", "--no-hardlinks", root, folder, cwd=root)
    return folder


def build_environment(source: Path) -> Mapping[str, str]:
    """Return the environment variables that make builds reproducible: the time of the commit and pinned build tools."""
    epoch = run("git", "log", "-1", "--format=%ct", cwd=source).strip()
    return {"SOURCE_DATE_EPOCH": epoch, "PIP_CONSTRAINT": str(source / "constraints.txt")}


def build_pure(python: Path, source: Path, folder: Path) -> None:
    """Build the source archive, and the wheel of pure Python from the same files."""
    variables = {**build_environment(source), "HATCH_BUILD_NO_HOOKS": "true"}
    run(python, "-m", "build", "--sdist", "--wheel", "--outdir", folder, source, cwd=source, env=variables)


def find_pythons() -> Iterator[str]:
    """Yield the path of each supported CPython on this machine; print those that are missing."""
    for name in PYTHONS:
        path = shutil.which(name)
        if path is not None and _runs(path):
            yield path
        else:
            print(f"{name} is not installed here: no compiled wheel is made for it")


def _runs(python: str) -> bool:
    """Return whether a Python can be started; a shim of pyenv may stand for none."""
    try:
        run(python, "--version", cwd=Path.cwd())
    except ReleaseError:
        return False
    return True


def build_compiled(python: str, source: Path, scratch: Path, folder: Path) -> Path:
    """Build a compiled wheel in an environment of its own, and mark it for the Linux versions that it works on.

    Raises:
        ReleaseError: the engine could not be compiled.

    """
    scratch.mkdir(parents=True)
    own = scratch / "environment"
    variables = build_environment(source)
    run(python, "-m", "venv", own, cwd=scratch)
    run(own / "bin" / "python", "-m", "pip", "install", "--quiet", "build", cwd=scratch, env=variables)
    run(
        *(own / "bin" / "python", "-m", "build", "--wheel", "--outdir", scratch / "built", source),
        cwd=source,
        env=variables,
    )
    (wheel,) = (scratch / "built").glob("*.whl")
    if wheel.name.endswith("-none-any.whl"):
        raise ReleaseError(f"The engine could not be compiled with {python}. Install a C compiler and its headers.")
    return _repair(wheel, scratch, folder, variables)


def _repair(wheel: Path, scratch: Path, folder: Path, variables: Mapping[str, str]) -> Path:
    """Mark a wheel as manylinux if auditwheel finds that it is; else keep it for this machine's kind of Linux."""
    try:
        run("auditwheel", "repair", "--wheel-dir", scratch / "repaired", wheel, cwd=scratch, env=variables)
    except (ReleaseError, OSError) as error:
        print(f"{wheel.name} is not manylinux, and an index does not accept it: {error}")
        return Path(shutil.copy(wheel, folder))
    (repaired,) = (scratch / "repaired").glob("*.whl")
    return Path(shutil.copy(repaired, folder))
