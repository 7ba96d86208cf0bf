"""Renders the statistics of a run as a table for people."""

from collections.abc import Iterator

from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput, escape
from premigrate.report.statistics import KindCounter, StatisticsRow
from premigrate.report.text_summary import LEVEL_COLOURS, Paint, plain_text, summary_lines

_HEADER = ("count", "accounts", "share", "level", "code", "attr", "example")
_LEVEL = _HEADER.index("level")
_NUMBERS = _LEVEL  # the columns before it are aligned to the right
_GAP = "  "


class TextStatistics:
    """Renders the table, and the summary of the run. ``paint`` colours a text; ``quiet`` leaves out the summary."""

    OPTIONS = ("paint", "quiet")
    NEEDS_CLEAN_ACCOUNTS = False
    max_located = 1

    def __init__(self, *, paint: Paint = plain_text, quiet: bool = False) -> None:
        self._paint, self._quiet = paint, quiet
        self._kinds = KindCounter()
        self._run: RunInfo | None = None

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Render nothing yet."""
        self._run = run
        yield from ()

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Count the findings of an account."""
        self._kinds.add(account)
        yield from ()

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:  # noqa: ARG002
        """Render nothing: unreadable inputs are reported on the error stream."""
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Render the table and the summary."""
        self._kinds.add_counted(tally)
        if rows := self._kinds.rows(tally.accounts):
            yield from self._table([_cells(row) for row in rows])
            yield "" if self._quiet else "\n"
        yield from summary_lines(tally, self._run, self._paint, quiet=self._quiet)

    def _table(self, rows: list[tuple[str, ...]]) -> Iterator[str]:
        widths = [max(map(len, column)) for column in zip(_HEADER, *rows, strict=True)]
        yield f"{_GAP.join(_aligned(_HEADER, widths)).rstrip()}\n"
        for row in rows:
            cells = _aligned(row, widths)
            cells[_LEVEL] = self._paint(row[_LEVEL], LEVEL_COLOURS[row[_LEVEL]]) + cells[_LEVEL][len(row[_LEVEL]) :]
            yield f"{_GAP.join(cells).rstrip()}\n"


def _aligned(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        cell.rjust(width) if position < _NUMBERS else cell.ljust(width)
        for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]


def _cells(row: StatisticsRow) -> tuple[str, ...]:
    accounts = "" if row.accounts is None else f"{row.accounts}"
    return f"{row.count}", accounts, _percentage(row.share), row.level, escape(row.code), escape(row.attr), _place(row)


def _place(row: StatisticsRow) -> str:
    if row.example is None:
        return ""
    file, line = escape(row.example.file), row.example.line
    return f"{file}:{line}:{row.example.column}" if line else f"{file}[{row.example.index}]"


def _percentage(share: float | None) -> str:
    """Return a share in percent, rounded down so that 100 % means all."""
    return "" if share is None else f"{int(round(1000 * share, 6)) / 10:.1f} %"
