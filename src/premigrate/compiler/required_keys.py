"""Finds the keys that an object must have for a rule to fail, so that the engine can skip the rule without them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from premigrate.compiler.paths import split_path
from premigrate.ruleset.kinds import family
from premigrate.ruleset.model.operands import Operand, paths_in
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset

RequiredKeys = tuple[frozenset[str], ...]
"""A rule can fail only for an object that has at least one key of each set."""


def required_keys_of(rule: Rule, root: str) -> RequiredKeys:
    """Return the keys that the object of a rule needs.

    Only certain needs are returned, because a wrong one would disable the rule. An absent value fails every condition
    but ``<absent>``, and most operators accept absent values.
    """
    return _keys([[rule.for_each]] if rule.for_each else _path_groups(rule), root)  # all other paths start at an item


def required_item_keys_of(rule: Rule, root: str) -> RequiredKeys:
    """Return the keys that each item at the path ``for_each`` of a rule needs; none without it."""
    return _keys(_path_groups(rule), root) if rule.for_each else ()


def required_inner_keys_of(rule: Rule, ruleset: Ruleset) -> tuple[str, ...]:
    """Return optional keys below the object of a rule; without any one of them in the account, the rule cannot fail.

    The engine collects these keys while it reads an account, and skips the rules whose keys do not occur.
    """
    outside = {"up", ruleset.root}
    groups = [
        paths for paths in _path_groups(rule) if not any(outside.intersection(split_path(path)[:1]) for path in paths)
    ]
    if rule.for_each:
        groups = [[rule.for_each], *([f"{rule.for_each}.{path}" for path in paths] for paths in groups)]
    found = [[_optional_keys(paths, place, ruleset) for paths in groups if paths] for place in rule.places]
    return tuple(sorted(frozenset.intersection(*(frozenset().union(*keys) for keys in found))))


def _optional_keys(paths: list[str], place: str, ruleset: Ruleset) -> frozenset[str]:
    """Return the keys that are on each of several paths, below the object of the rule, and that are optional."""
    name, _, key = place.partition(".")
    steps = [[step for step in (key, *split_path(path)) if step not in {"", "[]"}] for path in paths]
    return frozenset.intersection(*(frozenset(_inner_keys(each, name, ruleset)) for each in steps))


def _inner_keys(steps: list[str], name: str, ruleset: Ruleset) -> Iterator[str]:
    for number, step in enumerate(steps):
        specs = family(name, ruleset.objects) if name in ruleset.objects else ()
        fields = [each.fields[step] for each in specs if step in each.fields]
        if not fields or any(each.open for each in specs):
            return
        if number and not any(field.required for field in fields):
            yield step
        names = {field.object or field.list or "" for field in fields}
        name = names.pop() if len(names) == 1 else ""


def _path_groups(rule: Rule) -> list[list[str]]:
    return [*_condition_paths(rule), *operator_path_groups(rule)]


def _keys(groups: list[list[str]], root: str) -> RequiredKeys:
    keys = [[_key(path, root) for path in paths] for paths in groups]
    return tuple(dict.fromkeys(frozenset(key for key in each if key) for each in keys if each and all(each)))


def operator_path_groups(rule: Rule) -> list[list[str]]:
    """Return groups of paths that the operator reads; it can fail only if a path of each group has a value."""
    find = _OPERATOR_PATHS.get(rule.operator)
    return find(rule.argument) if find else []


def _key(path: str, root: str) -> str:
    """Return the key at the start of a path; empty if the path does not start with a key of the object."""
    steps = split_path(path)
    return steps[0] if steps and steps[0] not in {"[]", "up", root} else ""


def _condition_paths(rule: Rule) -> Iterator[list[str]]:
    """Yield the paths of conditions that an absent value fails; of several tables, one path of each together."""
    tables = [[path for path, condition in table.items() if not _accepts_absent(condition)] for table in rule.when]
    if len(tables) == 1:
        yield from ([path] for path in tables[0])
    elif tables and all(tables):
        yield [paths[0] for paths in tables]


def _accepts_absent(condition: object) -> bool:
    return "<absent>" in (condition if isinstance(condition, tuple) else (condition,))


def _operands(operands: Iterable[Operand]) -> list[list[str]]:
    """Return, for each operand, the paths of which at least one must have a value."""
    return [paths for operand in operands if (paths := list(paths_in(operand)))]


def _each(paths: Iterable[str]) -> list[list[str]]:
    return [[path] for path in paths]


_OPERATOR_PATHS: dict[str, Callable[[Any], list[list[str]]]] = {
    "absent": lambda paths: [list(paths)],
    "all_or_none": lambda paths: [list(paths)],
    "at_most_one": lambda paths: _each(paths) if len(paths) == 2 else [list(paths)],
    "between": lambda spec: _each((spec.field, *(path for parts in spec.sums for path in parts))),
    "compare": lambda spec: _operands((spec[0], spec[2])),
    "count": lambda spec: [[spec.of]] if spec.at_least is None else [],
    "covers": lambda spec: [[spec.of], *_operands(spec.date)],
    "days": lambda spec: _each((spec.from_, spec.to, spec.equals)),
    "format": lambda spec: [[spec.field]],
    "listed": lambda spec: _each(spec.field),
    "matches": lambda spec: [list(spec.join) or [spec.field]],
    "not_matching": lambda spec: [list(spec.join) or [spec.field]],
    "not_listed": lambda spec: _each(spec.field),
    "periods": lambda spec: [[spec.of]],
    "product": lambda spec: _each((*spec.of, spec.equals)),
    "refers": lambda spec: [[spec.field]],
    "same": lambda spec: [list(spec.of)],
    "total": lambda spec: [[*spec.add, *spec.subtract, spec.equals or spec.at_most or "."]],
    "typed": lambda spec: [[spec.field]],
    "unique": lambda spec: [list(spec.of)],
}
"""For each operator, lists of paths: it can fail only if at least one path of each list has a value."""
