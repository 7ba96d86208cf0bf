"""Finds what the rules declare of a place in a payload: whether it is personal, and the choices there are."""

from collections.abc import Iterator
from functools import lru_cache

from premigrate.errors import Place
from premigrate.plan import LeafNode, ListNode, Node, ObjectNode, SelectNode

_LONGEST = 64  # characters; a longer text is no misspelling, and comparing it would be slow
_MOST_KEPT = 4096


class Declared:
    """What is declared of the places of an account."""

    def __init__(self, root: ObjectNode) -> None:
        self._root = root
        self._personal: dict[Place, tuple[bool, bool]] = {}
        """What was found out before, by place without positions: of any value, and of one that is no object or list."""

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:
        """Whether a report may not show the value at a place.

        True at and below a personal field, and wherever nothing is declared: what is in a key that nobody knows,
        nobody knows. A scalar is so where an object or a list belongs, too: a whole address may be in one text.
        """
        kind = tuple([0 if isinstance(step, int) else step for step in place])
        found = self._personal.get(kind)
        if found is None:
            way = list(_follow(self._root, kind))
            is_personal = any(node is None or personal for node, personal in way)
            last = way[-1][0] if way else self._root
            found = is_personal, is_personal or not isinstance(last, LeafNode)
            if len(self._personal) < _MOST_KEPT:
                self._personal[kind] = found
        return found[is_scalar]

    def nearest_choice(self, place: Place, said: object) -> str | None:
        """Find the choice that is most like what was said; None if none is, or there is no list of them."""
        *_, (node, _) = [(self._root, False), *_follow(self._root, place)]
        if not isinstance(node, LeafNode) or not isinstance(said, str) or len(said) > _LONGEST:
            return None
        by_letters = {choice.upper(): choice for choice in node.choices}
        near = nearest(said.strip().upper(), frozenset(by_letters))
        return by_letters[near] if near else None


@lru_cache(_MOST_KEPT)
def nearest(text: str, known: frozenset[str]) -> str | None:
    """Find the known text that is most like another; None if none is."""
    from difflib import get_close_matches  # only odd payloads need it

    near = get_close_matches(text, sorted(known), 1) if len(text) <= _LONGEST else []
    return near[0] if near else None


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
