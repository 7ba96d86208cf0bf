"""Renders a run as a Code Quality report of GitLab: a JSON array of issues, which merge requests show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.report.findings import Finding
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, strict_json

_MAX_REMEMBERED = 50_000
"""The most fingerprints that are compared with each other, so that the memory of a run is bounded."""
_SEVERITIES = {"error": "major", "follow-on": "minor", "advice": "info"}
_FAILED_RUN = "blocker"


class GitlabOutput:
    """Renders a Code Quality report.

    A fingerprint does not contain the line, so an issue keeps it when the file changes elsewhere. Findings that agree
    in all that a fingerprint contains are numbered.

    Args:
        relative_path: turns the path of a file in reports into one relative to the working directory, as GitLab
            expects it.

    """

    OPTIONS = ("relative_path",)
    NEEDS_CLEAN_ACCOUNTS = False

    def __init__(self, *, relative_path: Callable[[str], str] = str) -> None:
        self._relative_path = relative_path
        self._times_used: dict[str, int] = {}
        self._is_first = True

    def begin(self, run: RunInfo) -> Iterator[str]:  # noqa: ARG002 - the same for all runs
        """Open the array."""
        yield "["

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings of an account."""
        path = self._relative_path(account.file)
        for position, finding in enumerate(account.findings):
            check = finding.code if finding.rule == FRAMEWORK_RULE_ID else finding.rule
            known = [path, *_identity(account), finding.rule, finding.code, finding.attr]
            fingerprint = self._fingerprint(known, f"{account.index}/{position}")
            line = finding.spot.line if finding.spot else 1
            yield from self._issue(check, fingerprint, _SEVERITIES[finding.level], _description(finding), path, line)

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Render an input that could not be checked as an issue."""
        path = self._relative_path(problem.file)
        fingerprint = self._fingerprint([path, "unreadable", problem.message], f"{problem.line}/{problem.column}")
        yield from self._issue("unreadable", fingerprint, _FAILED_RUN, problem.message, path, max(problem.line, 1))

    def end(self, tally: Tally) -> Iterator[str]:
        """Close the array, with an issue of its own if the run was interrupted."""
        if tally.interrupted:
            yield from self._issue("interrupted", _digest(["interrupted"]), _FAILED_RUN, INTERRUPTED, ".", 1)
        yield "\n]\n"

    def _issue(  # noqa: PLR0913, PLR0917 - the parts of an issue
        self, check: str, fingerprint: str, severity: str, description: str, path: str, line: int
    ) -> Iterator[str]:
        issue: dict[str, Any] = {
            "check_name": check,
            "fingerprint": fingerprint,
            "severity": severity,
            "description": description,
            "location": {"path": path, "lines": {"begin": line}},
        }
        yield "\n" if self._is_first else ",\n"
        self._is_first = False
        yield strict_json(issue)

    def _fingerprint(self, known: list[str], place: str) -> str:
        """Return a fingerprint that no other issue of the run has.

        Once many are in use, ``place``, which is unique among the issues with the same ``known``, is always part of it.
        """
        fingerprint = _digest(known)
        times = self._times_used.get(fingerprint, 0)
        if not times and len(self._times_used) >= _MAX_REMEMBERED:
            return _digest([*known, "at", place])
        self._times_used[fingerprint] = times + 1
        return _digest([*known, "again", str(times)]) if times else fingerprint


def _identity(account: AccountReport) -> tuple[str, str]:
    """Return what names an account in its file: its number, or without one its position."""
    return account.account_number, "" if account.account_number else str(account.index)


def _description(finding: Finding) -> str:
    at = f"{finding.attr}: " if finding.attr else ""
    expected = f" (expected: {finding.expected})" if finding.expected else ""
    return f"{at}{finding.detail}{expected}"


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
