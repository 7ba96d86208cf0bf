"""Shell completion: the completions of words, and the script of each shell."""

import shutil
import subprocess

import pytest

import premigrate
from tests.command import invoke as run


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "premigrate ",
            [
                *("check", "cohort", "compare", "rules", "explain", "baseline", "config", "schema", "serve", "tenant"),
                "market",
            ],
        ),
        ("premigrate che", ["check"]),
        ("premigrate check --ma", ["--market", "--max-errors"]),
        ("premigrate check --market ", [*premigrate.markets()]),
        ("premigrate check --market p", [market for market in premigrate.markets() if market.startswith("p")]),
        ("premigrate check --fail-on ", ["error", "advice"]),
        ("premigrate schema --draft ", ["2020-12", "7"]),
        (
            "premigrate explain supply-point-uniq",
            ["supply-point-unique-across-addresses", "supply-point-unique-within-address"],
        ),
        ("premigrate baseline ", ["write"]),
    ],
)
def test_completions(words: str, expected: list[str]) -> None:
    count = str(len(words.split(" ")) - 1)
    code, out, err = run(COMP_WORDS=words, COMP_CWORD=count, _PREMIGRATE_COMPLETE="bash_complete")
    assert (code, err) == (0, "")
    assert [line.partition(",")[2] for line in out.splitlines()] == expected


@pytest.mark.parametrize("words", ["premigrate check ex", "premigrate check --output r", "premigrate check --config p"])
def test_files_are_completed_by_the_shell(words: str) -> None:
    count = str(len(words.split(" ")) - 1)
    _, out, _ = run(COMP_WORDS=words, COMP_CWORD=count, _PREMIGRATE_COMPLETE="bash_complete")
    assert out.startswith("file,")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    code, out, err = run(_PREMIGRATE_COMPLETE=f"{shell}_source")
    assert (code, err) == (0, "")
    assert "_PREMIGRATE_COMPLETE" in out
    if shutil.which(shell):
        completed = subprocess.run([shell, "-n", "/dev/stdin"], input=out, text=True, capture_output=True, check=False)
        assert (completed.returncode, completed.stderr) == (0, "")
