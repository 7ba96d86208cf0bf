"""A plain command line is read as click reads it; all others are left to click."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from premigrate.cli import plain
from premigrate.cli.check import check
from premigrate.cli.plain import Asked, read_plainly
from tests.command import invoke

DAY = date(2026, 1, 31)


@pytest.fixture(autouse=True)
def unconfigured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("check a.json", Asked(("a.json",))),
        ("check - b", Asked(("-", "b"))),
        ("check --market pt --as-of 2026-01-31 a", Asked(("a",), "pt", DAY)),
        ("check a --market=pt b --as-of=2026-01-31", Asked(("a", "b"), "pt", DAY)),
        ("check a --market pt --market dk", Asked(("a",), "dk")),
        ("check a --format json --overlay o", Asked(("a",), None, None, "json", "o")),
    ],
)
def test_plain_lines(line: str, asked: Asked) -> None:
    assert read_plainly(line.split()) == asked


@pytest.mark.parametrize(
    "line",
    [
        "",
        "rules",
        "--version",
        "check",
        "check --market pt",
        "check --help",
        "check a -h",
        "check a --mark pt",
        "check a --references r",
        "check a --market",
        "check a --market=",
        "check a --market --overlay",
        "check -- a",
        "check a --as-of 2026-1-31",
        "check a --as-of 2026-02-30",
        "check a --as-of 20260131",
        "check a --as-of 2026-W05-6",
        "check a --format xml",
        "check a --format sarif",
        "check a --output x.json",
        "check a --select x",
    ],
)
def test_all_else_is_left_to_click(line: str) -> None:
    assert read_plainly(line.split()) is None


def test_the_options_are_those_of_the_command() -> None:
    known = {option for parameter in check.params for option in parameter.opts}
    assert set(plain._OPTIONS) <= known


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("", False),
        ('[project]\nname = "other"\n[tool.ruff]\n', False),
        ('[project]\nname = "premigrate"\n[project.scripts]\npremigrate = "x"\n[tool.ruff]\nsrc = []\n', False),
        ("[tool.premigrate]\n", True),
        ("[ tool . 'premigrate' ]\n", True),
        ('["tool"."premigrate"]\n', True),
        ('["\\U00000074ool"."\\u0070remigrate"]\n# premigrate\n', True),
        ("[[tool.premigrate.per-path]]\n", True),
        ('tool.premigrate.market = "pt"\n', True),
        ('[tool]\npremigrate = { market = "pt" }\n', True),
        ('tool = { premigrate = { market = "pt" } }\n', True),
        ('["to\\u006fl"]\npremigrate = { market = "pt" }\n', True),
    ],
)
def test_a_configuration_is_left_to_click(text: str, may: bool, unconfigured: Path) -> None:
    (unconfigured / "pyproject.toml").write_text(text, "utf-8")
    assert (read_plainly(["check", "a"]) is None) == may
    (unconfigured / "below").mkdir()
    os.chdir(unconfigured / "below")
    assert (read_plainly(["check", "a"]) is None) == may


def test_a_configuration_of_our_own_is_left_to_click(unconfigured: Path) -> None:
    (unconfigured / "premigrate.toml").write_text("", "utf-8")
    assert read_plainly(["check", "a"]) is None


@pytest.mark.parametrize("more", [[], ["--format", "json"], ["--format", "ndjson"], ["--market", "dk"]])
def test_both_ways_say_the_same(more: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    line = ["check", *more, "--as-of", "2026-01-31", *(f"examples/{name}.json" for name in ("pt/good", "dk/bad", "no"))]
    assert read_plainly(line)
    plainly = invoke(*line)
    monkeypatch.setattr(sys.modules["premigrate.cli.entry"], "read_plainly", lambda _: None)
    assert plainly == invoke(*line)
    assert plainly.code == 4
