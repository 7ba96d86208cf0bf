"""A terminal that goes away takes the line about progress with it, and not the run."""

import errno
import io
import os
import sys

import pytest

from premigrate.command import progress
from premigrate.report.run import Tally


class Gone(io.StringIO):
    """A terminal that takes some texts, and then is there no more."""

    left = 1

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().write(text)


def test_a_terminal_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_FIRST", 0.0)
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    terminal = Gone()
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = progress.ProgressLine()
    for _ in range(3):
        shown.update(Tally(accounts=7), 0)
    shown.clear()
    assert "7 accounts checked" in terminal.getvalue()
    assert terminal.left == -1, "it is not tried again"
