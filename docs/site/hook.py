"""Adds the pages of the site to a build of MkDocs, which reads this file because mkdocs.yml names it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from docs.site.page import Page
from docs.site.pages import all_texts, expand_navigation, generated_pages

_ROOT = Path(__file__).resolve().parents[2]
_generated: dict[str, Page] = {}
_NAME = re.compile(r"(?<!</span>)<code>([^<\n ]+)</code>")
"""Matches a name in a line of text; a block of code has more in it."""
_BREAK = re.compile(r"(?<=\w)[_./:-](?=\w)")


def on_startup(command: str, **_: object) -> None:
    """Show only warnings of a build. With ``--quiet``, ``--strict`` would not count them."""
    if command == "build":
        logging.getLogger("mkdocs").setLevel(logging.WARNING)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the generated pages into the navigation."""
    _generated.clear()
    _generated.update(generated_pages(_ROOT))
    config.nav = expand_navigation(config.nav or [], _generated)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages; the folder of MkDocs itself has only style sheets and scripts."""
    for path, text in all_texts(_ROOT, _generated).items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_content(html: str, **_: object) -> str:
    """Let long names in narrow columns break between their words."""
    return _NAME.sub(lambda match: f"<code>{_BREAK.sub(_break_after, match[1])}</code>", html)


def _break_after(match: re.Match[str]) -> str:
    return f"{match[0]}<wbr>"
