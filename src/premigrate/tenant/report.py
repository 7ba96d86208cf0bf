"""Renders the tenant report, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from premigrate.report.run import escape, pluralize
from premigrate.tenant.model import COVERAGES, LearnedTenant, ValidationCoverage

_WORDS = {
    "covered": "checked by a rule",
    "list": "checked if you supply a list (--references)",
    "fact": "checked if the overlay states a fact ([tenant])",
    "platform": "only the server can check them",
    "off": "known, and not checked",
    "unknown": "unknown to premigrate",
}


def render_learn_report(learned: LearnedTenant, *, in_full: bool) -> Iterator[str]:
    """Yield the lines of the report; in full it has all validations, else only those that no rule covers."""
    counts = learned.counts
    yield f"{escape(learned.title)}: {escape(learned.path)}, for the market {escape(learned.market)}"
    yield (
        f"  fields: {counts['added']} added, {counts['dropped']} dropped, {counts['changed']} changed; "
        f"{pluralize(counts['objects'], 'new object')}, {pluralize(counts['lists'], 'list')}"
    )
    disabled, enabled = (len(learned.overlay.get(key, ())) for key in ("disabled", "enabled"))
    yield f"  rules: {disabled} disabled, {enabled} enabled"
    yield from _validations(learned, in_full=in_full)
    yield from _examples(learned)
    for note in learned.notes:
        yield f"  note: {escape(note.at)} {escape(note.message)}"


def _validations(learned: LearnedTenant, *, in_full: bool) -> Iterator[str]:
    if not learned.validations:
        yield "  validations: the document names no validations"
        return
    yield f"  validations: {pluralize(len(learned.validations), 'code')} in total"
    tally = Counter(each.coverage for each in learned.validations)
    for known in COVERAGES:
        yield f"    {tally[known]:4} {_WORDS[known]}"
        if in_full or known == "unknown":
            yield from (f"         {_line(each)}" for each in learned.validations if each.coverage == known)


def _line(each: ValidationCoverage) -> str:
    rules = f", by {', '.join(each.rules)}" if each.rules else ""
    why = f": {each.why}" if each.why else ""
    return escape(f"{each.code} at {', '.join(each.places)}{rules}{why}")


def _examples(learned: LearnedTenant) -> Iterator[str]:
    if not learned.examples:
        yield "  examples: the document contains no account"
    for each in learned.examples:
        yield f"  example: {each.status} on {each.day} for {escape(each.at)}"
        yield from (f"    {escape(code)} at {escape(attr)}" for code, attr in each.errors)
    for what, at in learned.relaxed.items():
        yield f"  dropped because of an example: {escape(what)} ({escape(at)})"


def learn_report_data(learned: LearnedTenant) -> dict[str, Any]:
    """Return the report as data for JSON."""
    tally = Counter(each.coverage for each in learned.validations)
    return {
        "title": learned.title,
        "path": learned.path,
        "market": learned.market,
        "fields": {key: learned.counts[key] for key in ("added", "dropped", "changed")},
        "objects": learned.counts["objects"],
        "lists": learned.counts["lists"],
        "rules": {key: len(learned.overlay.get(key, ())) for key in ("disabled", "enabled")},
        "validations": {
            "counts": {known: tally[known] for known in COVERAGES},
            "codes": [each._asdict() for each in learned.validations],
        },
        "examples": [
            {
                **each._asdict(),
                "day": each.day.isoformat(),
                "errors": [{"code": code, "attr": attr} for code, attr in each.errors],
            }
            for each in learned.examples
        ],
        "relaxed": [{"constraint": what, "at": at} for what, at in learned.relaxed.items()],
        "notes": [note._asdict() for note in learned.notes],
    }
