"""Writes an overlay with the changes to rules that recorded responses support."""

from collections.abc import Iterator
from pathlib import Path

from premigrate.command.atomic_file import write_file
from premigrate.compare.calls import Call
from premigrate.compare.learn.learner import Learner
from premigrate.documents.toml_writer import render_overlay
from premigrate.exceptions import BadArgument
from premigrate.report.run import escape, pluralize
from premigrate.ruleset.load import read_overlay

MAX_CALLS = 20_000
"""Learn from at most this many calls, because they are kept in memory."""
_HEAD = "Proposed by premigrate compare"
_ADVICE = "Read it before you use it: every change says how many recorded answers speak for it."
_WORDS = {
    "text": "text",
    "place": "place",
    "disabled": "disabled rule",
    "enabled": "enabled rule",
    "code": "renamed code",
    "field": "field",
    "rule": "new rule",
}


class OverlayWriter:
    """Collects recorded calls by market, and writes the changes that they support to the file ``target``.

    Raises:
        BadArgument: ``target`` exists and was not written by this command.

    """

    def __init__(self, target: str, overlay: str | None, references: str | None) -> None:
        self._target, self._overlay, self._references = target, overlay, references
        self._calls: dict[str, list[Call]] = {}
        self._left_out = 0
        self._replaces = _may_be_replaced(Path(target))

    def add(self, market: str, call: Call) -> None:
        """Add one call; calls beyond the limit are only counted."""
        calls = self._calls.setdefault(market, [])
        if len(calls) < MAX_CALLS:
            calls.append(call)
        else:
            self._left_out += 1

    def write(self) -> Iterator[str]:
        """Write the overlay, and yield messages about its contents.

        Raises:
            BadArgument: the recordings are of several markets, or the file can't be written.

        """
        if len(self._calls) > 1:
            named = " and ".join(sorted(self._calls))
            raise BadArgument(f"--write-overlay: an overlay is for one market, and the recordings are of {named}")
        if self._left_out:
            yield f"--write-overlay: learned from the first {MAX_CALLS} calls; {self._left_out} more were only compared"
        for market, calls in self._calls.items():
            base = read_overlay(self._overlay) if self._overlay else {}
            learner = Learner(market, base, self._references, calls)
            learner.learn()
            if learner.changes:
                yield self._write(learner)
                return
        yield f"{escape(self._target)}: not written, for there is nothing to propose"

    def _write(self, learner: Learner) -> str:
        write_file(self._target, [render_overlay(learner.tables, f"{_HEAD}. {_ADVICE}")])
        counts = {kind: sum(each.kind == kind for each in learner.changes) for kind in _WORDS}
        summary = ", ".join(pluralize(count, _WORDS[kind]) for kind, count in counts.items() if count)
        how = "replaced" if self._replaces else "written"
        return f"{escape(self._target)}: {how}: {pluralize(len(learner.changes), 'change')} proposed ({summary})"


def _may_be_replaced(path: Path) -> bool:
    """Return whether the file exists and an earlier run wrote it. Raises BadArgument if it is any other file."""
    try:
        with path.open("rb") as file:
            if file.read(len(_HEAD) + 2) == f"# {_HEAD}".encode():
                return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BadArgument(f"{path}: can't be written: {error.strerror}") from None
    raise BadArgument(f"{path}: is there already, and is none that this command wrote; choose another name")
