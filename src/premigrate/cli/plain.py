"""Reads a plain command line of the check command, without the library that reads every command line.

That library takes half the time of a check. What is plain is read here as it would be there; what isn't (help,
completion, abbreviations, mistakes ...) is left to it.
"""

import os
import re
import stat
from datetime import date
from typing import NamedTuple

from premigrate.cli.exits import Exit

_OPTIONS = {
    "--market": "market",
    "--as-of": "as_of",
    "--format": "output",
    "--overlay": "overlay",
}
_FORMATS = ("text", "json", "ndjson")
_DAY = "dddd-dd-dd"
_OWN, _SHARED = "premigrate.toml", "pyproject.toml"
_TOOL = rb"""(?m)tool["' \t]*+\.["' \t]*+premigrate|^[\["' \t]*+tool["' \t]*+[]=]|\\[uU]"""
"""What a pyproject.toml holds that may say something of us: all ways of TOML to write it."""


class Asked(NamedTuple):
    """What the check command was asked to do."""

    paths: tuple[str, ...]
    market: str | None = None
    as_of: date | None = None
    output: str = "text"
    overlay: str | None = None


def read_plainly(arguments: list[str]) -> Asked | None:
    """Read the arguments of the process; None if there is anything in them, or a configuration, that is not plain."""
    if arguments[:1] != ["check"]:
        return None
    paths: list[str] = []
    said: dict[str, str] = {}
    left = iter(arguments[1:])
    for argument in left:
        if not argument.startswith("-") or argument == "-":
            paths.append(argument)
            continue
        option, is_joined, value = argument.partition("=")
        value = value if is_joined else next(left, "")
        if option not in _OPTIONS or not value or value.startswith("-"):
            return None
        said[_OPTIONS[option]] = value
    output, day = said.pop("output", "text"), said.pop("as_of", None)
    as_of = _read_day(day) if day else None
    if not paths or output not in _FORMATS or (day and not as_of) or _may_be_configured():
        return None
    return Asked(tuple(paths), as_of=as_of, output=output, **said)


def run_plainly(asked: Asked) -> Exit:
    """Check what was asked for, as the check command does; tells the exit code."""
    from functools import partial

    from premigrate.api import market_of_overlay
    from premigrate.cli.checking import Wish, validator_for
    from premigrate.cli.overwriting import RunFiles, refuse_overwriting, settings_of
    from premigrate.cli.run import Runner
    from premigrate.cli.streams import paint
    from premigrate.cli.targets import make_targets

    refuse_overwriting(RunFiles(asked.paths, settings_of("", {"overlay": asked.overlay})))
    today = asked.as_of or date.today()
    validator_of = partial(validator_for, today, asked.overlay, None)
    market = asked.market or (market_of_overlay(asked.overlay) if asked.overlay else None)
    wish = Wish(market, today, is_today=not asked.as_of, validator_of=validator_of)
    runner = Runner(wish, make_targets(asked.output, (), paint=paint))
    runner.run_over(asked.paths, tell_day=asked.output != "text")
    return runner.worst


def _may_be_configured() -> bool:
    """Whether there is a configuration here or above, or something that may be one."""
    folder = os.getcwd()  # noqa: PTH109 - pathlib is slow to import, here and below
    while True:
        own, shared = (os.path.join(folder, name) for name in (_OWN, _SHARED))  # noqa: PTH118
        if os.path.lexists(own) or mentions_tool(read_shared(shared)):
            return True
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return False
        folder = above


def read_shared(path: str) -> bytes:
    """Read a pyproject.toml, which may be that of any project; empty if it is no file or can't be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return b""
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return b""


def mentions_tool(content: bytes) -> bool:
    """Whether a pyproject.toml may hold [tool.premigrate], however it is written, and even if it is broken."""
    return b"premigrate" in content and re.search(_TOOL, content) is not None


def _read_day(text: str) -> date | None:
    is_plain = len(text) == len(_DAY) and text.isascii() and text[4] == text[7] == "-"
    try:
        return date.fromisoformat(text) if is_plain else None
    except ValueError:
        return None
