"""Asks the rules about a value: those whose keys are there, and those about the items of one list in one loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from premigrate.engine import rule_data
from premigrate.engine.conditions import looks_up, make_test
from premigrate.engine.operators import make_operator
from premigrate.engine.operators.operator import Operator, Parts, Violation
from premigrate.engine.paths import Path
from premigrate.engine.values import Scope

Found: TypeAlias = list[tuple[int, "Rule", Sequence[Violation]]]
"""Rules with their positions among those about a value, and the violations that they found."""


class Rule:
    """One rule. ``keys`` are groups of keys; of each, the object it is asked about has at least one.

    ``inner`` are keys that objects inside have, ``item_keys`` those of the items that it looks at.
    """

    __slots__ = ("inner", "item_keys", "keys", "operator", "spec", "test")

    def __init__(self, spec: rule_data.Rule, parts: Parts) -> None:
        self.spec = spec
        self.operator = make_operator(spec.operator, parts)
        self.test = make_test(spec.when, parts.path)
        self.keys = tuple(tuple(sorted(need)) for need in spec.needs)
        self.inner = frozenset(spec.inner_keys)
        self.item_keys = tuple(tuple(sorted(need)) for need in spec.item_needs)


class Group:
    """What is asked together of a value: one rule, with its position among those about the value.

    It is asked where its test holds of an object that has ``key`` (unless that is empty) and one of each of ``keys``,
    and where all of ``inner`` are somewhere in the account; but not where all of ``enough`` (if any) are filled.
    """

    __slots__ = ("_number", "_rule", "enough", "inner", "key", "keys", "operator", "test")

    def __init__(self, number: int, rule: Rule) -> None:
        self._number, self._rule = number, rule
        self.key = ""
        self.keys = rule.keys
        self.inner = rule.inner
        self.enough = rule.operator.enough_keys()
        self.operator = rule.operator
        self.test = rule.test

    def add_to(self, found: Found, violations: Sequence[Any]) -> None:
        """Add what its operator gave."""
        found.append((self._number, self._rule, violations))


class ItemGroup(Group):
    """Rules about the items at one path, with their positions."""

    __slots__ = ()

    def __init__(self, rules: list[tuple[int, Rule]], path: Path, *, with_up: bool) -> None:
        number, first = rules[0]
        super().__init__(number, first)
        self.operator, self.test = ItemRules(rules, path, with_up=with_up), None
        self.enough = ()  # the keys of its rules are those of items
        self.inner = first.inner.intersection(*[rule.inner for _, rule in rules])

    def add_to(self, found: Found, violations: Sequence[Any]) -> None:
        """Add what its operator gave."""
        found += violations


class ItemRules(Operator):
    """Asks rules about the items at a path, in one loop over these."""

    __slots__ = ("_path", "_rules", "_with_up")

    def __init__(self, rules: list[tuple[int, Rule]], path: Path, *, with_up: bool) -> None:
        self._rules, self._path, self._with_up = rules, path, with_up

    def check(self, scope: Scope) -> Sequence[Any]:
        """Give the violations of each rule, as `Found` has them."""
        seen = scope.run.seen
        rules: list[tuple[int, Rule]] = []
        for each in self._rules:
            if each[1].inner <= seen:
                rules.append(each)  # noqa: PERF401 - a comprehension is a call more
        wrong: dict[int, list[tuple[int, Sequence[Violation]]]] = {}
        for position, inside in enumerate(self._path.scopes_for(scope, with_up=self._with_up)):
            keys = inside.here if type(inside.here) is dict else None
            for number, rule in rules:
                if keys is not None and rule.item_keys and not has_keys(rule.item_keys, keys):
                    continue
                if rule.test is None or rule.test.holds(inside):
                    violations = rule.operator.check(inside)
                    if violations:
                        wrong.setdefault(number, []).append((position, violations))
        return self._placed(wrong, scope) if wrong else []

    def _placed(self, wrong: dict[int, list[tuple[int, Sequence[Violation]]]], scope: Scope) -> Found:
        """Write the places of violations from the value that the rules are about."""
        places = self._path.places(scope)
        found: Found = []
        for number, rule in self._rules:
            moved = [
                violation._replace(place=(*places[position], *violation.place))
                for position, violations in wrong.get(number, ())
                for violation in violations
            ]
            if moved:
                found.append((number, rule, moved))
        return found


def ask(groups: Iterable[Group], scope: Scope) -> Found:
    """Ask the rules about a value that have the keys they need."""
    found: Found = []
    here, seen = scope.here, scope.run.seen
    for group in groups:
        if group.key and group.key not in here:
            continue
        if group.inner and not group.inner <= seen:
            continue
        if group.keys and not has_keys(group.keys, here):
            continue
        if group.enough and all(map(here.get, group.enough)):
            continue
        test = group.test
        if test is None or test.holds(scope):
            violations = group.operator.check(scope)
            if violations:
                group.add_to(found, violations)
    return found


def has_keys(needed: tuple[tuple[str, ...], ...], keys: dict[str, Any]) -> bool:
    """Whether an object has one of each of several keys."""
    for need in needed:
        for key in need:
            if key in keys:
                break
        else:
            return False
    return True


class RuleIndex:
    """The rules about one object: those that are asked whatever keys it has, and those that a key brings along."""

    __slots__ = ("always", "by_key")

    def __init__(self, rules: list[Rule], parts: Parts) -> None:
        self.always: list[Group] = []
        self.by_key: dict[str, list[Group]] = {}
        for group in make_groups(rules, parts):
            single = [need for need in group.keys if len(need) == 1]
            need: tuple[str, ...] = single.pop() if single else min(group.keys, key=len, default=())
            if single:
                group.key = single[-1][0]
            group.keys = tuple([each for each in group.keys if each not in {need, (group.key,)}])
            for key in need:
                self.by_key.setdefault(key, []).append(group)
            if not need:
                self.always.append(group)


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
