"""Renders a run as CSV for spreadsheets, one row for each finding."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from premigrate.report.json_output import finding_to_dict, unreadable_to_dict
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, escape

_COLUMNS = (
    "file", "line", "column", "index", "account", "level", "code", "attr", "detail", "rule", "expected",
)  # fmt: skip
BOM = "\ufeff"
_FORMULA = re.compile(r"""(^|;)(?=["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])""")
"""Where a formula may begin: at the start of a text, or after a semicolon, which separates columns in some locales."""


def render_csv_rows(accounts: Iterable[AccountReport]) -> str:
    """Render the findings of accounts, one row for each."""
    return "".join(row for account in accounts for row in _rows(account))


class CsvOutput:
    """Renders CSV with a header. A text that a spreadsheet would evaluate as a formula gets a leading apostrophe.

    Control characters are escaped, so every row is one line.
    """

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = False
    RENDER = staticmethod(render_csv_rows)

    def begin(self, run: RunInfo) -> Iterator[str]:  # noqa: ARG002 - the header is the same for all runs
        """Render the header."""
        yield _row(_COLUMNS)

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings of an account."""
        return _rows(account)

    def join_rendered(self, text: str) -> Iterator[str]:
        """Return accounts that were rendered with `RENDER`."""
        yield text

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Render a row of the level ``unreadable``."""
        yield _cells({"level": "unreadable", **unreadable_to_dict(problem)})

    def end(self, tally: Tally) -> Iterator[str]:
        """Render a row of the level ``interrupted`` if the run was interrupted."""
        if tally.interrupted:
            yield _cells({"level": "interrupted", "detail": INTERRUPTED})


class MarkedCsvOutput(CsvOutput):
    """Renders CSV that begins with a byte order mark, from which spreadsheets detect UTF-8."""

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Render the mark and the header."""
        yield BOM
        yield from super().begin(run)


def _rows(account: AccountReport) -> Iterator[str]:
    account_columns = {"file": account.file, "index": account.index, "account": account.account_number}
    for finding in account.findings:
        yield _cells({**account_columns, **finding_to_dict(finding)})


def _cells(data: dict[str, object]) -> str:
    return csv_row(data.get(column) for column in _COLUMNS)


def csv_row(values: Iterable[object]) -> str:
    """Render a row: None becomes an empty cell; formulas are disabled, and line breaks are escaped."""
    return _row(["" if value is None else _safe(escape(str(value))) for value in values])


def _safe(text: str) -> str:
    return _FORMULA.sub(r"\1'", text)


def _row(cells: tuple[str, ...] | list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
