"""Renders a run for a terminal: a few lines for each finding, counts of those left out, and a summary line."""

from collections import Counter
from collections.abc import Callable, Iterator

from premigrate.report.findings import ELLIPSIS, Finding, FindingKind, SourceExcerpt, kind_to_count, related_text
from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput, escape, pluralize, summarize

_COLOURS = {"error": "red", "follow-on": "yellow", "advice": "cyan"}
MAX_OF_KIND = 3
_WIDTH = 80
_INDENT = "    "
_MAX_RELATED = 3

Paint = Callable[[str, str], str]


class TextOutput:
    """Renders text.

    ``paint`` colours a text. ``show_all`` shows every finding of a kind, not only the first three. ``max_findings`` is
    the number of findings to show at most; None: no limit.
    """

    OPTIONS = ("paint", "show_all", "max_findings")
    NEEDS_CLEAN_ACCOUNTS = False

    def __init__(
        self, *, paint: Paint = lambda text, _: text, show_all: bool = False, max_findings: int | None = None
    ) -> None:
        self._paint, self._show_all, self._most = paint, show_all, max_findings
        self.max_located = None if show_all else MAX_OF_KIND
        self._counts_by_kind: Counter[FindingKind] = Counter()
        self._accounts_by_kind: Counter[FindingKind] = Counter()
        self._advice_shown: set[tuple[FindingKind, str]] = set()
        self._shown = 0
        self._run: RunInfo | None = None

    def begin(self, run: RunInfo) -> Iterator[str]:
        """Render nothing yet."""
        self._run = run
        yield from ()

    def render_account(self, account: AccountReport) -> Iterator[str]:
        """Render the findings of an account, in the order of the file."""
        kinds: dict[FindingKind, None] = {}
        for finding in sorted(
            account.findings, key=lambda each: (each.spot.line, each.spot.column) if each.spot else (0, 0)
        ):
            kind = kind_to_count(finding.kind, self._counts_by_kind)
            self._counts_by_kind[kind] += 1
            kinds[kind] = None
            if self._shows(kind, finding):
                self._shown += 1
                yield from self._lines(account, finding)
        self._accounts_by_kind.update(kinds.keys())

    def _shows(self, kind: FindingKind, finding: Finding) -> bool:
        """Return whether to show a finding: three of a kind, and advice that says the same of the same field once."""
        if self._most is not None and self._shown >= self._most:
            return False
        if self._show_all:
            return True
        if self._counts_by_kind[kind] > MAX_OF_KIND:
            return False
        if finding.level != "advice":
            return True
        is_new = (kind, finding.detail) not in self._advice_shown
        self._advice_shown.add((kind, finding.detail))
        return is_new

    def render_unreadable(self, problem: UnreadableInput) -> Iterator[str]:  # noqa: ARG002
        """Render nothing: unreadable inputs are reported on the error stream."""
        yield from ()

    def end(self, tally: Tally) -> Iterator[str]:
        """Render what was left out, what was not checked, and the counts."""
        for kind, count in tally.kinds.items():
            counted = kind_to_count(kind, self._counts_by_kind)
            self._counts_by_kind[counted] += count
            self._accounts_by_kind[counted] += tally.accounts_by_kind[kind]
        yield from self._left_out(show_accounts=tally.accounts > 1)
        if tally.not_checked:
            yield f"{_not_checked(tally)}\n"
        if tally.interrupted:
            yield self._paint("interrupted: this is not all\n", "yellow")
        yield f"{self._paint(summarize(tally), _colour(tally))}: {_counts(tally)}\n"
        if self._run:
            day = " (today on this machine; --as-of sets it)" if self._run.is_today else ""
            yield f"as of {self._run.as_of}{day}, premigrate {self._run.version}\n"

    def _lines(self, account: AccountReport, finding: Finding) -> Iterator[str]:
        place = (
            f"{escape(account.file)}:{finding.spot.line}:{finding.spot.column}"
            if finding.spot
            else escape(account.file)
        )
        first, *more = _wrap(escape(finding.detail), f"{place}: {finding.level}: ")
        level = self._paint(finding.level, _COLOURS[finding.level])
        yield f"{place}: {level}: {first}\n"
        yield from (f"{line}\n" for line in more)
        at = f" at {escape(finding.attr)}" if finding.attr else ""
        yield f"  {escape(finding.code)}{at}{f', {escape(account.label)}' if account.label else ''}\n"
        if finding.spot and finding.excerpt:
            yield from _excerpt(finding.spot.line, finding.excerpt)
        if finding.expected:
            first, *more = _wrap(escape(finding.expected), "  expected: ")
            yield f"  expected: {first}\n"
            yield from (f"{line}\n" for line in more)
        yield from (f"  fix: {escape(each.words)}\n" for each in finding.fixes or ())
        yield from (f"  related: {escape(related_text(each))}\n" for each in finding.related[:_MAX_RELATED])
        if len(finding.related) > _MAX_RELATED:
            yield f"  related: {len(finding.related) - _MAX_RELATED} more\n"
        yield "\n"

    def _left_out(self, *, show_accounts: bool) -> Iterator[str]:
        if self._shown == self._counts_by_kind.total():
            return
        left = self._counts_by_kind.total() - self._shown
        yield f"{pluralize(left, 'finding')} not shown; in all (--show-all shows each):\n"
        for kind, count in self._counts_by_kind.most_common():
            level, code, pattern = kind
            # kinds that are counted as one can be in the same account
            has_accounts = show_accounts and pattern != ELLIPSIS
            accounts = f", in {pluralize(self._accounts_by_kind[kind], 'account')}" if has_accounts else ""
            yield f"  {count:>7} {level:9} {escape(code)}{f' at {escape(pattern)}' if pattern else ''}{accounts}\n"
        yield "\n"


def _wrap(text: str, before: str) -> list[str]:
    """Wrap a text at spaces to the width of a terminal; the first line leaves room for ``before``."""
    width = max(_WIDTH, len(before) + 20)
    lines, line = [], before
    for word in text.split(" "):
        is_first = line in {before, _INDENT}
        if not is_first and len(line) + 1 + len(word) > width:
            lines.append(line)
            line, is_first = _INDENT, True
        line += word if is_first else f" {word}"
    first, *more = [*lines, line]
    return [first[len(before) :], *more]


def _excerpt(line: int, excerpt: SourceExcerpt) -> Iterator[str]:
    """Render an excerpt and a line that underlines the value, both cut to the width of a terminal."""
    gutter = f"{line:>6} | "
    room = _WIDTH - len(gutter)
    start = max(0, min(excerpt.start + excerpt.length, excerpt.start + room) - room) if len(excerpt.text) > room else 0
    shown = escape(excerpt.text[start : start + room])
    length = max(1, min(excerpt.length, room, len(shown) - (excerpt.start - start)))
    yield f"{gutter}{shown}\n"
    yield f"{' ' * (len(gutter) - 2)}| {' ' * (excerpt.start - start)}{'^' * length}\n"


def _colour(tally: Tally) -> str:
    """Return the colour of the summary line: green only if the API would accept every account."""
    if tally.refused > tally.refused_set_aside:
        return "red"
    return "yellow" if tally.refused else "green"


def _counts(tally: Tally) -> str:
    parts = [pluralize(tally.errors, "error")]
    parts += [f"{tally.follow_on} follow-on"] if tally.follow_on else []
    parts += [f"{tally.advice} advice"]
    parts += [f"{tally.ignored} ignored"] if tally.ignored else []
    parts += [f"{tally.in_baseline} in the baseline"] if tally.in_baseline else []
    parts += [f"{pluralize(tally.unreadable, 'input')} not readable"] if tally.unreadable else []
    return ", ".join(parts)


def _not_checked(tally: Tally) -> str:
    unchecked = tally.unchecked_rules()
    server_only = sum(not each.lists and not each.facts for each in unchecked)
    parts = [f"{pluralize(server_only, 'rule')} that only the server can check"] if server_only else []
    if facts := [each.facts for each in unchecked if each.facts]:
        parts.append(f"{_lacking(facts, 'fact')} ([tenant])")
    if lists := [each.lists for each in unchecked if each.lists]:
        parts.append(f"{_lacking(lists, 'reference list')} (see premigrate rules --lists)")
    return f"not checked: {', '.join(parts)}"


def _lacking(needs: list[tuple[str, ...]], noun: str) -> str:
    """Count the rules, one for each tuple of needs, and the different needs."""
    return f"{pluralize(len(needs), 'rule')} lacking {pluralize(len(set().union(*needs)), noun)}"
