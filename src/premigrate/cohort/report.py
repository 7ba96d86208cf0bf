"""Builds clashes from groups of places, and renders them as text and as lines of JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence

from premigrate.cohort.clashes import Clash, ClashPlace
from premigrate.cohort.program import ClashMessage
from premigrate.report.run import escape, pluralize, strict_json

_MAX_SHOWN = 10


def build_clash(
    text: ClashMessage, rule: str, key: str, holders: Sequence[ClashPlace], differing: Sequence[int]
) -> Clash:
    """Build the clash of a group of places. ``key`` is the key to display: JSON values separated by commas."""
    fields = tuple(text.fields[position] for position in differing)
    clash = Clash("", text.code, rule, tuple(holders), text.reference_list, fields)
    value = " ".join(each if isinstance(each, str) else json.dumps(each) for each in json.loads(f"[{key}]"))
    words = {"value": value, "accounts": clash.accounts, "list": text.reference_list, "fields": " and ".join(fields)}
    return clash._replace(detail=text.detail.format_map(words))


def render_clash(clash: Clash, *, show_all: bool) -> Iterator[str]:
    """Render a clash as text: its message, then one line for each place, at most ten unless ``show_all``."""
    yield f"{escape(clash.code)}: {escape(clash.detail)}\n"
    shown = clash.places if show_all else clash.places[:_MAX_SHOWN]
    for holder in shown:
        line = f":{holder.line}" if holder.line else ""
        account = f" ({holder.reference})" if holder.reference else ""
        yield f"  {escape(f'{holder.file}{line}, account {holder.position}{account} at {holder.attr}')}\n"
    if left := len(clash.places) - len(shown):
        yield f"  {pluralize(left, 'more place')} (--show-all shows each)\n"
    yield "\n"


def render_summary(accounts: int, clashes: int, not_checked: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Render the summary as text: the rules that were not checked, their missing reference lists, and the totals."""
    if not_checked:
        lists = sorted({name for names in not_checked.values() for name in names})
        verb = "needs" if len(not_checked) == 1 else "need"
        counts = f"{pluralize(len(not_checked), 'rule')} that {verb} {pluralize(len(lists), 'reference list')}"
        yield f"not checked: {counts} (see premigrate rules --lists): {', '.join(lists)}\n"
    yield f"{pluralize(accounts, 'account')} compared: {clashes} {'clash' if clashes == 1 else 'clashes'}\n"


def render_clash_json(clash: Clash) -> Iterator[str]:
    """Render a clash as one line of JSON, with every place; an unknown line number is null."""
    places = [
        {"file": file, "index": position, "line": line or None, "account": account, "attr": attr}
        for file, position, line, account, attr in clash.places
    ]
    data = {
        "code": clash.code,
        "detail": clash.detail,
        "rule": clash.rule,
        "reference_list": clash.reference_list or None,
        "fields": clash.fields,
        "accounts": clash.accounts,
        "places": places,
    }
    yield f"{strict_json(data)}\n"
