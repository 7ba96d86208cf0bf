"""Chooses which findings a run shows and counts: by rule id, code or attr, for all files or those of some paths."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from premigrate.batch.display_paths import ShownPaths
    from premigrate.command.path_patterns import PathPatterns
    from premigrate.report.findings import Finding


class Choice(NamedTuple):
    """What is wanted and what is not: rule ids, codes or attrs, in which ``*`` stands for anything."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, finding: Finding) -> bool:
        """Whether a finding is to be shown; what is ignored is so even if it is selected."""
        wanted = not self.select or any(_fits(pattern, finding) for pattern in self.select)
        return wanted and not any(_fits(pattern, finding) for pattern in self.ignore)


class Selection(NamedTuple):
    """The choice that holds everywhere, and those that hold besides for files of some paths."""

    everywhere: Choice = Choice()
    by_path: tuple[tuple[PathPatterns, Choice], ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """List the choices that say something."""
        every = (self.everywhere, *(choice for _, choice in self.by_path))
        return tuple(choice for choice in every if choice != Choice())

    def takes(self, file: str, finding: Finding) -> bool:
        """Whether a finding in a file is to be shown."""
        choices = [choice for patterns, choice in self.by_path if patterns.match(file)]
        return all(choice.takes(finding) for choice in (self.everywhere, *choices))


def split_words(said: Iterable[str]) -> tuple[str, ...]:
    """Take apart words that were given several at once, with commas between."""
    return tuple(word.strip() for each in said for word in each.split(","))


def _fits(pattern: str, finding: Finding) -> bool:
    return any(fnmatchcase(name, pattern) for name in (finding.rule, finding.code, finding.attr))


def selection_of(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    per_path: Iterable[Mapping[str, tuple[str, ...]]] = (),
    shown: ShownPaths | None = None,
) -> Selection:
    """Make a selection from what was asked for; ``shown`` says how the paths of files are shown."""
    by_path = tuple(_for_paths(each, shown) for each in per_path)
    return Selection(Choice(split_words(select), split_words(ignore)), by_path)


def _for_paths(said: Mapping[str, tuple[str, ...]], shown: ShownPaths | None) -> tuple[PathPatterns, Choice]:
    from premigrate.batch.display_paths import shown_from
    from premigrate.command.path_patterns import path_patterns  # most runs have no settings for paths

    patterns = path_patterns(said["paths"], shown or shown_from())
    return patterns, Choice(said.get("select", ()), said.get("ignore", ()))
