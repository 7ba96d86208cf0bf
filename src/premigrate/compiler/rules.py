"""Compiles rules and indexes them by the object or field they apply to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiler.operators import compile_operator
from premigrate.compiler.required_keys import required_inner_keys_of, required_item_keys_of, required_keys_of
from premigrate.compiler.unchecked import UncheckedCompiler
from premigrate.engine import program
from premigrate.engine.readers import NON_FIELD_ERRORS_KEY
from premigrate.exceptions import BadRules, Problem
from premigrate.ruleset.model.rules import FOUND
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.compiler.expressions import ExpressionCompiler
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset

_UP = "up"


class CompiledRules:
    """The compiled rules.

    ``rules`` holds all of them, ``positions`` their indexes by ``object`` or ``object.field``. Those in
    ``not_checked``, which need the platform, a fact or a missing reference list, only record that an account needs
    them. Rules that a fact of the tenant contradicts are left out.

    Raises:
        BadRules: a reference list has values that a rule cannot use.

    """

    def __init__(self, ruleset: Ruleset, expressions: ExpressionCompiler, not_checked: Iterable[str]) -> None:
        self.rules: list[program.Rule] = []
        self.positions: dict[str, list[int]] = {}
        problems = []
        numbers = {name: number for number, name in enumerate(not_checked)}
        self._unchecked = UncheckedCompiler(ruleset, expressions)
        for rule in ruleset.rules:
            if ruleset.contradicting_facts(rule):
                continue
            number = numbers.get(rule.id)
            try:
                if number is None:
                    self._add(_compile(rule, ruleset, expressions), *rule.places)
                else:
                    for place, compiled in self._unchecked.compile(rule, number).items():
                        self._add(compiled, place)
            except ValueError as error:  # only values of a reference list can still be invalid here
                problems.append(Problem("reference lists", f"for {rule.id}", str(error)))
        if problems:
            raise BadRules(problems)
        for choice in numbers.keys() - {rule.id for rule in ruleset.rules}:
            self._unchecked.add_choice(choice, numbers[choice])

    def _add(self, rule: program.Rule, *places: str) -> None:
        for place in places:
            self.positions.setdefault(place, []).append(len(self.rules))
        self.rules.append(rule)

    def unchecked_for(self, *owners: str) -> tuple[program.UncheckedRule, ...]:
        """Return the rules and choices of these objects that cannot be checked and need only keys of the object."""
        return tuple(rule for owner in owners for rule in self._unchecked.by_object.get(owner, ()))

    def positions_for(self, *owners: str) -> tuple[int, ...]:
        """Return the positions of the rules for these objects or fields."""
        return tuple(dict.fromkeys(number for owner in owners for number in self.positions.get(owner, ())))


def reported_attr(rule: Rule, ruleset: Ruleset) -> str | None:
    """Return the attr that a rule reports, from what it applies to; None if it is each place that is wrong."""
    if rule.attr:
        return None if rule.attr == FOUND else rule.attr
    resolver = PathResolver(ruleset.objects, ruleset.root)
    return "" if resolver.is_single_value(rule.places[0]) else NON_FIELD_ERRORS_KEY


def _compile(rule: Rule, ruleset: Ruleset, expressions: ExpressionCompiler) -> program.Rule:
    reported = reported_attr(rule, ruleset)
    attr = None if reported is None else tuple(filter(None, reported.split(".")))
    up = next((steps for steps, step in enumerate(attr or ()) if step != _UP), len(attr or ()))
    is_advice = rule.level == "advice"
    detail = ruleset.advice[rule.code].detail if is_advice else ruleset.codes[rule.code].detail
    return program.Rule(
        id=rule.id,
        code=rule.code,
        detail=detail or "",
        operator=compile_operator(rule.operator, rule.argument, expressions),
        for_each=expressions.compile_path(rule.for_each) if rule.for_each else None,
        when=expressions.compile_when(rule.when),
        attr=attr[up:] if attr is not None else None,
        attr_up=up,
        validation=rule.validation or "",
        is_advice=is_advice,
        is_field_validator=rule.field_validator,
        required_keys=required_keys_of(rule, ruleset.root),
        required_item_keys=required_item_keys_of(rule, ruleset.root),
        required_inner_keys=required_inner_keys_of(rule, ruleset),
    )
