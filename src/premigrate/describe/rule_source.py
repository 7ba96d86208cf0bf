"""Finds a table of a rule file as it is written, with its comments."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING

from premigrate.ruleset.rule_files import rules_root

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = re.compile(r"(?m)^(?:#[^\n]*+\n)*+\[{1,2}[a-z]")
"""Matches the beginning of a table: the lines of comment above it, and its header."""


def written_tables(file: str) -> Mapping[tuple[str, str], str]:
    """Return the text of each rule, cohort rule and fix in a rule file, by the kind of the table and the id.

    ``file`` is a path below the folder of rules, as in `Ruleset.source_files`.
    """
    return _tables_in(rules_root().joinpath(*file.split("/")).read_text("utf-8"))


@cache
def _tables_in(text: str) -> Mapping[tuple[str, str], str]:
    starts = [match.start() for match in _TABLE.finditer(text)]
    found = {}
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        written = text[start:end].strip()
        ((kind, content),) = tomllib.loads(written).items()
        if isinstance(content, list):
            found[kind, str(content[0].get("id"))] = written
    return found
