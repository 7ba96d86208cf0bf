"""Renders a run for people: a few lines for each finding, counts of those left out, and a summary line."""

from collections import Counter
from collections.abc import Iterator

from premigrate.report.findings import (
    ELLIPSIS,
    LEVELS,
    Finding,
    FindingKind,
    SourceExcerpt,
    kind_to_count,
    position_of,
    related_text,
)
from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput, escape, pluralize
from premigrate.report.text_summary import LEVEL_COLOURS, Paint, plain_text, summary_lines
from premigrate.report.wrap_text import wrap_line, wrap_lines

MAX_OF_KIND = 3
_MAX_EXCERPT = 240  # characters of a line of source where no width limits it
_MIN_EXCERPT = 10
_MAX_RELATED = 3


class TextOutput:
    """Renders text.

    ``paint`` colours a text. ``show_all`` shows every finding of a kind, not only the first three. ``max_findings`` is
    the number of findings to show at most; None: no limit. ``quiet`` leaves out the summary.
    ``width`` is that of the terminal; None: lines are not wrapped.
    """

    OPTIONS = ("paint", "show_all", "max_findings", "quiet", "width")
    NEEDS_CLEAN_ACCOUNTS = False

    def __init__(
        self,
        *,
        paint: Paint = plain_text,
        show_all: bool = False,
        max_findings: int | None = None,
        quiet: bool = False,
        width: int | None = None,
    ) -> None:
        self._width = width
        self._paint, self._show_all, self._most, self._quiet = paint, show_all, max_findings, quiet
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
        for finding in sorted(account.findings, key=position_of):
            kind = kind_to_count(finding.kind, self._counts_by_kind)
            self._counts_by_kind[kind] += 1
            kinds[kind] = None
            if self._shows(kind, finding):
                self._shown += 1
                yield from self._lines(account, finding)
        self._accounts_by_kind.update(kinds.keys())

    def _shows(self, kind: FindingKind, finding: Finding) -> bool:
        """Return whether to show a finding: the first three of a kind, and equal advice on the same field once."""
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
        yield from summary_lines(tally, self._run, self._paint, quiet=self._quiet, width=self._width)

    def _lines(self, account: AccountReport, finding: Finding) -> Iterator[str]:
        file = escape(account.file)
        place = f"{file}:{finding.spot.line}:{finding.spot.column}" if finding.spot else file
        before = f"{place}: {finding.level}: "
        first, *more = wrap_line(before, escape(finding.detail), self._width)
        yield f"{place}: {self._paint(finding.level, LEVEL_COLOURS[finding.level])}: {first[len(before) :]}\n"
        yield from (f"{line}\n" for line in more)
        at = f" at {escape(finding.attr)}" if finding.attr else ""
        account_name = f", {escape(account.label)}" if account.label else ""
        yield from self._wrapped(f"  {escape(finding.code)}{at}{account_name}")
        if finding.spot and finding.excerpt:
            yield from _excerpt(finding.spot.line, finding.excerpt, self._width or _MAX_EXCERPT)
        if finding.expected:
            yield from self._wrapped(f"  expected: {escape(finding.expected)}")
        yield from self._wrapped(*(f"  fix: {escape(each.words)}" for each in finding.fixes or ()))
        related = [escape(related_text(each)) for each in finding.related[:_MAX_RELATED]]
        if len(finding.related) > _MAX_RELATED:
            related.append(f"{len(finding.related) - _MAX_RELATED} more")
        yield from self._wrapped(*(f"  related: {each}" for each in related))
        yield "\n"

    def _wrapped(self, *lines: str) -> Iterator[str]:
        return wrap_lines(lines, self._width)

    def _left_out(self, *, show_accounts: bool) -> Iterator[str]:
        if self._shown == self._counts_by_kind.total():
            return
        left = self._counts_by_kind.total() - self._shown
        yield from self._wrapped(
            f"{pluralize(left, 'finding')} not shown. All findings by kind (--show-all shows each):"
        )
        order = sorted(self._counts_by_kind.items(), key=lambda item: (LEVELS.index(item[0][0]), -item[1]))
        for kind, count in order:
            level, code, pattern = kind
            # kinds that are counted as one can be in the same account
            has_accounts = show_accounts and pattern != ELLIPSIS
            accounts = f", in {pluralize(self._accounts_by_kind[kind], 'account')}" if has_accounts else ""
            at = f" at {escape(pattern)}" if pattern else ""
            yield from wrap_lines([f"  {count:>7} {level:9} {escape(code)}{at}{accounts}"], self._width, " " * 20)
        yield "\n"


def _excerpt(line: int, excerpt: SourceExcerpt, width: int) -> Iterator[str]:
    """Render an excerpt and a line that underlines the value, both cut to a width."""
    gutter = f"{line:>6} | "
    room = max(width - len(gutter), _MIN_EXCERPT)
    start = max(0, min(excerpt.start + excerpt.length, excerpt.start + room) - room) if len(excerpt.text) > room else 0
    shown = escape(excerpt.text[start : start + room])
    length = max(1, min(excerpt.length, room, len(shown) - (excerpt.start - start)))
    yield f"{gutter}{shown}\n"
    yield f"{' ' * (len(gutter) - 2)}| {' ' * (excerpt.start - start)}{'^' * length}\n"
