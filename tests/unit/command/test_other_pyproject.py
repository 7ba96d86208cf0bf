"""A pyproject.toml of another project is ignored; a broken one with settings of premigrate is an error."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from premigrate.command.config import load_config
from premigrate.exceptions import BadArgument

LATIN = '[project]\nauthors = [{name = "Jo\xe3o"}]\n'.encode("latin-1")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_unreadable(path: Path) -> None:
    path.write_text("[tool.premigrate]\n")
    path.chmod(0)


@pytest.fixture
def subfolder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a folder below the one with the pyproject.toml."""
    folder = tmp_path / "below"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


FOREIGN_FILES: dict[str, Callable[[Path], object]] = {
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


@pytest.mark.parametrize("create", FOREIGN_FILES.values(), ids=FOREIGN_FILES.keys())
def test_foreign_file_is_ignored(create: Callable[[Path], object], subfolder: Path) -> None:
    create(subfolder.parent / "pyproject.toml")
    assert load_config(None, subfolder).values == {}


@pytest.mark.parametrize("create", FOREIGN_FILES.values(), ids=FOREIGN_FILES.keys())
def test_configuration_above_a_foreign_file_is_used(create: Callable[[Path], object], subfolder: Path) -> None:
    (subfolder.parent / "premigrate.toml").write_text('market = "pt"\n')
    create(subfolder / "pyproject.toml")
    assert load_config(None, subfolder).values == {"market": "pt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_ignored(subfolder: Path) -> None:
    make_unreadable(subfolder.parent / "pyproject.toml")
    assert load_config(None, subfolder).values == {}


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
def test_settings_are_found_in_any_toml_spelling(text: str, is_ours: bool, subfolder: Path) -> None:
    (subfolder.parent / "pyproject.toml").write_text(text, "utf-8")
    assert load_config(None).values == ({"market": "pt"} if is_ours else {})


@pytest.mark.parametrize("name", ["", "./premigrate.toml"])
def test_folder_of_a_configuration_is_absolute(name: str, subfolder: Path) -> None:
    (subfolder / "premigrate.toml").write_text("", "utf-8")
    assert load_config(name or None).folder == str(subfolder)


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
def test_broken_file_with_our_settings_is_an_error(content: bytes, message: str, subfolder: Path) -> None:
    (subfolder.parent / "pyproject.toml").write_bytes(content)
    with pytest.raises(BadArgument, match=message):
        load_config(None, subfolder)


@pytest.mark.parametrize("content", [b"[project\n", LATIN])
def test_broken_file_that_is_named_is_an_error(content: bytes, subfolder: Path) -> None:
    (subfolder / "pyproject.toml").write_bytes(content)
    with pytest.raises(BadArgument):
        load_config("pyproject.toml", subfolder)


@pytest.mark.parametrize("content", [b"[project\n", LATIN])
def test_broken_premigrate_toml_is_an_error(content: bytes, subfolder: Path) -> None:
    (subfolder.parent / "premigrate.toml").write_bytes(content)
    with pytest.raises(BadArgument):
        load_config(None, subfolder)
