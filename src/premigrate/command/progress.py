"""Shows on a terminal that a long run goes on, how fast, and how long it will take."""

import sys
import time
from collections.abc import Callable

from premigrate.report.run import Tally

_FIRST, _EVERY = 1.0, 0.2  # seconds


class Progress:
    """A line on the error stream that is written over and over, and only if that is a terminal."""

    def __init__(self) -> None:
        self._is_wanted = sys.stderr.isatty()
        self._start = time.monotonic()
        self._next = self._start + _FIRST
        self._width = 0
        self._total = 0

    def expect(self, count_bytes: Callable[[], int]) -> None:
        """Find out how many bytes there are to read, if anybody will see it; 0 if nobody knows."""
        self._total = count_bytes() if self._is_wanted else 0

    def show(self, tally: Tally, bytes_read: int) -> None:
        """Write the counts, if it is time."""
        now = time.monotonic() if self._is_wanted else 0.0
        if self._is_wanted and now >= self._next:
            self._next = now + _EVERY
            took = max(now - self._start, 1e-3)
            aside = f" ({tally.refused_set_aside:,} set aside)" if tally.refused_set_aside else ""
            text = f"{tally.accounts:,} accounts checked, {tally.refused:,} refused{aside}"
            left = _left(took, bytes_read, self._total)
            self._write(f"{text}, {tally.accounts / took:,.0f} a second{left} ...")

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._width:
            self._write("")

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(f"\r{text.ljust(self._width)}\r{text}")
            sys.stderr.flush()
            self._width = len(text)
        except OSError:  # the terminal has gone, and the run goes on
            self._is_wanted, self._width = False, 0


def _left(took: float, done: int, total: int) -> str:
    """Tell the time left, going by the bytes: nobody knows how many accounts are still to come."""
    if not 0 < done <= total:
        return ""
    minutes, seconds = divmod(round(took * (total - done) / done), 60)
    hours, minutes = divmod(minutes, 60)
    return f", {hours}:{minutes:02}:{seconds:02} left" if hours else f", {minutes}:{seconds:02} left"
