"""Shell completion: the completions of words, and the script of each shell."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import premigrate
from premigrate.command import completion
from premigrate.report.outputs import FORMATS
from tests.command import CommandResult, unmeasured
from tests.command import invoke as run
from tests.payloads import ROOT


def complete(words: str, cwd: Path = ROOT) -> CommandResult:
    """Ask for completions of the last word as bash does."""
    count = str(words.count(" "))
    return run(cwd=cwd, COMP_WORDS=words, COMP_CWORD=count, _PREMIGRATE_COMPLETE="bash_complete")


def completions(words: str, cwd: Path = ROOT) -> list[str]:
    code, out, err = complete(words, cwd)
    assert (code, err) == (0, "")
    return [line.partition(",")[2] for line in out.splitlines() if line]


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
        ("premigrate check --format ", [*FORMATS]),
        ("premigrate check --select phone-number-v", ["phone-number-valid"]),
        ("premigrate check --ignore invalid_phone_n", ["invalid_phone_number"]),
        ("premigrate check --ignore required,customers.*.landl", ["required,customers.*.landline"]),
        ("premigrate baseline write --select customers.*.date_of_b", ["customers.*.date_of_birth"]),
        ("premigrate check --market dk --ignore unknown-field-n", ["unknown-field-near"]),
        ("premigrate check --market dk --select warm_home_discount.*.tax", []),
        ("premigrate check --market gb --select warm_home_discount.*.tax", ["warm_home_discount.*.tax_year"]),
        ("premigrate check --market nowhere --select phone-number-v", ["phone-number-valid"]),
        ("premigrate explain customers.date_of_b", ["customers.date_of_birth"]),
        ("premigrate explain ledger_codes", ["ledger_codes"]),
    ],
)
def test_completions(words: str, expected: list[str]) -> None:
    assert completions(words) == expected


def test_each_name_that_is_offered_is_known() -> None:
    for word in ("--select", "--ignore"):
        names = completions(f"premigrate check --market pt {word} ")
        assert len(names) > 1000
        code, _, err = run("check", "--market", "pt", "--as-of", "2026-01-31", word, ",".join(names), "examples/pt")
        assert (code in {0, 1}, err) == (True, "")


def test_market_of_the_configuration_counts(tmp_path: Path) -> None:
    (tmp_path / "premigrate.toml").write_text('market = "dk"\n', "utf-8")
    assert completions("premigrate check --select warm_home_discount.*.tax", tmp_path) == []
    (tmp_path / "premigrate.toml").write_text('market = "gb"\n', "utf-8")
    assert completions("premigrate check --select warm_home_discount.*.tax", tmp_path)


@pytest.mark.parametrize("words", ["premigrate explain c", "premigrate check --select c", "premigrate check --market "])
def test_failures_complete_nothing_and_print_nothing(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[str, ...]:
        raise premigrate.BadRules([])

    monkeypatch.setattr(completion, "markets", fail)
    assert completions(words) == []


def test_mistakes_on_the_line_and_in_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "premigrate.toml").write_text("jobs = [", "utf-8")
    for before in ("", "--config none.toml ", "--overlay none.toml ", "--references none ", "--as-of x ", "--no "):
        assert completions(f"premigrate check {before}--select phone-number-v", tmp_path) == ["phone-number-valid"]


@pytest.mark.parametrize("words", ["premigrate check --select phone-number-v", "premigrate explain phone-number-v"])
def test_names_come_from_the_cache(words: str, tmp_path: Path) -> None:
    """Loading the models of the rule language would take most of a second, each time."""
    asking = {"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_PREMIGRATE_COMPLETE": "bash_complete"}
    env = {**unmeasured(), **asking, "PREMIGRATE_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-X", "importtime", "-m", "premigrate"]
    runs = [subprocess.run(command, env=env, capture_output=True, text=True, check=True) for _ in range(2)]
    assert [each.stdout for each in runs] == ["plain,phone-number-valid\n"] * 2
    assert ["pydantic" in each.stderr for each in runs] == [True, False]


@pytest.mark.parametrize("folder", ["", os.devnull])
def test_completion_works_without_a_cache(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREMIGRATE_CACHE_DIR", folder)
    assert completions("premigrate check --market pt --select phone-number-v") == ["phone-number-valid"]


@pytest.mark.parametrize("words", ["premigrate check ex", "premigrate check --output r", "premigrate check --config p"])
def test_files_are_completed_by_the_shell(words: str) -> None:
    _, out, _ = complete(words)
    assert out.startswith("file,")


def test_documents_say_how_to_switch_it_on() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    for shell in ("bash", "zsh", "fish"):
        assert f"| {shell} | `_PREMIGRATE_COMPLETE={shell}_source premigrate > ~/" in page


def test_bash_offers_the_names(tmp_path: Path) -> None:
    """Source the script, and press the tab key as bash does: it calls the function and reads COMPREPLY."""
    command = tmp_path / "bin" / "premigrate"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m premigrate "$@"\n', "utf-8")
    command.chmod(0o755)
    keys = """eval "$(_PREMIGRATE_COMPLETE=bash_source premigrate)"
COMP_WORDS=(premigrate check --select customers.\\*.landl); COMP_CWORD=3
_premigrate_completion premigrate; printf '%s\\n' "${COMPREPLY[@]}"
"""
    env = {**os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}
    completed = subprocess.run(
        ["/usr/bin/env", "bash", "-c", keys], env=env, capture_output=True, text=True, check=False
    )
    assert (completed.stdout, completed.stderr) == ("customers.*.landline\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    code, out, err = run(_PREMIGRATE_COMPLETE=f"{shell}_source")
    assert (code, err) == (0, "")
    assert "_PREMIGRATE_COMPLETE" in out
    if shutil.which(shell):
        completed = subprocess.run([shell, "-n", "/dev/stdin"], input=out, text=True, capture_output=True, check=False)
        assert (completed.returncode, completed.stderr) == (0, "")
