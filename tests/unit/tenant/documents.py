"""Small OpenAPI documents, and what is learned from them."""

import json
from collections.abc import Mapping
from typing import Any

import premigrate
from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.tenant.learn import learn_tenant
from premigrate.tenant.model import LearnedTenant
from tests.payloads import AS_OF

PATH = "/v2/data-import/accounts/validate/"
TEXT = {"type": "string"}

Schema = Mapping[str, Any]


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def record(*required: str, **properties: Schema) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def items(schema: Schema) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def document(schemas: Mapping[str, Schema], example: object = None, **account: Schema) -> dict[str, Any]:
    """Return a document whose account has the usual fields and those of ``account``."""
    usual = {"import_supplier": TEXT, "external_account_number": TEXT, "customers": items(record(family_name=TEXT))}
    content = {"schema": ref("Account"), **({"example": example} if example is not None else {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {PATH: {"post": {"requestBody": {"content": {"application/json": content}}}}},
        "components": {"schemas": {"Account": record(**{**usual, **account}), **schemas}},
    }


def learn(written: Mapping[str, Any]) -> LearnedTenant:
    return learn_tenant(json.dumps(written), as_of=AS_OF, market="platform")


def errors(learned: LearnedTenant, payload: object, *, of_rules: bool = False) -> list[tuple[str, str]]:
    """Return attr and code of the errors of fields in a payload; or of all errors."""
    validator = premigrate.Validator(market=learned.market, as_of=AS_OF, overlay=learned.overlay)
    found = validator.validate(payload).errors
    return [(error.attr, error.code) for error in found if of_rules or error.rule == FRAMEWORK_RULE_ID]


def notes(learned: LearnedTenant) -> list[str]:
    return [note.message for note in learned.notes]
