"""Checks the rules about a value: skips rules that can't fail, and loops over the items of a list only once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any, TypeAlias

from premigrate.engine import program, rule_data
from premigrate.engine.conditions import make_when
from premigrate.engine.item_selector import uses_parent_paths
from premigrate.engine.operators import make_operator
from premigrate.engine.operators.operator import Dependencies, Operator, Violation
from premigrate.engine.paths import Path
from premigrate.engine.phrases import join_words, value_text
from premigrate.engine.steps import EACH
from premigrate.engine.values import Scope, is_filled

RuleViolations: TypeAlias = list[tuple[int, "RuleCheck", Sequence[Violation]]]
"""Failed rules, each with its position among the rules about the value, and its violations."""


class RuleCheck:
    """One rule of the program, with its operator and conditions ready to run.

    ``required_keys`` and ``required_item_keys`` are those of `program.Rule`. ``required_inner_keys`` are the keys of
    its sets with one key, and ``alternative_inner_keys`` its other sets. ``context`` are the conditions that fix the
    value of a key of the object, in words, and ``context_keys`` are these keys. ``reason`` are the values because of
    which the rule requires or forbids others, in words.
    """

    __slots__ = (
        "alternative_inner_keys", "context", "context_keys", "operator", "reason", "required_inner_keys",
        "required_item_keys", "required_keys", "spec", "when",
    )  # fmt: skip

    def __init__(self, spec: program.Rule, dependencies: Dependencies) -> None:
        self.spec = spec
        self.operator = make_operator(spec.operator, dependencies)
        self.when = make_when(spec.when, dependencies.make_path)
        fixed = _fixed_values(spec.when)
        self.context = f"for {join_words([f'{key} {value}' for key, value in fixed], ' and ')}" if fixed else ""
        self.reason = _reason(spec, dependencies)
        self.context_keys = tuple([key for key, _ in fixed])
        self.required_keys = tuple(tuple(sorted(keys)) for keys in spec.required_keys)
        self.required_inner_keys = frozenset(
            [key for keys in spec.required_inner_keys if len(keys) == 1 for key in keys]
        )
        self.alternative_inner_keys = tuple([keys for keys in spec.required_inner_keys if len(keys) > 1])
        self.required_item_keys = tuple(tuple(sorted(keys)) for keys in spec.required_item_keys)


def _fixed_values(when: rule_data.When) -> list[tuple[str, str]]:
    """Return the keys of the object to which conditions give one value each, with the values."""
    return [
        (condition.path.steps[0], value_text(condition.values[0]))
        for condition in (when[0] if len(when) == 1 else ())
        if _is_value_condition(condition) and len(condition.values) == 1
    ]


def _is_value_condition(condition: rule_data.Condition) -> bool:
    """Return whether a condition is about a key of the object, and holds for some texts or booleans only."""
    is_open = condition.absent or condition.present or len(condition.predicates) > 0 or "" in condition.values
    return not is_open and not condition.path.up and len(condition.path.steps) == 1


def _reason(spec: program.Rule, dependencies: Dependencies) -> str:
    """Return which values must be present for a rule that requires or forbids others; empty if there are none."""
    operator = spec.operator
    if not isinstance(operator, rule_data.Presence) or operator.kind not in {"present", "absent"}:
        return ""
    present = [
        dependencies.make_path(condition.path).label
        for condition in (spec.when[0] if len(spec.when) == 1 else ())
        if condition.present and not condition.absent
    ]
    names = [label for label in present if label]
    return f"because {join_words(names, ' and ')} {'is' if len(names) == 1 else 'are'} present" if names else ""


class GuardedRule:
    """The smallest unit that `check_rules` checks or skips: here one rule, in `GuardedItemRules` several.

    Most rules can't fail for most values, so the engine skips a group by cheap tests of keys before it evaluates
    conditions and operators.

    Attributes:
        required_key: a key that must be filled, which is tested first; empty if there is none.
        required_keys: further sets of keys, of each of which one must be filled.
        required_inner_keys: keys each of which must occur somewhere in the account.
        alternative_inner_keys: sets of keys, of each of which one must occur somewhere in the account.
        sufficient_keys: if all of these keys are filled, the operator has no violation. For example, a rule with
            ``present`` can't fail for an object in which all of its keys are filled. Empty: unknown.
        sufficient_any: if one of these keys is filled, the operator has no violation. Empty: unknown.
        operator: the operator that returns the violations.
        when: the conditions of the rule; None if there are none.

    """

    __slots__ = (
        "_position", "alternative_inner_keys", "operator", "required_inner_keys", "required_key", "required_keys",
        "rule", "sufficient_any", "sufficient_keys", "when",
    )  # fmt: skip

    def __init__(self, position: int, rule: RuleCheck) -> None:
        self._position, self.rule = position, rule
        self.operator, self.when = rule.operator, rule.when
        self.required_inner_keys = rule.required_inner_keys
        self.alternative_inner_keys = rule.alternative_inner_keys
        self.guard(rule.required_keys if rule.spec.for_each is None else rule.required_item_keys)
        self.sufficient_keys = rule.operator.sufficient_keys()
        self.sufficient_any = rule.operator.sufficient_any()

    def guard(self, required_keys: tuple[tuple[str, ...], ...]) -> None:
        """Set the keys that the object must have."""
        single = [keys[0] for keys in required_keys if len(keys) == 1]
        self.required_key = single[0] if single else ""
        self.required_keys = tuple([keys for keys in required_keys if keys != (self.required_key,)])

    def take_value_conditions(self, dependencies: Dependencies) -> list[rule_data.Condition]:
        """Return conditions that accept only some texts or booleans of a key, one of which must hold; none if unknown.

        A single one is taken out of `when`.
        """
        tables = self.rule.spec.when if self.when is not None else ()
        found = [each for each in (next(filter(_is_value_condition, table), None) for table in tables) if each]
        if len(found) < len(tables):
            return []
        if len(found) == 1:
            others = tuple([each for each in tables[0] if each is not found[0]])
            self.when = make_when((others,), dependencies.make_path) if others else None
        return found

    def add_violations(self, failed: RuleViolations, violations: Sequence[Any]) -> None:
        """Append the result of `operator` to the failed rules."""
        failed.append((self._position, self.rule, violations))


class GuardedItemRules(GuardedRule):
    """All rules about the items at one path, with the keys that all of them need."""

    __slots__ = ()

    def __init__(self, rules: list[tuple[int, RuleCheck]], path: Path, *, with_parents: bool) -> None:
        position, first = rules[0]
        super().__init__(position, first)
        self.operator, self.when = ItemRules(rules, path, with_parents=with_parents), None
        self.required_inner_keys = first.required_inner_keys.intersection(
            *[rule.required_inner_keys for _, rule in rules]
        )
        self.alternative_inner_keys = ()
        self.guard(first.required_keys)
        self.sufficient_keys = self.sufficient_any = ()  # those of its rules are keys of the items

    def add_violations(self, failed: RuleViolations, violations: Sequence[Any]) -> None:
        """Append the result of `operator` to the failed rules."""
        failed += violations


class ItemRules(Operator):
    """Checks all rules about the items at a path, in one loop over the items."""

    __slots__ = ("_path", "_rules", "_skips_null", "_with_parents")

    def __init__(self, rules: list[tuple[int, RuleCheck]], path: Path, *, with_parents: bool) -> None:
        self._rules = [GuardedRule(position, rule) for position, rule in rules]
        self._path, self._with_parents = path, with_parents
        self._skips_null = path.steps[-1:] == (EACH,)  # the platform validates no item that may be null and is

    def check(self, scope: Scope) -> Sequence[Any]:
        """Return the failed rules as `RuleViolations`."""
        failed: list[tuple[int, RuleViolations]] = []
        for index, item in enumerate(self._path.item_scopes(scope, with_parents=self._with_parents)):
            if item.current is None and self._skips_null:
                continue
            of_item = check_rules(self._rules, item)
            if of_item:
                failed.append((index, of_item))
        return self._with_places(failed, scope) if failed else []

    def _with_places(self, failed: list[tuple[int, RuleViolations]], scope: Scope) -> RuleViolations:
        """Group the violations by rule, with places relative to the value that the rules are about."""
        places = self._path.places(scope)
        by_position: dict[int, tuple[int, RuleCheck, list[Violation]]] = {}
        for index, of_item in failed:
            for position, rule, violations in of_item:
                _, _, placed = by_position.setdefault(position, (position, rule, []))
                placed += [violation._replace(place=(*places[index], *violation.place)) for violation in violations]
        return list(by_position.values())


def check_rules(rules: Iterable[GuardedRule], scope: Scope) -> RuleViolations:  # noqa: C901 - flat, for speed
    """Check the rules about a value that can fail for it."""
    failed: RuleViolations = []
    current, present_keys = scope.current, scope.context.present_keys
    is_object = type(current) is dict
    for rule in rules:
        if rule.required_key and is_object:
            value = current.get(rule.required_key)
            if not value and not is_filled(value):
                continue
        if rule.required_inner_keys and not rule.required_inner_keys <= present_keys:
            continue
        if rule.alternative_inner_keys and not _has_common(rule.alternative_inner_keys, present_keys):
            continue
        if is_object:
            if rule.required_keys and not _has_values(rule.required_keys, current):
                continue
            if rule.sufficient_keys and all(map(current.get, rule.sufficient_keys)):
                continue
            if rule.sufficient_any and any(map(current.get, rule.sufficient_any)):
                continue
        when = rule.when
        if when is None or when.holds(scope):
            violations = rule.operator.check(scope)
            if violations:
                rule.add_violations(failed, violations)
    return failed


def _has_values(required: tuple[tuple[str, ...], ...], current: dict[str, Any]) -> bool:
    """Return whether an object has a value for at least one key of each group."""
    for group in required:
        for key in group:
            value = current.get(key)
            if value or is_filled(value):
                break
        else:
            return False
    return True


def _has_common(groups: tuple[frozenset[str], ...], keys: Set[str]) -> bool:
    """Return whether there is at least one key of each group."""
    for group in groups:  # noqa: SIM110 - all() with a generator is slower
        if group.isdisjoint(keys):
            return False
    return True


class RuleIndex:
    """Indexes the rules about one object, so that rules that can't fail for its keys and values cost nothing.

    ``by_value`` holds the rules whose conditions give a key some texts or booleans, by the key and by these.
    ``by_key`` holds other rules by each key of their smallest set of required keys, and ``always`` those without any.
    """

    __slots__ = ("always", "by_key", "by_value")

    def __init__(self, rules: list[RuleCheck], dependencies: Dependencies) -> None:
        self.always: list[GuardedRule] = []
        self.by_key: dict[str, list[GuardedRule]] = {}
        self.by_value: dict[str, dict[str | bool, dict[GuardedRule, None]]] = {}
        for guarded in guard_rules(rules, dependencies):
            required_keys = guarded.rule.required_keys
            index_keys: tuple[str, ...] = ()
            conditions = guarded.take_value_conditions(dependencies)
            for condition in conditions:
                by_value = self.by_value.setdefault(condition.path.steps[0], {})
                for value in condition.values:
                    by_value.setdefault(value, {})[guarded] = None
            if len(conditions) == 1:
                index_keys = conditions[0].path.steps
            elif not conditions:
                index_keys = min(reversed(required_keys), key=len, default=())
                for key in index_keys:
                    self.by_key.setdefault(key, []).append(guarded)
                if not index_keys:
                    self.always.append(guarded)
            others = tuple([keys for keys in required_keys if keys != index_keys])
            guarded.guard(others)


def guard_rules(rules: list[RuleCheck], dependencies: Dependencies) -> list[GuardedRule]:
    """Guard rules with the keys they need. The rules about the items at one path are guarded together."""
    guarded: list[GuardedRule] = []
    by_path: dict[rule_data.Path, list[tuple[int, RuleCheck]]] = {}
    for position, rule in enumerate(rules):
        if rule.spec.for_each is None:
            guarded.append(GuardedRule(position, rule))
        else:
            by_path.setdefault(rule.spec.for_each, []).append((position, rule))
    for path, together in by_path.items():
        with_parents = any(uses_parent_paths((rule.spec.operator, rule.spec.when)) for _, rule in together)
        guarded.append(GuardedItemRules(together, dependencies.make_path(path), with_parents=with_parents))
    return guarded
