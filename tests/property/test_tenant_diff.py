"""The differences between two documents: none with itself, mirrored in the other order, exactly what was changed."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import premigrate
from tests.openapi import document_of
from tests.rules.test_examples import RULESETS
from tests.tenant_documents import Found, Schema, differences, document, mirrored

KEYS = ["berth", "length", "mooring", "tide", "quay", "depth"]
CODES = ["tide_is_out", "berth_taken", "too_long"]


def optional(**limits: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    return st.fixed_dictionaries({}, optional=limits)


def flagged(base: Schema, **limits: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    """Return schemas of one type with some of the limits, and flags that every type may have."""
    yes = st.sampled_from([True])
    flags = {"nullable": yes, "deprecated": yes, "x-validators": validators}
    return optional(**limits, **flags).map(lambda chosen: {**base, **chosen})


validators = st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True).map(
    lambda codes: [{"name": code, "possible_errors": [code]} for code in codes]
)
values = st.one_of(
    flagged({"type": "string"}, maxLength=st.integers(5, 9), minLength=st.integers(1, 4), pattern=st.just("^[A-Z]+$")),
    flagged({"type": "integer"}, minimum=st.integers(0, 3), maximum=st.integers(7, 9)),
    flagged({"type": "number"}, minimum=st.integers(0, 3), exclusiveMaximum=st.booleans(), maximum=st.integers(7, 9)),
    st.lists(st.sampled_from("ABCD"), min_size=1, unique=True).flatmap(
        lambda choices: flagged({"type": "string", "enum": choices})
    ),
    st.sampled_from([{"type": "boolean"}, {"type": "string", "format": "date"}, {}]),
)


def objects(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    def build(properties: Schema, required: list[str]) -> Schema:
        named = [key for key in properties if key in required]
        return {"type": "object", "properties": properties, **({"required": named} if named else {})}

    properties = st.dictionaries(st.sampled_from(KEYS), inner, min_size=1, max_size=4)
    return st.builds(build, properties, st.lists(st.sampled_from(KEYS), max_size=2))


def lists(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return optional(minItems=st.integers(1, 3), maxItems=st.integers(4, 9)).flatmap(
        lambda limits: inner.map(lambda items: {"type": "array", "items": items, **limits})
    )


schemas = st.recursive(
    values, lambda inner: st.one_of(objects(inner), lists(objects(inner)), lists(values)), max_leaves=12
)
accounts = objects(schemas).map(lambda made: document(made["properties"], required=made.get("required", [])))


def account_of(made: Schema) -> Schema:
    (item,) = made["paths"].values()
    schema: Schema = item["post"]["requestBody"]["content"]["application/json"]["schema"]
    return schema


def fields_of(schema: Schema, place: str = "") -> Iterator[tuple[str, str, Schema]]:
    """Yield each field with its place and the object that has it."""
    for key, field in schema["properties"].items():
        here = f"{place}.{key}".removeprefix(".")
        yield here, key, schema
        inner, is_list = field, field.get("type") == "array"
        inner = field["items"] if is_list else field
        if "properties" in inner:
            yield from fields_of(inner, f"{here}[]" if is_list else here)


@settings(max_examples=50, deadline=None)
@given(accounts)
def test_a_document_does_not_differ_from_itself(made: Schema) -> None:
    assert not differences(made, copy.deepcopy(made))


@settings(max_examples=50, deadline=None)
@given(accounts, accounts)
def test_differences_are_mirrored_in_the_other_order(old: Schema, new: Schema) -> None:
    found, others = differences(old, new), differences(new, old)
    if any(what == "renamed" for _, what, _ in found):  # the places have the new key
        assert len(found) == len(others)
        return
    assert sorted(others) == sorted(map(mirrored, found))


def make_required(owner: Schema, key: str) -> Found | None:
    if key in owner.get("required", ()):
        return None
    owner["required"] = [*owner.get("required", ()), key]
    return "", "required", "stricter"


def make_nullable(owner: Schema, key: str) -> Found | None:
    field = owner["properties"][key]
    if field.get("nullable"):
        return None
    field["nullable"] = True
    return "", "null", "looser"


def lengthen(owner: Schema, key: str) -> Found | None:
    field = owner["properties"][key]
    if "maxLength" not in field:
        return None
    field["maxLength"] += 1
    return "", "max_length", "looser"


def add_choice(owner: Schema, key: str) -> Found | None:
    field = owner["properties"][key]
    if "enum" not in field:
        return None
    field["enum"] = ["NEW", *field["enum"]]
    return "", "choices added", "looser"


def name_validation(owner: Schema, key: str) -> Found | None:
    field = owner["properties"][key]
    field["x-validators"] = [*field.get("x-validators", ()), {"possible_errors": ["brand_new"]}]
    return "", "validation added", "stricter"


def limit_items(owner: Schema, key: str) -> Found | None:
    field = owner["properties"][key]
    if field.get("type") != "array" or "minItems" in field:
        return None
    field["minItems"] = 2
    return "", "min_items", "stricter"


def remove(owner: Schema, key: str) -> Found | None:
    if len(owner["properties"]) == 1 or key in {"import_supplier", "external_account_number"}:
        return None  # an object without fields has no type, and without these an account is none
    del owner["properties"][key]
    is_required = key in owner.get("required", ())
    if is_required:
        owner["required"] = [each for each in owner["required"] if each != key]
    return "", "removed", "looser" if is_required else "neither"


def add(owner: Schema, key: str) -> Found | None:  # noqa: ARG001 - as the others
    owner["properties"]["brand_new"] = {"type": "string"}
    return "brand_new", "added", "neither"


Mutation = Callable[[Schema, str], Found | None]
MUTATIONS: list[Mutation] = [
    make_required, make_nullable, lengthen, add_choice, name_validation, limit_items, remove, add,
]  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.data(), accounts, st.sampled_from(MUTATIONS))
def test_a_change_is_found_exactly(data: st.DataObject, old: Schema, mutate: Mutation) -> None:
    new = copy.deepcopy(old)
    place, key, owner = data.draw(st.sampled_from(list(fields_of(account_of(new)))))
    changed = mutate(owner, key)
    if changed is None:
        return
    other, what, effect = changed
    expected = (place.removesuffix(key) + other if other else place, what, effect)
    assert differences(old, new) == [expected]


@pytest.mark.parametrize("market", premigrate.markets())
def test_a_change_of_the_shipped_rules_is_found_exactly(market: str) -> None:
    old = document_of(RULESETS[market])
    assert not differences(old, json.loads(json.dumps(old)))
    new = copy.deepcopy(old)
    new["components"]["schemas"]["customer"]["properties"]["family_name"]["maxLength"] = 7
    found = differences(old, new)
    assert found
    assert {what for _, what, _ in found} == {"max_length"}
    assert all(place.endswith(".family_name") for place, _, _ in found)
