"""Finds the parts of a regular expression that could make matching slower than linear: a static checker for tests.

The checker is conservative. An expression without faults has only one way to continue at each position of its input, or
never backtracks. An expression with faults may still be fast.
"""

import re
from collections.abc import Callable, Iterator
from re import _constants as op  # the parse tree of an expression has no public API
from re import _parser
from typing import Any

Characters = frozenset[str]

ALPHABET: Characters = frozenset(map(chr, range(128))) | frozenset(
    "\u00a0\u00a1\u00b2\u00e9\u0130\u0131\u017f\u0661\u0800\u2028\u212a\ud800\uffff\U00010400\U0001f600"
)
"""All of ASCII, and one or two of each other kind of character that expressions distinguish."""

_SINGLE = frozenset({op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY})
_WIDTHLESS = frozenset({op.ASSERT, op.ASSERT_NOT, op.AT})
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})


def faults(pattern: str, flags: int = 0) -> list[str]:
    """List what could make matching slow, for a match at one position of the input."""
    tree = _parser.parse(pattern, flags)
    return list(_Checker(tree.state.flags).sequence(list(tree), is_end=True))


class _Checker:
    def __init__(self, flags: int) -> None:
        self._flags = flags

    def sequence(self, nodes: list[Any], *, is_end: bool = False) -> Iterator[str]:
        """Check consecutive nodes; ``is_end`` means that nothing follows them."""
        nodes = list(self._flat(nodes))
        if is_end and nodes and self._matches_all(nodes[-1]):
            nodes = nodes[:-1]  # it matches whatever is left, so it never backtracks
        for index, node in enumerate(nodes):
            yield from self._nested(node, is_end=is_end and index == len(nodes) - 1)
            if self._is_unbounded(node):
                yield from self._later_repeats(node, nodes[index + 1 :])

    def _matches_all(self, node: Any) -> bool:
        """Return whether the node is ``.*`` and the dot matches any character."""
        kind, argument = node
        is_any = kind is op.MAX_REPEAT and argument[:2] == (0, op.MAXREPEAT) and argument[2][0][0] is op.ANY
        return is_any and bool(self._flags & re.DOTALL)

    def _flat(self, nodes: list[Any]) -> Iterator[Any]:
        """Replace groups by their contents."""
        for kind, argument in nodes:
            if kind is op.SUBPATTERN:
                yield from self._flat(list(argument[3]))
            else:
                yield kind, argument

    def _nested(self, node: Any, *, is_end: bool) -> Iterator[str]:
        kind, argument = node
        if kind is op.BRANCH:
            for branch in argument[1]:
                yield from self.sequence(list(branch), is_end=is_end)
        elif kind in {op.ASSERT, op.ASSERT_NOT}:
            yield from self.sequence(list(argument[1]))
        elif kind is op.ATOMIC_GROUP:
            yield from self.sequence(list(argument))
        elif kind in _REPEATS:
            body = list(self._flat(list(argument[2])))
            yield from self.sequence(body)
            if argument[1] is op.MAXREPEAT and kind is not op.POSSESSIVE_REPEAT:
                yield from self._repeat_body(body)

    def _repeat_body(self, body: list[Any]) -> Iterator[str]:
        """Check the body of an unbounded repeat: the start of each iteration must be unambiguous."""
        if len(body) == 1 and body[0][0] in _SINGLE:
            return
        choices = list(self._branches(body))
        yield from self._alternations(choices)
        if choices and len(body) == 1:
            return
        body = [each for each in body if each[0] not in _WIDTHLESS]
        first, rest = self._first_characters(body[:1]), body[1:]
        if self._min_length(body[:1]) == 0:
            yield "the body of a repeat may be empty"
        if body and self._has_variable_length(body[0]) and self._min_length(rest) == 0:
            yield "iterations of a repeat could be split in several ways"
        if first & self._characters(rest):
            yield "an iteration of a repeat could begin inside another"

    def _branches(self, body: list[Any]) -> Iterator[list[list[Any]]]:
        """Yield the branches of each alternation."""
        for kind, argument in body:
            if kind is op.BRANCH:
                yield [list(self._flat(list(branch))) for branch in argument[1]]

    def _alternations(self, choices: list[list[list[Any]]]) -> Iterator[str]:
        """Check alternations inside an unbounded repeat: one character must determine the branch."""
        for branches in choices:
            for index, branch in enumerate(branches):
                if any(
                    self._first_characters(branch) & self._first_characters(other) or not (branch or other)
                    for other in branches[:index]
                ):
                    yield "branches of a repeat begin with the same characters"
                if any(each[0] not in _SINGLE for each in branch):
                    yield "a branch of a repeat is not a sequence of single characters"

    def _has_variable_length(self, node: Any) -> bool:
        """Return whether the node is a repeat of variable length."""
        return node[0] in {op.MAX_REPEAT, op.MIN_REPEAT} and node[1][0] != node[1][1]

    def _later_repeats(self, node: Any, rest: list[Any]) -> Iterator[str]:
        """Find a later unbounded repeat that could match the same characters, with nothing else between."""
        characters = self._characters([node])
        for other in rest:
            if self._may_be_unbounded(other) and characters & self._first_characters([other]):
                yield "two unbounded repeats could match the same characters"
                return
            if self._min_length([other]) and not characters & self._characters([other]):
                return

    def _is_unbounded(self, node: Any) -> bool:
        return node[0] in {op.MAX_REPEAT, op.MIN_REPEAT} and node[1][1] is op.MAXREPEAT

    def _may_be_unbounded(self, node: Any) -> bool:
        kind, argument = node
        if kind in _REPEATS:
            return argument[1] is op.MAXREPEAT or any(map(self._may_be_unbounded, self._flat(list(argument[2]))))
        if kind is op.BRANCH:
            return any(self._may_be_unbounded(each) for branch in argument[1] for each in self._flat(list(branch)))
        return kind is op.ATOMIC_GROUP and any(map(self._may_be_unbounded, self._flat(list(argument))))

    def _min_length(self, nodes: list[Any]) -> int:
        """Return the minimum length of a match."""
        total = 0
        for kind, argument in self._flat(nodes):
            if kind in _SINGLE:
                total += 1
            elif kind in _REPEATS:
                total += int(argument[0]) * self._min_length(list(argument[2]))
            elif kind is op.BRANCH:
                total += min(self._min_length(list(branch)) for branch in argument[1])
            elif kind is op.ATOMIC_GROUP:
                total += self._min_length(list(argument))
        return total

    def _characters(self, nodes: list[Any]) -> Characters:
        """Return the characters that a match can contain."""
        found: Characters = frozenset()
        for kind, argument in self._flat(nodes):
            if kind in _SINGLE:
                found |= self._character_set(kind, argument)
            elif kind in _REPEATS:
                found |= self._characters(list(argument[2]))
            elif kind is op.BRANCH:
                found = found.union(*(self._characters(list(branch)) for branch in argument[1]))
            elif kind is op.ATOMIC_GROUP:
                found |= self._characters(list(argument))
            elif kind is op.GROUPREF:
                found = ALPHABET
        return found

    def _first_characters(self, nodes: list[Any]) -> Characters:
        """Return the characters that a match can begin with."""
        found: Characters = frozenset()
        for node in self._flat(nodes):
            kind, argument = node
            if kind is op.BRANCH:
                found = found.union(*(self._first_characters(list(branch)) for branch in argument[1]))
            elif kind in _REPEATS:
                found |= self._first_characters(list(argument[2]))
            elif kind is op.ATOMIC_GROUP:
                found |= self._first_characters(list(argument))
            else:
                found |= self._characters([node])
            if self._min_length([node]):
                break
        return found

    def _character_set(self, kind: Any, argument: Any) -> Characters:
        if kind is op.ANY:
            return ALPHABET if self._flags & re.DOTALL else ALPHABET - {"\n"}
        members = argument if kind is op.IN else [(op.LITERAL, argument)]
        is_negated = kind is op.NOT_LITERAL or (kind is op.IN and members[0][0] is op.NEGATE)
        found = frozenset(letter for letter in ALPHABET if any(self._matches(member, letter) for member in members))
        return ALPHABET - found if is_negated else found

    def _matches(self, member: Any, letter: str) -> bool:
        kind, argument = member
        cases = {letter, letter.lower(), letter.upper()} if self._flags & re.IGNORECASE else {letter}
        codes = [ord(case) for case in cases if len(case) == 1]
        if kind is op.LITERAL:
            return argument in codes
        if kind is op.RANGE:
            return any(argument[0] <= code <= argument[1] for code in codes)
        return kind is op.CATEGORY and self._is_in_category(argument, letter)

    def _is_in_category(self, category: Any, letter: str) -> bool:
        name = str(category).removeprefix("CATEGORY_")
        is_known = letter.isascii() or not self._flags & re.ASCII
        is_member = is_known and _CATEGORIES[name.removeprefix("NOT_")](letter)
        return not is_member if name.startswith("NOT_") else is_member


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda letter: letter.isalnum() or letter == "_",
}
