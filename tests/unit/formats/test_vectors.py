"""Identifier vectors: valid values pass, invalid ones are refused, suspicious ones pass with advice."""

import json
from typing import Any

import pytest

from premigrate import Result
from premigrate.compiler.program import compile_schemes
from premigrate.engine.format_checks import make_format_checks
from premigrate.formats.email import is_email
from premigrate.formats.interfaces import Invalid, Suspicious
from tests.books import shipped_book
from tests.conftest import validator_of
from tests.payloads import ROOT, good_account, put

# vectors: market, scheme, place of the value in the good account, and what else that place needs
PLACES: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "fiscal_code": ("pt", "fiscal_code", "customers.0.user_details.2.value", {}),
    "cpe": ("pt", "supply_point_identifier", "supply_addresses.0.supply_points.0.identifier", {}),
    "cui": (
        "pt",
        "supply_point_identifier",
        "supply_addresses.0.supply_points.0.identifier",
        {"supply_addresses.0.supply_points.0.supply_type": "GAS"},
    ),
    "postal_code_pt": ("pt", "postal_code", "supply_addresses.0.supply_address.postal_code", {}),
    "postal_code_dk": ("dk", "postal_code", "billing_address.postal_code", {}),
    "phone_pt": ("pt", "phone", "customers.0.mobile", {}),
    "phone_dk": ("dk", "phone", "customers.0.landline", {}),
    "country": ("pt", "country", "supply_addresses.0.supply_address.country", {}),
    "email": ("pt", "", "customers.0.email", {}),
}
CHECKS = {market: make_format_checks(compile_schemes(shipped_book(market)), load=True) for market in ("pt", "dk")}
SKIPPED_WHEN_EMPTY = {"phone_pt", "phone_dk", "email"}


def vectors(group: str) -> list[Any]:
    return [
        pytest.param(name, value, id=f"{name}-{json.dumps(value)[:40]}")
        for name in PLACES
        for value in json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text("utf-8"))[group]
    ]


def result_with(name: str, value: object) -> Result:
    market, _, place, more = PLACES[name]
    account = put(good_account(market), place, value)
    for other, needed in more.items():
        put(account, other, needed)
    if name == "country" and str(value).upper() == "DK":
        put(account, "supply_addresses.0.supply_address.postal_code", "9000")
    return validator_of(market).validate(account)


def advice_at(name: str, result: Result) -> list[str]:
    place = PLACES[name][2]
    return [advice.code for advice in result.advice if ".".join(map(str, advice.path)) == place]


@pytest.mark.parametrize(("name", "value"), vectors("valid"))
def test_valid_passes(name: str, value: str) -> None:
    result = result_with(name, value)
    assert result.ok, result.errors
    assert not advice_at(name, result)


@pytest.mark.parametrize(("name", "value"), vectors("invalid"))
def test_invalid_is_refused(name: str, value: object) -> None:
    if name in SKIPPED_WHEN_EMPTY and (value is None or str(value).strip() == ""):
        assert result_with(name, value).ok, "an empty value of an optional field is not checked"
        return
    result = result_with(name, value)
    assert result.response.status == 400
    assert not advice_at(name, result)


@pytest.mark.parametrize(("name", "value"), vectors("invalid"))
def test_check_refuses_invalid_text(name: str, value: object) -> None:
    market, scheme, _, _ = PLACES[name]
    if not isinstance(value, str):
        return  # checks are given text only; the test above covers the rest
    if name == "email":
        assert not is_email(value)
    else:
        assert isinstance(CHECKS[market][scheme, None].check(value), Invalid)


@pytest.mark.parametrize(("name", "value"), vectors("suspicious"))
def test_suspicious_passes_with_advice(name: str, value: str) -> None:
    result = result_with(name, value)
    assert result.ok, result.errors
    assert advice_at(name, result)


@pytest.mark.parametrize(("name", "value"), vectors("tolerated"))
def test_other_spelling_passes(name: str, value: str) -> None:
    """Accept spellings that the platform may normalise: to refuse a valid payload is worse than to pass a bad one."""
    market, scheme, _, _ = PLACES[name]
    assert result_with(name, value).ok
    if name not in {"email", "phone_pt", "phone_dk"}:
        assert isinstance(CHECKS[market][scheme, None].check(value.strip()), Suspicious | None)
