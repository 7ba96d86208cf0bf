"""The Markdown files of the repository as pages, with links that work in the site.

A page of the site has the path of its file, so links between pages stay as they are. A link to another file leads to a
page that shows the file, and a link to a folder to its README or to a page that lists its files.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from docs.site.page import Page, code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_FOLDERS = (".", "docs", "rules", "benchmarks")
"""The folders whose Markdown files are pages."""
_FENCE = re.compile(r"(?m)^( *)```(\w+) (\S+)$")
"""Matches the beginning of a block of code with the name of a file."""
_CODE = re.compile(r"(?ms)^ *(```+)[^\n`]*\n.*?^ *\1 *$|(`+)(?!`).+?(?<!`)\2(?!`)")
_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")
"""Matches the target of a link to a file of the repository."""
_LANGUAGES = {".py": "python", ".toml": "toml", ".json": "json", ".yml": "yaml", ".yaml": "yaml", ".sh": "sh"}
_SIMILAR = {"ndjson": "json"}
"""The language that shows a block, where there is none of its name."""


class RepositoryPages:
    """The pages of a checkout.

    Args:
        root: the folder of the repository.
        generated: the paths of pages that replace files.

    """

    def __init__(self, root: Path, generated: Collection[str]) -> None:
        self._root = root
        self._texts = {
            file.relative_to(root).as_posix(): file.read_text("utf-8")
            for folder in _FOLDERS
            for file in sorted((root / folder).glob("*.md"))
        }
        self._pages = {*self._texts, *generated}
        self._replaced = {*generated}
        self._shown: dict[str, None] = {}

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the path and the Markdown of each page, and of the pages that show files to which they link."""
        for path, text in self._texts.items():
            if path not in self._replaced:
                yield path, self._page(path, text)
        shown: set[str] = set()
        while left := [each for each in self._shown if each not in shown]:
            for file in left:
                shown.add(file)
                yield _page_of(file), self._show(file)

    def _page(self, path: str, text: str) -> str:
        def outside_code(start: int, end: int) -> str:
            return _LINK.sub(lambda match: self._link(path, match), text[start:end])

        parts, end = [], 0
        for match in _CODE.finditer(text):
            parts += [outside_code(end, match.start()), _FENCE.sub(_titled, match[0])]
            end = match.end()
        return "".join([*parts, outside_code(end, len(text))])

    def _link(self, path: str, match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
        anchor = match[2] or ""
        if target in self._pages or not (self._root / target).exists():
            return match[0]  # the build reports a file that does not exist
        readme = f"{target}/README.md"
        if readme not in self._pages:
            self._shown[target] = None
        page = readme if readme in self._pages else _page_of(target)
        return f"]({posixpath.relpath(page, posixpath.dirname(path) or '.')}{anchor})"

    def _show(self, path: str) -> str:
        """Return a page with the content of a file, or with links to the files of a folder."""
        page = Page(_page_of(path), code(path), path)
        file = self._root / path
        if file.is_dir():
            inner = sorted(each.relative_to(self._root).as_posix() for each in file.rglob("*") if each.is_file())
            visible = [each for each in inner if "__pycache__" not in each]
            self._shown |= dict.fromkeys(visible)
            page.items(page.link(code(each), _page_of(each)) for each in visible)
        else:
            page.paragraph("A file of the repository.")
            page.block(_LANGUAGES.get(file.suffix, "text"), file.read_text("utf-8").rstrip("\n"))
        return page.text


def _page_of(path: str) -> str:
    return f"files/{path}.md"


def _titled(match: re.Match[str]) -> str:
    indent, language, name = match.groups()
    return f'{indent}```{_SIMILAR.get(language, language)} title="{name}"'
