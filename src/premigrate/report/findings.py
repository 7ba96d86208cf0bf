"""Turns a result into findings: errors and advice as reports show them, located and without personal values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

from premigrate.engine.findings import MASK, attr_of, looks_like_name, masked_attr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from premigrate.documents.document import Document
    from premigrate.documents.source_map import LineRange, SourceMap
    from premigrate.report.finding_fixes import FindingFix
    from premigrate.results import Advice, Error, Place, Result

Level: TypeAlias = Literal["error", "follow-on", "advice"]
LEVELS: tuple[Level, ...] = ("error", "follow-on", "advice")
"""All levels, what matters most first."""

_MAX_EXCERPT = 160  # characters of a value that an excerpt shows at most
_MAX_STARS = 12
_COMMENT = re.compile(r":\s+#.*", re.DOTALL)
"""A YAML comment between a key and its value; it may contain personal data."""
EMPTY_VALUES = frozenset(["", "null", "~", '""', "''"])
"""The texts of values that say nothing of a person, wherever they stand."""
_CONSTANTS = EMPTY_VALUES | {"true", "false"}


_MAX_ATTR = 200
ELLIPSIS = "..."
"""Ends a pattern that was cut, and is the pattern of kinds that are counted as one."""
MAX_KINDS = 1000
"""Kinds of findings that are counted separately at most."""

FindingKind: TypeAlias = tuple[Level, str, str]
"""Level, code and attr pattern."""


class SourceExcerpt(NamedTuple):
    """A line of source text; ``start`` and ``length`` are the start and length, in characters, of what to underline."""

    text: str
    start: int
    length: int


class RelatedPlace(NamedTuple):
    """Another place that a finding is about. ``spot`` is None until `locate_findings` sets it."""

    attr: str
    place: Place
    spot: LineRange | None = None


class Finding(NamedTuple):
    """One error or advice as reports show it.

    ``level`` is ``error`` (reported on this call), ``follow-on`` or ``advice``. ``expected`` is what would be right.
    ``spot`` and ``excerpt`` are None until `locate_findings` sets them, and if there is no text. ``detail_basis`` is
    how the text of the code of an error is known; advice has none. ``fixes`` is None if they were not requested.
    ``is_new`` is whether an earlier report lacks the finding; None without one.
    """

    level: Level
    detail: str
    code: str
    attr: str
    rule: str
    place: Place
    expected: str = ""
    related: tuple[RelatedPlace, ...] = ()
    spot: LineRange | None = None
    excerpt: SourceExcerpt | None = None
    detail_basis: str | None = None
    fixes: tuple[FindingFix, ...] | None = None
    is_new: bool | None = None

    @property
    def pattern(self) -> str:
        """The attr with ``*`` for list positions, and without keys that can be data, even if values are shown."""
        return _masked_pattern(self.attr, self.place)

    @property
    def kind(self) -> FindingKind:
        """The kind of the finding: its level, code and attr pattern."""
        return self.level, self.code, self.pattern


def position_of(finding: Finding) -> tuple[int, int]:
    """Return the line and column of a finding, to sort by; those that are not located come first."""
    return (finding.spot.line, finding.spot.column) if finding.spot else (0, 0)


def related_text(related: RelatedPlace) -> str:
    """Return a related place as text: its attr, and its line if it is known."""
    attr, _, spot = related
    return f"{attr or 'the account'} (line {spot.line})" if spot else attr or "the account"


def pattern_of(attr: str) -> str:
    """Return an attr with ``*`` for list positions; a very long one is cut, as it may have keys of a payload."""
    return _pattern_of(attr if len(attr) <= _MAX_ATTR else f"{attr[:_MAX_ATTR]}{ELLIPSIS}")


def _masked_pattern(attr: str, place: Place) -> str:
    return pattern_of(masked_attr(attr, place))


@lru_cache(4096)
def _pattern_of(attr: str) -> str:
    return ".".join("*" if step.isdigit() else step for step in attr.split("."))


def kind_to_count(kind: FindingKind, counted: Collection[FindingKind]) -> FindingKind:
    """Return the kind that a finding is counted as.

    Kinds contain keys of payloads, so their number is unbounded: after the first `MAX_KINDS`, all kinds of the same
    level and code are counted as one.
    """
    return kind if kind in counted or len(counted) < MAX_KINDS else (*kind[:2], ELLIPSIS)


def kinds_of(errors: Iterable[Error], advice: Iterable[Advice]) -> list[FindingKind]:
    """List the kinds of all findings of a result, without creating the findings."""
    kinds: list[FindingKind] = [
        ("error" if error.stage == "now" else "follow-on", error.code, _masked_pattern(error.attr, error.path))
        for error in errors
    ]
    kinds += map(kind_of, advice)
    return kinds


def kind_of(advice: Advice) -> FindingKind:
    """Return the kind of an advice."""
    return "advice", advice.code, _masked_pattern(advice.attr, advice.path)


class FieldLookup(Protocol):
    """Looks up the declaration of a field, which decides how its value is shown."""

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:
        """Return whether the value must be hidden; ``is_scalar``: it is neither an object nor a list."""


def findings_of(
    result: Result,
    *,
    show_values: bool,
    detail_bases: Mapping[str, str] | None = None,
    fixes: Mapping[Place, tuple[FindingFix, ...]] | None = None,
) -> list[Finding]:
    """Return the findings of a result.

    Args:
        result: the result.
        show_values: show personal values.
        detail_bases: how the text of each error code is known, by code.
        fixes: the fixes of the result by place; None if they were not requested.

    """
    bases = detail_bases or {}
    findings = []
    for error in result.errors:
        level: Level = "error" if error.stage == "now" else "follow-on"
        findings.append(_finding(level, error, show_values=show_values, basis=bases.get(error.code)))
    findings += [_finding("advice", advice, show_values=show_values) for advice in result.advice]
    if fixes is None:
        return findings
    return [finding._replace(fixes=fixes.get(finding.place, ())) for finding in findings]


def _finding(level: Level, source: Error | Advice, *, show_values: bool, basis: str | None = None) -> Finding:
    detail = source.detail if show_values else source.masked or source.detail
    attr = source.attr if show_values else masked_attr(source.attr, source.path)
    related = tuple(RelatedPlace(_attr(place, show_values=show_values), place) for place in source.related)
    return Finding(
        level, detail, source.code, attr, source.rule, source.path, source.expected, related, detail_basis=basis
    )


def _attr(place: Place, *, show_values: bool) -> str:
    attr = attr_of(place)
    return attr if show_values else masked_attr(attr, place)


def locate_findings(
    findings: Iterable[tuple[Finding, Place, FieldLookup]],
    document: Document,
    *,
    show_values: bool,
    first_position: tuple[int, int] = (1, 1),
) -> list[Finding]:
    """Add positions and excerpts to findings.

    Args:
        findings: each with the path of its account in the document, and the declarations of its market.
        document: the document that contains the accounts.
        show_values: show personal values.
        first_position: the line and column of the file at which the text of the document begins.

    """
    listed = list(findings)
    places = [
        (*start, *place)
        for finding, start, _ in listed
        for place in (finding.place, *(each.place for each in finding.related))
    ]
    layout = document.source_map(places, first_position)
    located = [_located(*each, layout, show_values=show_values) for each in listed]
    if count := sum(len(finding.fixes) for finding in located if finding.fixes):
        from premigrate.report.finding_fixes import locate_fixes, may_locate_fixes  # few runs ask for fixes

        if may_locate_fixes(document, count):
            return [
                finding._replace(fixes=locate_fixes(finding.fixes, start, document, layout))
                if finding.fixes
                else finding
                for finding, (_, start, _) in zip(located, listed, strict=True)
            ]
    return located


def _located(finding: Finding, start: Place, declared: FieldLookup, layout: SourceMap, *, show_values: bool) -> Finding:
    span, steps = layout.resolve((*start, *finding.place))
    place = finding.place[: max(steps - len(start), 0)]
    value = layout.text(span.start, span.end)
    is_scalar = span.kind == "scalar" and value not in _CONSTANTS
    hidden = not show_values and value not in EMPTY_VALUES and declared.is_personal(place, is_scalar=is_scalar)
    shown = _shown(value, span.kind, hidden=hidden)
    key = " ".join(_COMMENT.sub(":", layout.text(span.key_start, span.start)).split())
    if key and not show_values and place and not looks_like_name(place[-1]):
        key = f"{MASK}:"
    before = f"{key} " if key else ""
    related = tuple(each._replace(spot=_spot((*start, *each.place), layout)) for each in finding.related)
    excerpt = SourceExcerpt(before + shown, len(before), len(shown))
    return finding._replace(spot=_spot((*start, *finding.place), layout), excerpt=excerpt, related=related)


def _spot(place: Place, layout: SourceMap) -> LineRange:
    """Return the range to mark: a value on one line, or the first character of a longer value, list or object."""
    span, _ = layout.resolve(place)
    is_short = span.kind == "scalar" and "\n" not in layout.text(span.start, span.end)
    return layout.line_range(span.start, span.end if is_short else span.start + 1)


def _shown(value: str, kind: str, *, hidden: bool) -> str:
    """Return a value as one line; a list or object is abbreviated."""
    if kind != "scalar":
        return {"{": "{...}", "[": "[...]"}[kind]
    if hidden:
        quote = value[:1] if value[:1] in {'"', "'"} else ""
        return f"{quote}{'*' * min(max(len(value) - 2 * len(quote), 0), _MAX_STARS)}{quote}"
    first, *more = value.split("\n", 1)
    return f"{first[:_MAX_EXCERPT]}..." if more or len(first) > _MAX_EXCERPT else first
