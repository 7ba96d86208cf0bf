"""Checks that the relative links of all Markdown files lead to a file, and to a heading of it."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.payloads import ROOT

PAGES = [
    *sorted(ROOT.glob("*.md")),
    *(page for folder in ("benchmarks", "docs", "examples", "rules") for page in sorted((ROOT / folder).rglob("*.md"))),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in links_of(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors_of(target), link


def links_of(page: Path) -> list[str]:
    """Return the targets of the relative links on a page."""
    links = re.findall(r"\]\(\s*([^)\s]+)\s*\)", without_code(page))
    return [link for link in links if not re.match(r"[a-z]+:", link)]


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of the headings on a page, as GitHub makes them: a repeated one ends in a number."""
    seen: Counter[str] = Counter()
    anchors = set()
    for heading in re.findall(r"^#+ +(.*?) *$", without_code(page), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        anchors.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return anchors


def without_code(page: Path) -> str:
    """Return the text of a page without its fenced blocks, in which ``#`` begins a comment."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_a_heading_gives_its_anchor(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    text = "# Which paths `[[per-path]]` means\n```sh\n# no heading\n```\n## What's [new](x)?\n## What's new?\n"
    page.write_text(text, "utf-8")
    assert anchors_of(page) == {"which-paths-per-path-means", "whats-new", "whats-new-1"}
