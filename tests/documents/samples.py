"""Builds valid values from what a document says: all fields filled, in lists one item of each kind."""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any, Final, TypeAlias

from tests.documents.nodes import Anything, Fields, Items, Kinds, Node, Value
from tests.documents.patterns import text_matching

Above: TypeAlias = tuple[Node, ...]
"""The objects that a value is in."""

OMITTED: Final = object()
"""Stands for the value of a field that is left out, because its object would contain itself without end."""

_SAMPLES: dict[str, Any] = {
    "date": "2020-01-31",
    "datetime": "2020-01-31T10:00:00Z",
    "time": "10:00:00",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "uri": "https://example.com/a",
    "boolean": True,
}


@singledispatch
def samples(node: Node, above: Above = ()) -> Iterator[Any]:  # noqa: ARG001 - as for the other nodes
    """Yield a valid value of each kind; usually there is only one."""
    raise TypeError(node)


@samples.register
def _of_kinds(node: Kinds, above: Above = ()) -> Iterator[Any]:
    for value, field in node.kinds.items():
        tag = value if node.is_declared else {"true": True, "false": False, "null": None}.get(value, value)
        for each in samples(field.node, above):
            yield {**each, node.tag: tag}


@samples.register
def _of_items(node: Items, above: Above = ()) -> Iterator[Any]:
    if not _contains_itself(node.item.node, above):
        values = list(samples(node.item.node, above))[: node.most]
        yield values + values[:1] * (node.least - len(values))
    elif node.least == 0:
        yield []


@samples.register
def _of_anything(node: Anything, above: Above = ()) -> Iterator[Any]:
    if node.like:
        yield from samples(node.like, above)
    elif not node.is_broken:
        yield node.sample


@samples.register
def _of_value(node: Value, above: Above = ()) -> Iterator[Any]:  # noqa: ARG001 - as for the other nodes
    yield node.choices[0] if node.choices else _single(node)


def sample(node: Node, above: Above = ()) -> Any:
    return next(samples(node, above), OMITTED)


def smallest(node: Node) -> Any:
    """Return a valid value in which only required fields are filled."""
    if isinstance(node, Kinds):
        value, field = next(iter(node.kinds.items()))
        tag = {} if node.required is False or not node.is_declared else {node.tag: value}
        return {**smallest(field.node), **tag}
    if isinstance(node, Fields):
        return {key: smallest(field.node) for key, field in node.fields.items() if field.required}
    if isinstance(node, Items):
        return [smallest(node.item.node)] * node.least
    return sample(node)


def _contains_itself(node: Node, above: Above) -> bool:
    return isinstance(node, Fields | Kinds) and bool(node.names) and any(node.names <= each.names for each in above)


@samples.register
def _of_fields(node: Fields, above: Above = ()) -> Iterator[Any]:
    value: dict[str, Any] = {"a": 1} if node.is_mapping and not node.others else {}
    for key, field in node.fields.items():
        if field.is_read_only or (not field.required and _contains_itself(field.node, (*above, node))):
            continue
        filled = sample(field.node, (*above, node))
        if filled is not OMITTED:
            value[key] = filled
    if node.others:
        value["a_key"] = sample(node.others.node, (*above, node))
    yield value


def _single(node: Value) -> Any:
    limits = node.limits
    if node.kind == "text" and limits.pattern is not None:
        return text_matching(limits.pattern, limits.min_length, limits.max_length)
    if node.kind == "text":
        length = max(limits.min_length, min(3, 3 if limits.max_length is None else limits.max_length))
        return ("abc" * length)[:length]
    if node.kind == "email":
        return "a@b.pt" if limits.min_length <= 6 else f"{'a' * limits.min_length}@b.pt"
    if node.kind == "decimal":
        return "1" if limits.digits is None or limits.digits[0] > limits.digits[1] else "0.5"
    if node.kind in {"integer", "number"}:
        between = [] if node.kind == "integer" else [((limits.least or 0) + (limits.most or 0)) / 2]
        return next(each for each in [*_near(limits.least, limits.most), *between] if is_inside(node, each))
    return _SAMPLES[node.kind]


def is_inside(node: Value, number: float) -> bool:
    low, high, (open_low, open_high) = node.limits.least, node.limits.most, node.limits.exclusive
    return (low is None or number > low or (number == low and not open_low)) and (
        high is None or number < high or (number == high and not open_high)
    )


def _near(least: float | None, most: float | None) -> list[int]:
    around = [int(bound) + step for bound in (least, most) if bound is not None for step in (-1, 0, 1)]
    return [5, 1, 0, *around]
