"""Checks a built site: each link leads to a file and a place that exist, and no page loads anything from the network.

``python -m docs.site.check_links FOLDER`` prints what is wrong and exits with 1 if there is anything.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADED = frozenset({("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")})
"""The attributes whose address a browser loads when a page opens."""
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
"""Matches the addresses that a style sheet loads."""
_NOT_FOUND_PAGE = "404.html"
"""The page that a server may show at any address, so that its links start at the root."""


@dataclass
class _Html(HTMLParser):
    """The ids and addresses of a page."""

    ids: set[str] = field(default_factory=set)
    addresses: list[tuple[str, str, str]] = field(default_factory=list)
    """Each address with its tag and attribute."""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the attributes of a tag."""
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif name in {"href", "src"} and value is not None:
                self.addresses.append((tag, name, value))


def find_problems(folder: Path) -> Iterator[str]:
    """Yield a line for each problem in the HTML pages and style sheets of a folder."""
    pages = {file: _read(file) for file in sorted(folder.rglob("*.html"))}
    ids = {file: page.ids for file, page in pages.items()}
    for file, page in pages.items():
        shown = file.relative_to(folder).as_posix()
        for tag, name, address in page.addresses:
            if reason := _reason(address, file, folder, ids, is_loaded=(tag, name) in _LOADED):
                yield f"{shown}: {name}={address}: {reason}"
    for file in sorted(folder.rglob("*.css")):
        for match in _IN_STYLE.finditer(file.read_text("utf-8")):
            if reason := _reason(match[1] or match[2], file, folder, ids, is_loaded=True):
                yield f"{file.relative_to(folder).as_posix()}: {match[0]}: {reason}"


def _read(file: Path) -> _Html:
    page = _Html()
    page.feed(file.read_text("utf-8"))
    return page


def _reason(address: str, file: Path, folder: Path, ids: dict[Path, set[str]], *, is_loaded: bool) -> str:
    """Return what is wrong with an address; empty if nothing is."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return ""
    if parts.scheme or parts.netloc:
        return "a page loads it from the network" if is_loaded else ""
    if parts.path.startswith("/") and file.name != _NOT_FOUND_PAGE:
        return "it does not work from disk, because it starts at the root of a server"
    start = folder if parts.path.startswith("/") else file.parent
    target = (start / unquote(parts.path).lstrip("/")).resolve() if parts.path else file
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "there is no such file"
    if parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
        return "there is no such place on the page"
    return ""


def main(folder: str) -> int:
    """Print the problems of a folder; return the exit code."""
    problems = list(find_problems(Path(folder).resolve()))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    pages = sum(1 for _ in Path(folder).rglob("*.html"))
    sys.stdout.write(f"{folder}: {pages} pages, {len(problems) or 'no'} wrong links\n")
    return 1 if problems or not pages else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
