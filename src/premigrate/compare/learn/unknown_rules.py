"""Learns rules from errors that no rule predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.api import engine_of
from premigrate.compare.learn.cases import account_count, evidence_text
from premigrate.compare.learn.codes import CODE_NAME
from premigrate.compare.learn.conditions import refused_values, search_pairs, search_single
from premigrate.compare.learn.date_rules import search_dates
from premigrate.compare.learn.labels import ErrorKind, Labelled, ObjectIndex
from premigrate.compare.learn.rule_tables import condition_rule, date_rule, values_rule
from premigrate.compare.proposals import ProposedChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from premigrate.api import Validator
    from premigrate.compare.learn.cases import Case
    from premigrate.ruleset.model.ruleset import Ruleset

_CHOICE = "invalid_choice"
LEARNED_PREFIX = "observed-"
"""The beginning of the ids of learned rules."""


def propose_rules(ruleset: Ruleset, validator: Validator, cases: Sequence[Case]) -> Iterator[ProposedChange]:
    """Propose a rule for each kind of error that no rule predicts, if a simple condition or date explains them all."""
    taken = {rule.id for rule in (*ruleset.rules, *ruleset.disabled)}
    index = ObjectIndex(validator, cases)
    for kind in index.missing_kinds:
        spec = ruleset.codes.get(kind.code)
        if not CODE_NAME.fullmatch(kind.code) or (spec and not spec.detail):
            continue  # the checks of fields have codes that no rule can have
        labelled = index.label(kind)
        keys = _learn(validator, kind, labelled) if labelled else None
        if labelled and keys:
            rule_id = _free_id(kind, taken)
            taken.add(rule_id)
            failing = [sample.case for sample in labelled.failing]
            counted = f"{kind.code} in {account_count(failing)} accounts, and {len(labelled.passing)} without it"
            evidence = evidence_text(counted, failing)
            yield ProposedChange("rule", rule_id, kind.code, evidence, keys=keys)


def _learn(validator: Validator, kind: ErrorKind, labelled: Labelled) -> dict[str, Any] | None:
    """Return the keys of a rule: refused choices, else a plain condition, else a date, else two conditions."""
    if kind.code == _CHOICE and (values := refused_values(labelled, kind.attr)):
        return {"on": f"{kind.object}.{kind.attr}", **values_rule(values)}
    program = engine_of(validator).program
    place: dict[str, Any] = {"on": kind.object, **({"attr": kind.attr} if kind.attr else {})}
    place |= {"field_validator": True} if labelled.is_beside_others else {}
    if reading := search_single(labelled):
        return {**place, **condition_rule(program, labelled, reading)}
    if found := search_dates(labelled):
        return {**place, **date_rule(found)}
    if reading := search_pairs(labelled):
        return {**place, **condition_rule(program, labelled, reading)}
    return None


def _free_id(kind: ErrorKind, taken: set[str]) -> str:
    words = [kind.code, kind.object, *(kind.attr.split(".") if kind.attr else ())]
    wanted = LEARNED_PREFIX + "-".join(filter(None, "-".join(words).replace("_", "-").split("-")))
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free
