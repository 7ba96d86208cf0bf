"""Renders the statistics of a run for programs: as JSON and as CSV."""

from collections.abc import Iterator
from dataclasses import asdict

from premigrate.report.csv_output import BOM, csv_row
from premigrate.report.json_output import summary_to_dict
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, ascii_json
from premigrate.report.statistics import KindCounter, StatisticsRow

_DIGITS = 4  # of a share


class JsonStatistics:
    """Renders one document: a row for each kind of finding, what was not checked, and the counts of the run."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = False
    max_located = 1

    def __init__(self) -> None:
        self._kinds = KindCounter()

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Open the document."""
        yield f'{{"premigrate": {ascii_json(run.version)}, "as_of": "{run.as_of}", "statistics": ['

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Count the findings of an account."""
        self._kinds.add(account)
        yield from ()

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:  # noqa: ARG002 - the summary counts it
        """Render nothing."""
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Render the rows, each on its own line, and close the document."""
        self._kinds.add_counted(tally)
        for position, row in enumerate(self._kinds.rows(tally.accounts)):
            yield f"{',' if position else ''}\n{ascii_json(_row_to_dict(row))}"
        yield f"\n], {ascii_json(summary_to_dict(tally))[1:]}\n"


class CsvStatistics:
    """Renders CSV with a header, one row for each kind of finding."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = False
    max_located = 1

    def __init__(self) -> None:
        self._kinds = KindCounter()

    def begin(self, run: RunInfo) -> Iterator[str]:  # noqa: ARG002 - the header is the same for all runs
        """Render the header."""
        yield csv_row(_COLUMNS)

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Count the findings of an account."""
        self._kinds.add(account)
        yield from ()

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:  # noqa: ARG002 - they are counted
        """Render nothing."""
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Render the rows; then a row for unreadable inputs, and one if the run was interrupted."""
        self._kinds.add_counted(tally)
        for row in self._kinds.rows(tally.accounts):
            cells = _row_to_dict(row)
            example = cells.pop("example")
            cells |= example if isinstance(example, dict) else {}
            yield csv_row(cells.get(column) for column in _COLUMNS)
        if tally.unreadable:
            yield csv_row({"level": "unreadable", "count": tally.unreadable}.get(column) for column in _COLUMNS)
        if tally.interrupted:
            yield csv_row({"level": "interrupted", "code": INTERRUPTED}.get(column) for column in _COLUMNS)


class MarkedCsvStatistics(CsvStatistics):
    """Renders CSV that begins with a byte order mark, from which spreadsheets detect UTF-8."""

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Render the mark and the header."""
        yield BOM
        yield from super().begin(run)


_COLUMNS = ("level", "code", "attr", "count", "accounts", "share", "file", "line", "column", "index", "account")


def _row_to_dict(row: StatisticsRow) -> dict[str, object]:
    return {**asdict(row), "share": None if row.share is None else round(row.share, _DIGITS)}
