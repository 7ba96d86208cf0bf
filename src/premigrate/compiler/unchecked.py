"""Compiles the rules and choices that cannot be checked: they only record that an account needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiler.operators import compile_operator
from premigrate.compiler.reference_tables import lacking_lists, missing_lists
from premigrate.compiler.required_keys import (
    operator_path_groups,
    required_inner_keys_of,
    required_item_keys_of,
    required_keys_of,
)
from premigrate.engine import program, rule_data
from premigrate.engine.steps import EACH
from premigrate.needs import fact_need
from premigrate.ruleset.model.conditions import Condition, ConditionItem, Conditions, ValueTest, lists_in_when
from premigrate.ruleset.model.operands import Lookup
from premigrate.ruleset.model.operators.values import Includes, Matching, Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.compiler.expressions import ExpressionCompiler
    from premigrate.compiler.reference_tables import ReferenceTable
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset

PathGroups = tuple[tuple[str, ...], ...]


def find_unchecked(ruleset: Ruleset, tables: Mapping[str, ReferenceTable]) -> dict[str, tuple[str, ...]]:
    """Return the rules (by id) and choices (by ``object.field``) that cannot be checked, with what they lack.

    These are reference lists and facts, as `premigrate.needs` has them; nothing if only the server can check it.
    """
    found = {}
    for rule in ruleset.rules:
        if ruleset.contradicting_facts(rule):
            continue  # it does not apply to this tenant
        needs = (*map(fact_need, ruleset.unstated_facts(rule)), *missing_lists(rule, tables))
        if needs or rule.server_only is not None:
            found[rule.id] = needs
    for name, spec in ruleset.objects.items():
        for key, field in spec.fields.items():
            if field.listed and field.listed not in tables:
                found[f"{name}.{key}"] = (field.listed,)
    return found


class UncheckedCompiler:
    """Compiles what cannot be checked, so that it is recorded if some content of the missing lists could make it fail.

    A rule that lacks a fact is recorded if it would fail with that fact. Most of it needs no more than some keys of an
    object: ``by_object`` holds that. Everything else becomes a rule.
    """

    def __init__(self, ruleset: Ruleset, expressions: ExpressionCompiler) -> None:
        self._ruleset, self._expressions, self._tables = ruleset, expressions, expressions.tables
        self.by_object: dict[str, list[program.UncheckedRule]] = {}

    def add_choice(self, place: str, number: int) -> None:
        """Add a choice field whose list is missing."""
        owner, _, key = place.partition(".")
        self.by_object.setdefault(owner, []).append(program.UncheckedRule(number, (key,)))

    def compile(self, rule: Rule, number: int) -> dict[str, program.Rule]:
        """Add a rule to ``by_object``, or compile it; return the compiled rules by place.

        Raises:
            ValueError: another reference list has values that the rule cannot use.

        """
        needs, operator = self._needs(rule), self._compile_operator(rule)
        found = {}
        for place in rule.places:
            keys = None if rule.for_each or rule.when or operator else self._needed_keys(place, needs)
            if keys is None:
                found[place] = self._compile_rule(rule, number, needs, operator)
            else:
                owner, _, key = place.partition(".")
                unchecked = program.UncheckedRule(number, keys, accepts_empty=not needs, is_of_field=bool(key))
                self.by_object.setdefault(owner, []).append(unchecked)
        return found

    def _needed_keys(self, place: str, needs: PathGroups) -> tuple[str, ...] | None:
        """Return the keys of its object that a rule about a place needs; None if it needs other values."""
        _, _, key = place.partition(".")
        if key:
            return (key,) if {path for group in needs for path in group} <= {"."} else None
        keys = [[_key_of(self._expressions.compile_path(path)) for path in group] for group in needs]
        return tuple(group[0] for group in keys) if all(len(group) == 1 and group[0] for group in keys) else None

    def _compile_rule(
        self, rule: Rule, number: int, needs: PathGroups, operator: rule_data.Operator | None
    ) -> program.Rule:
        paths = tuple(map(self._expressions.compile_paths, needs))
        return program.Rule(
            id=rule.id,
            code=rule.code,
            detail="",
            operator=rule_data.Unchecked(number, paths, operator),
            for_each=self._expressions.compile_path(rule.for_each) if rule.for_each else None,
            when=self._expressions.compile_when(self._assume(rule.when, "<present>")),
            required_keys=required_keys_of(rule, self._ruleset.root),
            required_item_keys=required_item_keys_of(rule, self._ruleset.root),
            required_inner_keys=required_inner_keys_of(rule, self._ruleset),
        )

    def _compile_operator(self, rule: Rule) -> rule_data.Operator | None:
        """Compile the operator so that it fails if some content of the lists makes it; None if its needs suffice."""
        argument = rule.argument
        match rule.operator:
            case "server_only" | "absent":
                return None
            case "unique" | "same":
                argument = argument.model_copy(update={"where": self._assume(argument.where, "<present>")})
            case "holds":
                argument = argument.model_copy(update={"when": self._assume(argument.when, None)})
            case _ if self._is_undecided(rule):
                return None
        return compile_operator(rule.operator, argument, self._expressions)

    def _is_undecided(self, rule: Rule) -> bool:
        """Return whether the operator, not only a condition, lacks a list."""
        return bool(missing_lists(rule.model_copy(update={"when": ()}), self._tables))

    def _needs(self, rule: Rule) -> PathGroups:
        """Return groups of paths: unless each has a filled value, no content of the lists makes the rule fail."""
        if rule.operator == "absent":
            return (rule.argument,)
        if rule.operator in {"server_only", "unique", "same", "holds"} or not self._is_undecided(rule):
            return ()
        groups = operator_path_groups(rule)
        match rule.argument:
            case Includes():
                groups = []
            case Typed(type=Lookup() as lookup) | Matching(pattern=Lookup() as lookup):
                groups += [[path] for path in lookup.by]
        return tuple(map(tuple, groups))

    def _assume(self, when: Conditions, instead: ConditionItem | None) -> Conditions:
        """Replace tests that lack a list: by ``<present>``, which any value passes, or by nothing, which none does."""
        return tuple({path: self._assume_items(items, instead) for path, items in table.items()} for table in when)

    def _assume_items(self, condition: Condition, instead: ConditionItem | None) -> Condition:
        items = condition if isinstance(condition, tuple) else (condition,)
        assumed = [instead if self._is_unknown(item) else item for item in items]
        return tuple(item for item in assumed if item is not None)

    def _is_unknown(self, item: ConditionItem) -> bool:
        return isinstance(item, ValueTest) and bool(lacking_lists(lists_in_when(({".": item},)), self._tables))


def _key_of(path: rule_data.Path) -> str:
    """Return the key, if a path is a single key of the current value; else empty."""
    return path.steps[0] if len(path.steps) == 1 and not path.up and path.steps != (EACH,) else ""
