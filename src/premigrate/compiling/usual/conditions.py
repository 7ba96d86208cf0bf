"""Writes conditions of the rule language as expressions that are true exactly where the conditions hold."""

from premigrate.compiling.conditions import WORDS
from premigrate.compiling.context import Context
from premigrate.compiling.operands import compile_order
from premigrate.compiling.usual.kinds import says_something
from premigrate.compiling.usual.operands import write_operand
from premigrate.compiling.usual.paths import View
from premigrate.compiling.usual.words import Constants, NoShortcutError
from premigrate.rulebook.conditions import All, Ask, Condition, When

_TEXTS = frozenset({"string", "choice", "email"})
_NUMBERS = frozenset({"decimal", "integer"})


class Conditions:
    """Writes conditions for one market."""

    def __init__(self, context: Context, constants: Constants) -> None:
        self._context, self._constants = context, constants

    def write(self, when: When, view: View) -> str:
        """Write the test of whether all conditions of one of the tables hold."""
        tables = [self._table(table, view) for table in when]
        return f"({' or '.join(tables)})" if len(tables) > 1 else "".join(tables) or "True"

    def _table(self, table: All, view: View) -> str:
        tests = [self._condition(path, condition, view) for path, condition in table.items()]
        return f"({' and '.join(tests)})" if len(tests) > 1 else "".join(tests) or "True"

    def _condition(self, path: str, condition: Condition, view: View) -> str:
        wanted = condition if isinstance(condition, tuple) else (condition,)
        if view.is_one(path):
            return self._of_one(wanted, path, view)
        return self._of_several(wanted, view.all(path), view)

    def _of_one(self, wanted: tuple[object, ...], path: str, view: View) -> str:
        first, again = view.tested(path)
        tests = []
        plain = tuple(item for item in wanted if not _is_special(item))
        if plain:
            among = f"{{{', '.join(map(repr, plain))}}}" if view.kinds(path) <= _TEXTS else repr(plain)
            tests.append(f"{first} in {among}" if len(plain) > 1 else f"{first} == {plain[0]!r}")
            first = again
        for item in wanted:
            if not _is_special(item):
                continue
            given = says_something(first, again, view.kinds(path))
            asked = f" and {self._ask(item, again, view.kinds(path), view)}" if isinstance(item, Ask) else ""
            sound = "" if view.manner.is_sure else f" and {again} is not WRONG"
            tests.append(f"not {given}" if item == "<absent>" else f"({given}{sound}{asked})")
            first = again
        return f"({' or '.join(tests)})" if len(tests) > 1 else tests[0]

    def _of_several(self, wanted: tuple[object, ...], found: str, view: View) -> str:
        if any(isinstance(item, Ask) for item in wanted):
            raise NoShortcutError
        name = view.temporary()
        tests = [
            f"not {name}" if item == "<absent>" else name if item == "<present>" else f"{item!r} in {name}"
            for item in wanted
        ]
        return f"(WRONG not in ({name} := {found}) and bool({' or '.join(tests)}))"

    def _ask(self, ask: Ask, value: str, kinds: frozenset[str], view: View) -> str:  # noqa: PLR0911 - one a word
        match ask.word:
            case "other_than" if isinstance(ask.other_than, str):
                return f"type({value}) is str and {value} != {ask.other_than!r}"
            case "other_than":
                return f"{_is_number(value, kinds, view)} and {value} != {ask.other_than!r}"
            case "over" if view.manner.is_sure:
                return f"{_is_number(value, kinds, view)} and {value} > {ask.over!r}"
            case "over":
                compare = self._constants.name("compare", compile_order(">"))
                return f"{compare}({value}, {ask.over!r}) is True"
            case "ignoring_case":
                return f"type({value}) is str and {value}.casefold() == {(ask.ignoring_case or '').casefold()!r}"
            case "in_list":
                known = frozenset(each for (each,) in self._context.tables[ask.in_list or ""].pick((), 1))
                return f"type({value}) is str and {value} in {self._constants.name('list', known)}"
            case word:
                if ask.operand is None:
                    raise NoShortcutError
                compare = self._constants.name("compare", compile_order(WORDS[word]))
                return f"some_in_order({compare}, {value}, {write_operand(ask.operand, view)})"


def _is_number(value: str, kinds: frozenset[str], view: View) -> str:
    """Write the test of whether a value is a number; a float stands for a decimal only where a parser made it."""
    if not view.manner.is_sure or "decimal" not in kinds:
        return f"type({value}) in (int, Decimal)"
    if kinds <= _NUMBERS:
        return f"{value} is not None"
    raise NoShortcutError


def _is_special(item: object) -> bool:
    return isinstance(item, Ask) or item in {"<absent>", "<present>"}
