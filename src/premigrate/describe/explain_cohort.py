"""Renders the explanation of one cohort rule or of its code."""

from collections.abc import Iterable, Iterator

from premigrate.describe.examples import format_example, wrap
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.ruleset import Ruleset


def render_cohort_topic(topic: str, rulesets: Iterable[Ruleset]) -> Iterator[str]:
    """Yield the explanation of the cohort rules with this id or code; nothing if there are none."""
    rulesets = list(rulesets)
    found = {
        rule.id: (rule, ruleset)
        for ruleset in reversed(rulesets)
        for rule in (*ruleset.disabled_cohort_rules, *ruleset.cohort_rules)
    }
    for rule, ruleset in found.values():
        if topic in {rule.id, rule.code}:
            yield from _render_rule(rule, ruleset, [each.market for each in rulesets if rule in each.cohort_rules])
            for each in rulesets:
                if rule.id in each.off_reasons:
                    yield wrap(f"{rule.id} does not apply in {each.market}: {each.off_reasons[rule.id]}")


def _render_rule(rule: CohortRule, ruleset: Ruleset, markets: list[str]) -> Iterator[str]:
    yield rule.code
    yield "  Clash between accounts, never part of a response of the API. See premigrate cohort."
    yield wrap(f"Text: {rule.detail}", "  ")
    yield ""
    yield f"{rule.id} (in {', '.join(markets)})" if markets else f"{rule.id} (off)"
    yield wrap(rule.why, "  ")
    yield wrap(f"Reads: {rule.for_each or ruleset.root}", "  ")
    yield wrap(f"Compares: {', '.join(rule.key.of)}{_ignored_differences(rule.key.ignore)}", "  ")
    if rule.same:
        yield wrap(f"Must be the same: {', '.join(rule.same.of)}{_ignored_differences(rule.same.ignore)}", "  ")
    yield wrap(f"Evidence: {rule.basis} ({rule.evidence})", "  ")
    for name in sorted({name for name, *_ in rule.lists()}):
        yield wrap(f"Uses the reference list {name}: {ruleset.lists[name].about}", "  ")
    yield from (f"  example_lists: {name}: {format_example(rows)}" for name, rows in rule.example_lists.items())
    for word, examples in (("good", rule.good), ("bad", rule.bad)):
        yield from (f"  {word}: {format_example(accounts)}" for accounts in examples)


def _ignored_differences(normal: tuple[str, ...]) -> str:
    return f" (ignoring {', '.join(normal)})" if normal else ""
