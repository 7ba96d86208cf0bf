"""Writes a run as annotations of GitHub's checks, which shows ten of each level a step and drops the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

from premigrate.report.findings import Finding, Kind, counted_as
from premigrate.report.run import INTERRUPTED, Account, Run, Tally, Unreadable, number, plain, verdict

_MOST = 10
_LONGEST = 2000  # characters of an attr or a detail
_COMMANDS = {"error": "error", "next": "warning", "advice": "notice"}


@dataclass(slots=True)
class _Kind:
    """Findings of one code at one kind of place: the first of them, and how many there are in how many accounts."""

    file: str
    finding: Finding
    count: int = 0
    accounts: int = 0


class GithubOutput:
    """Every finding in the log, folded; then an annotation for each kind of finding, and one for what has no room."""

    OPTIONS = ()
    EVERY = False

    def __init__(self) -> None:
        self._kinds: dict[Kind, _Kind] = {}
        self._unreadable: list[Unreadable] = []
        self._unreadable_more = 0

    def begin(self, run: Run) -> Iterator[str]:
        """Open the fold."""
        yield f"::group::premigrate {run.version}, as of {run.as_of}: every finding\n"

    def account(self, account: Account) -> Iterator[str]:
        """Write the findings into the log, and count them by kind."""
        seen = set()
        for finding in account.findings:
            place = f"{account.file}:{finding.spot.line}:{finding.spot.column}" if finding.spot else account.file
            yield _log(f"{place} {finding.level} {finding.attr} {finding.detail} [{finding.code}]")
            key = counted_as(finding.kind, self._kinds)
            kind = self._kinds.get(key)
            if kind is None:
                kind = self._kinds[key] = _Kind(account.file, _cut(finding))
            kind.count += 1
            kind.accounts += key not in seen
            seen.add(key)

    def unreadable(self, problem: Unreadable) -> Iterator[str]:
        """Keep it for an annotation, while there is room for one."""
        if len(self._unreadable) < _MOST:
            self._unreadable.append(problem)
        else:
            self._unreadable_more += 1
        yield _log(f"{problem.file} unreadable {problem.message}")

    def end(self, tally: Tally) -> Iterator[str]:
        """Close the fold and write the annotations."""
        yield "::endgroup::\n"
        if tally.interrupted:
            self._unreadable.insert(0, Unreadable("", 0, 0, INTERRUPTED))
        room = _MOST
        for problem in self._unreadable[: _MOST - 1]:
            room -= 1
            yield _command("error", problem.file, (problem.line, problem.column, 0), "unreadable", problem.message)
        left = len(self._unreadable) + self._unreadable_more - (_MOST - room)
        for level in _COMMANDS:
            kinds = [kind for (of, _, _), kind in self._kinds.items() if of == level]
            yield from _annotations(level, kinds, room if level == "error" else _MOST, left)
            left = 0
        yield f"{verdict(tally)}\n"


def _cut(finding: Finding) -> Finding:
    """Leave of a finding what an annotation has room for."""
    attr, detail = _shortened(finding.attr), _shortened(finding.detail)
    return finding._replace(attr=attr, detail=detail, help="", place=(), excerpt=None)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _log(text: str) -> str:
    """Write a line that holds no command: one begins with two colons, the older kind has ``##[`` anywhere."""
    return f"- {_tame(text)}\n"


def _tame(text: str) -> str:
    return plain(text).replace("##[", "## [")


def _annotations(level: str, kinds: list[_Kind], room: int, unread: int) -> Iterator[str]:
    kinds.sort(key=lambda kind: -kind.count)
    shown = kinds if len(kinds) + bool(unread) <= room else kinds[: room - 1]
    for kind in shown:
        finding, spot = kind.finding, kind.finding.spot
        where = (spot.line, spot.column, spot.end_column if spot.line == spot.end_line else 0) if spot else (0, 0, 0)
        more = f"\n{kind.count} of this kind in {number(kind.accounts, 'account')}" if kind.count > 1 else ""
        at = f"{finding.attr}: " if finding.attr else ""
        yield _command(_COMMANDS[level], kind.file, where, finding.code, f"{at}{finding.detail}{more}")
    if len(shown) < len(kinds) or unread:
        rest = kinds[len(shown) :]
        told = [f"{sum(kind.count for kind in rest)} findings of {number(len(rest), 'more kind')}"] if rest else []
        told += [f"{number(unread, 'more input')} that can't be read"] if unread else []
        yield _command(_COMMANDS[level], "", (0, 0, 0), "not shown", f"{' and '.join(told)}: see the log")


def _command(command: str, file: str, where: tuple[int, int, int], title: str, message: str) -> str:
    line, column, end = where
    named = {"file": file, "line": line, "col": column, "endColumn": end, "title": f"premigrate: {title}"}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in named.items() if value)
    return f"::{command} {properties}::{_data(message)}\n"


def _data(text: str) -> str:
    return "%0A".join(_tame(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
