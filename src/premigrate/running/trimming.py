"""Turns the source of a function into one for objects with certain keys: what would find nothing there is left out.

Nothing else changes. An expression is only left out where it is certain what it says and that it raises nothing.
"""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from premigrate.running.facts import Facts, gives_up, is_absence, is_constant, is_safe, sets
from premigrate.running.words import listed

_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.In: lambda value, among: value in among,
    ast.NotIn: lambda value, among: value not in among,
}
_SETS = re.compile(r"\b(f_\w+) = ")
_NOTHING: Any = ()
_OF_NOTHING = frozenset({"filled", "filled_parts", "items_below", "parts"})
"""Words that find nothing in nothing."""
_OF_CONSTANTS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("alike", "distinct"), lambda value: value == _NOTHING or None),
    "bool": bool,
    "len": lambda value: None if value is None else len(value),
    "listed": listed,
}
"""Words that can be worked out; None where they can't."""


def trim(source: str, facts: Facts) -> ast.Module:
    """Leave out what is certain; ``source`` is that of one function."""
    module = ast.parse(source)
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - that is what is written
    types = facts.types
    _Trimmer(facts._replace(types={}), None).visit(function)  # which leaves so little that the rest is cheap
    while True:
        stored = _count(function, ast.Store)
        facts = facts._replace(types={name: said for name, said in types.items() if stored[name] == 1})
        _Trimmer(facts, _count(function, ast.Load)).visit(function)
        more = {name: value for name, value in _constants(function).items() if name not in facts.known}
        if not more:
            break
        facts = facts._replace(known={**facts.known, **more})
    function.body = function.body or [ast.Pass()]
    return ast.fix_missing_locations(module)


def _count(function: ast.AST, kind: type[ast.expr_context]) -> Counter[str]:
    return Counter(node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, kind))


def _constants(function: ast.AST) -> dict[str, object]:
    """Find the variables that are never anything else than one constant."""
    stored = _count(function, ast.Store)
    found: dict[str, list[object]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and is_constant(node.value):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value.value)
    return {
        name: values[0]
        for name, values in found.items()
        if stored[name] == len(values) and all(value is values[0] for value in values)
    }


class _Trimmer(ast.NodeTransformer):
    """Puts what variables are known to be in their place, and leaves out what then says nothing."""

    def __init__(self, facts: Facts, loaded: Mapping[str, int] | None) -> None:
        self._facts, self._loaded = facts, loaded

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put in what a variable is known to be."""
        is_known = isinstance(node.ctx, ast.Load) and node.id in self._facts.known
        return ast.Constant(self._facts.known[node.id]) if is_known else node  # type: ignore[arg-type]

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        """Take nothing for the constant that it is."""
        self.generic_visit(node)
        return node if node.elts else ast.Constant(_NOTHING)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Leave out what no item has."""
        is_unheard = isinstance(node.value, ast.Name) and node.value.id == "item" and node.attr in self._facts.unheard
        return ast.Constant(None) if is_unheard else node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        """Leave out variables that are known, or that nobody asks for."""
        node.value = self.visit(node.value)
        node.targets = [target for target in node.targets if not self._is_idle(target)] or [node.targets[0]]
        return None if self._is_idle(node.targets[0]) and is_safe(node.value) else node

    def _is_idle(self, target: ast.expr) -> bool:
        if not isinstance(target, ast.Name):
            return False
        return target.id in self._facts.known or (self._loaded is not None and target.id not in self._loaded)

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt] | None:
        """Leave out branches that are never taken, and those where nothing is left to do."""
        match node.test:
            case ast.Compare(left=ast.Name(id=name), comparators=[ast.Name(id="UNSET")]):  # else it may be null
                return None if name in self._facts.known else node.orelse if name in self._facts.told else node
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Is()], comparators=[ast.Constant(value=None)]) if (
                gives_up(node)
            ):
                return None if name in self._facts.types else node  # else this is what makes sure of it
            case ast.Compare(left=ast.Name(id="it"), ops=[ast.Eq()]) if self._facts.is_something:
                return None  # which compares the object with an empty one
        node.test = self._truth(self.visit(node.test))
        if is_constant(node.test):
            return self._all(node.body if node.test.value else node.orelse)
        node.body, node.orelse = self._all(node.body), self._all(node.orelse)
        return self._left_to_do(node)

    def _left_to_do(self, node: ast.If) -> ast.stmt | None:
        if node.body or node.orelse:
            node.body = node.body or [ast.Pass()]
            return node
        return None if is_safe(node.test) else ast.Expr(node.test)

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | None:
        """Leave out calls of what does nothing."""
        match node.value:
            case ast.Call(func=ast.Name(id=name), args=[value, *_]) if name in self._facts.idle and is_safe(value):
                return None
        self.generic_visit(node)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        """Leave out names that nobody asks for."""
        node.value = self.visit(node.value)
        return node.value if self._is_idle(node.target) else node

    def visit_For(self, node: ast.For) -> ast.stmt | list[ast.stmt]:
        """Leave out a loop over nothing, and one that does nothing."""
        node.iter = self.visit(node.iter)
        node.orelse = self._all(node.orelse)
        if is_constant(node.iter) and not node.iter.value:
            return node.orelse
        node.body = self._all(node.body)
        if not node.body:
            return node.orelse
        match node:
            case ast.For(target=ast.Tuple(elts=[ast.Name(id=index), each]), iter=ast.Call(args=[items])) if not any(
                isinstance(inner, ast.Name) and inner.id == index for line in node.body for inner in ast.walk(line)
            ):
                node.target, node.iter = each, items  # nobody asks for the position
        return node

    def visit_Try(self, node: ast.Try) -> ast.stmt | None:
        """Leave out what can raise nothing, for it does nothing."""
        self.generic_visit(node)
        return node if node.body else None

    def _all(self, body: list[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for statement in body:
            new = self.visit(statement)
            found += new if isinstance(new, list) else [new] if new else []
        return found

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Leave out parts that decide nothing, and those behind one that decides."""
        return self._join(node.op, map(self.visit, node.values))

    def _join(self, op: ast.boolop, values: Iterable[ast.expr]) -> ast.expr:
        decides = isinstance(op, ast.Or)
        kept: list[ast.expr] = []
        for value in values:  # not one more than is needed
            certain = self._certain(value)
            if certain is None or certain is decides or sets(value):
                kept.append(value)
            if certain is decides:
                break
        else:
            kept = kept if value in kept else [*kept, value]
        if decides and len(kept) == 2 and self._is_list(kept[0]) and is_constant(kept[1]) and kept[1].value == _NOTHING:
            del kept[1]  # an empty list is nothing as well
        return kept[0] if len(kept) == 1 else ast.BoolOp(op, kept)

    def _is_list(self, value: ast.expr) -> bool:
        return isinstance(value, ast.Name) and self._facts.types.get(value.id) == "list"

    def _certain(self, value: ast.expr) -> bool | None:
        """Tell whether a value is true; None if that is not certain."""
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not):
            certain = self._certain(value.operand)
            return None if certain is None else not certain
        truth = self._truth(value.value if isinstance(value, ast.NamedExpr) else value)
        return bool(truth.value) if is_constant(truth) else None

    def _truth(self, test: ast.expr) -> ast.expr:
        """Simplify what is only asked for its truth."""
        if isinstance(test, ast.Name) and test.id in self._facts.filled:
            return ast.Constant(value=True)
        if not isinstance(test, ast.BoolOp):
            return test
        test = self._join(test.op, map(self._truth, test.values))
        if isinstance(test, ast.BoolOp) and is_constant(test.values[-1]):
            *before, last = test.values
            if bool(last.value) is isinstance(test.op, ast.And):  # type: ignore[attr-defined] # it decides nothing
                return before[0] if len(before) == 1 else ast.BoolOp(test.op, before)
            if all(map(is_safe, before)):
                return last
        return test

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Work out what is not."""
        value = self.visit(node.operand)
        if not isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, value)
        certain = None if sets(value) else self._certain(value)
        return ast.UnaryOp(node.op, self._truth(value)) if certain is None else ast.Constant(not certain)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Choose, where it is known which."""
        test, then, other = self._truth(self.visit(node.test)), self.visit(node.body), self.visit(node.orelse)
        if is_constant(test):
            return then if test.value else other  # type: ignore[no-any-return]
        return ast.IfExp(test, then, other)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Compare what is known."""
        node.left, node.comparators = self.visit(node.left), [self.visit(other) for other in node.comparators]
        match node:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot() as op], comparators=[other]):
                if name in self._facts.there and is_absence(other):
                    return ast.Constant(isinstance(op, ast.IsNot))
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)]),
                ops=[ast.Is() | ast.IsNot() as op],
                comparators=[ast.Name(id=said)],
            ) if name in self._facts.types:
                return ast.Constant((self._facts.types[name] == said) is isinstance(op, ast.Is))
            case ast.Compare(left=ast.Constant(value=key), ops=[ast.In()], comparators=[ast.Name(id="raw")]):
                if self._facts.keys is not None:
                    return ast.Constant(key in self._facts.keys)
            case ast.Compare(left=ast.Constant(value=left), ops=[op], comparators=[other]) if type(op) in _COMPARE:
                try:
                    return ast.Constant(_COMPARE[type(op)](left, ast.literal_eval(other)))
                except (ValueError, TypeError):
                    pass  # not known after all
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Work out what words say of what is known."""
        node.args = [self.visit(value) for value in node.args]
        match node:
            case ast.Call(func=ast.Name(id=name), args=[value, _, run]) if name in self._facts.anywhere:
                node.args = [value, ast.Constant(None), run]
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=()), *_]) if name in _OF_NOTHING:
                return ast.Constant(_NOTHING)
            case ast.Call(func=ast.Name(id="part"), args=[ast.Constant(value=None), _]):
                return ast.Constant(None)
            case ast.Call(func=ast.Name(id=name), args=[of, ast.Constant(value=key)]) if key in self._facts.unheard:
                if is_safe(of) and (name in _OF_NOTHING or name == "part"):
                    return ast.Constant(None if name == "part" else _NOTHING)
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=value)]) if name in _OF_CONSTANTS:
                said = _OF_CONSTANTS[name](value)
                return node if said is None else ast.Constant(said)
        return node
