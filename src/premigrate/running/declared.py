"""Finds what the rules declare of a place in a payload: whether it is personal, and the choices there are."""

from collections.abc import Iterator

from premigrate.errors import Place
from premigrate.plan import LeafNode, ListNode, Node, ObjectNode, SelectNode

_LONGEST = 64  # characters; a longer text is no misspelling, and comparing it would be slow


def is_personal(root: ObjectNode, place: Place) -> bool:
    """Whether a report may not show the value at a place.

    True at and below a personal field, and wherever nothing is declared: what is in a key that nobody knows, nobody
    knows.
    """
    return any(node is None or personal for node, personal in _follow(root, place))


def nearest_choice(root: ObjectNode, place: Place, said: object) -> str | None:
    """Find the choice that is most like what was said; None if none is, or there is no list of them."""
    *_, (node, _) = [(root, False), *_follow(root, place)]
    if not isinstance(node, LeafNode) or not isinstance(said, str) or len(said) > _LONGEST:
        return None
    from difflib import get_close_matches

    by_letters = {choice.upper(): choice for choice in node.choices}
    near = get_close_matches(said.strip().upper(), by_letters, 1)
    return by_letters[near[0]] if near else None


def _follow(root: ObjectNode, place: Place) -> Iterator[tuple[Node | None, bool]]:
    """Yield the node at each step (None where nothing is declared) and whether a field says that it is personal."""
    node: Node = root
    for step in place:
        if isinstance(node, ListNode) and isinstance(step, int):
            node = node.item
            yield node, False
            continue
        fields = [field for each in _objects(node) for field in each.fields if field.name == step]
        if not fields:
            yield None, False
            return
        node = fields[0].node
        yield node, any(field.personal for field in fields)


def _objects(node: Node) -> tuple[ObjectNode, ...]:
    """List the objects that may stand at a node."""
    match node:
        case ObjectNode():
            return (node,)
        case SelectNode(variants=variants):
            return tuple(variants.values())
        case _:
            return ()
