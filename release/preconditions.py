"""Checks that a release can be made: a clean tree, and a version, tag, changelog and public names that agree."""

import re
from pathlib import Path

from release.notes import UNRELEASED, latest_version, notes_of, sections
from release.process import ReleaseError, run
from release.public_names import LIST, names_only_in, read_names

_VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


def version_of(root: Path) -> str:
    """Return the version that the package states."""
    (version,) = _VERSION.findall((root / "src" / "premigrate" / "__init__.py").read_text("utf-8"))
    return str(version)


def check_preconditions(root: Path) -> str:
    """Return the version to release.

    Raises:
        ReleaseError: the release cannot be made; the message lists all reasons.

    """
    version = version_of(root)
    problems = [*_tree_problems(root, version), *_changelog_problems(root, version), *_name_problems(root, version)]
    if problems:
        raise ReleaseError("\n".join(["The release cannot be made:", *(f"- {problem}" for problem in problems)]))
    return version


def _tree_problems(root: Path, version: str) -> list[str]:
    problems = []
    if changed := run("git", "status", "--porcelain", cwd=root).splitlines():
        files = ", ".join(line[3:] for line in changed[:3]) + (" ..." if len(changed) > 3 else "")
        problems.append(f"The tree has changes that are not committed ({files}). Commit or remove them.")
    tags = run("git", "tag", "--points-at", "HEAD", cwd=root).split()
    if f"v{version}" not in tags:
        problems.append(
            f"The current commit does not have the tag v{version} of the version in src/premigrate/__init__.py"
            f" (its tags: {', '.join(tags) or 'none'}). Correct the version, or run `git tag v{version}`."
        )
    return problems


def _changelog_problems(root: Path, version: str) -> list[str]:
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    problems = []
    if (latest := latest_version(changelog)) != version:
        problems.append(
            f"The latest version in CHANGELOG.md is {latest or 'missing'}, and the package has {version}."
            f' Add a section "## {version} - YYYY-MM-DD", or correct the version.'
        )
    elif not notes_of(changelog, version):
        problems.append(f"The section of {version} in CHANGELOG.md is empty. Describe the release.")
    if sections(changelog).get(UNRELEASED):
        problems.append(f"CHANGELOG.md has unreleased changes. Move them to the section of {version}.")
    return problems


def _name_problems(root: Path, version: str) -> list[str]:
    """Compare the public names with those of the earlier releases that have the same major version."""
    major = version.partition(".")[0]
    tags = set(run("git", "tag", "--list", f"v{major}.*", cwd=root).split()) - {f"v{version}"}
    kept = read_names((root / LIST).read_text("utf-8"))
    gone = {tag: names_only_in(read_names(run("git", "show", f"{tag}:{LIST}", cwd=root)), kept) for tag in sorted(tags)}
    return [
        f"Public names of {tag} are gone, which needs a new major version: {'; '.join(names)}."
        for tag, names in gone.items()
        if names
    ]
