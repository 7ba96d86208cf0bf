"""Keeps the worst disagreement of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from premigrate.compare.masking import Masker, mask_pair

if TYPE_CHECKING:
    from premigrate.compare.model import Comparison, Disagreement, ErrorPair, MatchKind

_WORST_FIRST: tuple[MatchKind, ...] = ("predicted only", "answered only", "other attr", "other detail")
_MAX_KINDS = 1000

_Rank: TypeAlias = tuple[int, ...]


class _Kind(NamedTuple):
    severity: int
    code: str
    attr: str
    rule: str


class WorstDisagreements:
    """The worst disagreement of each kind; personal values are masked as they are kept unless ``show_values`` is set.

    Accounts are of one kind if the worst pairs of errors in them have the same severity, code, attr and rule. Kinds
    beyond the first thousand are not kept.
    """

    def __init__(self, *, show_values: bool) -> None:
        self._show_values = show_values
        self._kept: dict[_Kind, tuple[_Rank, Disagreement]] = {}
        self._count = 0

    def add(self, disagreement: Disagreement, mask: Masker) -> None:
        """Add a disagreement."""
        self._count += 1
        kind = _kind(disagreement.comparison)
        rank = kind.severity, _errors(disagreement.comparison), self._count
        if kind not in self._kept:
            if len(self._kept) < _MAX_KINDS:
                self._kept[kind] = rank, self._masked(disagreement, mask)
            return
        known, worst = self._kept[kind]
        alike = worst.alike + 1
        if rank < known:
            known, worst = rank, self._masked(disagreement, mask)
        self._kept[kind] = known, worst._replace(alike=alike)

    def ranked(self) -> list[Disagreement]:
        """Return what was kept: the worst kinds first; of equally bad kinds, those with the most accounts."""
        ordered = sorted(self._kept.values(), key=lambda kept: (kept[0][0], -kept[1].alike, kept[0]))
        return [each for _, each in ordered]

    def _masked(self, disagreement: Disagreement, mask: Masker) -> Disagreement:
        if self._show_values:
            return disagreement
        hidden = tuple(mask_pair(pair, mask) for pair in disagreement.comparison.pairs)
        return disagreement._replace(comparison=disagreement.comparison._replace(pairs=hidden))


def _kind(comparison: Comparison) -> _Kind:
    """Rank by severity: accepted but predicted refused, refused but predicted valid, other errors."""
    worst = min(filter(_differs, comparison.pairs), key=_severity, default=None)
    if comparison.predicted_refused != comparison.answered.is_refused:
        severity = 0 if comparison.predicted_refused else 1
    else:
        severity = 2 + (_severity(worst) if worst else 0)
    rule = worst.predicted.rule if worst and worst.predicted else ""
    return _Kind(severity, worst.code if worst else "", worst.attr if worst else "", rule)


def _severity(pair: ErrorPair) -> int:
    return _WORST_FIRST.index(pair.kind)


def _differs(pair: ErrorPair) -> bool:
    return pair.kind != "agreed"


def _errors(comparison: Comparison) -> int:
    return -sum(map(_differs, comparison.pairs))
