"""The progress line: it fits the terminal, and a terminal that disappears does not end the run."""

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


class Terminal(io.StringIO):
    """A terminal that does not tell its width."""

    def isatty(self) -> bool:
        return True


def line_of(monkeypatch: pytest.MonkeyPatch, tally: Tally, *, read: int = 0, total: int = 0) -> str:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_FIRST", 0.0)
    line = progress.ProgressLine()
    line.set_total(lambda: total)
    line._start -= 10.0
    line.update(tally, read)
    return terminal.getvalue().split("\r")[-1]


TALLY = Tally(accounts=12_340, refused=7, refused_set_aside=3)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (None, "12,340 accounts checked, 7 refused (3 set aside), 1,234 a second, 0:30 left ..."),
        ("80", "12,340 accounts checked, 7 refused (3 set aside), 1,234 a second, 0:30 left ..."),
        ("79", "12,340 accounts checked, 7 refused (3 set aside), 0:30 left ..."),
        ("60", "12,340 accounts checked, 0:30 left ..."),
        ("30", "12,340 accounts checked ..."),
        ("11", "12,340 acc"),
        ("0", "12,340 accounts checked, 7 refused (3 set aside), 1,234 a second, 0:30 left ..."),
    ],
)
def test_line_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: str | None, expected: str) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert line_of(monkeypatch, TALLY, read=250, total=1_000) == expected


@pytest.mark.parametrize(("read", "total"), [(0, 1_000), (5, 0), (1_001, 1_000)])
def test_time_left_is_not_shown_where_it_is_not_known(monkeypatch: pytest.MonkeyPatch, read: int, total: int) -> None:
    assert (
        line_of(monkeypatch, Tally(accounts=1), read=read, total=total)
        == "1 account checked, 0 refused, 0 a second ..."
    )


def test_hours_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "2:46:30 left" in line_of(monkeypatch, TALLY, read=1, total=1_000)


def test_written_files_are_listed_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, is_wanted, expected in (
        (Terminal(), True, "written: a.html\nwritten: b\\x1b.csv\n"),
        (Terminal(), False, ""),
        (io.StringIO(), True, ""),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        progress.ProgressLine(is_wanted=is_wanted).report_written(["a.html", "b\x1b.csv"])
        assert stream.getvalue() == expected
