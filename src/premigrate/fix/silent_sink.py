"""A sink that writes nothing, for runs that need only the exit code and the messages of the check."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput


class SilentSink:
    """Receives the events of a run, and writes nothing."""

    is_open = True
    failure = ""
    needs_clean_accounts = False
    max_located: int | None = 0
    tells_advice = True
    render = None

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.written: list[str] = []

    def begin(self, run: RunInfo) -> None:
        """Write nothing."""

    def write_account(self, account: AccountReport) -> None:
        """Write nothing."""

    def write_rendered(self, text: str) -> None:
        """Write nothing."""

    def write_unreadable(self, problem: UnreadableInput) -> None:
        """Write nothing."""

    def end(self, tally: Tally) -> None:
        """Write nothing."""

    def discard(self) -> None:
        """Remove nothing."""
