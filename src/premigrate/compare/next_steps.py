"""Suggests the next steps after a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.report.run import pluralize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.compare.learn.holdout import OverlayCheck
    from premigrate.compare.model import Totals

_FEW = 100
"""With fewer answers than this, the agreement may not apply to other accounts."""
_ALMOST_ALL = 0.99


def next_steps(totals: Totals, check: OverlayCheck | None) -> Iterator[str]:
    """Yield what to do next, the most urgent first."""
    if totals.interrupted:
        yield "Run the comparison again: it was interrupted, and not all calls were compared."
    if held_back := totals.verdicts[True, False]:
        yield (
            "Do not hold back accounts because of these predictions yet:"
            f" {pluralize(held_back, 'account')} that the API accepts would have been held back."
            " Review the rules with errors that are 'predicted only'."
        )
    if missed := totals.verdicts[False, True]:
        yield (
            "Expect refusals that are not predicted:"
            f" {pluralize(missed, 'account')} that the API refuses would have passed."
            " Review the codes of errors that are 'answered only'."
        )
    if totals.unknown_codes:
        named = ", ".join(sorted(totals.unknown_codes))
        yield f"No rule has these codes; ask your contact at Kraken what they mean: {named}."
    yield from _overlay_steps(totals, check)
    if totals.unreadable:
        yield f"Correct {pluralize(totals.unreadable, 'recording')} that could not be read: standard error lists them."
    if totals.accounts < _FEW:
        yield f"Record more calls: {pluralize(totals.accounts, 'answer')} cannot show every difference."


def _overlay_steps(totals: Totals, check: OverlayCheck | None) -> Iterator[str]:
    if not totals.disagreements:
        yield "Use the predictions without changes: all answers are as predicted."
    elif check is None:
        yield (
            "Let premigrate propose an overlay, and test it on accounts that it was not learned from:"
            " premigrate compare --write-overlay overlay.toml --check-overlay RECORDED."
        )
    elif check.after.accounts and check.after.identical >= check.after.accounts * _ALMOST_ALL:
        yield "Review the proposed overlay and use it: it agrees with nearly all accounts that it was not learned from."
    else:
        yield (
            "Review the proposed overlay and use it, record more calls, and let premigrate propose an overlay again:"
            " it can then learn errors that were hidden behind others."
        )
