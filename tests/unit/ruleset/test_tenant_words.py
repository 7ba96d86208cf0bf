"""Overlays of tenants: fields defined anew, other variants, and no market to extend."""

from typing import Any

import pytest

from premigrate.exceptions import BadRules
from premigrate.ruleset.load import load_footprints, load_ruleset, market_of_overlay
from premigrate.ruleset.rule_files import topic_names

BECAUSE = {"because": "The tenant says so."}
HEAD = {
    "extends": "platform",
    "title": "A tenant",
    "territory": "ZZ",
    "root": "account",
    "refusal": "account_failed_validation",
    "suppliers": ["*"],
    "include": list(topic_names()),
}


def changed(name: str, **table: Any) -> dict[str, Any]:
    return {"market": {"extends": "pt"}, "change": {name: table}}


def messages(overlay: dict[str, Any]) -> list[str]:
    with pytest.raises(BadRules) as caught:
        load_ruleset("pt", overlay)
    return [each.message for each in caught.value.problems]


def test_field_defined_anew_inherits_nothing() -> None:
    amended = {"external_account_number": {"type": "string", **BECAUSE}}
    redefined = {"external_account_number": {"type": "string", "replace": True, **BECAUSE}}
    amended_ruleset, redefined_ruleset = (
        load_ruleset("pt", changed("account", fields=fields)) for fields in (amended, redefined)
    )
    assert amended_ruleset.objects["account"].fields["external_account_number"].max_length == 128
    assert redefined_ruleset.objects["account"].fields["external_account_number"].max_length is None


def test_variants_are_added_changed_and_dropped() -> None:
    variants = {
        "VOUCHER": {"object": "transaction_payment", **BECAUSE},
        "CREDIT": {"object": "transaction_charge", **BECAUSE},
        "CHARGE": {"drop": True, **BECAUSE},
    }
    ruleset = load_ruleset("pt", changed("transaction", variants=variants))
    assert ruleset.objects["transaction"].variants == {
        "CREDIT": "transaction_charge",
        "PAYMENT": "transaction_payment",
        "REPAYMENT": "transaction_repayment",
        "SUPPLY_CHARGE": "transaction_supply_charge",
        "VOUCHER": "transaction_payment",
    }


@pytest.mark.parametrize(
    ("name", "variants", "message"),
    [
        ("nothing", {"A": {"drop": True, **BECAUSE}}, "there is no object 'nothing'"),
        ("customer", {"A": {"drop": True, **BECAUSE}}, "the object customer has no variants"),
        ("transaction", {"CHARG": {"drop": True, **BECAUSE}}, "there is no variant 'CHARG'; did you mean 'CHARGE'?"),
        ("transaction", {"A": {"object": "nobody", **BECAUSE}}, "there is no object 'nobody'"),
        ("transaction", {"A": BECAUSE}, "write either object, the new object of the variant, or drop = true"),
    ],
)
def test_mistake_in_variants_is_reported(name: str, variants: dict[str, Any], message: str) -> None:
    assert any(message in each for each in messages(changed(name, variants=variants)))


def test_dropping_all_variants_is_reported() -> None:
    variants = {value: {"drop": True, **BECAUSE} for value in ("ACTIVE_EXISTING", "ACTIVE_NEW", "PASSIVE")}
    assert "at least one variant must remain" in messages(changed("payment_preference", variants=variants))


def test_formats_of_countries_are_off_on_the_platform() -> None:
    ruleset = load_ruleset("platform", {"market": HEAD})
    assert ruleset.off_reasons["phone-number-valid"] == "No scheme defines the format phone."
    assert "postcode-format" in ruleset.off_reasons
    assert "address-postcode-format" not in ruleset.off_reasons, "a structured address has a country"
    portugal = load_ruleset("platform", {"market": {**HEAD, "territory": "PT"}})
    assert "postcode-format" not in portugal.off_reasons


def test_market_of_overlay() -> None:
    assert market_of_overlay({"market": HEAD}) == "platform"
    assert market_of_overlay({"market": {"title": "A"}}) is None
    assert market_of_overlay({"market": 7}) is None


def test_footprints_have_the_fields_that_rules_read() -> None:
    drop = {"fields": {"family_name": {"drop": True, **BECAUSE}}}
    footprints = load_footprints("pt", {"market": {"extends": "pt"}, "change": {"customer": drop}})
    assert "there is no field 'family_name'" in footprints["domestic-family-name-required"].unresolved
    assert ("customer", "mobile") in footprints["phone-number-valid"].fields
    assert not footprints["phone-number-valid"].unresolved
