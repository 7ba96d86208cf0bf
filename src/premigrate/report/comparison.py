"""Compares a run with an earlier run: the findings that are new, gone and remaining."""

from collections.abc import Mapping
from typing import NamedTuple

from premigrate.report.findings import FindingKind


class KindChange(NamedTuple):
    """The findings of one kind that are new, gone and remaining."""

    new: int = 0
    gone: int = 0
    left: int = 0


class Comparison(NamedTuple):
    """The findings of a run beside those of an earlier one.

    ``file`` is the earlier report, safe to print, and ``as_of`` the day that counted as today in it. ``new`` findings
    are not in that report, and ``left`` ones are in both. ``gone`` ones are in that report only, in accounts that were
    checked again; ``not_checked`` are those in accounts that were not. ``kinds`` counts all but the last ones by kind.
    """

    file: str
    as_of: str
    new: int
    gone: int
    left: int
    not_checked: int
    kinds: Mapping[FindingKind, KindChange]

    def __str__(self) -> str:
        """Return the counts as a line of text; the name of the file is escaped already."""
        more = f", {self.not_checked} in accounts that were not checked again" if self.not_checked else ""
        return f"since {self.file} (as of {self.as_of}): {self.new} new, {self.gone} gone, {self.left} remaining{more}"
