"""The objects of a document find those of the rules, and never end up within themselves."""

import json
from typing import Any

from premigrate.tenant.learn import learn_tenant
from tests.openapi import document_of
from tests.payloads import AS_OF
from tests.rules.test_examples import BOOKS


def learned(change: dict[str, dict[str, Any]], **added: Any) -> Any:
    document = document_of(BOOKS["pt"])
    schemas = document["components"]["schemas"]
    schemas |= added
    for name, properties in change.items():
        schemas[name]["properties"] |= properties
    return learn_tenant(json.dumps(document), market="pt", as_of=AS_OF)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_new_place_of_an_object_that_the_rules_know_by_its_key() -> None:
    plan = {"type": "object", "properties": {"agreements": {"type": "array", "items": ref("agreement")}}}
    found = learned({"account": {"plan": ref("Plan")}}, Plan=plan)
    assert found.overlay["object"]["plan"]["fields"] == {"agreements": {"list": "agreement"}}
    assert found.overlay["change"] == {
        "account": {
            "fields": {
                "plan": {
                    "object": "plan",
                    "because": "The document has it: /components/schemas/account/properties/plan",
                }
            }
        }
    }


def test_objects_around_each_other_by_several_ways_are_cut() -> None:
    crew = {"type": "object", "properties": {"customers": {"type": "array", "items": ref("Sailor")}}}
    sailor = {"type": "object", "properties": {"family_name": {"type": "string"}, "given_name": {"type": "string"}}}
    boat = {"type": "object", "properties": {"name": {"type": "string"}, "crew": ref("Crew")}}
    changes = {"account": {"crew": ref("Crew")}, "customer": {"boat": ref("Boat"), "crew": ref("Crew")}}
    found = learned(changes, Crew=crew, Sailor=sailor, Boat=boat)
    kinds = {key: each for key, each in found.overlay["change"]["customer"]["fields"].items() if not each.get("drop")}
    assert set(kinds) == {"boat", "crew"}
    assert found.overlay["object"]["crew"]["fields"]["customers"] == {"list": "sailor"}, "a customer has a crew here"


def test_a_name_that_is_taken_gets_a_number() -> None:
    thing = {"type": "object", "properties": {"size": {"type": "integer"}}}
    found = learned(
        {"account": {"first": ref("Customer"), "second": {"type": "object", "properties": thing}}}, Customer=thing
    )
    assert set(found.overlay["object"]) >= {"customer_2"}
