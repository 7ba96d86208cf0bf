"""Objects of a document are matched to those of the rules, and never end up containing themselves."""

import json
from typing import Any

from premigrate.tenant.learn import learn_tenant
from tests.openapi import document_of
from tests.payloads import AS_OF
from tests.rules.test_examples import RULESETS


def learn(change: dict[str, dict[str, Any]], **added: Any) -> Any:
    document = document_of(RULESETS["pt"])
    schemas = document["components"]["schemas"]
    schemas |= added
    for name, properties in change.items():
        schemas[name]["properties"] |= properties
    return learn_tenant(json.dumps(document), market="pt", as_of=AS_OF)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_known_object_at_a_new_place() -> None:
    plan = {"type": "object", "properties": {"agreements": {"type": "array", "items": ref("agreement")}}}
    learned = learn({"account": {"plan": ref("Plan")}}, Plan=plan)
    assert learned.overlay["object"]["plan"]["fields"] == {"agreements": {"list": "agreement"}}
    assert learned.overlay["change"] == {
        "account": {
            "fields": {
                "plan": {
                    "object": "plan",
                    "because": "The document has it: /components/schemas/account/properties/plan",
                }
            }
        }
    }


def test_mutually_recursive_objects_are_cut() -> None:
    crew = {"type": "object", "properties": {"customers": {"type": "array", "items": ref("Sailor")}}}
    sailor = {"type": "object", "properties": {"family_name": {"type": "string"}, "given_name": {"type": "string"}}}
    boat = {"type": "object", "properties": {"name": {"type": "string"}, "crew": ref("Crew")}}
    changes = {"account": {"crew": ref("Crew")}, "customer": {"boat": ref("Boat"), "crew": ref("Crew")}}
    learned = learn(changes, Crew=crew, Sailor=sailor, Boat=boat)
    kinds = {key: spec for key, spec in learned.overlay["change"]["customer"]["fields"].items() if not spec.get("drop")}
    assert set(kinds) == {"boat", "crew"}
    assert learned.overlay["object"]["crew"]["fields"]["customers"] == {"list": "sailor"}, (
        "customers have a crew, so its members are no customers"
    )


def test_conflicting_name_gets_a_number() -> None:
    thing = {"type": "object", "properties": {"size": {"type": "integer"}}}
    learned = learn(
        {"account": {"first": ref("Customer"), "second": {"type": "object", "properties": thing}}}, Customer=thing
    )
    assert set(learned.overlay["object"]) >= {"customer_2"}
