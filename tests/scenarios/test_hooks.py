"""The hooks, as pre-commit installs and runs them in a repository of payloads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.payloads import ROOT

CONFIG = """\
[tool.premigrate]
paths = ["accounts"]
ignore = ["deprecated_field", "deprecated_field_replaced"]
"""


def git(*arguments: str, cwd: Path) -> None:
    named = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    subprocess.run(["git", *named, *arguments], check=True, cwd=cwd, capture_output=True)  # noqa: S607 - whichever git there is


@pytest.fixture(scope="module")
def payloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of payloads, one of them bad."""
    folder = tmp_path_factory.mktemp("payloads")
    for market in ("pt", "dk"):
        for word in ("good", "bad"):
            file = folder / "accounts" / f"{market}-{word}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes((ROOT / "examples" / market / f"{word}.json").read_bytes())
    (folder / "pyproject.toml").write_text(CONFIG, "utf-8")
    (folder / "notes.md").write_text("Not a payload.\n", "utf-8")
    git("init", "--quiet", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "--quiet", "--message", "Payloads", cwd=folder)
    return folder


def hook(name: str, *arguments: str, cwd: Path) -> tuple[int, str]:
    """Run a hook of this checkout as another repository would."""
    home = {"PRE_COMMIT_HOME": str(cwd.parent / "pre-commit-home"), "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), name, "--verbose", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **home})
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="pre-commit installs hooks from a git repository")
@pytest.mark.slow  # installs premigrate as pre-commit does: a minute
def test_the_hooks_in_a_repository_of_payloads(payloads: Path) -> None:
    code, out = hook(
        "premigrate", "--files", "accounts/pt-good.json", "accounts/dk-good.json", "notes.md", cwd=payloads
    )
    assert code == 0, out
    assert "2 accounts checked, 0 refused: 0 errors, 0 advice" in out
    code, out = hook("premigrate", "--files", "accounts/pt-good.json", "accounts/dk-bad.json", cwd=payloads)
    assert code == 1, out
    assert "accounts/dk-bad.json:12:21: error: *** is not a valid phone number" in out
    code, out = hook("premigrate-all", "--files", "accounts/pt-good.json", cwd=payloads)
    assert code == 1, "the whole set is looked at, whatever changed"
    assert "4 accounts checked, 2 refused" in out
