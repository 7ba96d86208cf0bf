"""Learns which rules the API reports with another code."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from premigrate.compare.learn.cases import FIELD_RULE, Case, account_count, evidence_text
from premigrate.compare.proposals import ProposedChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from premigrate.ruleset.model.ruleset import Ruleset

CODE_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
MIN_ACCOUNTS = 2
"""The minimum number of accounts that a change which may refuse others must be seen in."""


def propose_codes(ruleset: Ruleset, cases: Sequence[Case]) -> Iterator[ProposedChange]:
    """Propose another code for a rule, if the API reports that code wherever the rule fails, and never its own.

    The API must have refused every account in which the rule fails.
    """
    known = {rule.id: rule for rule in ruleset.rules}
    framework = {code for code, spec in ruleset.codes.items() if not spec.detail}
    confirmed = {error.rule for case in cases for error in case.predicted if error not in case.surplus}
    failing: defaultdict[str, list[Case]] = defaultdict(list)
    instead: defaultdict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for case in cases:
        for error in case.surplus:
            codes = {each.code for each in case.missing if each.attr == error.attr} - framework
            failing[error.rule].append(case)
            total[error.rule] += 1
            instead[error.rule].update(code for code in codes if CODE_NAME.fullmatch(code))
    for rule_id, found in sorted(instead.items()):
        always = sorted(code for code, count in found.items() if count == total[rule_id])
        is_rule = rule_id in known and rule_id != FIELD_RULE and rule_id not in confirmed
        if is_rule and len(always) == 1 and account_count(failing[rule_id]) >= MIN_ACCOUNTS:
            evidence = evidence_text(f"{total[rule_id]} times instead of {known[rule_id].code}", failing[rule_id])
            yield ProposedChange("code", rule_id, always[0], evidence, known[rule_id].code)
