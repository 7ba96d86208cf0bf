"""Derives changes to rules from evidence, and builds the tables of an overlay that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from premigrate.formats.printable import is_printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from premigrate.compare.evidence import Evidence, RuleCounts, Votes

_Tables = dict[str, dict[str, Any]]
_ENABLED, _DISABLED = "enabled", "disabled"


class ProposedChange(NamedTuple):
    """One change: to the text of a code, to the attr that a rule reports, or to whether a rule is enabled.

    ``name`` is the code or rule id, ``value`` the new text or attr, ``old`` the text that it replaces. ``evidence`` is
    a sentence for the overlay.
    """

    kind: Literal["text", "place", "disabled", "enabled"]
    name: str
    value: str
    evidence: str
    old: str = ""


def propose_changes(evidence: Evidence) -> list[ProposedChange]:
    """List the changes that the recorded responses support, sorted."""
    found = [*_texts(evidence), *_places(evidence), *_switches(evidence)]
    return sorted(found, key=lambda each: (each.kind, each.name, each.value))


def _texts(evidence: Evidence) -> Iterator[ProposedChange]:
    """Propose texts that more than one account received: a text of a single account may contain its personal data.

    Unprintable texts are skipped: they can't be written everywhere.
    """
    for (code, old), votes in evidence.texts.items():
        new = votes.majority()
        if new is not None and new != old and new in votes.shared and new.strip() and is_printable(new):
            yield ProposedChange("text", code, new, _share(votes, new), old)


def _places(evidence: Evidence) -> Iterator[ProposedChange]:
    for rule, votes in evidence.places.items():
        if attr := votes.majority():
            yield ProposedChange("place", rule, attr, _share(votes, attr))


def _switches(evidence: Evidence) -> Iterator[ProposedChange]:
    known = {rule.id for rule in evidence.ruleset.rules}
    for rule, record in evidence.rules.items():
        if rule in known and record.in_accepted and not record.confirmed:
            observed = f"predicted {_times(record.predicted)}, answered never"
            where = f"{record.in_accepted} in accounts that the API accepted, the first at {record.first}"
            yield ProposedChange("disabled", rule, "", f"Observed: {observed}; {where}.")
    for rule, record in evidence.disabled.items():
        if _would_help(record):
            observed = (
                f"would have been reported {_times(record.predicted)}; the API reported it {_times(record.confirmed)}"
            )
            yield ProposedChange("enabled", rule, "", f"Observed: {observed}, the first at {record.first}.")


def _would_help(record: RuleCounts) -> bool:
    """Return whether to enable a rule: the API reported most of its errors, and accepted none of these accounts."""
    return record.confirmed * 2 > record.predicted and not record.in_accepted


def _share(votes: Votes, choice: str) -> str:
    count = f"{votes.counts[choice]} of {votes.total}"
    return f"Observed: {count} recorded answers, the first at {votes.first[choice]}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def build_overlay(
    evidence: Evidence, proposals: list[ProposedChange], base: Mapping[str, Any] | None = None
) -> _Tables:
    """Build the tables of an overlay from proposals, on top of ``base``, the overlay of the predictions."""
    tables: _Tables = {"market": {"extends": evidence.ruleset.market}}
    tables |= {name: dict(table) if isinstance(table, dict) else table for name, table in (base or {}).items()}
    for each in proposals:
        if each.kind == "text":
            _put_text(tables, evidence, each)
        elif each.kind == "place":
            tables.setdefault("attr_change", {})[each.name] = {"attr": each.value, "because": each.evidence}
        else:
            other = _DISABLED if each.kind == _ENABLED else _ENABLED
            tables.get(other, {}).pop(each.name, None)
            tables.setdefault(each.kind, {})[each.name] = each.evidence
    return {name: table for name, table in tables.items() if table}


def _put_text(tables: _Tables, evidence: Evidence, proposal: ProposedChange) -> None:
    spec = evidence.ruleset.codes[proposal.name]
    metadata = {"meaning": spec.meaning, "detail_basis": "observed", "source": proposal.evidence}
    if spec.detail:
        tables.setdefault("code", {})[proposal.name] = {"detail": proposal.value, **metadata}
        return
    before = tables.get("code", {}).get(proposal.name, {}).get("details", {})
    details = {kind: proposal.value for kind, text in spec.details.items() if text == proposal.old}
    tables.setdefault("code", {})[proposal.name] = {"details": {**before, **details}, **metadata}
