"""Path patterns match files below the folder of a configuration, however their paths are written."""

import time
from glob import escape
from pathlib import Path

import pytest

from premigrate.batch.display_paths import display_paths_from
from premigrate.command.path_patterns import parse_path_patterns


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "a [b]* project"
    for name in ("accounts/a.json", "accounts/old/b.json", "accounts/old/x/y/c.json", "[old]/d.json"):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "e.json").touch()
    (project / "elsewhere").symlink_to("../outside")
    (project / "today.json").symlink_to("accounts/old/b.json")
    monkeypatch.chdir(project)
    return project


A, B, C, D, E, TODAY = (
    *("accounts/a.json", "accounts/old/b.json", "accounts/old/x/y/c.json", "[old]/d.json"),
    *("elsewhere/e.json", "today.json"),
)


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("accounts", {A, B, C, TODAY}),
        ("accounts/old", {B, C, TODAY}),
        ("./accounts//old/", {B, C, TODAY}),
        ("accounts/../accounts/old", {B, C, TODAY}),
        ("accounts/ol", set()),
        ("old", set()),
        (".", {A, B, C, D, E, TODAY}),
        ("{folder}/accounts/a.json", {A}),
        ("{folder}/../outside", {E}),
        ("accounts/*.json", {A}),
        ("accounts/*", {A, B, C, TODAY}),
        ("accounts/**", {A, B, C, TODAY}),
        ("accounts/**/*.json", {A, B, C, TODAY}),
        ("accounts/**/y", {C}),
        ("**/old/*.json", {B, TODAY}),
        ("**/**/c.json", {C}),
        ("*/a.json", {A}),
        ("*.json", {TODAY}),
        ("accounts/?.json", {A}),
        ("accounts/[a-c].json", {A}),
        ("accounts/[!a].json", set()),
        ("[[]old]", {D}),
        ("*/../accounts/a.json", {A}),
        ("elsewhere", {E}),
        ("else*/*.json", {E}),
        ("../outside", {E}),
        ("today.json", {B, TODAY}),
        ("a\0b", set()),
        ("../../../../../../../../../../*/..", {A, B, C, D, E, TODAY}),
    ],
)
def test_matched_files(folder: Path, pattern: str, matched: set[str]) -> None:
    patterns = parse_path_patterns([pattern.replace("{folder}", escape(str(folder)))], display_paths_from())
    assert {file for file in (A, B, C, D, E, TODAY) if patterns.match(file)} == matched


def test_outside_file_is_matched_by_its_absolute_path(folder: Path) -> None:
    outside = str(folder.parent / "outside" / "e.json")
    assert parse_path_patterns(["../outside/*.json"], display_paths_from()).match(outside)
    assert parse_path_patterns(["elsewhere"], display_paths_from()).match(outside)
    assert not parse_path_patterns(["accounts"], display_paths_from()).match(outside)


def test_matching_time_is_not_exponential() -> None:
    start = time.monotonic()
    patterns = parse_path_patterns(["/".join(["**", "*a"] * 40) + "/z", "*a" * 40 + "z"], display_paths_from())
    assert not patterns.match("/".join(["a" * 40] * 80))
    assert time.monotonic() - start < 2
