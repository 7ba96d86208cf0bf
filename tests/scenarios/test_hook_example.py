"""Installs and runs the hooks that the documents show with pre-commit, from this checkout."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.payloads import ROOT
from tests.zstandard import zstd

PACKAGE = ["src", "rules", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"]
TAG = "v1"
RUN = [sys.executable, "-m", "pre_commit", "run"]
GIT_IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Somebody"), ("EMAIL", "somebody@example.org"))
}


def call(*command: str | Path, cwd: Path, **env: str) -> tuple[int, str]:
    completed = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**os.environ, **GIT_IDENTITY, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return completed.returncode, completed.stdout + completed.stderr


def commit(folder: Path) -> None:
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--no-verify", "--message", "All"]):
        assert call("git", *command, cwd=folder)[0] == 0


@pytest.fixture
def premigrate(tmp_path: Path) -> Path:
    """This checkout as a git repository of its own, with the tag that the example names."""
    folder = tmp_path / "premigrate"
    folder.mkdir()
    for name in PACKAGE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    commit(folder)
    call("git", "tag", TAG, cwd=folder)
    return folder


@pytest.fixture
def payloads(tmp_path: Path) -> Path:
    """A repository of payloads: the accounts of one market and other files."""
    folder = tmp_path / "payloads"
    shutil.copytree(ROOT / "examples" / "pt", folder / "accounts")
    (folder / "accounts" / "README.md").write_text("# Accounts\n", "utf-8")
    (folder / "package.json").write_text("{}", "utf-8")
    commit(folder)
    return folder


def example(page: str, repository: Path) -> str:
    """Return the configuration in a document, with ``repo`` and ``rev`` replaced."""
    shown = (ROOT / page).read_text("utf-8")
    (text,) = re.findall(r"^```yaml \.pre-commit-config\.yaml\n(.*?)^```$", shown, re.DOTALL | re.MULTILINE)
    text, repos = re.subn(r"(?m)^(\s*- repo:) .+", rf"\1 {repository.as_posix()}", text)
    text, revs = re.subn(r"(?m)^(\s*rev:) .+", rf"\1 {TAG}", text)
    assert (repos, revs) == (1, 1)
    return str(text)


def environment(folder: Path) -> dict[str, str]:
    """Let pip and the hook find the libraries installed here, so that nothing is downloaded."""
    libraries = folder / "libraries"
    libraries.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "premigrate" not in path.name and not path.name.startswith(("pip", "setuptools")):
            (libraries / path.name).symlink_to(path)
    pip = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    return {"PYTHONPATH": str(libraries), "HATCH_BUILD_NO_HOOKS": "true", **pip}


def test_readme_example_checks_a_commit(premigrate: Path, payloads: Path, tmp_path: Path) -> None:
    (payloads / ".pre-commit-config.yaml").write_text(example("README.md", premigrate), "utf-8")
    env = {"PRE_COMMIT_HOME": str(tmp_path / "home"), **environment(tmp_path)}
    call("git", "add", ".pre-commit-config.yaml", cwd=payloads)
    code, out = call(*RUN, cwd=payloads, **env)
    assert (code, "no files to check" in out) == (0, True), out

    (payloads / "accounts" / "good.json").rename(payloads / "accounts" / "other.json")
    call("git", "add", "--all", cwd=payloads)
    code, out = call(*RUN, "--verbose", cwd=payloads, **env)
    assert (code, "1 account checked, 0 refused: 0 errors" in out) == (0, True), out

    code, out = call(*RUN, "--all-files", cwd=payloads, **env)
    assert code == 1, out
    assert "accounts/bad.json:" in out
    assert "2 accounts checked, 1 refused" in out
    assert "accounts/README.md: skipped: this is not a payload file" in out
    assert "package.json" not in out


@pytest.mark.slow  # installs premigrate and its dependencies: a minute
def test_both_hooks_with_libraries_from_an_index(premigrate: Path, payloads: Path, tmp_path: Path) -> None:
    config = example("docs/ci.md", premigrate)
    (payloads / ".pre-commit-config.yaml").write_text(config, "utf-8")
    env = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    call("git", "add", "--all", cwd=payloads)
    code, out = call(*RUN, "--verbose", "--files", "accounts/good.json", cwd=payloads, **env)
    assert (code, "1 account checked, 0 refused: 0 errors" in out) == (0, True), out
    code, out = call(*RUN, "--hook-stage", "pre-push", "--files", "package.json", cwd=payloads, **env)
    assert (code, "2 accounts checked, 1 refused" in out) == (1, True), out

    (payloads / "accounts" / "a.json.zst").write_bytes(zstd.compress(b"{}"))
    code, out = call(*RUN, "--files", "accounts/a.json.zst", cwd=payloads, **env)
    line = re.search(r"additional_dependencies: \[\S+\]", out)
    assert line, out
    extended = config.replace("files: ^accounts/", f"files: ^accounts/\n        {line[0]}")
    (payloads / ".pre-commit-config.yaml").write_text(extended, "utf-8")
    call("git", "add", "--all", cwd=payloads)
    code, out = call(*RUN, "--verbose", "--files", "accounts/a.json.zst", cwd=payloads, **env)
    assert "this object is empty" in out, "the suggested line is sufficient"
