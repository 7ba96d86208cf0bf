"""The compiled tree that the engine walks: frozen, and free of anything that knows rule files."""

from premigrate.plan.answers import Answer, Answers, StatusKind
from premigrate.plan.nodes import (
    DOUBT,
    Blame,
    Check,
    FieldNode,
    LeafNode,
    ListNode,
    Node,
    ObjectNode,
    Plan,
    SelectNode,
    Told,
)
from premigrate.plan.values import MISSING, WRONG, Scope, filled
from premigrate.plan.written import Written

__all__ = [
    "DOUBT",
    "MISSING",
    "WRONG",
    "Answer",
    "Answers",
    "Blame",
    "Check",
    "FieldNode",
    "LeafNode",
    "ListNode",
    "Node",
    "ObjectNode",
    "Plan",
    "Scope",
    "SelectNode",
    "StatusKind",
    "Told",
    "Written",
    "filled",
]
