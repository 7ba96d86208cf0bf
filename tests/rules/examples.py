"""Builds a payload around the good or bad example of a rule, so that the example can be run."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from premigrate.compiling import compile_plan
from premigrate.plan import LeafNode, ListNode, Node, ObjectNode, Plan, SelectNode
from premigrate.rulebook import Field, Rule, Rulebook
from premigrate.running import Findings, run_plan
from tests.payloads import AS_OF, expand, good_account

_BY_TYPE: dict[str, Any] = {
    "string": "x",
    "email": "homer@example.org",
    "date": "2025-01-01",
    "datetime": "2025-01-01T00:00:00Z",
    "decimal": "0",
    "integer": 1,
    "boolean": False,
    "json": "x",
    "object": {},
}


def examples_of(rule: Rule, book: Rulebook) -> Iterator[tuple[str, str, Any]]:
    """Yield every example as: good or bad, the object or field it is of, and its value."""
    for word in ("good", "bad"):
        example = expand(getattr(rule, word))
        if example is None:
            assert rule.format
            many = list(getattr(book.schemes[rule.format.is_].form_in(book.territory), word))
        else:
            many = example["any_of"] if isinstance(example, dict) and "any_of" in example else [example]
        yield from ((word, place, each) for place in rule.places for each in many)


def plan_of(book: Rulebook) -> Plan:
    """Compile all that examples run: not the code that is written for accounts, which takes most of the time."""
    with patch("premigrate.compiling.market.Writer"):
        return compile_plan(book)


def run_example(plan: Plan, book: Rulebook, place: str, example: Any) -> Findings:
    """Run the rules of the object that an example is of: alone, or within the good account if it is the account."""
    name, _, key = place.partition(".")
    fragment = {key: example} if key else example
    if name == book.root:
        base = good_account(book.market)
        base.pop("billing_address", None)  # or examples of the flat form would be two addresses
        return run_plan(plan, _merged(book, name, base, fragment), AS_OF)
    node = next(node for node in nodes_of(plan.root) if name in _names(book, node))
    alone = Plan(node, plan.refusal, plan.advice_texts)
    return run_plan(alone, _merged(book, name, sample(book, name), fragment), AS_OF)


def nodes_of(node: Node) -> Iterator[ObjectNode]:
    """Yield all objects of a plan."""
    match node:
        case ObjectNode(fields=fields):
            yield node
            for field in fields:
                yield from nodes_of(field.node)
        case ListNode(item=item):
            yield from nodes_of(item)
        case SelectNode(variants=variants):
            for variant in variants.values():
                yield from nodes_of(variant)
        case LeafNode():
            return


def _names(book: Rulebook, node: ObjectNode) -> set[str]:
    """An object's own name, and that of the object it is the first variant of."""
    selects = {name for name, spec in book.objects.items() if node.name in list(spec.variants.values())[:1]}
    return {node.name, *selects}


def sample(book: Rulebook, name: str) -> dict[str, Any]:
    """The smallest object that no field and no format refuses."""
    chosen: dict[str, Any] = {}
    owners = [name]
    for owner, spec in book.objects.items():
        for value, variant in spec.variants.items():
            if spec.select not in chosen and name in {variant, owner}:
                chosen[str(spec.select)] = value
                owners = [owner, variant]
    required = {
        key: _sample_field(book, f"{owner}.{key}", field)
        for owner in owners
        for key, field in book.objects[owner].fields.items()
        if field.required
    }
    return {**chosen, **required, **({"country": "FR"} if "country" in required else {})}


def _sample_field(book: Rulebook, place: str, field: Field) -> Any:
    if field.list:
        return []
    if field.object:
        return sample(book, field.object)
    for rule in book.rules:
        if rule.format and place in rule.places:
            return book.schemes[rule.format.is_].form_in(book.territory).good[0]
    return field.choices[0] if field.choices else _BY_TYPE.get(field.type or "", "x")


def _merged(book: Rulebook, name: str, base: dict[str, Any], fragment: dict[str, Any]) -> dict[str, Any]:
    """Lay a fragment over an object; nested objects and items of lists are filled up to samples."""
    spec = book.objects[name]
    variants = [book.objects[variant] for variant in spec.variants.values()]
    fields = {key: field for each in (spec, *variants) for key, field in each.fields.items()}
    merged = dict(base)
    for key, value in fragment.items():
        field = fields.get(key)
        if field and field.object and isinstance(value, dict):
            merged[key] = _merged(book, field.object, sample(book, field.object), value)
        elif field and field.list and field.list in book.objects and isinstance(value, list):
            merged[key] = [_merged(book, field.list, sample(book, field.list), item) for item in value]
        else:
            merged[key] = value
    return merged
