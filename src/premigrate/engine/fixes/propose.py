"""Selects the fixes that resolve their findings and cause no other ones, by validating changed payloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from premigrate.engine.fixes.candidates import Candidate, FindingKey, all_findings, key_of
from premigrate.engine.settle import Findings
from premigrate.results import Fix, Place

MAX_RUNS = 100
"""The maximum number of times that a payload is validated; candidates that are not tried by then are not proposed."""


def select_fixes(
    candidates: Sequence[Candidate], found: Findings, check: Callable[[Sequence[Fix]], Findings]
) -> tuple[Fix, ...]:
    """Return the candidates that can be applied together, at most one for each path, in document order.

    Safe candidates are tried before the others, each together with those selected before it. Each of those returned
    resolves its finding; which findings may come instead, `_makes_readable` and `_may_have_advice` say. A finding that
    came from one of those before is not new, even if it is about the value of this one.

    Args:
        candidates: the candidates in document order, for each finding the one to try first before the others.
        found: what was found in the payload.
        check: validates a copy of the payload with fixes applied; raises LookupError if they can't be.

    """
    selection = _Selection(_keys(found), check)
    for is_safe in (True, False):
        by_path: dict[Place, list[Candidate]] = {}
        for candidate in candidates:
            if candidate.fix.is_safe is is_safe and candidate.fix.path not in selection.paths:
                by_path.setdefault(candidate.fix.path, []).append(candidate)
        for rank in range(max(map(len, by_path.values()), default=0)):
            selection.add(
                [each[rank] for path, each in by_path.items() if rank < len(each) and path not in selection.paths]
            )
    by_selected_path = {each.fix.path: each.fix for each in selection.selected}
    paths = dict.fromkeys(each.fix.path for each in candidates)
    return tuple(by_selected_path[path] for path in paths if path in by_selected_path)


class _Selection:
    """The selected candidates, and what is found once they are applied."""

    def __init__(self, found: frozenset[FindingKey], check: Callable[[Sequence[Fix]], Findings]) -> None:
        self.selected: list[Candidate] = []
        self.paths: set[Place] = set()
        self._found, self._check, self._runs_left = found, check, MAX_RUNS

    def add(self, group: Sequence[Candidate]) -> None:
        """Select the candidates of a group that are sound: all at once if they are, otherwise half by half."""
        group = [each for each in group if each.target in self._found]
        if not group or not self._runs_left:
            return
        self._runs_left -= 1
        together = [*self.selected, *group]
        try:
            found = _keys(self._check([each.fix for each in together]))
        except LookupError:  # two of them change the same place
            found = frozenset(each.target for each in group)
        if self._is_sound(group, found):
            self.selected, self._found = together, found
            self.paths.update(each.fix.path for each in group)
        elif len(group) > 1:
            self.add(group[: len(group) // 2])
            self.add(group[len(group) // 2 :])

    def _is_sound(self, group: Sequence[Candidate], found: frozenset[FindingKey]) -> bool:
        """Return whether all findings of a group are resolved, and each new one is one that it may cause."""
        if any(each.target in found for each in group):
            return False
        makes_readable = all(_makes_readable(each) for each in group)
        by_place = {each.place: each for each in (*self.selected, *group)}
        for is_error, path, _, _ in found - self._found:
            owner = next((by_place[path[:size]] for size in range(len(path), -1, -1) if path[:size] in by_place), None)
            if not (makes_readable if owner is None else not is_error and _may_have_advice(owner)):
                return False
        return True


def _keys(found: Findings) -> frozenset[FindingKey]:
    return frozenset(map(key_of, all_findings(found)))


def _makes_readable(candidate: Candidate) -> bool:
    """Return whether rules about other values were not checked because of this one, so that they can have findings now.

    Without an error, or if a value is removed, the rules have read the value before: then a new finding means that the
    new value is worse.
    """
    was_error = candidate.target[0]
    return candidate.fix.action == "rename" or (was_error and candidate.fix.action == "replace")


def _may_have_advice(candidate: Candidate) -> bool:
    """Return whether there may be advice on the new value: an error hides the advice on the same value."""
    return candidate.fix.is_safe and candidate.target[0]
