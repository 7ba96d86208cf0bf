"""Turns ``survivors.toml`` into the changes that nobody can notice, each with the reason."""

import tomllib
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("survivors.toml")


class Explained(NamedTuple):
    """A change that makes no difference that a test could see."""

    file: str
    was: str
    becomes: str
    why: str


def explained() -> dict[tuple[str, str, str], str]:
    """Give the reason for each change, by its file and its lines before and after."""
    return {(each.file, each.was, each.becomes): each.why for each in listed()}


def listed() -> list[Explained]:
    """List them as they stand in the file."""
    tables = tomllib.loads(FILE.read_text("utf-8"))
    return [Explained(**{**table, "file": f"premigrate/{table['file']}"}) for table in tables.get("survivor", [])]
