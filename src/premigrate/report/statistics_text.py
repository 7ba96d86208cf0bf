"""Renders the statistics of a run as a table for people."""

from collections.abc import Iterator

from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput, escape
from premigrate.report.statistics import KindCounter, StatisticsRow
from premigrate.report.text_summary import LEVEL_COLOURS, Paint, plain_text, summary_lines
from premigrate.report.wrap_text import wrap_line

_HEADER = ("count", "accounts", "share", "level", "code", "attr", "example")
_LEVEL = _HEADER.index("level")
_NUMBERS = _LEVEL  # the columns before it are aligned to the right
_GAP = "  "
_NO_BREAK = "\0"  # a space where a line is not wrapped; escaped texts have none


class TextStatistics:
    """Renders the table, and the summary of the run.

    ``paint`` colours a text, and ``quiet`` leaves out the summary. ``width`` is that of the terminal: a table that is
    wider becomes a list, with two lines or more for each row.
    """

    OPTIONS = ("paint", "quiet", "width")
    NEEDS_CLEAN_ACCOUNTS = False
    max_located = 1

    def __init__(self, *, paint: Paint = plain_text, quiet: bool = False, width: int | None = None) -> None:
        self._paint, self._quiet, self._width = paint, quiet, width
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
            cells = [_cells(row) for row in rows]
            widths = [max(map(len, column)) for column in zip(_HEADER, *cells, strict=True)]
            is_wide = self._width is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > self._width
            yield from self._list(cells) if is_wide else self._table(cells, widths)
            yield "" if self._quiet else "\n"
        yield from summary_lines(tally, self._run, self._paint, quiet=self._quiet, width=self._width)

    def _list(self, rows: list[tuple[str, ...]]) -> Iterator[str]:
        indent = max(len(count) for count, *_ in rows)
        after = " " * (indent + len(_GAP))
        for count, accounts, share, level, code, attr, place in rows:
            before = f"{count:>{indent}}{_GAP}"
            first, *more = wrap_line(before, f"{level} {code}{f' at {attr}' if attr else ''}", self._width, after)
            start = len(before) + len(level)
            yield f"{before}{self._paint(level, LEVEL_COLOURS[level])}{first[start:]}\n"
            yield from (f"{line}\n" for line in more)
            noun = "account" if accounts == "1" else "accounts"
            parts = [f"{accounts} {noun} ({share.replace(' ', _NO_BREAK)})"] if accounts else []
            text = ", ".join([*parts, *([f"such as {place}"] if place else [])])
            yield from (f"{line}\n".replace(_NO_BREAK, " ") for line in wrap_line(after, text, self._width, after))

    def _table(self, rows: list[tuple[str, ...]], widths: list[int]) -> Iterator[str]:
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
