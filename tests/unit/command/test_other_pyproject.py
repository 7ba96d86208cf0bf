"""A pyproject.toml of some other project stops nothing; one with settings of ours that is broken is told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from premigrate.command.config import load_config
from premigrate.exceptions import BadArgument

LATIN = '[project]\nauthors = [{name = "Jo\xe3o"}]\n'.encode("latin-1")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_secret(path: Path) -> None:
    path.write_text("[tool.premigrate]\n")
    path.chmod(0)


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to start in, below the one with the pyproject.toml."""
    folder = tmp_path / "below"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


STRAYS: dict[str, Callable[[Path], object]] = {
    "latin-1": lambda path: path.write_bytes(LATIN),
    "UTF-16": lambda path: path.write_text("[project]\n", "utf-16"),
    "not TOML": lambda path: path.write_text("[project\nname = \n"),
    "a template": lambda path: path.write_text("[project]\nname = {{ premigrate }}\n"),
    "not TOML, and depends on us": lambda path: path.write_text('[project]\ndependencies = ["premigrate"\n'),
    "a path with backslashes": lambda path: path.write_text('[project]\nx = "C:\\users\\premigrate"\n'),
    "a folder": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a pipe": make_pipe,
    "zeros": lambda path: path.write_bytes(b"\0" * 100),
}


@pytest.mark.parametrize("make", STRAYS.values(), ids=STRAYS.keys())
def test_a_stray_file_is_passed_over(make: Callable[[Path], object], below: Path) -> None:
    make(below.parent / "pyproject.toml")
    assert load_config(None, below).values == {}


@pytest.mark.parametrize("make", STRAYS.values(), ids=STRAYS.keys())
def test_the_configuration_above_a_stray_file_holds(make: Callable[[Path], object], below: Path) -> None:
    (below.parent / "premigrate.toml").write_text('market = "pt"\n')
    make(below / "pyproject.toml")
    assert load_config(None, below).values == {"market": "pt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_nobody_may_read_is_passed_over(below: Path) -> None:
    make_secret(below.parent / "pyproject.toml")
    assert load_config(None, below).values == {}


@pytest.mark.parametrize(
    ("text", "is_ours"),
    [
        ("", False),
        ('[project]\nname = "other"\n[tool.ruff]\n', False),
        ('[project]\nname = "premigrate"\n[project.scripts]\npremigrate = "x"\n[tool.ruff]\nsrc = []\n', False),
        ('[tool.premigrate]\nmarket = "pt"\n', True),
        ("[ tool . 'premigrate' ]\nmarket = 'pt'\n", True),
        ('["tool"."premigrate"]\nmarket = "pt"\n', True),
        ('["\\U00000074ool"."\\u0070remigrate"]\nmarket = "pt"  # premigrate\n', True),
        ('tool.premigrate.market = "pt"\n', True),
        ('[tool]\npremigrate = { market = "pt" }\n', True),
        ('tool = { premigrate = { market = "pt" } }\n', True),
        ('["to\\u006fl"]\npremigrate = { market = "pt" }\n', True),
    ],
)
def test_settings_are_found_however_toml_writes_them(text: str, is_ours: bool, below: Path) -> None:
    (below.parent / "pyproject.toml").write_text(text, "utf-8")
    assert load_config(None).values == ({"market": "pt"} if is_ours else {})


@pytest.mark.parametrize("name", ["", "./premigrate.toml"])
def test_the_folder_of_a_configuration_is_absolute(name: str, below: Path) -> None:
    (below / "premigrate.toml").write_text("", "utf-8")
    assert load_config(name or None).folder == str(below)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[tool.premigrate]\nmarket = \n", "not TOML"),
        (b"[tool.premigrate]\nmarket = 'pt'\n[project\n", "not TOML"),
        (b'["tool" . premigrate]\nmarket = "pt\n', "not TOML"),
        (b"tool.premigrate.market = \n", "not TOML"),
        (b"[tool]\npremigrate = {market = 'pt'\n", "not TOML"),
        (b"[tool.premigrate]\n" + LATIN, "not UTF-8"),
        (b"[tool.premigrate]\nmarkt = 'pt'\n", "did you mean market"),
        (b'["\\u0074ool"]\npremigrate = {markt = "pt"}\n', "did you mean market"),
    ],
)
def test_a_broken_file_with_settings_of_ours_is_told(content: bytes, message: str, below: Path) -> None:
    (below.parent / "pyproject.toml").write_bytes(content)
    with pytest.raises(BadArgument, match=message):
        load_config(None, below)


@pytest.mark.parametrize("content", [b"[project\n", LATIN])
def test_a_broken_file_that_is_named_is_told(content: bytes, below: Path) -> None:
    (below / "pyproject.toml").write_bytes(content)
    with pytest.raises(BadArgument):
        load_config("pyproject.toml", below)


@pytest.mark.parametrize("content", [b"[project\n", LATIN])
def test_a_broken_file_of_our_own_is_told(content: bytes, below: Path) -> None:
    (below.parent / "premigrate.toml").write_bytes(content)
    with pytest.raises(BadArgument):
        load_config(None, below)
