"""Collects evidence for texts, places and switches of rules from cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compare.evidence import ComparedAccount, Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from premigrate.api import Validator
    from premigrate.compare.learn.cases import Case
    from premigrate.ruleset.model.ruleset import Ruleset


def collect_evidence(ruleset: Ruleset, cases: Sequence[Case], trial: Validator | None = None) -> Evidence:
    """Collect the evidence in cases. ``trial`` has the disabled rules enabled, whose errors are evidence, too."""
    evidence = Evidence(ruleset)
    for case in cases:
        tried = trial.on_day(case.day).validate(case.call.payload).errors if trial else ()
        account = case.comparison, case.account, case.mask, case.call.origin, case.account_id, tried
        evidence.add(ComparedAccount(*account))
    return evidence
