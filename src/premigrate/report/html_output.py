"""Renders a run as one self-contained HTML page, with its style, script and data."""

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files

from premigrate.report.comparison import Comparison
from premigrate.report.findings import LEVELS
from premigrate.report.html_data import ErrorRanking, FindingTable
from premigrate.report.run import (
    INTERRUPTED,
    AccountReport,
    RunInfo,
    Tally,
    UnreadableInput,
    ascii_json,
    pluralize,
    refused_count,
    summarize,
)

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_SCRIPTS = ("words", "filter", "summary", "since", "bars", "entry", "groups", "list", "controls")  # in this order
_SCRIPT = '"use strict";\n(() => {{\n{}}})();\n'
_MAX_FINDINGS = 50_000
_MAX_UNREADABLE = 1_000
_MAX_WORST = 50


class HtmlOutput:
    """Renders HTML. ``explanations`` are by code and rule id. At most ``max_findings`` are listed.

    The counts include the findings that are not listed.
    """

    OPTIONS = ("explanations",)
    NEEDS_CLEAN_ACCOUNTS = True

    def __init__(self, *, explanations: Mapping[str, str] | None = None, max_findings: int = _MAX_FINDINGS) -> None:
        self._explanations = explanations or {}
        self._run: RunInfo | None = None
        self._rows = FindingTable(max_findings)
        self._files, self._accounts = ErrorRanking(_MAX_WORST), ErrorRanking(_MAX_WORST)
        self._unreadable: list[tuple[str, int, int, str]] = []

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Render nothing yet: the page begins with the totals."""
        self._run = run
        yield from ()

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Keep the findings of an account."""
        self._rows.add(account)
        self._files.add((account.file, -1, ""), account)
        self._accounts.add((account.file, account.index, account.account_number), account)
        yield from ()

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Keep the input, up to a limit."""
        if len(self._unreadable) < _MAX_UNREADABLE:
            self._unreadable.append((problem.file, problem.line, problem.column, problem.message))
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Render the page."""
        style = _read_page_file("style.css")
        script = _SCRIPT.format("\n".join(_read_page_file(f"{name}.js") for name in _SCRIPTS))
        slots = {
            "title": html.escape(f"{summarize(tally)} - premigrate"),
            "totals": "".join(f"<p>{html.escape(line)}</p>" for line in _totals(tally)),
            "style_hash": _hash(style),
            "script_hash": _hash(script),
            "style": style,
            "script": script,
        }
        for position, piece in enumerate(_SLOT.split(_read_page_file("page.html"))):
            if position % 2 == 0:  # text between slots
                yield piece
            elif piece == "data":
                yield from self._data(tally)
            else:
                yield slots[piece]

    def _data(self, tally: Tally) -> Iterator[str]:
        """Render the data, one long column at a time."""
        rows, worst = self._rows, self._accounts if self._files.total == 1 else self._files
        met = sorted(rows.codes | rows.rules)
        head = {
            "version": self._run.version if self._run else "",
            "as_of": str(self._run.as_of) if self._run else "",
            "is_today": bool(self._run and self._run.is_today),
            "totals": _counts(tally),
            "not_checked": tally.unchecked_rules(),
            "unreadable": self._unreadable,
            "levels": LEVELS,
            "kinds": rows.kinds,
            "since": _since(tally.since),
            "worst": worst.ranked(),
            "explain": {name: self._explanations[name] for name in met if self._explanations.get(name)},
            "accounts": rows.accounts,
        }
        yield f'{_json(head)[:-1]},\n"texts":{_json(list(rows.texts))},\n"rows":{{'
        for position, (name, column) in enumerate(rows.columns.items()):
            yield f'{"," if position else ""}\n"{name}":{_json(column.tolist())}'
        yield "\n}}"


def _since(comparison: Comparison | None) -> dict[str, object] | None:
    """Return what changed since an earlier run; each kind has its level, code, pattern and counts, new ones first."""
    if comparison is None:
        return None
    order = sorted(comparison.kinds.items(), key=lambda item: (-item[1].new, -item[1].gone, -item[1].left, item[0]))
    kinds = [(LEVELS.index(level), code, pattern, *counts) for (level, code, pattern), counts in order]
    return {**comparison._asdict(), "kinds": kinds}


def _counts(tally: Tally) -> dict[str, int | bool]:
    return {
        "accounts": tally.accounts,
        "refused": tally.refused,
        "refused_set_aside": tally.refused_set_aside,
        "unreadable": tally.unreadable,
        "error": tally.errors,
        "follow-on": tally.follow_on,
        "advice": tally.advice,
        "ignored": tally.ignored,
        "known": tally.in_baseline,
        "interrupted": tally.interrupted,
    }


def _totals(tally: Tally) -> Iterator[str]:
    """Render the totals for browsers without JavaScript."""
    if tally.interrupted:
        yield INTERRUPTED
    passed = tally.accounts - tally.refused
    yield f"{pluralize(tally.accounts, 'account')} checked: {passed} pass, {refused_count(tally)}."
    yield f"{pluralize(tally.errors, 'error')}, {pluralize(tally.follow_on, 'follow-on error')}, {tally.advice} advice."
    if tally.ignored or tally.in_baseline:
        yield f"Not shown: {tally.ignored} ignored, {tally.in_baseline} in the baseline."
    if tally.since:
        yield f"{tally.since}."
    if tally.unreadable:
        yield f"{pluralize(tally.unreadable, 'input')} could not be read."
    if tally.not_checked:
        yield f"{pluralize(len(tally.not_checked), 'rule')} could not be checked."


def _read_page_file(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return the hash of a text, as a content security policy has it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _json(data: object) -> str:
    """Return JSON in ASCII that can neither end the script element around it nor open another element."""
    text = ascii_json(data, (",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
