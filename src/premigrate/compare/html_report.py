"""Renders the results of a comparison as one HTML page without scripts, for readers who decide what to do next."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING

from premigrate.compare.model import MATCH_KINDS
from premigrate.compare.next_steps import next_steps
from premigrate.compare.report import NO_ATTR, NO_CODE, agreement_counts, code_name, format_percent, ranked_counts
from premigrate.report.run import escape, pluralize

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from premigrate.compare.learn.holdout import OverlayCheck
    from premigrate.compare.model import Disagreement, ErrorPair, MatchKind, Totals

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_MAX_ROWS = 50
"""Show at most this many rows of a table; those with the most differences come first."""
_WORDS = {False: "valid", True: "refused"}
_MEANINGS: Mapping[str, str] = {
    "agreed": "as predicted",
    "other detail": "other text",
    "other attr": "other place",
    "predicted only": "predicted only",
    "answered only": "answered only",
}


def render_comparison_html(
    totals: Totals, worst: Sequence[Disagreement], check: OverlayCheck | None = None
) -> Iterator[str]:
    """Render the same as the text report; personal values are masked as they are there."""
    style = _read("premigrate.report", "style.css") + _read(__package__, "style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    same = totals.accounts - totals.disagreements
    slots = {
        "title": _text(f"{same} of {totals.accounts} answers as predicted"),
        "style": style,
        "style_hash": f"sha256-{digest}",
    }
    for position, piece in enumerate(_SLOT.split(_read(__package__, "page.html"))):
        if position % 2 == 0:
            yield piece
        elif piece == "sections":
            yield from _sections(totals, worst, check)
        else:
            yield slots[piece]


def _sections(totals: Totals, worst: Sequence[Disagreement], check: OverlayCheck | None) -> Iterator[str]:
    yield from _section("Agreement", _agreement(totals))
    steps = (f"<li>{_text(step)}</li>" for step in next_steps(totals, check))
    yield from _section("Next steps", ["<ol>", *steps, "</ol>"])
    if check:
        made_from = (
            f"learned from {pluralize(check.learned_from, 'answer')} and tested on {check.after.accounts} others"
        )
        yield from _section(f"The proposed overlay, {made_from}", _check(check))
    if totals.disagreements:
        codes = {code_name(code, totals): counts for code, counts in totals.codes.items()}
        yield from _section("Differences by code", _counts("code", codes, MATCH_KINDS))
        attrs = {attr or NO_ATTR: counts for attr, counts in totals.attrs.items()}
        yield from _section("Differences by place", _counts("attr", attrs, MATCH_KINDS))
        yield from _section("Differences by rule", _counts("rule", totals.rules, MATCH_KINDS[:-1]))
    if worst:
        yield from _section("An example of each kind of difference, the worst first", map(_example, worst))
    if totals.skipped or totals.unreadable:
        yield from _section("Not compared", _left_out(totals))


def _section(title: str, content: Iterable[str]) -> Iterator[str]:
    yield f'<section class="card">\n<h2>{_text(title)}</h2>\n'
    yield from (f"{line}\n" for line in content)
    yield "</section>\n"


def _agreement(totals: Totals) -> Iterator[str]:
    same = totals.accounts - totals.disagreements
    share = format_percent(same, totals.accounts) if totals.accounts else "-"
    yield f'<p class="big">{_text(share)}</p>'
    yield f"<p>{_text(f'{same} of {totals.accounts} answers are exactly as predicted.')}</p>"
    head = ["", "the API accepts", "the API refuses"]
    rows = []
    for predicted, word in _WORDS.items():
        cells = [
            (str(totals.verdicts[predicted, answered]), "right" if predicted is answered else "wrong")
            for answered in _WORDS
        ]
        rows.append([(f"predicted {word}", ""), *cells])
    yield from _table(head, rows)
    measures = []
    for name, (part, whole) in agreement_counts(totals).items():
        measures.append([(name, ""), (f"{part} of {whole}", ""), (format_percent(part, whole) if whole else "-", "")])
    yield from _table(["measure", "count", "share"], measures)


def _check(check: OverlayCheck) -> Iterator[str]:
    after = agreement_counts(check.after)
    rows = []
    for name, before in agreement_counts(check.before).items():
        shares = [format_percent(*each) if each[1] else "-" for each in (before, after[name])]
        rows.append([(name, ""), (shares[0], ""), (shares[1], "right" if after[name][0] > before[0] else "")])
    yield from _table(["measure", "before", "after"], rows)


def _counts(head: str, found: Mapping[str, Counter[MatchKind]], kinds: Sequence[MatchKind]) -> Iterator[str]:
    ranked = ranked_counts(found)
    rows = []
    for name, counts in ranked[:_MAX_ROWS]:
        cells = [(str(counts[kind]), _class(kind, counts[kind])) for kind in kinds]
        rows.append([(name, "mono"), *cells])
    yield from _table([head, *(_MEANINGS[kind] for kind in kinds)], rows)
    if len(ranked) > _MAX_ROWS:
        yield f'<p class="quiet">{len(ranked) - _MAX_ROWS} more rows, with fewer differences, are not shown.</p>'


def _class(kind: MatchKind, count: int) -> str:
    if not count:
        return "zero"
    return "wrong" if kind != "agreed" else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[tuple[str, str]]]) -> Iterator[str]:
    """Render a table; of each cell, the text and the class."""
    yield '<div class="scroll" tabindex="0"><table>'
    first, *others = head
    cells = "".join(f'<th scope="col" class="number">{_text(each)}</th>' for each in others)
    yield f'<tr><th scope="col">{_text(first)}</th>{cells}</tr>'
    for (name, kind), *values in rows:
        cells = "".join(f'<td class="number {cell}">{_text(value)}</td>' for value, cell in values)
        yield f'<tr><th scope="row" class="{kind}">{_text(name)}</th>{cells}</tr>'
    yield "</table></div>"


def _example(each: Disagreement) -> str:
    comparison = each.comparison
    line = f":{each.line}" if each.line else ""
    reference = f" ({each.reference})" if each.reference else ""
    place = f"{each.file}{line}, account {each.position}{reference}"
    verdict = f"predicted: {_WORDS[comparison.predicted_refused]}, answered: {_WORDS[comparison.answered.is_refused]}"
    alike = f"; {pluralize(each.alike - 1, 'more account')} like this" if each.alike > 1 else ""
    pairs = "".join(_pair(pair) for pair in comparison.pairs if pair.kind != "agreed")
    silent = "" if comparison.answered.errors is not None else '<p class="quiet">The answer lists no errors.</p>'
    head = f'<p><strong>{_text(verdict)}</strong>{_text(alike)}</p><p class="quiet">{_text(place)}</p>'
    return f'<div class="example">{head}{pairs}{silent}</div>'


def _pair(pair: ErrorPair) -> str:
    lines = [f'<dt>{_MEANINGS[pair.kind]}</dt><dd class="mono">{_text(pair.code or NO_CODE)}</dd>']
    for word, error in (("predicted", pair.predicted), ("answered", pair.answered)):
        if error:
            attr = f'<span class="mono quiet">{_text(error.attr)}</span>'
            lines.append(f"<dt>{word}</dt><dd>{_text(error.detail)} {attr}</dd>")
    return f"<dl>{''.join(lines)}</dl>"


def _left_out(totals: Totals) -> Iterator[str]:
    yield "<ul>"
    for reason, count in sorted(totals.skipped.items()):
        yield f"<li>{_text(pluralize(count, 'call'))} ({_text(reason)})</li>"
    if totals.unreadable:
        yield f"<li>{_text(pluralize(totals.unreadable, 'recording'))} that could not be read</li>"
    yield "</ul>"


def _text(text: str) -> str:
    return html.escape(escape(text))


def _read(package: str, name: str) -> str:
    from importlib.resources import files  # slow to import

    return files(package).joinpath("page", name).read_text("utf-8")
