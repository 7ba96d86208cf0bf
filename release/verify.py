"""Verifies packages: builds them again, installs them in fresh environments and runs the command."""

from pathlib import Path

from release.build import build_pure
from release.process import ReleaseError, run

_DAY = "2026-01-31"


def verify_reproducible(python: Path, source: Path, folder: Path, scratch: Path) -> None:
    """Build the source archive and the pure wheel again, and compare their bytes.

    Raises:
        ReleaseError: they differ.

    """
    build_pure(python, source, scratch)
    for again in scratch.iterdir():
        if again.read_bytes() != (folder / again.name).read_bytes():
            raise ReleaseError(f"Two builds of {again.name} differ. Compare {folder / again.name} with {again}.")


def verify_installed(python: str | Path, package: Path, form: str, source: Path, scratch: Path) -> str:
    """Install a package in a fresh environment, check the examples with the command, and return its version line.

    Args:
        python: the Python of the environment.
        package: a wheel or source archive.
        form: the form that the command must name: ``compiled`` or ``pure Python``.
        source: the repository, for its examples and constraints.
        scratch: a folder that does not exist.

    Raises:
        ReleaseError: the command names another version or form, or an example has another result than expected.

    """
    scratch.mkdir(parents=True)
    own = scratch / "environment" / "bin"
    run(python, "-m", "venv", own.parent, cwd=scratch)
    constraint = ("--constraint", source / "constraints.txt")
    run(own / "python", "-m", "pip", "install", "--quiet", *constraint, package, cwd=scratch)
    command, variables = own / "premigrate", {"PREMIGRATE_CACHE_DIR": ""}
    line = run(command, "--version", cwd=scratch, env=variables).strip()
    version = package.name.removesuffix(".tar.gz").split("-")[1]
    if not line.startswith(f"premigrate {version} ({form})"):
        raise ReleaseError(f"{package.name} must be installed as premigrate {version} ({form}); it is {line!r}.")
    for name, code in (("good", 0), ("bad", 1)):
        for payload in sorted((source / "examples").glob(f"*/{name}.json")):
            run(command, "check", "--as-of", _DAY, payload, cwd=scratch, codes=(code,), env=variables)
    return line
