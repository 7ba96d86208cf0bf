"""Asks the rules about a value: those whose keys are there, and those about the items of one list in one loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from premigrate.engine import rule_data
from premigrate.engine.conditions import When, looks_up
from premigrate.engine.operators import Parts, Violation, make_operator
from premigrate.engine.paths import Path
from premigrate.engine.values import Scope

Found: TypeAlias = list[tuple[int, "Rule", Sequence[Violation]]]
"""Rules with their positions among those about a value, and the violations that they found."""


class Rule:
    """One rule. ``keys`` are sets of keys; of each, the object it is asked about has at least one."""

    __slots__ = ("item_keys", "keys", "operator", "spec", "when")

    def __init__(self, spec: rule_data.Rule, parts: Parts) -> None:
        self.spec = spec
        self.operator = make_operator(spec.operator, parts)
        self.when = When(spec.when, parts.path) if spec.when else None
        self.keys = spec.needs
        self.item_keys = spec.item_needs

    def check(self, scope: Scope) -> Sequence[Violation]:
        """Give the violations in a scope; none where the conditions of the rule don't hold."""
        return self.operator.check(scope) if self.when is None or self.when.holds(scope) else ()


class Group:
    """What is asked together of a value: one rule, with its position among those about the value.

    ``keys`` are sets of keys, of each of which an object has at least one.
    """

    __slots__ = ("_number", "_operator", "_rule", "_when", "keys")

    def __init__(self, number: int, rule: Rule) -> None:
        self._number, self._rule = number, rule
        self._operator, self._when = rule.operator, rule.when
        self.keys: tuple[frozenset[str], ...] = rule.keys

    def ask(self, scope: Scope, found: Found) -> None:
        """Add what is found."""
        if self._when is None or self._when.holds(scope):
            violations = self._operator.check(scope)
            if violations:
                found.append((self._number, self._rule, violations))


class ItemGroup(Group):
    """Rules about the items at one path, with their positions."""

    __slots__ = ("_path", "_rules", "_with_up")

    def __init__(self, rules: list[tuple[int, Rule]], path: Path, *, with_up: bool) -> None:
        super().__init__(*rules[0])
        self._rules, self._path, self._with_up = rules, path, with_up

    def ask(self, scope: Scope, found: Found) -> None:
        """Ask the rules about each item, and add what they find."""
        scopes = self._path.scopes(scope) if self._with_up else self._path.bare_scopes(scope)
        wrong: dict[int, list[tuple[int, Sequence[Violation]]]] = {}
        for position, inside in enumerate(scopes):
            here = inside.here
            keys = here if isinstance(here, dict) else None
            for number, rule in self._rules:
                if keys is not None and rule.item_keys and not has_keys(rule.item_keys, keys):
                    continue
                violations = rule.check(inside)
                if violations:
                    wrong.setdefault(number, []).append((position, violations))
        if not wrong:
            return
        places = self._path.places(scope)
        for number, rule in self._rules:
            moved = [
                violation._replace(place=(*places[position], *violation.place))
                for position, violations in wrong.get(number, ())
                for violation in violations
            ]
            if moved:
                found.append((number, rule, moved))


def ask(groups: list[Group], scope: Scope) -> Found:
    """Ask the rules about a value that have the keys they need."""
    found: Found = []
    here = scope.here
    keys = here if isinstance(here, dict) else None
    for group in groups:
        if keys is not None:
            for need in group.keys:
                if need.isdisjoint(keys):
                    break
            else:
                group.ask(scope, found)
        else:
            group.ask(scope, found)
    return found


def has_keys(needed: tuple[frozenset[str], ...], keys: dict[str, Any]) -> bool:
    """Whether an object has at least one key of each set."""
    for need in needed:  # noqa: SIM110 - any() with a generator takes five times as long
        if need.isdisjoint(keys):
            return False
    return True


class RuleIndex:
    """The rules about one object: those that are asked whatever keys it has, and those that a key brings along."""

    __slots__ = ("always", "by_key")

    def __init__(self, rules: list[Rule], parts: Parts) -> None:
        self.always: list[Group] = []
        self.by_key: dict[str, list[Group]] = {}
        for group in make_groups(rules, parts):
            key = next((next(iter(need)) for need in reversed(group.keys) if len(need) == 1), None)
            if key is None:
                self.always.append(group)
                continue
            group.keys = tuple(need for need in group.keys if need != {key})
            self.by_key.setdefault(key, []).append(group)


def make_groups(rules: list[Rule], parts: Parts) -> list[Group]:
    """Put rules about the items at one path together; any other stands alone."""
    groups: list[Group] = []
    by_path: dict[rule_data.Path, list[tuple[int, Rule]]] = {}
    for number, rule in enumerate(rules):
        if rule.spec.each is None:
            groups.append(Group(number, rule))
        else:
            by_path.setdefault(rule.spec.each, []).append((number, rule))
    for path, together in by_path.items():
        with_up = any(looks_up((rule.spec.operator, rule.spec.when)) for _, rule in together)
        groups.append(ItemGroup(together, parts.path(path), with_up=with_up))
    return groups
