"""Renders one line for each finding, as compilers and linters do: editors and CI find the places in it."""

from collections.abc import Iterable, Iterator

from premigrate.report.findings import Finding, position_of
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, escape

_NO_ATTR = "-"


def render_concise(accounts: Iterable[AccountReport]) -> str:
    """Render the findings of accounts, one line for each."""
    return "".join(line for account in accounts for line in _lines(account))


class ConciseOutput:
    """Renders ``path:line:column: code attr detail``; follow-on errors and advice end with their level in brackets."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = False
    RENDER = staticmethod(render_concise)

    def begin(self, run: RunInfo) -> Iterator[str]:  # noqa: ARG002 - there is no header
        """Render nothing."""
        yield from ()

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings of an account, in the order of the file."""
        return _lines(account)

    def join_rendered(self, text: str) -> Iterator[str]:
        """Return accounts that were rendered with `RENDER`."""
        yield text

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Render a line with the code ``unreadable``."""
        place = f":{problem.line}:{problem.column}" if problem.line else ""
        yield f"{escape(problem.file)}{place}: unreadable {_NO_ATTR} {escape(problem.message)}\n"

    def end(self, tally: Tally) -> Iterator[str]:
        """Render a line if the run was interrupted."""
        if tally.interrupted:
            yield f"{INTERRUPTED}\n"


def _lines(account: AccountReport) -> Iterator[str]:
    for finding in sorted(account.findings, key=position_of):
        level = "" if finding.level == "error" else f" [{finding.level}]"
        attr = escape(finding.attr) or _NO_ATTR
        yield f"{_place(account, finding)}: {escape(finding.code)} {attr} {escape(finding.detail)}{level}\n"


def _place(account: AccountReport, finding: Finding) -> str:
    file = escape(account.file)
    if finding.spot:
        return f"{file}:{finding.spot.line}:{finding.spot.column}"
    return file if account.accounts_in_file == 1 else f"{file}[{account.index}]"
