"""Writes, for each rule, the lines that find out whether it has to be asked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from premigrate.compiling.needs import needs_of
from premigrate.compiling.usual.kinds import Kinds
from premigrate.compiling.usual.memory import Memory
from premigrate.compiling.usual.paths import View
from premigrate.compiling.usual.words import DICTS, NoShortcutError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from premigrate.compiling.usual.conditions import Conditions
    from premigrate.compiling.usual.kinds import Fields
    from premigrate.compiling.usual.operators import Demands
    from premigrate.compiling.usual.words import Constants, Manner
    from premigrate.plan import Check
    from premigrate.rulebook import Rule, Rulebook


class Rules:
    """Writes the rules of one market. ``root`` is the name of the object that a payload is; ``kinds`` knows all."""

    def __init__(self, book: Rulebook, demands: Demands, conditions: Conditions, constants: Constants) -> None:
        self.root, self.kinds = book.root, Kinds(book)
        self._rules: Mapping[str, Rule] = {rule.id: rule for rule in book.rules}
        self._demands, self._conditions, self._constants = demands, conditions, constants

    def view(
        self, here: str, field: Callable[[str], str], fields: Fields, memory: Memory, manner: Manner = DICTS
    ) -> View:
        """Make a view of a value that stands in ``here``, for its rules."""
        return View(here, field, fields, root=self.root, kinds=self.kinds, memory=memory, manner=manner)

    def lines(self, checks: tuple[Check, ...], view: View, given: Mapping[str, str]) -> list[str]:
        """Write lines that add to ``asked`` each check that may have something to say.

        Args:
            checks: the checks of one place.
            view: what they see there.
            given: the expression of each key of the object; a rule that needs other keys is silent.

        """
        lines = []
        loops: dict[str, list[Check]] = {}
        for check in checks:
            each = self._rules[check.rule].each
            if each and _is_list(each, view):
                loops.setdefault(each, []).append(check)
            else:
                lines += self._lines(check, view, given)
        return lines + [line for each, inside in loops.items() for line in self._loop(each, inside, view)]

    def _lines(self, check: Check, view: View, given: Mapping[str, str]) -> list[str]:
        rule = self._rules[check.rule]
        needs = [sorted(need & given.keys()) for need in needs_of(rule, self.root)] if given else []
        if not all(needs):
            return []
        tests = [" or ".join(f"{given[key]} is not None" for key in need) for need in needs]
        ask = view.manner.ask(self._name(check))
        if rule.count and not rule.each and (some := self._searching(rule, view, tests, ask)):
            return [f"# {rule.id}", *some]
        silent = "" if rule.each else self._silent(rule, view)
        tests += [f"not ({silent})"] if silent else []
        test = " and ".join(f"({each})" if " or " in each and each[:4] != "not " else each for each in tests)
        return [f"# {rule.id}", *([f"if {test}:", f"    {ask}"] if test else [ask])]

    def _searching(self, rule: Rule, view: View, tests: list[str], ask: str) -> list[str]:
        """Write the search for the one item that a rule demands; nothing, if that is not what it demands."""
        spec = rule.count
        if spec is None or spec.at_least != 1 or spec.at_most is not None or not spec.of.endswith("[]"):
            return []
        memory = Memory("item_")
        try:
            when = [f"not {self._conditions.write(rule.when, view)}"] if rule.when else []
            holds = self._conditions.write(spec.where, view.at("item", spec.of, memory))
            items = view.items(spec.of)
        except NoShortcutError:
            return []
        search = memory.settle([f"if {holds}:", "    break"])
        return [
            f"if {' or '.join([*when, *(f'not ({test})' for test in tests)]) or 'False'}:",
            "    pass",
            "else:",
            f"    for item in {items}:",
            *([] if view.manner.is_sure else ["        if type(item) is not dict:", "            continue"]),
            *("        " + line for line in search),
            "    else:",
            f"        {ask}",
        ]

    def _loop(self, each: str, checks: list[Check], view: View) -> list[str]:
        """Write one loop over the items that several rules look at in turn."""
        memory = Memory("item_")
        inner = view.at("item", each, memory)
        tests, is_sure = [], view.manner.is_sure
        for check in checks:
            silent = self._silent(self._rules[check.rule], inner)
            unless = [f"not ({silent})"] if silent else []
            unless += [] if is_sure else [f"{self._name(check)} not in asked"]
            test = f"if {' and '.join(unless) or 'True'}:"
            tests += [f"# {check.rule}", test, f"    {view.manner.ask(self._name(check))}"]
        everyone = self._constants.name("rules", tuple(checks))
        guard = ["    if type(item) is not dict:", f"        asked += {everyone}", "        continue"]
        return [
            f"for item in {view.items(each)}:",
            *([] if is_sure else guard),
            *("    " + line for line in memory.settle(tests)),
        ]

    def _name(self, check: Check) -> str:
        return self._constants.name("rule_" + check.rule.replace("-", "_"), check)

    def _silent(self, rule: Rule, view: View) -> str:
        """Write the test of whether a rule surely has nothing to say; nothing, if there is none."""
        tests = []
        if rule.when:
            with suppress(NoShortcutError):
                tests.append(f"not {self._conditions.write(rule.when, view)}")
        with suppress(NoShortcutError):
            tests.append(self._demands.write(rule.operator, rule.argument, view))
        return " or ".join(tests)


def _is_list(each: str, view: View) -> bool:
    """Whether a path leads to items that can be seen from here."""
    try:
        return each.endswith("[]") and bool(view.items(each))
    except NoShortcutError:
        return False
