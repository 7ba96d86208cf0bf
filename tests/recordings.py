"""A fictional tenant for comparisons: it answers like premigrate with an overlay that the comparison lacks."""

import base64
import json
from functools import cache
from typing import Any

import premigrate
from tests.payloads import AS_OF, GONE, good_account, put

ADDRESS = {
    "locality": "Lisboa",
    "postal_code": "1000-001",
    "country": "PT",
    "street_address": "Rua Gomes Freire 1",
}
PROVENANCE = {"meaning": "m.", "detail_basis": "observed", "source": "The tenant."}
SECRET: dict[str, Any] = {
    "market": {"extends": "pt"},
    "code": {
        "invalid_phone_number": {"detail": "O número {value} não é válido.", **PROVENANCE},
        "max_length": {"detail": "No máximo {max_length} caracteres.", **PROVENANCE},
        "invalid": {"details": {"date": "Data inválida.", "boolean": "Nem sim nem não."}, **PROVENANCE},
    },
    "attr_change": {"email-not-test": {"attr": "up.non_field_errors", "because": "So it is."}},
    "disabled": {"fiscal-code-valid": "It isn't looked at."},
    "enabled": {"billing-address-required": "It is wanted."},
}
"""The differences of the tenant: texts, an attr, a rule that is off, and one that is on."""


@cache
def tenant() -> premigrate.Validator:
    return premigrate.Validator(market="pt", as_of=AS_OF, overlay=SECRET)


def account(number: int, **changes: object) -> dict[str, Any]:
    """Return a good account with a billing address, changed at dotted paths, written with ``__``."""
    payload = {**good_account("pt"), "external_account_number": f"ACC-{number}", "billing_address": dict(ADDRESS)}
    for path, value in changes.items():
        put(payload, path.replace("__", "."), value)
    return payload


def recorded(payload: object, validator: premigrate.Validator | None = None) -> dict[str, Any]:
    """Return a payload with the answer of the tenant, as a recorded pair."""
    response = (validator or tenant()).validate(payload).response
    return {"payload": payload, "status": response.status, "response": response.body, "as_of": AS_OF.isoformat()}


def nested(body: dict[str, Any]) -> dict[str, Any]:
    """Convert a flat list of errors to the older, nested shape."""
    tree: dict[str, Any] = {}
    for error in body["errors"]:
        *steps, last = error["attr"].split(".")
        node = tree
        for step in steps:
            node = node.setdefault(step, {})
        node.setdefault(last, []).append(error["detail"])
    return tree


def har(pairs: list[dict[str, Any]], path: str = "/v2/data-import/accounts/validate/", **more: Any) -> dict[str, Any]:
    """Convert recorded pairs to a HAR export."""
    return {"log": {"version": "1.2", "creator": {"name": "test"}, **more, "entries": [entry(p, path) for p in pairs]}}


def entry(pair: dict[str, Any], path: str, *, packed: bool = False, method: str = "POST") -> dict[str, Any]:
    """Convert one recorded pair to an entry of a HAR export."""
    text = json.dumps(pair["response"])
    content: dict[str, Any] = {"mimeType": "application/json", "text": text}
    if packed:
        content |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    return {
        "startedDateTime": f"{pair.get('as_of', '2026-01-31')}T10:00:00.000Z",
        "request": {
            "method": method,
            "url": f"https://api.example.org{path}",
            "postData": {"mimeType": "application/json", "text": json.dumps(pair["payload"])},
        },
        "response": {"status": pair["status"], "content": content},
    }


def differing() -> list[dict[str, Any]]:
    """Return recorded pairs: one is answered as predicted, each other differs in a known way."""
    phone, mail = "customers__0__mobile", "customers__0__email"
    payloads = [
        account(0),
        account(1, **{phone: "abcde"}),
        account(2, **{phone: "12 34"}),
        account(3, **{mail: "somebody@test.com"}),
        account(4, customers__0__user_details__2__value="234254719"),
        account(5, billing_address=GONE),
        account(6, customers__0__family_name="x" * 600),
        account(7, customers__0__given_name="y" * 600, **{phone: "zzz"}),
        account(8, supply_addresses__0__customer_at_supply_address_from_date="soon"),
        account(9, supply_addresses__0__customer_at_supply_address_from_date="31.01.2026", unknown_occupier="perhaps"),
        account(10, unknown_occupier="?"),
    ]
    return [recorded(payload) for payload in payloads]
