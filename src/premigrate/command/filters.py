"""Filters the findings of a run by rule id, code or attr, for all files or for those that match path patterns."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from premigrate.batch.display_paths import DisplayPaths
    from premigrate.command.path_patterns import PathPatterns
    from premigrate.report.findings import Finding


class NameFilter(NamedTuple):
    """Rule ids, codes or attrs to include and to exclude; ``*`` matches anything."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def includes(self, finding: Finding) -> bool:
        """Return whether a finding is included; ``ignore`` takes precedence over ``select``."""
        wanted = not self.select or any(_matches(pattern, finding) for pattern in self.select)
        return wanted and not any(_matches(pattern, finding) for pattern in self.ignore)


class Selection(NamedTuple):
    """The filter for all files, and further filters for files that match path patterns."""

    default: NameFilter = NameFilter()
    by_path: tuple[tuple[PathPatterns, NameFilter], ...] = ()

    @property
    def name_filters(self) -> tuple[NameFilter, ...]:
        """The filters that are not empty."""
        every = (self.default, *(choice for _, choice in self.by_path))
        return tuple(choice for choice in every if choice != NameFilter())

    def includes(self, file: str, finding: Finding) -> bool:
        """Return whether a finding in a file is included."""
        choices = [choice for patterns, choice in self.by_path if patterns.match(file)]
        return all(choice.includes(finding) for choice in (self.default, *choices))


def split_names(values: Iterable[str]) -> tuple[str, ...]:
    """Split names that are separated by commas."""
    return tuple(word.strip() for each in values for word in each.split(","))


def _matches(pattern: str, finding: Finding) -> bool:
    return any(fnmatchcase(name, pattern) for name in (finding.rule, finding.code, finding.attr))


def make_selection(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    per_path: Iterable[Mapping[str, tuple[str, ...]]] = (),
    shown: DisplayPaths | None = None,
) -> Selection:
    """Make a selection from the values of options; ``shown`` says how the paths of files are shown."""
    by_path = tuple(_for_paths(each, shown) for each in per_path)
    return Selection(NameFilter(split_names(select), split_names(ignore)), by_path)


def _for_paths(values: Mapping[str, tuple[str, ...]], shown: DisplayPaths | None) -> tuple[PathPatterns, NameFilter]:
    from premigrate.batch.display_paths import display_paths_from
    from premigrate.command.path_patterns import parse_path_patterns  # most runs have no per-path settings

    patterns = parse_path_patterns(values["paths"], shown or display_paths_from())
    return patterns, NameFilter(values.get("select", ()), values.get("ignore", ()))
