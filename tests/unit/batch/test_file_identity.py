"""Each file is found once and displayed under one name, however its path is written."""

import os
import sys
from pathlib import Path

import pytest

from premigrate.batch.display_paths import DisplayPaths, display_paths_from
from premigrate.batch.file_identity import FileSet, target_id
from premigrate.batch.inputs import SPLIT_MARKER, Source, find_sources


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a project with accounts, a link beside it that leads to it, and a link inside it to an outside folder."""
    folder = tmp_path / "project"
    for name in ("accounts/a.json", "accounts/old/b.json", "sub/c.json", "../outside/d.json"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", "utf-8")
    (tmp_path / "link").symlink_to(folder)
    (folder / "elsewhere").symlink_to(tmp_path / "outside")
    monkeypatch.chdir(folder)
    return folder


def names(*paths: object, display_paths: DisplayPaths | None = None) -> list[str]:
    return [source.name for source in find_sources(map(str, paths), display_paths=display_paths)]


def skipped(*paths: object) -> list[Source]:
    return [source for source in find_sources(map(str, paths)) if source.skip_reason]


class TestDeduplication:
    @pytest.mark.parametrize(
        "second_name",
        ["accounts/a.json", "./accounts//a.json", "accounts/old/../a.json", "{project}/accounts/a.json", "accounts",
         "../link/accounts/a.json", "{project}", "../link/accounts"],
    )  # fmt: skip
    def test_file_that_is_named_twice(self, project: Path, second_name: str) -> None:
        found = names("accounts/a.json", second_name.format(project=project))
        assert found.count("accounts/a.json") == 1

    def test_first_name_is_kept(self, project: Path) -> None:
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
    def test_missing_file_is_reported_each_time(self) -> None:
        assert names("none.json", "none.json") == ["none.json", "none.json"]

    def test_file_set_reports_new_files(self) -> None:
        files = FileSet()
        assert [files.add(file) for file in ((1, 2), (1, 3), (2, 2), (1, 2))] == [True, True, True, False]


class TestDisplayedPaths:
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
        display_paths = display_paths_from(str(project))
        assert names("c.json", "../accounts/a.json", display_paths=display_paths) == ["sub/c.json", "accounts/a.json"]
        assert names("../../link", display_paths=display_paths) == [
            "accounts/a.json",
            "accounts/old/b.json",
            "sub/c.json",
        ]

    def test_outside_the_folder_of_the_configuration(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        outside = project.parent / "outside"
        monkeypatch.chdir(outside)
        display_paths = display_paths_from(str(project))
        assert display_paths.display("d.json") == "d.json"
        assert display_paths.absolute_path("d.json") == str(outside / "d.json")
        (project / "d.json").write_text("{}", "utf-8")
        assert display_paths.display("d.json") == str(outside / "d.json"), "d.json is another file now"
        assert display_paths.absolute_path("d.json") == str(project / "d.json")

    @pytest.mark.usefixtures("project")
    def test_displayed_path_resolves_to_the_file(self) -> None:
        display_paths = display_paths_from()
        for source in find_sources([".", "../outside"]):
            assert Path(display_paths.absolute_path(source.name)).samefile(source.path)


class TestSkipped:
    def test_folder_with_a_split_marker(self, project: Path) -> None:
        (project / "accounts" / "old" / SPLIT_MARKER).touch()
        assert [(each.name, each.skip_reason.split(":")[0]) for each in skipped("accounts")] == [
            ("accounts/old", "skipped")
        ]
        assert not skipped("accounts/old")
        assert names("accounts/old", "accounts") == ["accounts/old/b.json", "accounts/a.json", "accounts/old"]
        assert names("accounts", "accounts/old/b.json") == ["accounts/a.json", "accounts/old", "accounts/old/b.json"]

    def test_file_that_standard_output_is_written_to(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (project / "accounts" / "a.json").open("w") as file:
            monkeypatch.setattr(sys, "stdout", file)
            assert [each.name for each in skipped("accounts")] == ["accounts/a.json"]
            assert not skipped("accounts", "accounts/a.json"), (
                "a file that is named is not skipped; the command refuses it"
            )


@pytest.mark.parametrize("other", ["new.json", "./new.json", "{project}/new.json", "../link/new.json", "dangling"])
def test_missing_file_has_an_identity(project: Path, other: str) -> None:
    (project / "dangling").symlink_to("new.json")
    assert target_id("new.json") == target_id(other.format(project=project))
    assert target_id("new.json") != target_id("sub/new.json")
