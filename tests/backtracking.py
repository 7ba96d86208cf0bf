"""Tells of a regular expression where it could take longer than in proportion to its input: a checker for tests.

It is cautious: what it finds no fault with has at each place of an input only one way to go on, or gives none up. What
it does find fault with may still be fine.
"""

import re
from collections.abc import Callable, Iterator
from re import _constants as op  # type: ignore[attr-defined] # the tree of an expression has no public door
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Letters = frozenset[str]

ALPHABET: Letters = frozenset(map(chr, range(128))) | frozenset(
    "\u00a0\u00a1\u00b2\u00e9\u0130\u0131\u017f\u0661\u0800\u2028\u212a\ud800\uffff\U00010400\U0001f600"
)
"""All of ASCII, and one or two of each other kind that expressions tell apart."""

_SINGLE = frozenset({op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY})
_WIDTHLESS = frozenset({op.ASSERT, op.ASSERT_NOT, op.AT})
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})


def faults(pattern: str, flags: int = 0) -> list[str]:
    """List what could make matching slow; the input is matched from one place only."""
    tree = _parser.parse(pattern, flags)
    return list(_Checker(tree.state.flags).sequence(list(tree), is_end=True))


class _Checker:
    def __init__(self, flags: int) -> None:
        self._flags = flags

    def sequence(self, nodes: list[Any], *, is_end: bool = False) -> Iterator[str]:
        """Look at pieces that come one after the other; ``is_end``: nothing comes after them."""
        nodes = list(self._flat(nodes))
        if is_end and nodes and self._takes_all(nodes[-1]):
            nodes = nodes[:-1]  # whatever is left, it matches: nobody comes back from there
        for index, node in enumerate(nodes):
            yield from self._inside(node, is_end=is_end and index == len(nodes) - 1)
            if self._is_open(node):
                yield from self._followed(node, nodes[index + 1 :])

    def _takes_all(self, node: Any) -> bool:
        """Whether it is ``.*`` where a dot is any character."""
        kind, argument = node
        is_any = kind is op.MAX_REPEAT and argument[:2] == (0, op.MAXREPEAT) and argument[2][0][0] is op.ANY
        return is_any and bool(self._flags & re.DOTALL)

    def _flat(self, nodes: list[Any]) -> Iterator[Any]:
        """Take groups that are there once for what is in them."""
        for kind, argument in nodes:
            if kind is op.SUBPATTERN:
                yield from self._flat(list(argument[3]))
            else:
                yield kind, argument

    def _inside(self, node: Any, *, is_end: bool) -> Iterator[str]:
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
                yield from self._repeated(body)

    def _repeated(self, body: list[Any]) -> Iterator[str]:
        """Look at the body of an open repeat: each turn of it must begin where only one turn can."""
        if len(body) == 1 and body[0][0] in _SINGLE:
            return
        choices = list(self._choices(body))
        yield from self._chosen(choices)
        if choices and len(body) == 1:
            return
        body = [each for each in body if each[0] not in _WIDTHLESS]
        first, rest = self._first(body[:1]), body[1:]
        if self._least(body[:1]) == 0:
            yield "a repeat of what may be empty"
        if body and self._is_loose(body[0]) and self._least(rest) == 0:
            yield "a row of turns could be cut in several ways"
        if first & self._letters(rest):
            yield "a turn of a repeat could begin inside a turn"

    def _choices(self, body: list[Any]) -> Iterator[list[list[Any]]]:
        """List the branches of each choice."""
        for kind, argument in body:
            if kind is op.BRANCH:
                yield [list(self._flat(list(branch))) for branch in argument[1]]

    def _chosen(self, choices: list[list[list[Any]]]) -> Iterator[str]:
        """Look at choices inside an open repeat: one letter must tell which branch it is."""
        for branches in choices:
            for index, branch in enumerate(branches):
                if any(self._first(branch) & self._first(other) or not (branch or other) for other in branches[:index]):
                    yield "branches of a repeat begin alike"
                if any(each[0] not in _SINGLE for each in branch):
                    yield "a branch of a repeat is not a row of single characters"

    def _is_loose(self, node: Any) -> bool:
        """Whether it may take more or less of the same."""
        return node[0] in {op.MAX_REPEAT, op.MIN_REPEAT} and node[1][0] != node[1][1]

    def _followed(self, node: Any, rest: list[Any]) -> Iterator[str]:
        """Look for another open repeat that could take what this one takes, before anything it can't."""
        mine = self._letters([node])
        for other in rest:
            if self._may_be_open(other) and mine & self._first([other]):
                yield "two open repeats could share what is between them"
                return
            if self._least([other]) and not mine & self._letters([other]):
                return

    def _is_open(self, node: Any) -> bool:
        return node[0] in {op.MAX_REPEAT, op.MIN_REPEAT} and node[1][1] is op.MAXREPEAT

    def _may_be_open(self, node: Any) -> bool:
        kind, argument = node
        if kind in _REPEATS:
            return argument[1] is op.MAXREPEAT or any(map(self._may_be_open, self._flat(list(argument[2]))))
        if kind is op.BRANCH:
            return any(self._may_be_open(each) for branch in argument[1] for each in self._flat(list(branch)))
        return kind is op.ATOMIC_GROUP and any(map(self._may_be_open, self._flat(list(argument))))

    def _least(self, nodes: list[Any]) -> int:
        """Count the characters that there are at least."""
        total = 0
        for kind, argument in self._flat(nodes):
            if kind in _SINGLE:
                total += 1
            elif kind in _REPEATS:
                total += int(argument[0]) * self._least(list(argument[2]))
            elif kind is op.BRANCH:
                total += min(self._least(list(branch)) for branch in argument[1])
            elif kind is op.ATOMIC_GROUP:
                total += self._least(list(argument))
        return total

    def _letters(self, nodes: list[Any]) -> Letters:
        """List the characters that can be anywhere in it."""
        found: Letters = frozenset()
        for kind, argument in self._flat(nodes):
            if kind in _SINGLE:
                found |= self._set(kind, argument)
            elif kind in _REPEATS:
                found |= self._letters(list(argument[2]))
            elif kind is op.BRANCH:
                found = found.union(*(self._letters(list(branch)) for branch in argument[1]))
            elif kind is op.ATOMIC_GROUP:
                found |= self._letters(list(argument))
            elif kind is op.GROUPREF:
                found = ALPHABET
        return found

    def _first(self, nodes: list[Any]) -> Letters:
        """List the characters that it can begin with."""
        found: Letters = frozenset()
        for node in self._flat(nodes):
            kind, argument = node
            if kind is op.BRANCH:
                found = found.union(*(self._first(list(branch)) for branch in argument[1]))
            elif kind in _REPEATS:
                found |= self._first(list(argument[2]))
            elif kind is op.ATOMIC_GROUP:
                found |= self._first(list(argument))
            else:
                found |= self._letters([node])
            if self._least([node]):
                break
        return found

    def _set(self, kind: Any, argument: Any) -> Letters:
        if kind is op.ANY:
            return ALPHABET if self._flags & re.DOTALL else ALPHABET - {"\n"}
        members = argument if kind is op.IN else [(op.LITERAL, argument)]
        is_negated = kind is op.NOT_LITERAL or (kind is op.IN and members[0][0] is op.NEGATE)
        found = frozenset(letter for letter in ALPHABET if any(self._has(member, letter) for member in members))
        return ALPHABET - found if is_negated else found

    def _has(self, member: Any, letter: str) -> bool:
        kind, argument = member
        cases = {letter, letter.lower(), letter.upper()} if self._flags & re.IGNORECASE else {letter}
        codes = [ord(case) for case in cases if len(case) == 1]
        if kind is op.LITERAL:
            return argument in codes
        if kind is op.RANGE:
            return any(argument[0] <= code <= argument[1] for code in codes)
        return kind is op.CATEGORY and self._is_of(argument, letter)

    def _is_of(self, category: Any, letter: str) -> bool:
        name = str(category).removeprefix("CATEGORY_")
        within = letter.isascii() or not self._flags & re.ASCII
        held = within and _CATEGORIES[name.removeprefix("NOT_")](letter)
        return not held if name.startswith("NOT_") else held


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda letter: letter.isalnum() or letter == "_",
}
