"""A terminal that disappears ends the progress line, but not the run."""

import errno
import io
import os
import sys

import pytest

from premigrate.command import progress
from premigrate.report.run import Tally


class VanishingTerminal(io.StringIO):
    """A terminal that accepts one write and fails on all later ones."""

    left = 1

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().write(text)


def test_terminal_that_disappears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_FIRST", 0.0)
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    terminal = VanishingTerminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress_line = progress.ProgressLine()
    for _ in range(3):
        progress_line.update(Tally(accounts=7), 0)
    progress_line.clear()
    assert "7 accounts checked" in terminal.getvalue()
    assert terminal.left == -1, "no further write is tried"
