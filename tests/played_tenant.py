"""A played tenant: it answers like premigrate with an overlay that differs from the market in eleven ways."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any

from benchmarks.accounts import account_texts

import premigrate
from tests.books import shipped_book
from tests.oracle.mutations import payload as any_payload
from tests.payloads import AS_OF, good_account

_SHARE_ANY = 0.1

PROVENANCE = {"meaning": "m.", "detail_basis": "observed", "source": "The tenant."}
RULE = {"why": "So it is.", "basis": "observed", "source": "The tenant."}
KINDS: Mapping[str, dict[str, Any]] = {
    "text with a value": {"code": {"invalid_phone_number": {"detail": "O número {value} não é válido.", **PROVENANCE}}},
    "fixed text": {"code": {"required": {"detail": "Campo obrigatório.", **PROVENANCE}}},
    "attr": {"attr_change": {"address-postcode-format": {"attr": "up.non_field_errors", "because": "So it is."}}},
    "rule missing": {"disabled": {"fiscal-code-valid": "It isn't looked at."}},
    "rule switched on": {"enabled": {"billing-address-required": "It is wanted."}},
    "code renamed": {
        "code": {"tariff_gap": {"detail": "Há um intervalo.", **PROVENANCE}},
        "code_change": {"agreements-consecutive": {"code": "tariff_gap", "because": "So it is."}},
    },
    "rule unknown": {
        "code": {"team_wanted": {"detail": "Uma empresa tem uma equipa.", **PROVENANCE}},
        "rule": {
            "id": "business-has-team",
            "on": "account",
            "when": {"account_type": "BUSINESS"},
            "present": ["operations_team_name"],
            "code": "team_wanted",
            "good": [{"account_type": "BUSINESS", "operations_team_name": "x"}],
            "bad": [{"account_type": "BUSINESS"}],
        },
    },
    "required field": {"change": {"customer": {"given_name": {"required": True}}}},
    "choice list": {"change": {"account": {"account_type": {"choices": ["DOMESTIC", "BUSINESS", "DOMESTIC_VACANT"]}}}},
    "length": {"change": {"customer": {"family_name": {"max_length": 18}}}},
    "date rule": {
        "code": {"too_long_ago": {"detail": "Antes de 2016 não há contadores.", **PROVENANCE}},
        "rule": {
            "id": "not-too-long-ago",
            "on": "supply_address",
            "compare": ["customer_at_supply_address_from_date", ">=", date(2016, 1, 1)],
            "code": "too_long_ago",
            "good": [{"customer_at_supply_address_from_date": "2016-01-01"}],
            "bad": [{"customer_at_supply_address_from_date": "2015-12-31"}],
        },
    },
}
"""The differences of the tenant by kind, as parts of an overlay."""


def overlay_of(*kinds: str) -> dict[str, Any]:
    """Return an overlay with some kinds of differences."""
    tables: dict[str, Any] = {"market": {"extends": "pt"}}
    for kind in kinds:
        for name, entries in KINDS[kind].items():
            if name == "rule":
                tables["rule"] = [*tables.get("rule", ()), {**entries, **RULE}]
            elif name == "change":
                for owner, fields in entries.items():
                    changed = {key: {**keys, "because": "So it is."} for key, keys in fields.items()}
                    tables.setdefault("change", {}).setdefault(owner, {}).setdefault("fields", {}).update(changed)
            else:
                tables.setdefault(name, {}).update(entries)
    return tables


@cache
def tenant(*kinds: str) -> premigrate.Validator:
    """Return a validator that answers like a tenant with some kinds of differences, by default with all of them."""
    return premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay_of(*(kinds or KINDS)))


def accounts(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Generate accounts: as they come from an import, with what concerns the differences, and a tenth of any values."""
    rng = Random(f"played tenant {seed}")  # noqa: S311 - reproducible, not secret
    for number, text in enumerate(account_texts(count, seed, share_bad=0.4, markets=("pt",))):
        if rng.random() < _SHARE_ANY:
            yield any_payload(shipped_book("pt"), good_account("pt"), rng)
            continue
        account = json.loads(text)
        account["external_account_number"] = f"{account['external_account_number']}-{seed}-{number}"
        account["billing_address"] = dict(account["supply_addresses"][0]["supply_address"])
        if rng.random() < 0.5:
            rng.choice(_CHANGES)(account, rng)
        yield account


def _no_billing_address(account: dict[str, Any], _: Random) -> None:
    del account["billing_address"]


def _no_team(account: dict[str, Any], rng: Random) -> None:
    account["account_type"] = rng.choice(("BUSINESS", "DOMESTIC"))
    account.pop("operations_team_name", None)


def _no_given_name(account: dict[str, Any], _: Random) -> None:
    account["customers"][-1].pop("given_name", None)


def _other_type(account: dict[str, Any], rng: Random) -> None:
    account["account_type"] = rng.choice(
        ("BUSINESS_OCCUPIER", "MANAGED", "PORTFOLIO_LEAD", "BUSINESS_VACANT", "SYSTEM")
    )


def _other_day(account: dict[str, Any], rng: Random) -> None:
    day = date.fromordinal(date(2016, 1, 1).toordinal() + rng.randrange(-40, 40))
    account["supply_addresses"][0]["customer_at_supply_address_from_date"] = day.isoformat()


_CHANGES = (_no_billing_address, _no_team, _no_given_name, _other_type, _other_day)


def recorded(payloads: Iterator[dict[str, Any]], validator: premigrate.Validator) -> list[dict[str, Any]]:
    """Return payloads with the answers of a validator, as recorded pairs."""
    found = []
    for payload in payloads:
        response = validator.validate(payload).response
        found.append(
            {"payload": payload, "status": response.status, "response": response.body, "as_of": AS_OF.isoformat()}
        )
    return found
