"""Shows the progress of a long run on a terminal: counts, speed and remaining time; at the end, what was written."""

import os
import sys
import time
from collections.abc import Callable, Iterable

from premigrate.command.streams import echo
from premigrate.report.run import Tally, escape

_FIRST, _EVERY = 1.0, 0.2  # seconds
_COLUMNS = 80  # the width if the terminal does not report it


class ProgressLine:
    """A progress line on the error stream; it is shown only if it is wanted, and that is a terminal."""

    def __init__(self, *, is_wanted: bool = True) -> None:
        self._is_shown = is_wanted and sys.stderr.isatty()
        self._start = time.monotonic()
        self._next = self._start + _FIRST
        self._width = 0
        self._total = 0

    def set_total(self, count_bytes: Callable[[], int]) -> None:
        """Determine the number of bytes to read, if progress is shown; 0 if it is not known."""
        self._total = count_bytes() if self._is_shown else 0

    def update(self, tally: Tally, bytes_read: int) -> None:
        """Update the line, if enough time has passed."""
        now = time.monotonic() if self._is_shown else 0.0
        if self._is_shown and now >= self._next:
            self._next = now + _EVERY
            took = max(now - self._start, 1e-3)
            aside = f" ({tally.refused_set_aside:,} set aside)" if tally.refused_set_aside else ""
            parts = [
                f"{tally.accounts:,} {'account' if tally.accounts == 1 else 'accounts'} checked",
                f"{tally.refused:,} refused{aside}",
                f"{tally.accounts / took:,.0f} a second",
                *_left(took, bytes_read, self._total),
            ]
            self._write(_fit(parts, _columns() - 1))

    def clear(self) -> None:
        """Erase the line, so that other text can be written."""
        if self._width:
            self._write("")

    def report_written(self, paths: Iterable[str]) -> None:
        """Print the names of the files that were written, one per line."""
        if self._is_shown:
            for path in paths:
                echo(f"written: {escape(path)}", err=True)

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(f"\r{text.ljust(self._width)}\r{text}")
            sys.stderr.flush()
            self._width = len(text)
        except OSError:  # the terminal was closed; the run continues
            self._is_shown, self._width = False, 0


def _fit(parts: list[str], columns: int) -> str:
    """Join the parts; leave out some in the middle, and cut the rest, if they are longer than the line."""
    while len(text := f"{', '.join(parts)} ...") > columns and len(parts) > 1:
        del parts[-2 if len(parts) > 2 else -1]
    return text[:columns]


def _columns() -> int:
    """Return the width of the terminal that shows the error stream."""
    if (columns := os.environ.get("COLUMNS", "")).isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _COLUMNS
    except (OSError, ValueError):
        return _COLUMNS


def _left(took: float, done: int, total: int) -> list[str]:
    """Return the remaining time, estimated by bytes, as the number of accounts is not known; empty if it cannot be."""
    if not 0 < done <= total:
        return []
    minutes, seconds = divmod(round(took * (total - done) / done), 60)
    hours, minutes = divmod(minutes, 60)
    return [f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"]
