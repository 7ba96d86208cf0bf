"""Changes a valid payload at each place that a document declares, and says which errors this must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.documents.framework import Error, NotSaid, Place, errors, tag_text
from tests.documents.nodes import Anything, Fields, Items, Kinds, Node, Value
from tests.documents.patterns import text_not_matching
from tests.documents.samples import samples

_OTHER: dict[str, list[Any]] = {
    "email": ["x", "a@b", "a b@c.pt"],
    "uuid": ["x"],
    "uri": ["x"],
    "time": ["x", "25:00:00"],
    "date": ["x", "", "2020-02-30", "2020-01-31T10:00:00Z", "31/01/2020"],
    "datetime": ["x", "", "2020-02-30T00:00:00Z", "2020-01-31", "31/01/2020 10:00"],
    "boolean": ["maybe", 2, "true", False],
    "decimal": ["x", "1.5.", " "],
    "number": ["x", ""],
    "integer": ["x", "", 1.5],
}
_NO_TEXT: list[Any] = [[], {}, True, ["x"]]
_LONGEST = 3000
"""Longer texts and lists are not tried."""


class Mutation(NamedTuple):
    """A changed payload, what was done, and the errors that it must have.

    ``at`` has the pointers of the changed field, ``above`` those of the objects and lists that it is in.
    """

    payload: Any
    what: str
    errors: frozenset[Error]
    at: tuple[str, ...]
    above: tuple[str, ...]


class _Spot(NamedTuple):
    """A place of a payload: ``put`` returns the payload with another value there."""

    place: Place
    put: Callable[[Any], Any]
    above: tuple[str, ...] = ()

    def below(self, node: Node, value: Any, step: str | int) -> _Spot:
        def put(new: Any) -> Any:
            changed: Any = {**value} if isinstance(value, dict) else [*value]
            changed[step] = new
            return self.put(changed)

        return _Spot((*self.place, step), put, (*self.above, *node.pointers))


def mutations(account: Node, payload: Any) -> Iterator[Mutation]:
    """Yield the mutations of all fields that are reachable in the payload, and in further kinds of its objects."""
    yield from _mutations(account, payload, _Spot((), lambda value: value))


def _mutations(node: Node, value: Any, spot: _Spot, *, one_kind: bool = False) -> Iterator[Mutation]:
    """Yield the mutations of a value; with ``one_kind``, not those of other kinds, which other items of a list have."""
    if spot.place:
        for what, new in _changed(node, value):
            yield from _mutation(node, new, what, spot)
    if isinstance(node, Kinds):
        yield from _of_kinds(node, [value] if one_kind else list(samples(node)), spot)
    elif isinstance(node, Fields) and isinstance(value, dict):
        yield from _of_fields(node, value, spot)
    elif isinstance(node, Items) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mutations(node.item.node, item, spot.below(node, value, index), one_kind=True)


def _mutation(node: Node, new: Any, what: str, spot: _Spot, at: tuple[str, ...] | None = None) -> Iterator[Mutation]:
    try:
        expected = frozenset(errors(node, new, spot.place))
    except NotSaid:
        return
    yield Mutation(spot.put(new), what, expected, node.pointers if at is None else at, spot.above)


def _of_kinds(
    node: Kinds, options: list[dict[str, Any]], spot: _Spot, tags: tuple[str, ...] = ()
) -> Iterator[Mutation]:
    """Yield the mutations of some kinds of an object; ``tags`` are those that selected this node from others."""
    for option in options:
        kind = node.kinds[tag_text(option.get(node.tag), node)].node
        yield from _tag_mutations(node, kind, option, spot)
        below = spot._replace(above=(*spot.above, *node.pointers))
        if isinstance(kind, Kinds):
            yield from _of_kinds(kind, [option], below, (*tags, node.tag))
        else:
            yield from _of_fields(kind, option, below, without=(*tags, node.tag))


def _tag_mutations(node: Kinds, kind: Node, option: dict[str, Any], spot: _Spot) -> Iterator[Mutation]:
    tag = kind.fields.get(node.tag) if isinstance(kind, Fields) else None
    at = (*node.pointers, *(tag.node.pointers if tag else ()))
    others = {key: value for key, value in option.items() if key != node.tag}
    yield from _mutation(node, others, f"no {node.tag}", spot, at)
    values: list[Any] = ["no such kind", "", None, [], {}, *node.kinds]
    for new in values:
        yield from _mutation(node, {**others, node.tag: new}, f"{node.tag} = {new!r}", spot, at)


def _of_fields(node: Node, value: dict[str, Any], spot: _Spot, without: tuple[str, ...] = ()) -> Iterator[Mutation]:
    """Yield the mutations of the fields of an object, but not those of its tags."""
    if not isinstance(node, Fields):
        return
    for key, field in node.fields.items():
        if field.is_read_only:
            below = spot.below(node, value, key)
            yield Mutation(below.put([{}]), "a value that is ignored", frozenset(), (), below.above)
        elif key not in without:
            yield from _of_field(node, value, key, spot)
    if node.others:
        for key in value.keys() - node.fields.keys():
            yield from _mutations(node.others.node, value[key], spot.below(node, value, key))
    elif not node.is_mapping:
        yield from _mutation(node, {**value, "a key that nobody declares": [1]}, "an unknown key", spot)


def _of_field(node: Fields, value: dict[str, Any], key: str, spot: _Spot) -> Iterator[Mutation]:
    field = node.fields[key]
    if key in value:
        others = {name: each for name, each in value.items() if name != key}
        yield from _mutation(node, others, f"no {key}", spot, field.node.pointers)
    yield from _mutations(field.node, value.get(key), spot.below(node, value, key))


def _changed(node: Node, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield other values of a node, right and wrong, each with its name."""
    yield "null", None
    if isinstance(node, Anything):
        return
    if isinstance(node, Kinds | Fields):
        yield from _named("no object", ["x", [], 5, True])
    elif isinstance(node, Items):
        yield from _named("no list", ["x", {}, 5])
        if not value or not isinstance(value, list):
            return
        yield "fewest items", value[:1] * node.least
        yield "too few items", value[:1] * max(node.least - 1, 0)
        if node.most is not None and node.most < _LONGEST:
            yield "most items", value[:1] * node.most
            yield "too many items", value[:1] * (node.most + 1)
    elif isinstance(node, Value):
        yield from _named("another type", _NO_TEXT)
        yield from _values(node)


def _named(name: str, values: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{name}: {str(value)[:50]!r}", value) for value in values)


def _values(node: Value) -> Iterator[tuple[str, Any]]:
    limits = node.limits
    if node.choices:
        texts = [str(each) for each in node.choices]
        yield from _named(
            "choice", [*node.choices[:3], node.choices[-1], "no such choice", "", texts[0].swapcase(), 77]
        )
    elif node.kind in {"text", "email"}:
        yield from _named("text", _texts(node))
    elif node.kind in {"integer", "number"}:
        bounds = [bound for bound in (limits.least, limits.most) if bound is not None]
        yield from _named("bound", [bound + step for bound in bounds for step in (-1, 0, 1)])
    elif node.kind == "decimal" and limits.digits:
        total, places = limits.digits
        whole = total - places
        yield from _named("digits", _digits(whole, places))
    yield from _named("text", [] if node.choices else _OTHER.get(node.kind, []))


def _texts(node: Value) -> list[Any]:
    limits, tail = node.limits, "@b.pt" if node.kind == "email" else ""
    lengths = {limits.min_length - 1, limits.min_length} if limits.min_length else set()
    if limits.max_length is not None:
        lengths |= {limits.max_length, limits.max_length + 1}
    texts = [("a" * (length - len(tail)) + tail)[-length:] for length in sorted(lengths) if 0 < length <= _LONGEST]
    if limits.min_length:
        texts.append("")
    if limits.pattern is not None:
        other = text_not_matching(limits.pattern, limits.min_length, limits.max_length)
        texts += [other] if other is not None else []
    return [*texts, *([7, 1.5] if not tail else [])]


def _digits(whole: int, places: int) -> list[str]:
    fraction = "." + "9" * places if places else ""
    return [
        "9" * whole + fraction or "0",
        "-" + "9" * whole + fraction if whole else "0",
        "9" * (whole + 1),
        "9" * (whole + 1) + fraction,
        "0." + "1" * (places + 1),
        "9" * (whole + places + 1),
        "1." + "0" * (places + 1),
    ]
