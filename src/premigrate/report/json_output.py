"""Renders a run as JSON: one document with the exact responses of the API, or one line for each finding."""

from collections.abc import Iterable, Iterator
from typing import Any

from premigrate.documents.source_map import LineRange
from premigrate.report.finding_fixes import fix_to_dict
from premigrate.report.findings import Finding
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, ascii_json, strict_json


def render_json_accounts(accounts: Iterable[AccountReport]) -> str:
    """Render accounts as the elements of an array, without its brackets."""
    return ",\n".join(map(_account, accounts))


def render_ndjson(accounts: Iterable[AccountReport]) -> str:
    """Render the findings of accounts, one line for each."""
    return "".join(line for account in accounts for line in _findings(account))


class JsonOutput:
    """Renders one document: the accounts with the exact response of the API and their findings, then the counts."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = True
    RENDER = staticmethod(render_json_accounts)

    def __init__(self) -> None:
        self._unreadable: list[dict[str, object]] = []
        self._is_first = True

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Open the document."""
        yield f'{{"premigrate": {ascii_json(run.version)}, "as_of": "{run.as_of}", "accounts": ['

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render an account on its own line."""
        return self.join_rendered(_account(account))

    def join_rendered(self, text: str) -> Iterator[str]:
        """Return accounts that were rendered with `RENDER`, as the next elements of the array."""
        yield "\n" if self._is_first else ",\n"
        self._is_first = False
        yield text

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Keep the input for the end of the document."""
        self._unreadable.append(unreadable_to_dict(problem))
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Close the document."""
        rest = {"unreadable": self._unreadable, **summary_to_dict(tally)}
        yield f"\n], {ascii_json(rest)[1:]}\n"


class LinesOutput:
    """Renders one line for each finding, with its file, account and position."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = False
    RENDER = staticmethod(render_ndjson)

    def begin(self, run: RunInfo) -> Iterator[str]:  # noqa: ARG002 - there is no header
        """Render nothing."""
        yield from ()

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings of an account."""
        return _findings(account)

    def join_rendered(self, text: str) -> Iterator[str]:
        """Return accounts that were rendered with `RENDER`."""
        yield text

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Render a line of the level ``unreadable``."""
        yield f"{strict_json({'level': 'unreadable', **unreadable_to_dict(problem)})}\n"

    def end(self, tally: Tally) -> Iterator[str]:
        """Render a line of the level ``interrupted`` if the run was interrupted."""
        if tally.interrupted:
            problem = UnreadableInput("", 0, 0, INTERRUPTED)
            yield f"{strict_json({'level': 'interrupted', **unreadable_to_dict(problem)})}\n"


def _account(account: AccountReport) -> str:
    return ascii_json(
        {
            "file": account.file,
            "index": account.index,
            "account": account.account_number,
            "supplier": account.supplier,
            "status": account.response.status,
            "body": account.response.body,
            "findings": [finding_to_dict(finding) for finding in account.findings],
            "not_checked": account.not_checked,
        }
    )


def _findings(account: AccountReport) -> Iterator[str]:
    account_keys = {"file": account.file, "index": account.index, "account": account.account_number}
    for finding in account.findings:
        yield f"{strict_json({**account_keys, **finding_to_dict(finding)})}\n"


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as a JSON object; lines and columns start at 1, and are None if it is not located."""
    return {
        "level": finding.level,
        "detail": finding.detail,
        "detail_basis": finding.detail_basis,
        "code": finding.code,
        "attr": finding.attr,
        "rule": finding.rule,
        "expected": finding.expected,
        "related": [{"attr": attr, **_spot_to_dict(spot)} for attr, _, spot in finding.related],
        **_spot_to_dict(finding.spot),
        **({} if finding.fixes is None else {"fixes": [fix_to_dict(fix) for fix in finding.fixes]}),
    }


def _spot_to_dict(spot: LineRange | None) -> dict[str, int | None]:
    return {
        "line": spot.line if spot else None,
        "column": spot.column if spot else None,
        "end_line": spot.end_line if spot else None,
        "end_column": spot.end_column if spot else None,
    }


def summary_to_dict(tally: Tally) -> dict[str, object]:
    """Return what a run did not check and its counts, as the JSON keys ``not_checked`` and ``summary``.

    Also what changed since an earlier run, as ``since``, if they were compared.
    """
    counts = {
        "accounts": tally.accounts,
        "refused": tally.refused,
        "refused_set_aside": tally.refused_set_aside,
        "unreadable": tally.unreadable,
        "errors": tally.errors,
        "follow_on": tally.follow_on,
        "advice": tally.advice,
        "ignored": tally.ignored,
        "in_baseline": tally.in_baseline,
        "complete": not tally.interrupted,
    }
    not_checked = {
        each.id: {"accounts": each.accounts, "lists": each.lists, "facts": each.facts}
        for each in tally.unchecked_rules()
    }
    since = (
        {"since": {key: value for key, value in tally.since._asdict().items() if key != "kinds"}} if tally.since else {}
    )
    return {"not_checked": not_checked, "summary": counts, **since}


def unreadable_to_dict(problem: UnreadableInput) -> dict[str, object]:
    """Return an unreadable input as a JSON object."""
    return {
        "file": problem.file or None,
        "line": problem.line or None,
        "column": problem.column or None,
        "detail": problem.message,
    }
