"""Fields under other names, and several schemas for one object of the rules."""

from typing import Any

from tests.unit.tenant.documents import TEXT, document, errors, items, learn, notes, record, ref

DAY = {"type": "string", "format": "date"}
AGREEMENTS = items(record("effective_from", effective_from=DAY, effective_to=DAY, tariff_code=TEXT))


def address(point_key: str, **point: Any) -> dict[str, Any]:
    return record(**{point_key: items(record(**point))}, customer_at_supply_address_from_date=DAY)


def test_alias_of_a_list_and_of_a_field() -> None:
    point = {"mpxn": {"type": "string", "maxLength": 4}, "supply_start_date": DAY, "agreements": AGREEMENTS}
    learned = learn(document({}, supply_addresses=items(address("meter_points", **point))))
    assert learned.overlay["change"]["supply_address"]["fields"]["supply_points"]["key"] == "meter_points"
    assert learned.overlay["change"]["supply_point"]["fields"]["identifier"]["key"] == "mpxn"
    assert {"is supply_points in the rules", "is identifier in the rules"} <= set(notes(learned))
    bad = {"mpxn": "12345", "supply_start_date": "2025-02-01", "agreements": [{"effective_from": "2025-01-01"}]}
    place = "supply_addresses.0.meter_points.0"
    good = {**bad, "mpxn": "1", "supply_start_date": "2025-01-01"}
    assert errors(learned, {"supply_addresses": [{"meter_points": [bad]}]}) == [(f"{place}.mpxn", "max_length")]
    assert errors(learned, {"supply_addresses": [{"meter_points": [{**bad, "mpxn": "1"}]}]}, of_rules=True) == [
        (f"{place}.non_field_errors", "agreement_start_date_before_supply_start_date")
    ]
    assert errors(learned, {"supply_addresses": [{"meter_points": [good]}]}, of_rules=True) == []


def test_a_list_under_an_unknown_name_is_recognized_by_its_fields() -> None:
    point = {"identifier": TEXT, "supply_start_date": DAY, "supply_type": TEXT, "agreements": AGREEMENTS}
    learned = learn(document({}, supply_addresses=items(address("anlaeg", **point))))
    assert learned.overlay["change"]["supply_address"]["fields"]["supply_points"]["key"] == "anlaeg"
    assert "is supply_points in the rules, according to its fields" in notes(learned)


def test_a_list_with_other_fields_stays_another_list() -> None:
    learned = learn(
        document({}, supply_addresses=items(address("berths", length={"type": "integer"}, identifier=TEXT)))
    )
    fields = learned.overlay["change"]["supply_address"]["fields"]
    assert "key" not in fields["supply_points"]
    assert fields["berths"]["list"] == "berths"


def test_each_schema_of_an_object_keeps_its_limits() -> None:
    def place(longest: int, **more: Any) -> dict[str, Any]:
        return record("country", country=TEXT, postal_code={"type": "string", "maxLength": longest}, **more)

    schemas = {
        "Billing": place(9),
        "Site": place(4, structured_street_address=record("street_name", street_name=TEXT)),
        "SiteAgain": place(4, structured_street_address=record("street_name", street_name=TEXT)),
    }
    written = document(
        schemas,
        billing_address=ref("Billing"),
        supply_addresses=items(record(supply_address=ref("Site"))),
        site=ref("SiteAgain"),
    )
    learned = learn(written)
    copies = {name: each for name, each in learned.overlay["object"].items() if "like" in each}
    assert {each["like"] for each in copies.values()} == {"address"}
    assert len(copies) == 1, "schemas that say the same are one object"
    long = {"country": "NO", "postal_code": "12345"}
    assert errors(learned, {"billing_address": long}) == []
    assert errors(learned, {"supply_addresses": [{"supply_address": {**long, "structured_street_address": {}}}]}) == [
        ("supply_addresses.0.supply_address.postal_code", "max_length"),
        ("supply_addresses.0.supply_address.structured_street_address.street_name", "required"),
    ]


def test_rules_hold_for_copies() -> None:
    """The billing and the supply address differ in a length, and both have a country that does not exist."""
    schemas = {
        "Billing": record(country=TEXT, postal_code=TEXT),
        "Site": record(country=TEXT, postal_code={"type": "string", "maxLength": 4}),
    }
    written = document(
        schemas, billing_address=ref("Billing"), supply_addresses=items(record(supply_address=ref("Site")))
    )
    learned = learn(written)
    wrong = {"country": "XX"}
    found = errors(learned, {"billing_address": wrong, "supply_addresses": [{"supply_address": wrong}]}, of_rules=True)
    assert [attr for attr, _ in found] == [
        "billing_address.non_field_errors",
        "supply_addresses.0.supply_address.non_field_errors",
    ]
