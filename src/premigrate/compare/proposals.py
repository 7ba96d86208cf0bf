"""Turns evidence into the tables of an overlay with which the predictions would have agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from premigrate.formats.printable import is_printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from premigrate.compare.evidence import Evidence, Record, Votes

_Tables = dict[str, dict[str, Any]]
_ON, _OFF = "on", "off"


class Proposal(NamedTuple):
    """One change: of the text of a code, of the place that a rule blames, or of whether a rule holds.

    ``name`` is the code or rule, ``value`` the new text or place, ``old`` the text that it is for.
    """

    kind: Literal["text", "place", "off", "on"]
    name: str
    value: str
    evidence: str
    old: str = ""


def propose(evidence: Evidence) -> list[Proposal]:
    """List the changes that most of the recorded answers speak for, sorted."""
    found = [*_texts(evidence), *_places(evidence), *_switches(evidence)]
    return sorted(found, key=lambda each: (each.kind, each.name, each.value))


def _texts(evidence: Evidence) -> Iterator[Proposal]:
    """Propose texts that more than one account got: what one alone got may tell of it, in words that nobody knows.

    A text that can't be printed can't be written everywhere either.
    """
    for (code, old), votes in evidence.texts.items():
        new = votes.winner()
        if new is not None and new != old and new in votes.shared and new.strip() and is_printable(new):
            yield Proposal("text", code, new, _share(votes, new), old)


def _places(evidence: Evidence) -> Iterator[Proposal]:
    for rule, votes in evidence.places.items():
        if attr := votes.winner():
            yield Proposal("place", rule, attr, _share(votes, attr))


def _switches(evidence: Evidence) -> Iterator[Proposal]:
    known = {rule.id for rule in evidence.book.rules}
    for rule, record in evidence.rules.items():
        if rule in known and record.accepted and not record.told:
            said = f"predicted {_times(record.spoke)}, answered never"
            where = f"{record.accepted} in accounts that the API accepted, the first at {record.first}"
            yield Proposal("off", rule, "", f"Observed: {said}; {where}.")
    for rule, record in evidence.idle.items():
        if _would_help(record):
            said = f"would have spoken {_times(record.spoke)}, answered {_times(record.told)}"
            yield Proposal("on", rule, "", f"Observed: {said}, the first at {record.first}.")


def _would_help(record: Record) -> bool:
    """Whether a rule should be on: it refuses nothing that the API takes, and mostly says what the API says."""
    return record.told * 2 > record.spoke and not record.accepted


def _share(votes: Votes, choice: str) -> str:
    count = f"{votes.counts[choice]} of {votes.total}"
    return f"Observed: {count} recorded answers, the first at {votes.first[choice]}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def overlay_of(evidence: Evidence, proposals: list[Proposal], base: Mapping[str, Any] | None = None) -> _Tables:
    """Write proposals as the tables of an overlay, on top of the overlay that the predictions were made with."""
    tables: _Tables = {"market": {"extends": evidence.book.market}}
    tables |= {name: dict(table) if isinstance(table, dict) else table for name, table in (base or {}).items()}
    for each in proposals:
        if each.kind == "text":
            _put_text(tables, evidence, each)
        elif each.kind == "place":
            tables.setdefault("blame", {})[each.name] = {"attr": each.value, "because": each.evidence}
        else:
            other = _OFF if each.kind == _ON else _ON
            tables.get(other, {}).pop(each.name, None)
            tables.setdefault(each.kind, {})[each.name] = each.evidence
    return {name: table for name, table in tables.items() if table}


def _put_text(tables: _Tables, evidence: Evidence, proposal: Proposal) -> None:
    spec = evidence.book.codes[proposal.name]
    papers = {"meaning": spec.meaning, "basis": "observed", "source": proposal.evidence}
    if spec.detail:
        tables.setdefault("code", {})[proposal.name] = {"detail": proposal.value, **papers}
        return
    before = tables.get("code", {}).get(proposal.name, {}).get("details", {})
    details = {kind: proposal.value for kind, text in spec.details.items() if text == proposal.old}
    tables.setdefault("code", {})[proposal.name] = {"details": {**before, **details}, **papers}
