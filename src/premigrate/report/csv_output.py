"""Writes a run as CSV, a row a finding, for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from premigrate.report.json_output import finding_data, problem_data
from premigrate.report.run import INTERRUPTED, Account, Run, Tally, Unreadable, plain

_COLUMNS = (
    "file", "line", "column", "index", "account", "level", "code", "attr", "detail", "rule", "help",
)  # fmt: skip
BOM = "\ufeff"
_FORMULA = re.compile(r"""(^|;)(?=["\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])""")
"""Where a formula may begin: at the start of a text, or behind what parts columns where commas part decimals."""


def render_rows(accounts: Iterable[Account]) -> str:
    """Write the findings of accounts, one a row."""
    return "".join(row for account in accounts for row in _rows(account))


class CsvOutput:
    """CSV with a header. What a spreadsheet would take for a formula gets an apostrophe in front.

    Control characters are written as escapes, so a row is a line.
    """

    OPTIONS = ()
    EVERY = False
    RENDER = staticmethod(render_rows)

    def begin(self, run: Run) -> Iterator[str]:  # noqa: ARG002 - a row tells of a finding, not of the run
        """Write the header."""
        yield _row(_COLUMNS)

    def account(self, account: Account) -> Iterator[str]:
        """Write the findings of an account."""
        return _rows(account)

    def rendered(self, text: str) -> Iterator[str]:
        """Write the findings of one account or more."""
        yield text

    def unreadable(self, problem: Unreadable) -> Iterator[str]:
        """Write a row of the level ``unreadable``."""
        yield _cells({"level": "unreadable", **problem_data(problem)})

    def end(self, tally: Tally) -> Iterator[str]:
        """Write nothing more, or a row of the level ``interrupted``."""
        if tally.interrupted:
            yield _cells({"level": "interrupted", "detail": INTERRUPTED})


class MarkedCsvOutput(CsvOutput):
    """CSV that begins with a byte order mark, by which spreadsheets know that it is UTF-8."""

    def begin(self, run: Run) -> Iterator[str]:
        """Write the mark and the header."""
        yield BOM
        yield from super().begin(run)


def _rows(account: Account) -> Iterator[str]:
    whose = {"file": account.file, "index": account.index, "account": account.reference}
    for finding in account.findings:
        yield _cells({**whose, **finding_data(finding)})


def _cells(data: dict[str, object]) -> str:
    return _row(["" if data.get(column) is None else _safe(plain(str(data[column]))) for column in _COLUMNS])


def _safe(text: str) -> str:
    return _FORMULA.sub(r"\1'", text)


def _row(cells: tuple[str, ...] | list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
