"""Renders the tenant report, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from premigrate.report.run import number, plain
from premigrate.tenant.model import KNOWN, Learned, Validated

_WORDS = {
    "covered": "checked by a rule",
    "list": "checked if you supply a list (--references)",
    "platform": "only the platform can check them",
    "off": "known, and not checked",
    "unknown": "unknown to premigrate",
}


def render_lesson(learned: Learned, *, in_full: bool) -> Iterator[str]:
    """Yield the lines of the report; in full it has all validations, else only those that no rule covers."""
    counts = learned.counts
    yield f"{plain(learned.title)}: {plain(learned.path)}, for the market {plain(learned.market)}"
    yield (
        f"  fields: {counts['added']} added, {counts['dropped']} dropped, {counts['changed']} changed; "
        f"{number(counts['objects'], 'new object')}, {number(counts['lists'], 'list')}"
    )
    yield f"  rules: {len(learned.overlay.get('off', ()))} switched off, {len(learned.overlay.get('on', ()))} on"
    yield from _validations(learned, in_full=in_full)
    yield from _examples(learned)
    for note in learned.notes:
        yield f"  note: {plain(note.at)} {plain(note.message)}"


def _validations(learned: Learned, *, in_full: bool) -> Iterator[str]:
    if not learned.validations:
        yield "  validations: the document names none"
        return
    yield f"  validations: {number(len(learned.validations), 'code')} in all"
    tally = Counter(each.known for each in learned.validations)
    for known in KNOWN:
        yield f"    {tally[known]:4} {_WORDS[known]}"
        if in_full or known == "unknown":
            yield from (f"         {_line(each)}" for each in learned.validations if each.known == known)


def _line(each: Validated) -> str:
    rules = f", by {', '.join(each.rules)}" if each.rules else ""
    why = f": {each.why}" if each.why else ""
    return plain(f"{each.code} at {', '.join(each.places)}{rules}{why}")


def _examples(learned: Learned) -> Iterator[str]:
    if not learned.tried:
        yield "  examples: the document shows no account"
    for each in learned.tried:
        yield f"  example: {each.status} for {plain(each.at)}"
        yield from (f"    {plain(code)} at {plain(attr)}" for code, attr in each.errors)
    for what, at in learned.disproved.items():
        yield f"  gave way to an example: {plain(what)} ({plain(at)})"


def lesson_data(learned: Learned) -> dict[str, Any]:
    """Return the report as data for JSON."""
    tally = Counter(each.known for each in learned.validations)
    return {
        "title": learned.title,
        "path": learned.path,
        "market": learned.market,
        "fields": {key: learned.counts[key] for key in ("added", "dropped", "changed")},
        "objects": learned.counts["objects"],
        "lists": learned.counts["lists"],
        "rules": {key: len(learned.overlay.get(key, ())) for key in ("off", "on")},
        "validations": {
            "counts": {known: tally[known] for known in KNOWN},
            "codes": [each._asdict() for each in learned.validations],
        },
        "examples": [
            {**each._asdict(), "errors": [{"code": code, "attr": attr} for code, attr in each.errors]}
            for each in learned.tried
        ],
        "gave_way": [{"what": what, "at": at} for what, at in learned.disproved.items()],
        "notes": [note._asdict() for note in learned.notes],
    }
