"""Finds the sections of CHANGELOG.md."""

import re

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_RELEASED = re.compile(r"(\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}")
UNRELEASED = "Unreleased"


def sections(changelog: str) -> dict[str, str]:
    """Return the text of each section of a changelog by its heading, in their order."""
    _, *parts = _HEADING.split(changelog)
    return {heading.strip(): text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def latest_version(changelog: str) -> str:
    """Return the version of the first section that has one; an empty text if there is none."""
    versions = (match[1] for heading in sections(changelog) if (match := _RELEASED.fullmatch(heading)))
    return next(versions, "")


def notes_of(changelog: str, version: str) -> str:
    """Return the notes of a release as a Markdown document; an empty text if the changelog has none for it."""
    for heading, text in sections(changelog).items():
        match = _RELEASED.fullmatch(heading)
        if match and match[1] == version and text:
            return f"# premigrate {heading}\n\n{text}\n"
    return ""
