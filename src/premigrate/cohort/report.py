"""Builds clashes from groups of places, and renders them as text and as lines of JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence

from premigrate.cohort.clashes import Clash, Holder
from premigrate.cohort.program import ClashText
from premigrate.report.run import number, plain, strict_json

_MAX_SHOWN = 10


def make_clash(text: ClashText, rule: str, key: str, holders: Sequence[Holder], differing: Sequence[int]) -> Clash:
    """Build the clash of a group of places. ``key`` is the key to display: JSON values separated by commas."""
    fields = tuple(text.fields[position] for position in differing)
    clash = Clash("", text.code, rule, tuple(holders), text.listed, fields)
    value = " ".join(each if isinstance(each, str) else json.dumps(each) for each in json.loads(f"[{key}]"))
    words = {"value": value, "accounts": clash.accounts, "list": text.listed, "fields": " and ".join(fields)}
    return clash._replace(detail=text.detail.format_map(words))


def render_clash(clash: Clash, *, show_all: bool) -> Iterator[str]:
    """Render a clash as text: its message, then one line for each place, at most ten unless ``show_all``."""
    yield f"{plain(clash.code)}: {plain(clash.detail)}\n"
    shown = clash.holders if show_all else clash.holders[:_MAX_SHOWN]
    for holder in shown:
        line = f":{holder.line}" if holder.line else ""
        account = f" ({holder.account})" if holder.account else ""
        yield f"  {plain(f'{holder.file}{line}, account {holder.position}{account} at {holder.attr}')}\n"
    if left := len(clash.holders) - len(shown):
        yield f"  {number(left, 'more place')} (--show-all shows each)\n"
    yield "\n"


def render_count(accounts: int, clashes: int, not_checked: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Render the summary as text: the rules not checked, the reference lists they lack, and the totals."""
    if not_checked:
        lists = sorted({name for names in not_checked.values() for name in names})
        told = f"{number(len(not_checked), 'rule')} for want of {number(len(lists), 'reference list')}"
        yield f"not checked: {told} (see premigrate rules --lists): {', '.join(lists)}\n"
    yield f"{number(accounts, 'account')} compared: {clashes} {'clash' if clashes == 1 else 'clashes'}\n"


def render_clash_line(clash: Clash) -> Iterator[str]:
    """Render a clash as one line of JSON, with every place; an unknown line number is null."""
    places = [
        {"file": file, "index": position, "line": line or None, "account": account, "attr": attr}
        for file, position, line, account, attr in clash.holders
    ]
    data = {
        "code": clash.code,
        "detail": clash.detail,
        "rule": clash.rule,
        "list": clash.listed or None,
        "fields": clash.fields,
        "accounts": clash.accounts,
        "places": places,
    }
    yield f"{strict_json(data)}\n"
