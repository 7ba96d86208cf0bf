"""Says what to do next with the result of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.report.run import pluralize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from premigrate.compare.learn.holdout import OverlayCheck
    from premigrate.compare.model import Totals

_FEW = 100
"""With fewer answers than this, agreement says little about other accounts."""
_ALMOST_ALL = 0.99


def next_steps(totals: Totals, check: OverlayCheck | None) -> Iterator[str]:
    """Yield what to do next, the most urgent first."""
    if totals.interrupted:
        yield "Run the comparison again: it was interrupted, and this is not all."
    if held_back := totals.verdicts[True, False]:
        yield (
            "Do not hold accounts back on these predictions yet:"
            f" {pluralize(held_back, 'account')} that the API accepts would have been held back."
            " Look at the rules that are 'predicted only'."
        )
    if missed := totals.verdicts[False, True]:
        yield (
            "Expect refusals that are not predicted:"
            f" {pluralize(missed, 'account')} that the API refuses would have passed."
            " Look at the codes that are 'answered only'."
        )
    if totals.unknown_codes:
        named = ", ".join(sorted(totals.unknown_codes))
        yield f"Ask your contact at Kraken what these codes mean, which no rule has: {named}."
    yield from _overlay_steps(totals, check)
    if totals.unreadable:
        yield f"Correct {pluralize(totals.unreadable, 'recording')} that could not be read: standard error lists them."
    if totals.accounts < _FEW:
        yield f"Record more calls: {pluralize(totals.accounts, 'answer')} can't show every difference."


def _overlay_steps(totals: Totals, check: OverlayCheck | None) -> Iterator[str]:
    if not totals.disagreements:
        yield "Use the predictions as they are: all answers are as predicted."
    elif check is None:
        yield (
            "Let premigrate propose an overlay, and check it on accounts that it was not made from:"
            " premigrate compare --write-overlay overlay.toml --check-overlay RECORDED."
        )
    elif check.after.accounts and check.after.identical >= check.after.accounts * _ALMOST_ALL:
        yield "Read the proposed overlay, and use it: it agrees with nearly all accounts that it was not made from."
    else:
        yield (
            "Read the proposed overlay and use it, record more calls, and propose again: errors that others hid"
            " can be learned then."
        )
