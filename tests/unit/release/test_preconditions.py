"""A release is refused where the tree, the version, the tag, the changelog or the public names do not agree."""

import shutil
from pathlib import Path

import pytest
from release.preconditions import check_preconditions
from release.process import ReleaseError, run
from release.public_names import LIST

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")

CHANGELOG = "# Changes\n\n## Unreleased\n\n## {} - 2026-11-30\n\n- The first.\n"
IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "Somebody"), ("EMAIL", "somebody@example.org"))
}


class Repository:
    """A repository with the files that a release is checked by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> None:
        run("git", *arguments, cwd=self.folder, env=IDENTITY)

    def release(self, version: str, names: str = "[codes]\nrequired\n", changelog: str = "") -> None:
        files = {
            "src/premigrate/__init__.py": f'__version__ = "{version}"\n',
            "CHANGELOG.md": changelog or CHANGELOG.format(version),
            LIST: names,
        }
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", version)
        self.git("tag", f"v{version}")

    def problem(self) -> str:
        with pytest.raises(ReleaseError) as caught:
            check_preconditions(self.folder)
        heading, problem = str(caught.value).split("\n- ")
        assert heading == "The release cannot be made:"
        return problem


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    repository.release("1.0.0")
    return repository


def test_agreement_gives_the_version(repository: Repository) -> None:
    assert check_preconditions(repository.folder) == "1.0.0"


def test_dirty_tree(repository: Repository) -> None:
    (repository.folder / "notes.txt").write_text("x", "utf-8")
    assert repository.problem() == "The tree has changes that are not committed (notes.txt). Commit or remove them."


def test_commit_without_the_tag_of_the_version(repository: Repository) -> None:
    repository.git("tag", "--delete", "v1.0.0")
    repository.git("tag", "v1.0.1")
    assert "does not have the tag v1.0.0" in repository.problem()
    assert "its tags: v1.0.1" in repository.problem()


@pytest.mark.parametrize(
    ("changelog", "problem"),
    [
        (CHANGELOG.format("0.9.0"), "The latest version in CHANGELOG.md is 0.9.0, and the package has 1.1.0."),
        ("# Changes\n\n## Unreleased\n", "The latest version in CHANGELOG.md is missing"),
        ("# Changes\n\n## 1.1.0 - 2026-12-31\n\n## 1.0.0 - 2026-11-30\n\n- One.\n", "CHANGELOG.md is empty"),
        (CHANGELOG.format("1.1.0").replace("Unreleased\n", "Unreleased\n\n- Two.\n"), "has unreleased changes"),
    ],
)
def test_changelog_of_another_state(repository: Repository, changelog: str, problem: str) -> None:
    repository.release("1.1.0", changelog=changelog)
    assert problem in repository.problem()


def test_public_names_that_are_gone_need_a_major_version(repository: Repository) -> None:
    repository.release("1.1.0", names="[codes]\nblank\n")
    assert repository.problem() == (
        "Public names of v1.0.0 are gone, which needs a new major version: [codes] required."
    )
    repository.release("2.0.0", names="[codes]\nblank\n")
    assert check_preconditions(repository.folder) == "2.0.0"
