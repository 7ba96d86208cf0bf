"""Renders a run as GitHub annotations; GitHub shows ten of each level per step and drops the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

from premigrate.report.findings import Finding, FindingKind, kind_to_count
from premigrate.report.run import (
    INTERRUPTED,
    AccountReport,
    RunInfo,
    Tally,
    UnreadableInput,
    escape,
    pluralize,
    summarize,
)

_MAX_ANNOTATIONS = 10
_MAX_TEXT = 2000  # characters of an attr or a detail
_COMMANDS = {"error": "error", "follow-on": "warning", "advice": "notice"}


@dataclass(slots=True)
class _Kind:
    """The findings of one kind: the first of them, their number, and the number of accounts that have some."""

    file: str
    finding: Finding
    count: int = 0
    accounts: int = 0


class GithubOutput:
    """Renders every finding in a folded group of the log, then one annotation per kind, and one for those left out."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = False

    def __init__(self) -> None:
        self._kinds: dict[FindingKind, _Kind] = {}
        self._unreadable: list[UnreadableInput] = []
        self._unreadable_more = 0

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Open the group."""
        yield f"::group::premigrate {run.version}, as of {run.as_of}: all findings\n"

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings for the log, and count them by kind."""
        seen = set()
        for finding in account.findings:
            place = f"{account.file}:{finding.spot.line}:{finding.spot.column}" if finding.spot else account.file
            yield _log(f"{place} {finding.level} {finding.attr} {finding.detail} [{finding.code}]")
            key = kind_to_count(finding.kind, self._kinds)
            kind = self._kinds.get(key)
            if kind is None:
                kind = self._kinds[key] = _Kind(account.file, _cut(finding))
            kind.count += 1
            kind.accounts += key not in seen
            seen.add(key)

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Keep the input for an annotation, up to the limit, and render it for the log."""
        if len(self._unreadable) < _MAX_ANNOTATIONS:
            self._unreadable.append(problem)
        else:
            self._unreadable_more += 1
        yield _log(f"{problem.file} unreadable {problem.message}")

    def end(self, tally: Tally) -> Iterator[str]:
        """Close the group and render the annotations."""
        yield "::endgroup::\n"
        if tally.interrupted:
            self._unreadable.insert(0, UnreadableInput("", 0, 0, INTERRUPTED))
        room = _MAX_ANNOTATIONS
        for problem in self._unreadable[: _MAX_ANNOTATIONS - 1]:
            room -= 1
            yield _command("error", problem.file, (problem.line, problem.column, 0), "unreadable", problem.message)
        left = len(self._unreadable) + self._unreadable_more - (_MAX_ANNOTATIONS - room)
        for level in _COMMANDS:
            kinds = [kind for (of, _, _), kind in self._kinds.items() if of == level]
            yield from _annotations(level, kinds, room if level == "error" else _MAX_ANNOTATIONS, left)
            left = 0
        yield f"{summarize(tally)}\n"


def _cut(finding: Finding) -> Finding:
    """Shorten a finding to what an annotation shows."""
    attr, detail = _shortened(finding.attr), _shortened(finding.detail)
    return finding._replace(attr=attr, detail=detail, expected="", related=(), place=(), excerpt=None)


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}..."


def _log(text: str) -> str:
    """Render a log line that GitHub does not take for a command, which has ``::`` at the start or ``##[`` anywhere."""
    return f"- {_escape_commands(text)}\n"


def _escape_commands(text: str) -> str:
    return escape(text).replace("##[", "## [")


def _annotations(level: str, kinds: list[_Kind], room: int, unread: int) -> Iterator[str]:
    kinds.sort(key=lambda kind: -kind.count)
    shown = kinds if len(kinds) + bool(unread) <= room else kinds[: room - 1]
    for kind in shown:
        finding, spot = kind.finding, kind.finding.spot
        where = (spot.line, spot.column, spot.end_column if spot.line == spot.end_line else 0) if spot else (0, 0, 0)
        more = f"\n{kind.count} of this kind in {pluralize(kind.accounts, 'account')}" if kind.count > 1 else ""
        at = f"{finding.attr}: " if finding.attr else ""
        yield _command(_COMMANDS[level], kind.file, where, finding.code, f"{at}{finding.detail}{more}")
    if len(shown) < len(kinds) or unread:
        rest = kinds[len(shown) :]
        parts = [f"{sum(kind.count for kind in rest)} findings of {pluralize(len(rest), 'more kind')}"] if rest else []
        parts += [f"{pluralize(unread, 'more unreadable input')}"] if unread else []
        yield _command(_COMMANDS[level], "", (0, 0, 0), "not shown", f"{' and '.join(parts)}: see the log")


def _command(command: str, file: str, where: tuple[int, int, int], title: str, message: str) -> str:
    line, column, end = where
    named = {"file": file, "line": line, "col": column, "endColumn": end, "title": f"premigrate: {title}"}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in named.items() if value)
    return f"::{command} {properties}::{_data(message)}\n"


def _data(text: str) -> str:
    return "%0A".join(_escape_commands(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
