"""Writes and verifies SHA256SUMS, which `sha256sum --check` reads."""

from hashlib import file_digest
from pathlib import Path

from release.process import ReleaseError

NAME = "SHA256SUMS"


def write_sums(folder: Path) -> None:
    """Write the digests of all other files of a folder."""
    lines = [f"{_digest(path)}  {path.name}\n" for path in sorted(folder.iterdir()) if path.name != NAME]
    (folder / NAME).write_text("".join(lines), "utf-8")


def verify_sums(folder: Path) -> None:
    """Compare the files of a folder with their digests.

    Raises:
        ReleaseError: a file is changed, missing, or not listed.

    """
    lines = (folder / NAME).read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {path.name: _digest(path) for path in folder.iterdir() if path.name != NAME}
    wrong = sorted(name for name in listed | found if listed.get(name) != found.get(name))
    if wrong:
        raise ReleaseError(f"These files do not agree with {NAME}: {', '.join(wrong)}.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
