"""The OpenAPI document of the mock server is valid, and has the form that generators of clients need."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from premigrate.describe.openapi_components import render_components
from premigrate.mock_server.app import create_app
from premigrate.mock_server.operations import OPERATIONS
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from premigrate.testing import run_mock_server
from tests.conftest import tenant_of
from tests.payloads import AS_OF, good_account, put
from tests.unit.describe.test_json_schema import book_of, properties_in

PREFIX = "#/components/schemas/"
COMPOSING = {"anyOf", "oneOf", "allOf"}


@cache
def text_of(market: str) -> str:
    with run_mock_server(market=market, as_of=AS_OF, token="secret") as running:  # noqa: S106 - of this test
        return httpx.get(f"{running.url}/_premigrate/openapi.json", timeout=60).text


@pytest.fixture
def document(market: str) -> Any:
    return json.loads(text_of(market))


def schemas_in(schema: Any) -> Iterator[Any]:
    """Yield a schema and every schema in it."""
    yield schema
    inner = [each for key in COMPOSING for each in schema.get(key, ())]
    inner += schema.get("properties", {}).values()
    inner += [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    for each in inner:
        yield from schemas_in(each)


def test_document_is_valid(document: Any) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_document_is_yaml(market: str, document: Any) -> None:
    assert yaml.safe_load(text_of(market)) == document
    assert yaml.safe_load(yaml.safe_dump(document, allow_unicode=True)) == document


def test_names_of_components_become_different_classes(document: Any) -> None:
    names = list(document["components"]["schemas"])
    assert [name for name in names if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name)] == []
    classes = [name.replace("_", "").lower() for name in names]
    assert len(set(classes)) == len(classes)


def test_schemas_have_types(document: Any) -> None:
    schemas = [inner for each in document["components"]["schemas"].values() for inner in schemas_in(each)]
    assert len(schemas) > 500
    for schema in schemas:
        assert not schema.keys() & {"if", "then", "else", "not"}, "generators ignore these"
        assert schema.keys() & {"type", "$ref", *COMPOSING} or schema.keys() <= {"description", "deprecated"}
        types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
        assert "array" not in types or "items" in schema
        assert len(set(types) - {"null"}) <= 1, "generators make a class for each use of two types"
        assert "object" not in types or schema.keys() & {"properties", "additionalProperties"}


def test_free_json_is_an_empty_schema(document: Any) -> None:
    value = document["components"]["schemas"]["metadata"]["properties"]["value"]
    assert value.keys() == {"description"}


def test_fields_are_described(document: Any) -> None:
    payload = {name: each for name, each in document["components"]["schemas"].items() if name.islower()}
    properties = [*properties_in(payload)]
    assert len(properties) > 400
    assert [name for name, each in properties if not each.get("description", "").endswith(".")] == []


def test_kinds_of_an_object_have_a_discriminator(document: Any) -> None:
    schemas = document["components"]["schemas"]
    selecting = {name: each for name, each in schemas.items() if "oneOf" in each}
    assert {"transaction", "payment_preference"} <= set(selecting)
    for each in selecting.values():
        key, mapping = each["discriminator"]["propertyName"], each["discriminator"]["mapping"]
        assert {kind["$ref"] for kind in each["oneOf"]} == set(mapping.values())
        for value, target in mapping.items():
            kind = schemas[target.removeprefix(PREFIX)]
            assert key in kind["required"]
            assert kind["properties"][key]["enum"] == [value]


def test_optional_key_of_kinds_is_no_discriminator() -> None:
    shape = {"select": "kind", "variants": {"A": "a"}, "select_required": False}
    objects: dict[str, dict[str, Any]] = {"account": {"fields": {"it": {"object": "shape"}}}, "shape": shape, "a": {}}
    schema = render_components(book_of(objects)).schemas["shape"]
    assert len(schema["oneOf"]) == 2
    assert "discriminator" not in schema


def test_examples_are_accepted_and_other_types_are_not(market: str, document: Any) -> None:
    schema = {"$ref": f"{PREFIX}AccountRequest", "components": document["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    account = good_account(market)
    assert validator.is_valid({"payload": account})
    for place, value in (("import_supplier", 5), ("account_type", "FLAT"), ("customers", {}), ("unknown_occupier", 1)):
        assert not validator.is_valid({"payload": put(account, place, value)})


def test_limits_of_values() -> None:
    fields = {
        "text": {"type": "string", "min_length": 2, "max_length": 9, "patterns": ["[A-Z]+"], "blank": False},
        "note": {"type": "email", "nullable": True, "min_length": 2},
        "day": {"type": "date", "nullable": True},
        "sum": {"type": "decimal", "nullable": True},
        "count": {"type": "integer", "min": 1, "below": 9},
        "kind": {"type": "choice", "choices": ["1", "A"], "blank": True, "nullable": True},
        "code": {"type": "choice", "open": True, "required": True},
        "data": {"list": "json", "min_items": 1, "nullable": True},
        "any": {"type": "object"},
    }
    properties = render_components(book_of({"account": {"fields": fields}})).schemas["account"]["properties"]
    for each in properties.values():
        del each["description"]
    assert properties == {
        "text": {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^(?:[A-Z]+)$"},
        "note": {"type": ["string", "null"]},
        "day": {"type": ["string", "null"], "format": "date"},
        "sum": {"anyOf": [{"$ref": f"{PREFIX}Decimal"}, {"type": "null"}]},
        "count": {"type": "integer", "minimum": 1, "exclusiveMaximum": 9},
        "kind": {"type": ["string", "null"], "enum": ["1", "A", "", None]},
        "code": {"type": "string", "minLength": 1},
        "data": {"type": ["array", "null"], "minItems": 1, "items": {}},
        "any": {"type": "object", "additionalProperties": True},
    }


def test_document_names_servers_statuses_and_headers(document: Any) -> None:
    (server,) = document["servers"]
    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", server["url"])
    statuses = document["components"]["schemas"]["ImportStatusValue"]["enum"]
    assert {"PENDING", "PROCESSED", "DRY_RUN_ERRORED"} <= set(statuses)
    responses = [each["responses"] for path in document["paths"].values() for each in path.values()]
    throttled = [each["429"] for each in responses if "429" in each]
    assert len(throttled) == 3
    assert all(each["headers"]["Retry-After"]["schema"] == {"type": "integer"} for each in throttled)
    assert document["security"] == [{"token": []}]
    assert document["paths"]["/_premigrate/openapi.json"]["get"]["security"] == []


def test_every_route_is_described() -> None:
    store = Store()
    app: Any = create_app(MockServer([tenant_of("dk")], store))
    routes = {
        (method.lower(), route.path)
        for route in app.routes
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if method in route.endpoint._handlers
    }
    store.close()
    assert {(each.method, each.path) for each in OPERATIONS} == routes
    ids = [each.id for each in OPERATIONS]
    assert len(set(ids)) == len(ids)
