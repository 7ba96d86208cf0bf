"""One page of the site in Markdown, and the notation of text, code and links in it."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|])")
_BACKTICKS = re.compile(r"`+")


class Page:
    """A page that is written line by line.

    Args:
        path: the path of its Markdown file in the site.
        title: its heading in Markdown.
        label: its name in the navigation.
        above: the page that leads to this one, with the text of the link to it.
        boost: how much more the page counts in the search.

    """

    def __init__(
        self, path: str, title: str, label: str, above: tuple[str, str] | None = None, *, boost: int = 1
    ) -> None:
        self.path, self.label = path, label
        search = ["search:", f"  boost: {boost}"] if boost > 1 else []
        self._lines = ["---", f"title: {json.dumps(title.replace('`', ''))}", *search, "---", "", f"# {title}", ""]
        if above:
            text, target = above
            self.add(self.link(text, target) + "{ .above }", "")

    @property
    def text(self) -> str:
        """The whole page."""
        return "\n".join([*self._lines, ""])

    def add(self, *lines: str) -> None:
        """Add lines."""
        self._lines += lines

    def paragraph(self, text: str) -> None:
        """Add a paragraph, with the blank line after it."""
        self.add(text, "")

    def section(self, title: str, *, level: int = 2, anchor: str = "", in_search: bool = True) -> None:
        """Add a heading. A section that is not ``in_search`` has no entry of its own in the search."""
        marks = [f"#{anchor}"] if anchor else []
        marks += [] if in_search else ["data-search-exclude"]
        self.add("", " ".join([level * "#", title, *(["{", *marks, "}"] if marks else [])]), "")

    def items(self, items: Iterable[str]) -> None:
        """Add a list."""
        self.add(*(f"- {item}" for item in items), "")

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table, without columns that have no cell with content. Cells are Markdown."""
        lines = [*rows]
        used = [column for column, _ in enumerate(header) if any(cells[column] for cells in lines)]
        for cells in (header, ["---"] * len(header), *lines):
            self.add(f"| {' | '.join(cells[column] for column in used)} |")
        self.add("")

    def block(self, language: str, text: str, title: str = "") -> None:
        """Add a block of code."""
        fence = "`" * (max(map(len, _BACKTICKS.findall(text)), default=0) + 3)
        self.add(fence + language + (f' title="{title}"' if title else ""), text, fence, "")

    def link(self, text: str, target: str, anchor: str = "") -> str:
        """Return a link to another page of the site. The text is Markdown."""
        path = "" if target == self.path else posixpath.relpath(target, posixpath.dirname(self.path) or ".")
        return f"[{text}]({'#'.join([path, anchor] if anchor else [path])})"


def escape(text: str) -> str:
    """Return a text on one line as Markdown that shows it as it is."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain)


def code(text: str) -> str:
    """Return a text as code within a line."""
    plain = " ".join(text.split())
    ticks = "`" * (max(map(len, _BACKTICKS.findall(plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{ticks}{space}{plain}{space}{ticks}"


def codes(texts: Iterable[str]) -> str:
    """Return several texts as code, separated by commas."""
    return ", ".join(map(code, texts))
