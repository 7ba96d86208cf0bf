"""SHA256SUMS covers every file, and finds those that changed."""

from hashlib import sha256
from pathlib import Path

import pytest
from release.process import ReleaseError
from release.sums import NAME, verify_sums, write_sums


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.whl", "a.tar.gz"):
        (tmp_path / name).write_bytes(name.encode())
    write_sums(tmp_path)
    return tmp_path


def test_sums_are_written_for_sha256sum(folder: Path) -> None:
    lines = [f"{sha256(name.encode()).hexdigest()}  {name}" for name in ("a.tar.gz", "b.whl")]
    assert (folder / NAME).read_text("utf-8").splitlines() == lines
    verify_sums(folder)


def test_changed_missing_and_new_files_are_reported(folder: Path) -> None:
    (folder / "a.tar.gz").write_bytes(b"other")
    (folder / "b.whl").unlink()
    (folder / "c.whl").write_bytes(b"new")
    with pytest.raises(ReleaseError, match=r"SHA256SUMS: a\.tar\.gz, b\.whl, c\.whl\."):
        verify_sums(folder)
