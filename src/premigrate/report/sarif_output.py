"""Renders a run as SARIF 2.1.0, for code scanning and editors."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from premigrate.documents.source_map import LineRange
from premigrate.report.findings import Finding, RelatedPlace
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, strict_json

MAX_RESULTS = 25_000
"""The most results that GitHub accepts in a run."""
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LINK = re.compile(r"(?<!\\)(\\*+)\[(?=[^\[\]]*\]\()")
_LEVELS = {"error": "error", "follow-on": "error", "advice": "note"}
HEADER = f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{"columnKind": "unicodeCodePoints", "results": ['
"""How every report begins; used to recognize reports of premigrate."""


class SarifOutput:
    """Renders SARIF. ``explanations`` are by code and rule id.

    At most ``MAX_RESULTS`` results are written; ``omitted`` counts the others, and a notification reports them.
    """

    OPTIONS = ("explanations",)
    NEEDS_CLEAN_ACCOUNTS = False

    def __init__(self, *, explanations: Mapping[str, str] | None = None) -> None:
        self._explanations = explanations or {}
        self._rules: dict[tuple[str, str], int] = {}
        self._notices: list[dict[str, Any]] = []
        self._run: RunInfo | None = None
        self.result_count = self.omitted = 0

    def new_file(self) -> "SarifOutput":
        """Return a new output of the same run, for the results that exceed the limit of this one."""
        return SarifOutput(explanations=self._explanations)

    @property
    def notice(self) -> str:
        """A message about the results that were left out; empty if there are none."""
        if not self.omitted:
            return ""
        return (
            f"the SARIF report contains the first {MAX_RESULTS:,} of {MAX_RESULTS + self.omitted:,} results, because "
            "GitHub rejects larger reports; --output FILE.sarif writes all results to several files"
        )

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Open the log and its array of results."""
        self._run = run
        yield HEADER

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings of an account."""
        fitting = account.findings[: MAX_RESULTS - self.result_count]
        self.omitted += len(account.findings) - len(fitting)
        for finding in fitting:
            yield ",\n" if self.result_count else "\n"
            self.result_count += 1
            yield strict_json(self._result(account, finding))

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Keep the input for a notification of the run: it is not a result."""
        region = {"region": {"startLine": problem.line, "startColumn": max(problem.column, 1)}} if problem.line else {}
        self._notices.append(
            {
                "level": "error",
                "message": {"text": _message(problem.message)},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(problem.file)}, **region}}],
            }
        )
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Close the log, with the rules of the results."""
        if tally.interrupted:
            self._notices.append({"level": "error", "message": {"text": INTERRUPTED}})
        version = self._run.version if self._run else ""
        rules = [self._rule(rule, code) for rule, code in self._rules]
        driver = {"name": "premigrate", "version": version, "semanticVersion": version, "rules": rules}
        cut = [{"level": "warning", "message": {"text": self.notice}}] if self.omitted else []
        invocation = {
            "executionSuccessful": not (tally.interrupted or tally.unreadable),
            "toolExecutionNotifications": [*self._notices, *cut],
            "properties": {
                "accounts": tally.accounts,
                "refused": tally.refused,
                "refused_set_aside": tally.refused_set_aside,
            },
        }
        yield f'\n], "tool": {strict_json({"driver": driver})}, "invocations": {strict_json([invocation])}}}]}}\n'

    def _result(self, account: AccountReport, finding: Finding) -> dict[str, Any]:
        position = self._rules.setdefault((finding.rule, finding.code), len(self._rules))
        location = _physical_location(account.file, finding.spot)
        at = f"{finding.attr}: " if finding.attr else ""
        expected = f" Expected: {finding.expected}." if finding.expected else ""
        related = [_related_location(position, each, account.file) for position, each in enumerate(finding.related)]
        print_of = "\0".join([account.file, account.account_number or str(account.index), finding.code, finding.attr])
        return {
            "ruleId": _rule_id(finding.rule, finding.code),
            "ruleIndex": position,
            "level": _LEVELS[finding.level],
            "message": {"text": _message(f"{at}{finding.detail}{expected}")},
            "locations": [{"physicalLocation": location, "logicalLocations": [{"fullyQualifiedName": finding.attr}]}],
            **({"relatedLocations": related} if related else {}),
            **({"fixes": fixes} if (fixes := _fixes(account.file, finding)) else {}),
            "partialFingerprints": {"premigrate/v1": hashlib.sha256(print_of.encode("utf-8", "replace")).hexdigest()},
            "properties": {"level": finding.level, "account": account.account_number, "index": account.index},
        }

    def _rule(self, rule: str, code: str) -> dict[str, Any]:
        meaning = self._explanations.get(code, "") or code
        why = self._explanations.get(rule, "")
        said = " ".join(dict.fromkeys(filter(None, (meaning, why))))  # advice has one sentence for both
        return {
            "id": _rule_id(rule, code),
            "name": code,
            "shortDescription": {"text": meaning},
            "fullDescription": {"text": why or meaning},
            "help": {"text": f"{said} See premigrate explain {code}."},
        }


def _physical_location(file: str, spot: LineRange | None) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if spot:
        location["region"] = _region(spot)
    return location


def _region(spot: LineRange) -> dict[str, int]:
    return {
        "startLine": spot.line,
        "startColumn": spot.column,
        "endLine": spot.end_line,
        "endColumn": max(spot.end_column, 1),
    }


def _fixes(file: str, finding: Finding) -> list[dict[str, Any]]:
    """Return the fixes of a finding whose edits are known."""
    return [
        {
            "description": {"text": _message(each.words)},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": _uri(file)},
                    "replacements": [
                        {"deletedRegion": _region(deleted), "insertedContent": {"text": inserted}}
                        for deleted, inserted in each.replacements
                    ],
                }
            ],
        }
        for each in finding.fixes or ()
        if each.replacements
    ]


def _related_location(position: int, related: RelatedPlace, file: str) -> dict[str, Any]:
    return {
        "id": position,
        "physicalLocation": _physical_location(file, related.spot),
        "logicalLocations": [{"fullyQualifiedName": related.attr}],
        "message": {"text": _message(related.attr)},
    }


def _message(text: str) -> str:
    """Return a text as a SARIF message, with a backslash before ``[text](target)``, which would be a link."""
    return _LINK.sub(lambda found: f"{found[1] * 2}\\[", text)


def _rule_id(rule: str, code: str) -> str:
    """Return the id of a rule; for a check of the framework on a field, the code is part of the id."""
    return f"{rule}/{code}" if rule == "field" else rule


def _uri(file: str) -> str:
    """Return a path as a URI; an absolute path gets the scheme ``file``."""
    path = file.replace("\\", "/")
    root = "file://" if path.startswith("/") else "file:///" if path[1:3] == ":/" else ""
    return root + quote(path, safe="/:~", errors="replace")
