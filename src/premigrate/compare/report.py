"""Renders the results of a comparison as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.compare.model import MATCH_KINDS, Disagreement, ErrorPair, MatchKind, ReportedError, Totals
from premigrate.report.run import escape, pluralize, strict_json

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence

    from premigrate.compare.learn.holdout import OverlayCheck
    from premigrate.results import Error

NO_CODE, NO_ATTR = "(no code in the response)", "(no attr)"
_UNKNOWN_CODE = " (no rule has this code)"
_VERDICTS = ((False, "valid"), (True, "refused"))
_SAME_PLACE: tuple[MatchKind, ...] = ("agreed", "other detail")


def agreement_counts(totals: Totals) -> dict[str, tuple[int, int]]:
    """Return, for each measure of agreement, how many agree and of how many."""
    kinds = totals.kinds
    matched = sum(kinds[kind] for kind in _SAME_PLACE)
    with_errors = totals.accounts - totals.verdict_only
    same = sum(count for (predicted, answered), count in totals.verdicts.items() if predicted == answered)
    return {
        "accounts with the same verdict": (same, totals.accounts),
        "accounts with the same errors": (totals.identical, with_errors),
        "accounts with the same errors in the same order": (totals.in_order, totals.ordered),
        "predicted errors that the API reported": (matched, kinds.total() - kinds["answered only"]),
        "errors of the API that were predicted": (matched, kinds.total() - kinds["predicted only"]),
    }


def format_percent(part: int, whole: int) -> str:
    """Format a share, rounded down: only a whole is 100 %, and only nothing is 0 %."""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %" if tenths or not part else "<0.1 %"


def render_comparison(
    totals: Totals, worst: Sequence[Disagreement], check: OverlayCheck | None = None
) -> Iterator[str]:
    """Render as text: verdicts, agreement, codes, attrs, rules, the worst disagreements, and other calls."""
    if totals.accounts:
        yield from _verdicts(totals)
        yield from _shares(totals)
        codes = {code_name(code, totals): counts for code, counts in totals.codes.items()}
        yield from _table("code", codes, MATCH_KINDS)
        yield from _table("attr", {attr or NO_ATTR: counts for attr, counts in totals.attrs.items()}, MATCH_KINDS)
        yield from _table("rule", totals.rules, MATCH_KINDS[:-1])
    if worst:
        shown = sum(each.alike for each in worst)
        yield "the worst disagreement of each kind"
        yield f" ({shown} of {totals.disagreements} accounts; --show N shows more or fewer kinds)\n\n"
        for each in worst:
            yield from _disagreement(each)
    if check:
        yield from _check(check)
    for reason, count in sorted(totals.skipped.items()):
        yield f"not compared: {pluralize(count, 'call')} ({escape(reason)})\n"
    if totals.unreadable:
        yield f"unreadable: {pluralize(totals.unreadable, 'recording')} (see standard error)\n"
    if totals.interrupted:
        yield "interrupted: not all calls were compared\n"
    only = f" ({totals.verdict_only} of them only by the verdict)" if totals.verdict_only else ""
    yield f"{pluralize(totals.accounts, 'answer')} compared{only}: {totals.disagreements} not as predicted\n"


def code_name(code: str, totals: Totals) -> str:
    """Return how reports name a code; one that no rule has is marked."""
    return f"{code}{_UNKNOWN_CODE}" if code in totals.unknown_codes else code or NO_CODE


def _check(check: OverlayCheck) -> Iterator[str]:
    made_from = pluralize(check.learned_from, "answer")
    yield f"the overlay, learned from {made_from} and tested on {check.after.accounts} others\n\n"
    rows: list[tuple[str, ...]] = [("", "before", "after")]
    after = agreement_counts(check.after)
    for name, (part, whole) in agreement_counts(check.before).items():
        shares = [format_percent(*each) if each[1] else "-" for each in ((part, whole), after[name])]
        rows.append((name, *shares))
    yield from _columns(rows)


def _verdicts(totals: Totals) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("", "API: valid", "API: refused")]
    for predicted, word in _VERDICTS:
        counts = (str(totals.verdicts[predicted, answered]) for answered, _ in _VERDICTS)
        rows.append((f"predicted: {word}", *counts))
    yield from _columns(rows)


def _shares(totals: Totals) -> Iterator[str]:
    rows = []
    for name, (part, whole) in agreement_counts(totals).items():
        rows.append((name, f"{part} of {whole}", format_percent(part, whole) if whole else "-"))
    yield from _columns(rows)


def _table(head: str, found: Mapping[str, Counter[MatchKind]], kinds: Sequence[MatchKind]) -> Iterator[str]:
    """Render the counts of each code or rule, those with the most differences first."""
    if not found:
        return
    rows = [(head, *kinds)]
    rows += [(escape(name), *(str(counts[kind]) for kind in kinds)) for name, counts in ranked_counts(found)]
    yield from _columns(rows)


def ranked_counts(found: Mapping[str, Counter[MatchKind]]) -> list[tuple[str, Counter[MatchKind]]]:
    """Return the counts of each code, attr or rule, those with the most differences first."""
    return sorted(found.items(), key=lambda each: (-(each[1].total() - each[1]["agreed"]), each[0]))


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Align rows: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join([first.ljust(widths[0]), *cells]) + "\n"
    yield "\n"


def _disagreement(disagreement: Disagreement) -> Iterator[str]:
    comparison = disagreement.comparison
    line = f":{disagreement.line}" if disagreement.line else ""
    place = f"{disagreement.file}{line}, account {disagreement.position}"
    reference = f" ({disagreement.reference})" if disagreement.reference else ""
    words = dict(_VERDICTS)
    predicted, answered = words[comparison.predicted_refused], words[comparison.answered.is_refused]
    yield f"{escape(place + reference)}: predicted: {predicted}, answered: {answered}; as of {disagreement.as_of}\n"
    if disagreement.alike > 1:
        yield f"  {pluralize(disagreement.alike - 1, 'more account')} like this\n"
    for pair in comparison.pairs:
        if pair.kind != "agreed":
            yield from _pair(pair)
    if comparison.answered.errors is None:
        yield "  the answer lists no errors\n"
    yield "\n"


def _pair(pair: ErrorPair) -> Iterator[str]:
    yield f"  {pair.kind}: {escape(pair.code) or NO_CODE}\n"
    if pair.predicted:
        yield f"    predicted: {_format_error(pair.predicted)} [{pair.predicted.rule}]\n"
    if pair.answered:
        yield f"    answered:  {_format_error(pair.answered)}\n"


def _format_error(error: Error | ReportedError) -> str:
    return escape(f"{error.detail} at {error.attr}" if error.attr else error.detail)


def render_comparison_json(
    totals: Totals, worst: Sequence[Disagreement], check: OverlayCheck | None = None
) -> Iterator[str]:
    """Render the same as one JSON document."""
    verdicts = [
        {"predicted": word, "answered": other, "accounts": totals.verdicts[predicted, answered]}
        for predicted, word in _VERDICTS
        for answered, other in _VERDICTS
    ]
    data = {
        "compared": totals.accounts,
        "differing": totals.disagreements,
        "verdict_only": totals.verdict_only,
        "unreadable": totals.unreadable,
        "interrupted": totals.interrupted,
        "skipped": dict(sorted(totals.skipped.items())),
        "verdicts": verdicts,
        "agreement": _shares_data(totals),
        "codes": [
            {**each, "has_rule": each["code"] not in totals.unknown_codes}
            for each in _counts("code", totals.codes, MATCH_KINDS)
        ],
        "attrs": _counts("attr", totals.attrs, MATCH_KINDS),
        "rules": _counts("rule", totals.rules, MATCH_KINDS[:-1]),
        "worst": [_disagreement_data(each) for each in worst],
        **({"overlay_check": _check_data(check)} if check else {}),
    }
    yield f"{strict_json(data, indent=2)}\n"


def _shares_data(totals: Totals) -> dict[str, dict[str, int]]:
    counts = agreement_counts(totals).items()
    return {name.replace(" ", "_"): {"count": part, "of": whole} for name, (part, whole) in counts}


def _check_data(check: OverlayCheck) -> dict[str, Any]:
    return {
        "learned_from": check.learned_from,
        "held_out": check.after.accounts,
        "before": _shares_data(check.before),
        "after": _shares_data(check.after),
    }


def _counts(head: str, found: Mapping[str, Counter[MatchKind]], kinds: Sequence[MatchKind]) -> list[dict[str, Any]]:
    return [
        {head: name or None, **{kind.replace(" ", "_"): counts[kind] for kind in kinds}}
        for name, counts in sorted(found.items())
    ]


def _disagreement_data(disagreement: Disagreement) -> dict[str, Any]:
    comparison = disagreement.comparison
    return {
        "file": disagreement.file,
        "index": disagreement.position,
        "line": disagreement.line or None,
        "account": disagreement.reference,
        "as_of": disagreement.as_of.isoformat(),
        "alike": disagreement.alike,
        "predicted_refused": comparison.predicted_refused,
        "answered_refused": comparison.answered.is_refused,
        "lists_errors": comparison.answered.errors is not None,
        "errors": [_paired(pair) for pair in comparison.pairs],
    }


def _paired(pair: ErrorPair) -> dict[str, Any]:
    return {
        "kind": pair.kind,
        "code": pair.code or None,
        "rule": pair.predicted.rule if pair.predicted else None,
        "predicted": _error_data(pair.predicted) if pair.predicted else None,
        "answered": _error_data(pair.answered) if pair.answered else None,
    }


def _error_data(error: Error | ReportedError) -> dict[str, str | None]:
    return {"detail": error.detail, "code": error.code or None, "attr": error.attr}
