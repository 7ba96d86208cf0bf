"""Turns the source of a module into mutants of it: the same text with one small thing changed.

A mutant keeps the number of lines, so that what is known about a line holds for the mutant too. Left alone is what no
test could notice, and some more: annotations, docstrings, what only a type checker reads, decorators, defaults, and
what stands within an f-string.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple, cast

_COMPARED: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
_COUNTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
    ast.BitXor: ("^", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
_FOR_TYPES = {"TypeVar", "cast", "NewType", "ParamSpec"}
_DROPPED = (ast.AugAssign, ast.Delete, ast.Raise, ast.Assert, ast.Continue, ast.Break)


class Mutant(NamedTuple):
    """One change to a module: where, in bytes and lines, and what stands there before and after."""

    file: str
    line: int
    start: int
    end: int
    after: str
    function: int | None
    """The first line of the outermost function that holds it; None if it runs when the module is imported."""

    def source(self, source: bytes) -> bytes:
        """Write the module with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    def lines(self, source: bytes) -> tuple[str, str]:
        """Tell the lines that change, before and after, without what stands around them."""
        first = source.rfind(b"\n", 0, self.start) + 1
        last = source.find(b"\n", self.end)
        tail = source[self.end : last if last >= 0 else len(source)]
        changed = source[first : self.start] + self.after.encode() + tail
        return _plain(source[first : self.end] + tail), _plain(changed)


def _plain(lines: bytes) -> str:
    return "\n".join(line.strip() for line in lines.decode().splitlines() if line.strip())


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """List all mutants of a module, in the order of its text.

    Args:
        file: how the module is called in what is told.
        source: its text.

    """
    finder = _Finder(file, source)
    finder.visit(ast.parse(source))
    return sorted(mutant for mutant in set(finder.found) if _is_python(mutant.source(source)))


def _is_python(text: bytes) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Finder(ast.NodeVisitor):
    """Walks through a module and writes down the mutants."""

    def __init__(self, file: str, source: bytes) -> None:
        self.found: list[Mutant] = []
        self._file, self._source = file, source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._function: int | None = None

    def _begin(self, node: ast.AST) -> int:
        return self._starts[cast("ast.expr", node).lineno - 1] + cast("ast.expr", node).col_offset

    def _end(self, node: ast.AST) -> int:
        there = cast("ast.expr", node)
        return self._starts[(there.end_lineno or 0) - 1] + (there.end_col_offset or 0)

    def _text(self, start: int, end: int) -> str:
        return self._source[start:end].decode()

    def _change(self, node: ast.AST, after: str) -> None:
        """Put a text in the place of a node, with as many lines as there were."""
        start, end = self._begin(node), self._end(node)
        lost = self._text(start, end).count("\n") - after.count("\n")
        if lost > 0:
            after = f"({after}{chr(10) * lost})" if isinstance(node, ast.expr) else after + "\n" * lost
        line = cast("ast.expr", node).lineno
        self.found.append(Mutant(self._file, line, start, end, after, self._function))

    def _visit_all(self, nodes: list[ast.expr] | list[ast.stmt]) -> None:
        for node in nodes:
            self.visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer, self._function = self._function, self._function or _first_line(node)
        self._visit_all(node.body)
        self._function = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all(node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.body)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave it alone: where its pieces stand is not known before Python 3.12."""

    def visit_Assign(self, node: ast.Assign) -> None:
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if "__all__" in names:
            return
        if not names and not isinstance(node.targets[0], ast.Tuple):
            self._change(node, "pass")
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if not (isinstance(node.func, ast.Name) and node.func.id in _FOR_TYPES):
            self.generic_visit(node)
        else:
            self._visit_all(node.args[1:])

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        self._change(node, "pass")
        self.visit(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None:
            return
        if not isinstance(node.value, ast.Constant):
            self._change(node, "return None")
        self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self._negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._negate(test)
        self.generic_visit(node)

    def _negate(self, test: ast.expr) -> None:
        """Turn a condition round, unless one of its own mutants does."""
        is_not = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if not is_not and not isinstance(test, ast.Compare | ast.BoolOp | ast.Constant):
            self._change(test, f"(not ({self._text(self._begin(test), self._end(test))}))")

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._change(node, f"({self._text(self._begin(node.operand), self._end(node))})")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for number, op in enumerate(node.ops):
            word, others = _COMPARED[type(op)]
            for other in others:
                self._change(node, self._joined(node, operands, word, other, only=number))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        self._change(node, f"({self._joined(node, node.values, word, other)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _COUNTED:
            joined = self._joined(node, [node.left, node.right], *_COUNTED[type(node.op)])
            self._change(node, f"({joined})")
        self.generic_visit(node)

    def _joined(self, node: ast.expr, operands: list[ast.expr], word: str, other: str, only: int | None = None) -> str:
        """Write operands with another word between them, or in one place between them only."""
        made = self._text(self._begin(node), self._end(operands[0]))
        for number, (left, right) in enumerate(pairwise(operands)):
            between = self._text(self._end(left), self._begin(right))
            made += between.replace(word, other, 1) if only in {None, number} else between
            made += self._text(self._begin(right), self._end(right))
        return made + self._text(self._end(operands[-1]), self._end(node))

    def visit_Constant(self, node: ast.Constant) -> None:
        for other in _others(node.value):
            self._change(node, repr(other))

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _DROPPED):
            self._change(node, "pass")
        super().generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if type(node.op) in _COUNTED:
            word, other = _COUNTED[type(node.op)]
            between = self._text(self._end(node.target), self._begin(node.value)).replace(f"{word}=", f"{other}=")
            target, value = (self._text(self._begin(each), self._end(each)) for each in (node.target, node.value))
            self._change(node, target + between + value + self._text(self._end(node.value), self._end(node)))
        self.generic_visit(node)


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _others(value: object) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case str():
            yield value + "X"
        case bytes():
            yield value + b"X"
