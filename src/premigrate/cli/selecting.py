"""Chooses which findings a run shows and counts: by rule id, code or attr, for all files or those of some paths."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from premigrate.rendering.findings import Finding


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
    by_path: tuple[tuple[tuple[str, ...], Choice], ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """List the choices that say something."""
        every = (self.everywhere, *(choice for _, choice in self.by_path))
        return tuple(choice for choice in every if choice != Choice())

    def takes(self, file: str, finding: Finding) -> bool:
        """Whether a finding in a file is to be shown."""
        choices = [choice for globs, choice in self.by_path if any(_is_under(file, glob) for glob in globs)]
        return all(choice.takes(finding) for choice in (self.everywhere, *choices))


def split_words(said: Iterable[str]) -> tuple[str, ...]:
    """Take apart words that were given several at once, with commas between."""
    return tuple(word.strip() for each in said for word in each.split(","))


def _fits(pattern: str, finding: Finding) -> bool:
    return any(fnmatchcase(name, pattern) for name in (finding.rule, finding.code, finding.attr))


def _is_under(file: str, glob: str) -> bool:
    from pathlib import Path

    path = Path(file).absolute().as_posix()
    return fnmatchcase(path, glob) or fnmatchcase(path, f"{glob.rstrip('/')}/*")


def selection_of(
    select: tuple[str, ...], ignore: tuple[str, ...], per_path: Iterable[Mapping[str, tuple[str, ...]]] = ()
) -> Selection:
    """Make a selection from what was asked for."""
    by_path = tuple((each["paths"], Choice(each.get("select", ()), each.get("ignore", ()))) for each in per_path)
    return Selection(Choice(split_words(select), split_words(ignore)), by_path)
