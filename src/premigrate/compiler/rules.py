"""Compiles rules and indexes them by the object or field they apply to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiler.operators import compile_operator
from premigrate.compiler.reference_tables import missing_lists
from premigrate.compiler.required_keys import required_inner_keys_of, required_item_keys_of, required_keys_of
from premigrate.engine import rule_data
from premigrate.engine.readers import NON_FIELD_ERRORS_KEY
from premigrate.exceptions import BadRules, Problem
from premigrate.ruleset.model.rules import FOUND
from premigrate.ruleset.path_resolver import PathResolver

if TYPE_CHECKING:
    from premigrate.compiler.expressions import ExpressionCompiler
    from premigrate.ruleset.model.rules import Rule
    from premigrate.ruleset.model.ruleset import Ruleset

_UP = "up"


class CompiledRules:
    """The compiled rules, without those that need the platform or a missing reference list.

    ``rules`` holds all of them, ``positions`` their indexes by ``object`` or ``object.field``.

    Raises:
        BadRules: a reference list has values that a rule can't use.

    """

    def __init__(self, ruleset: Ruleset, expressions: ExpressionCompiler) -> None:
        self.rules: list[rule_data.Rule] = []
        self.positions: dict[str, list[int]] = {}
        problems = []
        for rule in ruleset.rules:
            if rule.server_only is not None or missing_lists(rule, expressions.tables):
                continue
            try:
                compiled = _compile(rule, ruleset, expressions)
            except ValueError as error:  # only values of a reference list can still be invalid here
                problems.append(Problem("reference lists", f"for {rule.id}", str(error)))
                continue
            for place in rule.places:
                self.positions.setdefault(place, []).append(len(self.rules))
            self.rules.append(compiled)
        if problems:
            raise BadRules(problems)

    def positions_for(self, *owners: str) -> tuple[int, ...]:
        """Return the positions of the rules for these objects or fields."""
        return tuple(number for owner in owners for number in self.positions.get(owner, ()))


def reported_attr(rule: Rule, ruleset: Ruleset) -> str | None:
    """Return the attr that a rule reports, from what it applies to; None if it is each place that is wrong."""
    if rule.attr:
        return None if rule.attr == FOUND else rule.attr
    resolver = PathResolver(ruleset.objects, ruleset.root)
    return "" if resolver.is_single_value(rule.places[0]) else NON_FIELD_ERRORS_KEY


def _compile(rule: Rule, ruleset: Ruleset, expressions: ExpressionCompiler) -> rule_data.Rule:
    reported = reported_attr(rule, ruleset)
    attr = None if reported is None else tuple(filter(None, reported.split(".")))
    up = next((steps for steps, step in enumerate(attr or ()) if step != _UP), len(attr or ()))
    is_advice = rule.level == "advice"
    detail = ruleset.advice[rule.code].detail if is_advice else ruleset.codes[rule.code].detail
    return rule_data.Rule(
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
        required_keys=required_keys_of(rule, ruleset.root),
        required_item_keys=required_item_keys_of(rule, ruleset.root),
        required_inner_keys=required_inner_keys_of(rule, ruleset),
    )
