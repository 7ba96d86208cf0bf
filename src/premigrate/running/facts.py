"""What is certain of the variables of a function, and of expressions by their form."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple, TypeGuard


class Facts(NamedTuple):
    """What is certain of the variables of a function, by their names.

    ``known`` are constants, ``there`` those that are not None, ``filled`` those that are true as well; ``types`` says
    the types of some, as long as they are not set anew. ``unheard`` are keys that no object has, this one or another.
    ``told`` are variables that never hold what stands for a missing key; ``is_something``: the object has a key.
    ``anywhere`` are functions that don't ask where their object stands, ``idle`` those that do nothing. ``keys`` are
    all that the raw object has, where that is known.
    """

    known: Mapping[str, object]
    there: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    types: Mapping[str, str] = {}
    unheard: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    is_something: bool = False
    anywhere: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    keys: frozenset[object] | None = None


def sets(node: ast.expr) -> bool:
    """Whether a variable is set within an expression, which later ones may ask for."""
    return any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node))


def gives_up(node: ast.If) -> bool:
    """Whether nothing is done in a branch but to give up."""
    return isinstance(node.body[0], ast.Raise) and not node.orelse


def is_absence(node: ast.expr) -> bool:
    """Whether an expression stands for what is not there."""
    match node:
        case ast.Constant(value=None) | ast.Name(id="UNSET" | "WRONG"):
            return True
        case _:
            return False


def is_constant(node: ast.expr) -> TypeGuard[ast.Constant]:
    """Whether an expression is a constant."""
    return isinstance(node, ast.Constant)


def is_safe(node: ast.expr) -> bool:
    """Whether an expression surely raises nothing and does nothing."""
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute(value=inner) | ast.UnaryOp(op=ast.Not(), operand=inner):
            return is_safe(inner)
        case ast.BoolOp(values=values):
            return all(map(is_safe, values))
        case ast.Compare(left=left, ops=ops, comparators=others):
            is_tame = all(isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq) for op in ops)
            return is_tame and all(map(is_safe, (left, *others)))
        case _:
            return False
