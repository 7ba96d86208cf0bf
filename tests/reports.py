"""Feeds outputs with fictional accounts and findings, as the command does."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from premigrate.documents.source_map import LineRange
from premigrate.report.findings import Finding, Level, SourceExcerpt
from premigrate.report.run import AccountReport, Output, RunInfo, Tally, UnreadableInput
from premigrate.results import Response

RUN = RunInfo("1.2.3", date(2026, 1, 31))
ERROR: Level = "error"


def finding(code: str = "invalid", attr: str = "customers.0.mobile", **more: Any) -> Finding:
    values: dict[str, Any] = {
        "level": ERROR,
        "detail": "Enter a valid phone number.",
        "rule": "phone-valid",
        "place": (),
        "spot": LineRange(12, 15, 12, 18),
        "excerpt": SourceExcerpt('"mobile": "1"', 10, 3),
        **more,
    }
    return Finding(code=code, attr=attr, **values)


def account(
    *findings: Finding, file: str = "a.json", index: int = 0, count: int = 1, reference: str = "A-1"
) -> AccountReport:
    status = 400 if any(each.level != "advice" for each in findings) else 200
    return AccountReport(file, index, count, reference, Response(status, {}), findings)


def write(
    output: Output,
    accounts: Iterable[AccountReport],
    unreadable: Iterable[UnreadableInput] = (),
    not_checked: Mapping[str, tuple[str, ...]] | None = None,
    **counts: Any,
) -> str:
    """Write a run to an output; ``counts`` are the counts of the tally that do not come from accounts."""
    unchecked = not_checked or {}
    tally = Tally(needs=dict(unchecked), not_checked=Counter(dict.fromkeys(unchecked, 2)), **counts)
    pieces = [*output.begin(RUN)]
    for each in accounts:
        tally.count(each)
        pieces += output.render_account(each)
    for problem in unreadable:
        tally.unreadable += 1
        pieces += output.render_unreadable(problem)
    return "".join([*pieces, *output.end(tally)])
