"""Finds the keys that an object must have for a rule to fail, so that the engine can skip the rule without them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from premigrate.compiler.paths import split_path
from premigrate.ruleset.kinds import family
from premigrate.ruleset.model.operands import Operand, paths_in
from premigrate.ruleset.model.operators.sums import Total
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


def required_inner_keys_of(rule: Rule, ruleset: Ruleset) -> RequiredKeys:
    """Return sets of optional keys of other objects; a rule can fail only for an account with a key of each set."""
    groups = _path_groups(rule)
    if rule.for_each:
        groups = [[_path_of_item(path, rule.for_each, ruleset.root) for path in paths] for paths in groups]
        groups.insert(0, [rule.for_each])
    common: list[frozenset[str]] = []
    last: list[list[str]] = [[] for _ in groups]
    for place in rule.places:
        found = [[_optional_keys(path, place, ruleset) for path in paths] for paths in groups]
        common.append(frozenset().union(*(frozenset.intersection(*map(frozenset, keys)) for keys in found if keys)))
        for keys, alternatives in zip(found, last, strict=True):
            alternatives += [each[-1] if each else "" for each in keys]
    single = frozenset.intersection(*common)
    sets = dict.fromkeys(frozenset(keys) for keys in last if keys and all(keys))
    return (*(frozenset({key}) for key in sorted(single)), *(keys for keys in sets if keys.isdisjoint(single)))


def _path_of_item(path: str, items: str, root: str) -> str:
    """Return a path that starts at the items at another path as one that starts where that one does."""
    return path if split_path(path)[:1] in {("up",), (root,)} else f"{items}.{path}"


def _optional_keys(path: str, place: str, ruleset: Ruleset) -> list[str]:
    """Return the keys on a path that are optional, without those of the object of the rule itself."""
    name, _, key = place.partition(".")
    steps = [step for step in (key, *split_path(path)) if step not in {"", "[]"}]
    start = split_path(path)[:1]
    if start == ("up",):
        return []  # the objects above are not known here
    if start == (ruleset.root,):
        return [step for step in _optional_steps(split_path(path)[1:], ruleset.root, ruleset) if step]
    return [step for step in list(_optional_steps(steps, name, ruleset))[1:] if step]


def _optional_steps(steps: Iterable[str], name: str, ruleset: Ruleset) -> Iterator[str]:
    """Yield the keys of a path as far as they are declared; an empty text for each that is required."""
    for step in steps:
        if step == "[]":
            continue
        specs = family(name, ruleset.objects) if name in ruleset.objects else ()
        fields = [each.fields[step] for each in specs if step in each.fields]
        if not fields or any(each.open for each in specs):
            return
        yield "" if any(field.required for field in fields) else step
        names = {field.object or field.list or "" for field in fields}
        name = names.pop() if len(names) == 1 else ""


def _path_groups(rule: Rule) -> list[list[str]]:
    return [*_condition_paths(rule), *operator_path_groups(rule), *_count_paths(rule)]


def _count_paths(rule: Rule) -> Iterator[list[str]]:
    """Yield the paths that items are selected by, if one item is enough and one that has none of them counts."""
    if rule.count is None or rule.count.at_least != 1 or rule.count.at_most is not None:
        return
    if len(rule.when) == 1 and rule.when[0].get(rule.count.of) == "<present>":
        yield from (
            [f"{rule.count.of}.{path}" for path in table] for table in rule.count.where if _holds_for_none(table)
        )


def _holds_for_none(table: Mapping[str, object]) -> bool:
    """Return whether a table of conditions holds for an object without any of its keys."""
    return all(map(_accepts_absent, table.values()))


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


def _list_of(path: str) -> str:
    """Return the path of the last list on a path, with its items."""
    return f"{path.rpartition('[]')[0]}[]"


def _accepts_absent(condition: object) -> bool:
    return "<absent>" in (condition if isinstance(condition, tuple) else (condition,))


def _paths_of_total(spec: Total) -> list[list[str]]:
    """Return no paths if an absent target has a default from which the sum of empty lists, which is zero, differs."""
    is_zero = spec.default is None or Decimal(spec.default) == 0
    return [[*spec.add, *spec.subtract, spec.equals or spec.at_most or "."]] if is_zero else []


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
    "holds": lambda spec: [list(table) for table in spec.when if _holds_for_none(table)],
    "listed": lambda spec: _each(spec.field),
    "matches": lambda spec: [list(spec.join) or [spec.field]],
    "not_matching": lambda spec: [list(spec.join) or [spec.field]],
    "not_listed": lambda spec: _each(spec.field),
    "periods": lambda spec: [[spec.of]],
    "present": lambda paths: [list(map(_list_of, paths))] if all("[]" in path for path in paths) else [],
    "product": lambda spec: _each((*spec.of, spec.equals)),
    "refers": lambda spec: [[spec.field]],
    "same": lambda spec: [list(spec.of)],
    "total": _paths_of_total,
    "typed": lambda spec: [[spec.field]],
    "unique": lambda spec: [list(spec.of)],
}
"""For each operator, lists of paths: it can fail only if at least one path of each list has a value."""
