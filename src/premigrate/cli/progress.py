"""Shows on a terminal that a long run goes on."""

import sys
import time

from premigrate.rendering.report import Tally

_FIRST, _EVERY = 1.0, 0.2  # seconds


class Progress:
    """A line on the error stream that is written over and over, and only if that is a terminal."""

    def __init__(self) -> None:
        self._is_wanted = sys.stderr.isatty()
        self._next = time.monotonic() + _FIRST
        self._width = 0

    def show(self, tally: Tally) -> None:
        """Write the counts, if it is time."""
        if self._is_wanted and time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            self._write(f"{tally.accounts:,} accounts checked, {tally.refused:,} refused ...")

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._width:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(self._width)}\r{text}")
        sys.stderr.flush()
        self._width = len(text)
