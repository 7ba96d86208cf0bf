"""Writes an overlay with the changes to rules that recorded responses support."""

from pathlib import Path

from premigrate.command.atomic_file import write_file
from premigrate.compare.calls import Call
from premigrate.compare.learn.holdout import OverlayCheck, is_held_out, measure
from premigrate.compare.learn.learner import Learner
from premigrate.documents.toml_writer import render_overlay
from premigrate.exceptions import BadArgument
from premigrate.report.run import pluralize
from premigrate.ruleset.overlays import read_overlay

MAX_CALLS = 20_000
"""Learn from at most this many calls, because they are kept in memory."""
_HEAD = "Proposed by premigrate compare"
_ADVICE = "Review it before you use it: each change states how many recorded answers support it."
_WORDS = {
    "text": "text",
    "place": "place",
    "disabled": "disabled rule",
    "enabled": "enabled rule",
    "code": "renamed code",
    "field": "field",
    "rule": "new rule",
    "withdrawn": "withdrawn rule",
}


class OverlayWriter:
    """Collects recorded calls by market, and writes the changes that they support to the file ``target``.

    With ``holds_out``, the overlay is learned from half of the accounts, and tested on the others. ``messages``
    describe what was written.

    Raises:
        BadArgument: ``target`` exists and was not written by this command.

    """

    def __init__(self, target: str, overlay: str | None, references: str | None, *, holds_out: bool = False) -> None:
        self._target, self._overlay, self._references = target, overlay, references
        self._holds_out = holds_out
        self._calls: dict[str, list[Call]] = {}
        self._held_out: list[Call] = []
        self._left_out = 0
        self.messages: list[str] = []
        self._replaces = _may_be_replaced(Path(target))

    def add(self, market: str, call: Call, account: object) -> None:
        """Add one call; calls beyond the limit are only counted. ``account`` is its payload without a wrapper."""
        calls = self._calls.setdefault(market, [])
        if len(calls) + len(self._held_out) >= MAX_CALLS:
            self._left_out += 1
        else:
            (self._held_out if self._holds_out and is_held_out(account, call.origin) else calls).append(call)

    def write(self) -> OverlayCheck | None:
        """Write the overlay, and collect messages about it. Return the result of the check, if there is one.

        Raises:
            BadArgument: the recordings are of several markets, or the file cannot be written.

        """
        if len(self._calls) > 1:
            named = " and ".join(sorted(self._calls))
            raise BadArgument(f"--write-overlay: an overlay applies to one market, but the recordings are of {named}")
        if self._left_out:
            note = f"learned from the first {MAX_CALLS} calls; {self._left_out} more were only compared"
            self.messages.append(f"--write-overlay: {note}")
        for market, calls in self._calls.items():
            if calls:
                base = read_overlay(self._overlay) if self._overlay else {}
                learner = Learner(market, base, self._references, calls)
                learner.learn()
                self._write(learner)
                before, after = (measure(validator, self._held_out) for validator in learner.validators)
                return OverlayCheck(len(calls), before, after) if self._holds_out else None
        self.messages.append(f"{self._target}: not written, because there is nothing to learn from")
        return None

    def _write(self, learner: Learner) -> None:
        if not learner.changes:
            self.messages.append(f"{self._target}: not written, because there are no changes to propose")
            return
        write_file(self._target, [render_overlay(learner.tables, f"{_HEAD}. {_ADVICE}")])
        counts = {kind: sum(each.kind == kind for each in learner.changes) for kind in _WORDS}
        summary = ", ".join(pluralize(count, _WORDS[kind]) for kind, count in counts.items() if count)
        how = "replaced" if self._replaces else "written"
        changes = pluralize(len(learner.changes), "change")
        self.messages.append(f"{self._target}: {how}: {changes} proposed ({summary})")


def _may_be_replaced(path: Path) -> bool:
    """Return whether the file exists and an earlier run wrote it. Raises BadArgument if it is any other file."""
    try:
        with path.open("rb") as file:
            if file.read(len(_HEAD) + 2) == f"# {_HEAD}".encode():
                return True
    except FileNotFoundError:
        return False
    except OSError as error:
        raise BadArgument(f"{path}: cannot be written: {error.strerror}") from None
    raise BadArgument(f"{path}: exists, and was not written by this command; choose another name")
