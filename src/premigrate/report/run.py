"""The data that outputs render: the run, its accounts, unreadable inputs and counts; and functions to print text."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

import msgspec

from premigrate.formats.printable import replace_unprintable, replace_unprintable_in_lines
from premigrate.needs import facts_of, lists_of
from premigrate.report.comparison import Comparison
from premigrate.report.findings import Finding, FindingKind, Level
from premigrate.results import Response


class RunInfo(NamedTuple):
    """A run. ``as_of`` is the day that counts as today; ``is_today``: it was not set, so it is the current day."""

    version: str
    as_of: date
    is_today: bool = False


class AccountReport:
    """A checked account.

    ``index`` is its position in the file, which has ``accounts_in_file`` accounts (0: not counted). ``account_number``
    is its external account number and ``supplier`` its import supplier, both empty if missing. ``findings`` are those
    not set aside (ignored, not selected, or in the baseline). ``response`` is the predicted response of the API,
    regardless of what is set aside; its body is empty if no output needs it, and so is ``not_checked``, the
    `Result.not_checked` of the account.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - its attributes
        self,
        file: str,
        index: int,
        accounts_in_file: int,
        account_number: str,
        response: Response,
        findings: tuple[Finding, ...],
        supplier: str = "",
        not_checked: tuple[str, ...] = (),
    ) -> None:
        self.file, self.index, self.accounts_in_file, self.supplier = file, index, accounts_in_file, supplier
        self.not_checked = not_checked
        self.account_number, self.response, self.findings = account_number, response, findings

    def findings_at(self, level: Level) -> list[Finding]:
        """List the findings of one level."""
        return [finding for finding in self.findings if finding.level == level]

    def with_findings(self, findings: tuple[Finding, ...]) -> "AccountReport":
        """Return a copy with other findings."""
        return AccountReport(
            self.file, self.index, self.accounts_in_file, self.account_number, self.response, findings, self.supplier,
            self.not_checked,
        )  # fmt: skip

    @property
    def is_refused(self) -> bool:
        """Whether the API would refuse the account, regardless of what is set aside."""
        return self.response.status != 200

    @property
    def has_errors(self) -> bool:
        """Whether there is an error that is not set aside."""
        return any(finding.level != "advice" for finding in self.findings)

    @property
    def is_set_aside(self) -> bool:
        """Whether the API would refuse the account, but all its errors are set aside."""
        return self.is_refused and not self.has_errors

    @property
    def label(self) -> str:
        """The account within its file, for messages; empty if it is the only one there."""
        if self.accounts_in_file == 1:
            return ""
        return f"account {self.index} ({self.account_number})" if self.account_number else f"account {self.index}"


class UnreadableInput(NamedTuple):
    """An input, or an account in it, that could not be checked. ``line`` and ``column`` are 0 if not known."""

    file: str
    line: int
    column: int
    message: str


INTERRUPTED = "The run was interrupted: not all inputs were checked."


class UncheckedRule(NamedTuple):
    """A rule or choice that could not be checked, with the lists and facts that it lacks and the number of accounts.

    Without both, only the server can check it.
    """

    id: str
    lists: tuple[str, ...]
    facts: tuple[str, ...]
    accounts: int


class Tally(msgspec.Struct):
    """Counts of a run.

    Attributes:
        accounts: the accounts that were checked.
        refused: those that the API would refuse.
        refused_set_aside: those of them whose errors are all ignored or in the baseline.
        unreadable: the inputs that could not be checked.
        errors: the errors that are shown, without follow-on errors.
        follow_on: the follow-on errors that are shown.
        advice: the advice that is shown.
        ignored: the findings that are ignored or not selected.
        in_baseline: the findings that are in the baseline.
        kinds: the findings of accounts that outputs do not receive, by kind.
        accounts_by_kind: those accounts, by the kinds of their findings.
        not_checked: the accounts for which a rule or choice could not be checked, by its id.
        needs: what the rules and choices of the markets met so far lack, by id, as `premigrate.needs` has it.
        interrupted: whether the run was stopped before its end.
        since: the findings beside those of an earlier run; None: they were not compared.

    """

    accounts: int = 0
    refused: int = 0
    refused_set_aside: int = 0
    unreadable: int = 0
    errors: int = 0
    follow_on: int = 0
    advice: int = 0
    ignored: int = 0
    in_baseline: int = 0
    kinds: Counter[FindingKind] = msgspec.field(default_factory=Counter)
    accounts_by_kind: Counter[FindingKind] = msgspec.field(default_factory=Counter)
    not_checked: Counter[str] = msgspec.field(default_factory=Counter)
    needs: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    interrupted: bool = False
    since: Comparison | None = None

    def count(self, account: AccountReport) -> None:
        """Count an account."""
        self.accounts += 1
        self.refused += account.is_refused
        self.refused_set_aside += account.is_set_aside
        self.errors += len(account.findings_at("error"))
        self.follow_on += len(account.findings_at("follow-on"))
        self.advice += len(account.findings_at("advice"))

    def count_kinds(self, kinds: Sequence[FindingKind], accounts: int = 1) -> None:
        """Count accounts that have findings of the same kinds."""
        levels = [level for level, *_ in kinds]
        advice, later = levels.count("advice"), levels.count("follow-on")
        self.accounts += accounts
        self.refused += accounts * (advice < len(levels))
        self.errors += accounts * (len(levels) - advice - later)
        self.follow_on += accounts * later
        self.advice += accounts * advice
        for kind in kinds:
            self.kinds[kind] += accounts
        for kind in dict.fromkeys(kinds):
            self.accounts_by_kind[kind] += accounts

    def count_not_checked(self, names: Iterable[str], accounts: int) -> None:
        """Count accounts with the same `Result.not_checked`."""
        for name in names:
            self.not_checked[name] += accounts

    def unchecked_rules(self) -> list[UncheckedRule]:
        """List the rules and choices that could not be checked, sorted."""
        counts = [(name, self.needs.get(name, ()), count) for name, count in sorted(self.not_checked.items())]
        return [UncheckedRule(name, lists_of(needs), facts_of(needs), count) for name, needs, count in counts]

    def add(self, other: "Tally") -> None:
        """Add the counts of another part of the run."""
        self.accounts += other.accounts
        self.refused += other.refused
        self.refused_set_aside += other.refused_set_aside
        self.unreadable += other.unreadable
        self.errors += other.errors
        self.follow_on += other.follow_on
        self.advice += other.advice
        self.ignored += other.ignored
        self.in_baseline += other.in_baseline
        self.kinds.update(other.kinds)
        self.accounts_by_kind.update(other.accounts_by_kind)
        self.not_checked.update(other.not_checked)
        self.needs |= other.needs


class Output(Protocol):
    """Renders a run in one format, piece by piece; the text is complete after `end`, also if the run is interrupted."""

    NEEDS_CLEAN_ACCOUNTS: bool
    """Whether it needs accounts without findings."""

    # An output in which the text of an account does not depend on other accounts also has a static method RENDER, which
    # renders accounts as one text in any process, and a method `rendered`, which takes that text.

    def begin(self, run: RunInfo) -> Iterable[str]:
        """Render the text before the first account."""

    def render_account(self, account: AccountReport) -> Iterable[str]:
        """Render an account."""

    def render_unreadable(self, unreadable: UnreadableInput) -> Iterable[str]:
        """Render an input that could not be checked."""

    def end(self, tally: Tally) -> Iterable[str]:
        """Render the text after the last account."""


def summarize(tally: Tally) -> str:
    """Summarize a run: the number of accounts, and of those that the API would refuse."""
    return f"{pluralize(tally.accounts, 'account')} checked, {refused_count(tally)}"


def refused_count(tally: Tally) -> str:
    """Return the number of refused accounts as text, with the number of those whose errors are all set aside."""
    aside = tally.refused_set_aside
    beside = f", {aside} of them only by findings that are set aside" if aside else ""
    return f"{tally.refused} refused{beside}"


def pluralize(count: int, noun: str) -> str:
    """Return a count with its noun, in the plural if needed."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def escape(text: str) -> str:
    """Make a text safe to print on one line: escape line breaks, and characters that a terminal may interpret."""
    return replace_unprintable(text, _escape)


def escape_lines(text: str) -> str:
    """Make a text safe to print: escape characters that a terminal may interpret, but keep line breaks."""
    return replace_unprintable_in_lines(text, _escape)


_on_one_line = json.JSONEncoder(ensure_ascii=False).encode


def strict_json(data: object, indent: int | None = None) -> str:
    """Return JSON that every parser accepts and that is safe to print.

    Characters that a terminal may interpret are escaped. A lone surrogate becomes the text of its escape sequence: some
    parsers reject the escape itself.
    """
    text = json.dumps(data, ensure_ascii=False, indent=indent) if indent else _on_one_line(data)
    return replace_unprintable_in_lines(text, _in_json)


def ascii_json(data: object, separators: tuple[str, str] | None = None) -> str:
    """Return JSON in printable ASCII that represents the data exactly, lone surrogates included."""
    return json.dumps(data, separators=separators).replace("\x7f", "\\u007f")


def _in_json(character: str) -> str:
    escape = ascii_json(character)[1:-1]
    return f"\\{escape}" if "\ud800" <= character <= "\udfff" else escape


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode()
