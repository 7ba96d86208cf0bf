"""Writes a run as JUnit XML: a test suite a file, a test case an account."""

import re
from collections.abc import Iterator
from html import escape  # that of xml.sax loads all that opens connections

from premigrate.formats.printable import printable_lines
from premigrate.rendering.findings import Finding
from premigrate.rendering.outputs.spool import Kept, Spool
from premigrate.rendering.report import Account, Run, Tally, Unreadable

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitOutput:
    """JUnit XML. The counts stand before the cases, so everything is written at the end."""

    OPTIONS = ()
    EVERY = True

    def __init__(self) -> None:
        self._spool = Spool()
        self._suites: dict[str, Kept] = {}
        self._failed: dict[str, int] = {}
        self._broken: dict[str, int] = {}

    def begin(self, run: Run) -> Iterator[str]:  # noqa: ARG002 - JUnit has no place for it
        """Write nothing yet."""
        yield from ()

    def account(self, account: Account) -> Iterator[str]:
        """Keep a test case: failed if an error is left, with advice as its output."""
        errors = [finding for finding in account.findings if finding.level != "advice"]
        parts = []
        if errors:
            message = f"{len(errors)} predicted, the first: {errors[0].detail} [{errors[0].code}]"
            text = "\n".join(_line(account.file, finding) for finding in errors)
            parts.append(
                f"<failure type={_attribute(errors[0].code)} message={_attribute(message)}>{_text(text)}</failure>"
            )
        if advice := account.said("advice"):
            text = "\n".join(_line(account.file, finding) for finding in advice)
            parts.append(f"<system-out>{_text(text)}</system-out>")
        name = account.name or account.reference or "account"
        self._keep(account.file, name, parts)
        self._failed[account.file] = self._failed.get(account.file, 0) + bool(errors)
        yield from ()

    def unreadable(self, problem: Unreadable) -> Iterator[str]:
        """Keep a test case that could not be run."""
        place = f"{problem.file}:{problem.line}:{problem.column}: " if problem.line else ""
        error = (
            f'<error type="unreadable" message={_attribute(problem.message)}>{_text(place + problem.message)}</error>'
        )
        self._keep(problem.file, "input", [error])
        self._broken[problem.file] = self._broken.get(problem.file, 0) + 1
        yield from ()

    def _keep(self, file: str, name: str, parts: list[str]) -> None:
        case = f"<testcase classname={_attribute(file)} name={_attribute(name)} file={_attribute(file)}"
        if file not in self._suites:
            self._suites[file] = Kept(self._spool)
        self._suites[file].append(f"{case}>{''.join(parts)}</testcase>\n" if parts else f"{case}/>\n")

    def end(self, tally: Tally) -> Iterator[str]:
        """Write the whole document."""
        tests, broken = sum(map(len, self._suites.values())), sum(self._broken.values())
        yield '<?xml version="1.0" encoding="utf-8"?>\n'
        yield f'<testsuites name="premigrate" tests="{tests}" failures="{tally.refused}" errors="{broken}">\n'
        for file, cases in self._suites.items():
            counts = f'tests="{len(cases)}" failures="{self._failed.get(file, 0)}" errors="{self._broken.get(file, 0)}"'
            yield f"<testsuite name={_attribute(file)} {counts}>\n"
            yield from cases.pieces()
            yield "</testsuite>\n"
        yield "</testsuites>\n"


def _line(file: str, finding: Finding) -> str:
    place = f"{file}:{finding.spot.line}:{finding.spot.column}" if finding.spot else file
    at = f"{finding.attr}: " if finding.attr else ""
    return f"{place}: {finding.level}: {at}{finding.detail} [{finding.code}]"


def _attribute(text: str) -> str:
    shown = _visible(escape(_clean(text))).replace("\n", "&#10;")
    return f'"{shown}"'


def _text(text: str) -> str:
    return _visible(escape(_clean(text), quote=False))


def _clean(text: str) -> str:
    """Write as escapes what XML has no way to hold."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _visible(text: str) -> str:
    """Write as references what a terminal might act on, and what a reader of XML would change."""
    return printable_lines(text, lambda character: f"&#{ord(character)};")
