"""Renders a run as JUnit XML, with a test suite for each file and a test case for each account."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape  # xml.sax.saxutils would import urllib.request

from premigrate.formats.printable import replace_unprintable_in_lines
from premigrate.report.findings import Finding
from premigrate.report.run import INTERRUPTED, AccountReport, RunInfo, Tally, UnreadableInput, pluralize
from premigrate.report.spool import Spool, SpooledTexts

_SET_ASIDE = (
    "The API would refuse this account, but all its errors are set aside: ignored, not selected, or in the baseline."
)
_MAX_NAMES_LENGTH = 1 << 18
"""Total length, in characters, of the case names of a file that are kept to make names unique."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Suite:
    """The test cases of one file; ``names`` counts the uses of each name, and ``size`` is their total length."""

    cases: SpooledTexts
    names: Counter[str] = field(default_factory=Counter)
    size: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0

    def unique(self, name: str) -> str:
        """Return a name that no other case of the suite has: the name itself, or the name with a number.

        Once the limit for kept names is reached, every name gets the number of its case.
        """
        is_full = self.size > _MAX_NAMES_LENGTH
        if is_full:
            name = f"{name} #{len(self.cases) + 1}"
        while self.names[name]:
            self.names[name] += 1
            name = f"{name} #{self.names[name]}"
        if not is_full:
            self.names[name] = 1
            self.size += len(name)
        return name


class JunitOutput:
    """Renders JUnit XML, all at the end: the counts precede the cases."""

    OPTIONS = ()
    NEEDS_CLEAN_ACCOUNTS = True

    def __init__(self) -> None:
        self._spool = Spool()
        self._suites: dict[str, _Suite] = {}

    def begin(self, run: RunInfo) -> Iterator[str]:  # noqa: ARG002 - JUnit has no element for it
        """Render nothing yet."""
        yield from ()

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Keep a test case: failed if it has errors, skipped if all errors are set aside; its output is the advice."""
        errors = [finding for finding in account.findings if finding.level != "advice"]
        parts = []
        if account.is_set_aside:
            parts.append(f"<skipped message={_attribute(_SET_ASIDE)}/>")
        if errors:
            message = f"{pluralize(len(errors), 'predicted error')}, the first: {errors[0].detail} [{errors[0].code}]"
            text = "\n".join(_line(account.file, finding) for finding in errors)
            parts.append(
                f"<failure type={_attribute(errors[0].code)} message={_attribute(message)}>{_text(text)}</failure>"
            )
        if advice := account.findings_at("advice"):
            text = "\n".join(_line(account.file, finding) for finding in advice)
            parts.append(f"<system-out>{_text(text)}</system-out>")
        name = account.label or account.account_number or "account"
        suite = self._keep(account.file, name, parts)
        suite.failures += bool(errors)
        suite.skipped += account.is_set_aside
        yield from ()

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:
        """Keep a test case with an error."""
        place = f"{problem.file}:{problem.line}:{problem.column}: " if problem.line else ""
        error = (
            f'<error type="unreadable" message={_attribute(problem.message)}>{_text(place + problem.message)}</error>'
        )
        name = f"input, line {problem.line}" if problem.line else "input"
        self._keep(problem.file, name, [error]).errors += 1
        yield from ()

    def _keep(self, file: str, name: str, parts: list[str]) -> _Suite:
        if file not in self._suites:
            self._suites[file] = _Suite(SpooledTexts(self._spool))
        suite = self._suites[file]
        named = _attribute(suite.unique(_clean(name)))
        case = f"<testcase classname={_attribute(file)} name={named} file={_attribute(file)}"
        suite.cases.append(f"{case}>{''.join(parts)}</testcase>\n" if parts else f"{case}/>\n")
        return suite

    def end(self, tally: Tally) -> Iterator[str]:
        """Render the whole document; if the run was interrupted, a test case with an error reports that."""
        if tally.interrupted:
            yield from self.render_unreadable(UnreadableInput("premigrate", 0, 0, INTERRUPTED))
        suites = self._suites.values()
        tests, failures = sum(len(suite.cases) for suite in suites), sum(suite.failures for suite in suites)
        errors = sum(suite.errors for suite in suites)
        yield '<?xml version="1.0" encoding="utf-8"?>\n'
        yield f'<testsuites name="premigrate" tests="{tests}" failures="{failures}" errors="{errors}">\n'
        for file, suite in self._suites.items():
            counts = f'tests="{len(suite.cases)}" failures="{suite.failures}" errors="{suite.errors}"'
            yield f'<testsuite name={_attribute(file)} {counts} skipped="{suite.skipped}">\n'
            yield from suite.cases.read()
            yield "</testsuite>\n"
        yield "</testsuites>\n"


def _line(file: str, finding: Finding) -> str:
    place = f"{file}:{finding.spot.line}:{finding.spot.column}" if finding.spot else file
    at = f"{finding.attr}: " if finding.attr else ""
    return f"{place}: {finding.level}: {at}{finding.detail} [{finding.code}]"


def _attribute(text: str) -> str:
    shown = _escape_unprintable(escape(_clean(text))).replace("\n", "&#10;")
    return f'"{shown}"'


def _text(text: str) -> str:
    return _escape_unprintable(escape(_clean(text), quote=False))


def _clean(text: str) -> str:
    """Escape the characters that XML cannot represent."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escape_unprintable(text: str) -> str:
    """Write unprintable characters as character references: terminals may interpret them, XML parsers change them."""
    return replace_unprintable_in_lines(text, lambda character: f"&#{ord(character)};")
