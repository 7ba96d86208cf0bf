"""Derives changes of texts, places and switches of rules from evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from premigrate.formats.printable import is_printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from premigrate.compare.evidence import Evidence, RuleCounts, Votes

_MIN_ALONE = 3
"""The number of refused accounts in which the API did not report the errors of a rule, although nothing hid them."""


class ProposedChange(NamedTuple):
    """One change of the rules. ``evidence`` is a sentence for the overlay.

    | kind | name | value | old | keys |
    |---|---|---|---|---|
    | text | the code | the new text | the text that it replaces | |
    | place | the rule id | the new attr | | |
    | disabled, enabled | the rule id | | | |
    | code | the rule id | the new code | the old code | |
    | field | ``object.field`` | the code that the API reported | | the keys of the field that change |
    | rule | the id of the new rule | its code | | its other keys |
    | withdrawn | the id of a rule that an earlier run learned | its code | | |
    """

    kind: Literal["text", "place", "disabled", "enabled", "code", "field", "rule", "withdrawn"]
    name: str
    value: str
    evidence: str
    old: str = ""
    keys: Mapping[str, Any] = {}


def propose_changes(evidence: Evidence) -> list[ProposedChange]:
    """List the changes of texts, places and switches that the recorded responses support, sorted."""
    found = [*propose_texts(evidence), *propose_places(evidence), *propose_switches(evidence)]
    return sorted(found, key=lambda each: (each.kind, each.name, each.value))


def propose_texts(evidence: Evidence) -> Iterator[ProposedChange]:
    """Propose texts that more than one account received: a text of a single account may contain its personal data.

    Unprintable texts are skipped: they cannot be written everywhere.
    """
    for (code, old), votes in evidence.texts.items():
        new = votes.majority()
        if new is not None and new != old and new in votes.shared and new.strip() and is_printable(new):
            yield ProposedChange("text", code, new, _share(votes, new), old)


def propose_places(evidence: Evidence) -> Iterator[ProposedChange]:
    """Propose the attr that more than half of the responses have."""
    for rule, votes in evidence.places.items():
        if attr := votes.majority():
            yield ProposedChange("place", rule, attr, _share(votes, attr))


def propose_switches(evidence: Evidence) -> Iterator[ProposedChange]:
    """Propose rules to disable, and disabled rules to enable."""
    known = {rule.id for rule in evidence.ruleset.rules}
    for rule, record in evidence.rules.items():
        is_wrong = record.in_accepted or len(record.alone) >= _MIN_ALONE
        if rule in known and is_wrong and not record.confirmed:
            observed = f"predicted {_times(record.predicted)}, never answered"
            accepted = f"{record.in_accepted} in accounts that the API accepted"
            where = accepted if record.in_accepted else f"in {len(record.alone)} accounts no other error could hide it"
            yield ProposedChange("disabled", rule, "", f"Observed: {observed}; {where}, the first at {record.first}.")
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
