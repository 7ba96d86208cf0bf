"""Turns a result into findings: what reports show of an error or advice, without personal values, and where it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from premigrate.documents.document import Document
    from premigrate.documents.positions import Layout, Spot
    from premigrate.results import Advice, Error, Place, Result

Level: TypeAlias = Literal["error", "next", "advice"]

_WIDEST = 160  # characters of a piece of source that are shown
_MOST_STARS = 12
_COMMENT = re.compile(r":\s+#.*", re.DOTALL)
"""What YAML may have between a key and its value, and may tell of what stood there before."""
_TELLING_NOTHING = {"", "null", "~", "true", "false", '""', "''"}


_LONGEST_ATTR = 200
_MORE = "..."
MOST_KINDS = 1000
"""Kinds of findings that are counted one by one."""

Kind: TypeAlias = tuple[Level, str, str]
"""Level, code and pattern of the attr."""


class Excerpt(NamedTuple):
    """The piece of source at a place, on one line; ``mark`` and ``length`` say what to underline."""

    text: str
    mark: int
    length: int


class Finding(NamedTuple):
    """One error or advice as reports show it.

    ``level`` is ``error`` (the API would say it on this call), ``next`` (after the errors are mended) or ``advice``.
    ``spot`` and ``excerpt`` are None until `locate_findings` has looked, and where there is no text.
    """

    level: Level
    detail: str
    code: str
    attr: str
    rule: str
    place: Place
    help: str = ""
    spot: Spot | None = None
    excerpt: Excerpt | None = None

    @property
    def pattern(self) -> str:
        """The attr with ``*`` for positions: findings of the same code and pattern are of one kind."""
        return pattern_of(self.attr)

    @property
    def kind(self) -> Kind:
        """Tell what kind of finding it is: of many of a kind, few are shown as text."""
        return self.level, self.code, self.pattern


def pattern_of(attr: str) -> str:
    """Write an attr with ``*`` for positions; one that is very long, for it has keys of a payload, is cut."""
    return _pattern_of(attr if len(attr) <= _LONGEST_ATTR else f"{attr[:_LONGEST_ATTR]}{_MORE}")


@lru_cache(4096)
def _pattern_of(attr: str) -> str:
    return ".".join("*" if step.isdigit() else step for step in attr.split("."))


def counted_as(kind: Kind, counted: Collection[Kind]) -> Kind:
    """Give the kind that a finding is counted as.

    The keys of payloads are in kinds, so there may be any number of them: behind the first `MOST_KINDS`, all of a level
    and a code are one.
    """
    return kind if kind in counted or len(counted) < MOST_KINDS else (*kind[:2], _MORE)


def kinds_of(errors: Iterable[Error], advice: Iterable[Advice]) -> list[Kind]:
    """List the kinds of all findings of a result, without making them."""
    told: list[Kind] = [
        ("error" if error.stage == "now" else "next", error.code, pattern_of(error.attr)) for error in errors
    ]
    told += map(kind_of, advice)
    return told


def kind_of(advice: Advice) -> Kind:
    """Tell of what kind advice is."""
    return "advice", advice.code, pattern_of(advice.attr)


class Declared(Protocol):
    """What has to be known of a place to show it."""

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:
        """Whether the value may not be shown; ``is_scalar``: it is no object and no list."""

    def nearest_choice(self, place: Place, said: object) -> str | None:
        """Find the choice that is most like what was said."""


def findings_of(result: Result, account: object, declared: Declared, *, show_values: bool) -> list[Finding]:
    """List what a result says. ``account`` is the payload without a wrapper, to offer what is near a wrong choice."""
    told = []
    for error in result.errors:
        level: Level = "error" if error.stage == "now" else "next"
        help_ = error.help or _offer(error, account, declared, show_values=show_values)
        told.append(_finding(level, error, help_, show_values=show_values))
    told += [_finding("advice", advice, "", show_values=show_values) for advice in result.advice]
    return told


def _finding(level: Level, said: Error | Advice, help_: str, *, show_values: bool) -> Finding:
    detail = said.detail if show_values else said.masked or said.detail
    return Finding(level, detail, said.code, said.attr, said.rule, said.path, help_)


def _offer(error: Error, account: object, declared: Declared, *, show_values: bool) -> str:
    """Name the choice that was most likely meant, unless that would tell of a personal value."""
    if error.code != "invalid_choice" or (declared.is_personal(error.path) and not show_values):
        return ""
    nearest = declared.nearest_choice(error.path, _value_at(account, error.path))
    return f"did you mean {nearest}?" if nearest else ""


def _value_at(account: object, place: Place) -> object:
    here = account
    for step in place:
        try:
            here = here[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def locate_findings(
    findings: Iterable[tuple[Finding, Place, Declared]],
    document: Document,
    *,
    show_values: bool,
    begins: tuple[int, int] = (1, 1),
) -> list[Finding]:
    """Add where in a text the findings are; it begins at the line and column ``begins``.

    Each comes with the place of its account from the top of the text, and with what is declared of the account.
    """
    listed = list(findings)
    layout = document.layout([(*start, *finding.place) for finding, start, _ in listed], begins)
    return [_located(*each, layout, show_values=show_values) for each in listed]


def _located(finding: Finding, start: Place, declared: Declared, layout: Layout, *, show_values: bool) -> Finding:
    span, steps = layout.reach((*start, *finding.place))
    place = finding.place[: max(steps - len(start), 0)]
    value = layout.text(span.start, span.end)
    is_short = span.kind == "scalar" and "\n" not in value  # of a list or object its beginning is shown
    spot = layout.spot(span.start, span.end if is_short else span.start + 1)
    is_scalar = span.kind == "scalar" and value not in _TELLING_NOTHING
    hidden = not show_values and declared.is_personal(place, is_scalar=is_scalar)
    shown = _shown(value, span.kind, hidden=hidden)
    key = " ".join(_COMMENT.sub(":", layout.text(span.key, span.start)).split())
    before = f"{key} " if key else ""
    return finding._replace(spot=spot, excerpt=Excerpt(before + shown, len(before), len(shown)))


def _shown(value: str, kind: str, *, hidden: bool) -> str:
    """Write a value on one line; of a list or object only that it is one."""
    if kind != "scalar":
        return {"{": "{...}", "[": "[...]"}[kind]
    if hidden:
        quote = value[:1] if value[:1] in {'"', "'"} else ""
        return f"{quote}{'*' * min(max(len(value) - 2 * len(quote), 0), _MOST_STARS)}{quote}"
    first, *more = value.split("\n", 1)
    return f"{first[:_WIDEST]}..." if more or len(first) > _WIDEST else first
