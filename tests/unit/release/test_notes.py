"""The notes of a release are its section of the changelog."""

from release.notes import latest_version, notes_of, sections

from tests.payloads import ROOT

CHANGELOG = """\
# Changes

## Unreleased

## 1.1.0 - 2027-01-31

### Fixes

- One.

## 1.0.0 - 2026-11-30

- The first.
"""


def test_sections_are_found_in_order() -> None:
    assert list(sections(CHANGELOG)) == ["Unreleased", "1.1.0 - 2027-01-31", "1.0.0 - 2026-11-30"]
    assert sections(CHANGELOG)["Unreleased"] == ""


def test_notes_are_the_section_of_the_version() -> None:
    assert notes_of(CHANGELOG, "1.1.0") == "# premigrate 1.1.0 - 2027-01-31\n\n### Fixes\n\n- One.\n"
    assert notes_of(CHANGELOG, "1.0.0") == "# premigrate 1.0.0 - 2026-11-30\n\n- The first.\n"
    assert notes_of(CHANGELOG, "0.9.0") == ""


def test_latest_version_is_the_first_that_is_released() -> None:
    assert latest_version(CHANGELOG) == "1.1.0"
    assert latest_version("# Changes\n\n## Unreleased\n\n- One.\n") == ""


def test_changelog_of_the_repository_is_read() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    notes = notes_of(changelog, latest_version(changelog))
    assert "### Check payloads" in notes
    assert "\n## " not in notes
