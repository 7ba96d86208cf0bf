"""Files are found once and shown the same way, however they are named."""

import os
import sys
from pathlib import Path

import pytest

from premigrate.batch.display_paths import DisplayPaths, display_paths_from
from premigrate.batch.file_identity import FileSet, target_id
from premigrate.batch.inputs import SPLIT_MARKER, Source, find_sources


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a folder of accounts, a link to it beside it, and one to a folder outside; the current folder."""
    folder = tmp_path / "project"
    for name in ("accounts/a.json", "accounts/old/b.json", "sub/c.json", "../outside/d.json"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", "utf-8")
    (tmp_path / "link").symlink_to(folder)
    (folder / "elsewhere").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(folder)
    return folder


def names(*paths: object, shown: DisplayPaths | None = None) -> list[str]:
    return [source.name for source in find_sources(map(str, paths), display_paths=shown)]


def skipped(*paths: object) -> list[Source]:
    return [source for source in find_sources(map(str, paths)) if source.skip_reason]


class TestOnce:
    @pytest.mark.parametrize(
        "again",
        ["accounts/a.json", "./accounts//a.json", "accounts/old/../a.json", "{project}/accounts/a.json", "accounts",
         "../link/accounts/a.json", "{project}", "../link/accounts"],
    )  # fmt: skip
    def test_a_file_that_is_named_twice(self, project: Path, again: str) -> None:
        found = names("accounts/a.json", again.format(project=project))
        assert found.count("accounts/a.json") == 1

    def test_the_first_name_counts(self, project: Path) -> None:
        (project / "accounts" / "z.json").symlink_to("a.json")
        os.link("accounts/a.json", "accounts/hard.json")
        assert names("accounts/hard.json", "accounts") == ["accounts/hard.json", "accounts/old/b.json"]
        assert names("accounts") == ["accounts/a.json", "accounts/old/b.json"]
        assert names("accounts/z.json", "accounts/a.json") == ["accounts/z.json"]

    @pytest.mark.usefixtures("project")
    def test_nested_folders(self) -> None:
        assert names("accounts/old", "accounts", ".") == ["accounts/old/b.json", "accounts/a.json", "sub/c.json"]

    def test_standard_input_is_read_once(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (project / "sub" / "c.json").open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            assert names("-", "sub", "-") == ["standard input"]

    @pytest.mark.usefixtures("project")
    def test_what_is_missing_is_told_each_time(self) -> None:
        assert names("none.json", "none.json") == ["none.json", "none.json"]

    def test_a_set_of_files(self) -> None:
        files = FileSet()
        assert [files.add(file) for file in ((1, 2), (1, 3), (2, 2), (1, 2))] == [True, True, True, False]


class TestShown:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("./accounts//a.json", "accounts/a.json"),
            ("accounts/../accounts/old/b.json", "accounts/old/b.json"),
            ("{project}/accounts/a.json", "accounts/a.json"),
            ("../link/accounts/a.json", "accounts/a.json"),
            ("../link/sub/../accounts/a.json", "accounts/a.json"),
            ("elsewhere/d.json", "elsewhere/d.json"),
            ("sub/../elsewhere/d.json", "elsewhere/d.json"),
            ("../link/elsewhere/d.json", "elsewhere/d.json"),
            ("../outside/d.json", "{outside}/d.json"),
            ("none/x.json", "none/x.json"),
            ("accounts/", "accounts"),
            ("/", "/"),
            ("a\0b", "a\0b"),
        ],
    )
    def test_without_a_configuration(self, project: Path, path: str, expected: str) -> None:
        places = {"project": project, "outside": project.parent / "outside"}
        assert display_paths_from().display(path.format(**places)) == expected.format(**places)

    def test_from_the_folder_of_the_configuration(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(project / "sub")
        shown = display_paths_from(str(project))
        assert names("c.json", "../accounts/a.json", shown=shown) == ["sub/c.json", "accounts/a.json"]
        assert names("../../link", shown=shown) == ["accounts/a.json", "accounts/old/b.json", "sub/c.json"]

    def test_outside_the_folder_of_the_configuration(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        outside = project.parent / "outside"
        monkeypatch.chdir(outside)
        shown = display_paths_from(str(project))
        assert shown.display("d.json") == "d.json"
        assert shown.absolute_path("d.json") == str(outside / "d.json")
        (project / "d.json").write_text("{}", "utf-8")
        assert shown.display("d.json") == str(outside / "d.json"), "d.json is another file now"
        assert shown.absolute_path("d.json") == str(project / "d.json")

    @pytest.mark.usefixtures("project")
    def test_what_is_shown_leads_back(self) -> None:
        shown = display_paths_from()
        for source in find_sources([".", "../outside"]):
            assert Path(shown.absolute_path(source.name)).samefile(source.path)


class TestSkipped:
    def test_a_folder_with_a_mark(self, project: Path) -> None:
        (project / "accounts" / "old" / SPLIT_MARKER).touch()
        assert [(each.name, each.skip_reason.split(":")[0]) for each in skipped("accounts")] == [
            ("accounts/old", "skipped")
        ]
        assert not skipped("accounts/old")
        assert names("accounts/old", "accounts") == ["accounts/old/b.json", "accounts/a.json", "accounts/old"]
        assert names("accounts", "accounts/old/b.json") == ["accounts/a.json", "accounts/old", "accounts/old/b.json"]

    def test_what_standard_output_goes_to(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (project / "accounts" / "a.json").open("w") as file:
            monkeypatch.setattr(sys, "stdout", file)
            assert [each.name for each in skipped("accounts")] == ["accounts/a.json"]
            assert not skipped("accounts", "accounts/a.json"), "it is named; the command refuses that"


@pytest.mark.parametrize("other", ["new.json", "./new.json", "{project}/new.json", "../link/new.json", "dangling"])
def test_a_file_that_is_not_there_yet_has_an_identity(project: Path, other: str) -> None:
    (project / "dangling").symlink_to("new.json")
    assert target_id("new.json") == target_id(other.format(project=project))
    assert target_id("new.json") != target_id("sub/new.json")
