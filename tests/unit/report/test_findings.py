"""A finding shows its position and an excerpt, in which personal values are masked."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from premigrate.api import engine_of, validate_document
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.engine.findings import masked_attr
from premigrate.report.findings import Finding, findings_of, locate_findings
from tests.conftest import validator_of
from tests.payloads import good_account, put

CANARY = "Canary7"


def locate_all(document: Document, market: str, *, show_values: bool = False) -> list[Finding]:
    validator = validator_of(market)
    result = validate_document(validator, document)
    start, _ = engine_of(validator).account_of(document.data)
    listed = findings_of(result, show_values=show_values)
    return locate_findings(
        [(each, start, engine_of(validator).field_info) for each in listed], document, show_values=show_values
    )


def text_of(payload: Any) -> str:
    return json.dumps(payload, indent=2, ensure_ascii=False)


def locate_first(document: Document, market: str, code: str, *, show_values: bool = False) -> Finding:
    return next(each for each in locate_all(document, market, show_values=show_values) if each.code == code)


def test_null_of_a_personal_field_is_shown() -> None:
    document = read_json(text_of({"payload": put(good_account("dk"), "customers.0.family_name", None)}))
    finding = locate_first(document, "dk", "null")
    assert finding.excerpt
    assert finding.excerpt.text == '"family_name": null'


def test_personal_value_is_masked_unless_values_are_shown() -> None:
    document = read_json(text_of({"payload": put(good_account("dk"), "customers.0.landline", CANARY)}))
    hidden, shown = (locate_first(document, "dk", "invalid_phone_number", show_values=show) for show in (False, True))
    assert hidden.detail == "*** is not a valid phone number"
    assert hidden.excerpt
    assert hidden.excerpt.text == '"landline": "*******"'
    assert shown.detail == f"{CANARY} is not a valid phone number"
    assert shown.excerpt
    assert shown.excerpt.text == f'"landline": "{CANARY}"'
    assert hidden.spot == shown.spot
    assert hidden.spot
    line = document.text.split("\n")[hidden.spot.line - 1]
    assert line[hidden.spot.column - 1 : hidden.spot.end_column - 1] == f'"{CANARY}"'
    assert shown.excerpt.text[shown.excerpt.start :][: shown.excerpt.length] == f'"{CANARY}"'


def test_mask_does_not_reveal_the_length() -> None:
    document = read_json(text_of(put(good_account("dk"), "customers.0.landline", "1" * 500)))
    excerpt = locate_first(document, "dk", "invalid_phone_number").excerpt
    assert excerpt
    assert excerpt.text == f'"landline": "{"*" * 12}"'


def test_excerpt_of_an_object_is_abbreviated() -> None:
    account = good_account("dk")
    del account["supply_addresses"][0]["supply_address1"]
    document = read_json(json.dumps(account))
    finding = locate_first(document, "dk", "required")
    assert finding.excerpt
    assert finding.excerpt.text == "{...}"
    assert finding.spot
    assert finding.spot.end_column == finding.spot.column + 1
    assert document.text[finding.spot.column - 1 :].startswith('{"')


def test_yaml_values_are_masked() -> None:
    customer = f"  - landline: {CANARY}\n    family_name: Sims\n    mobile: |\n      {CANARY}\n      7\n"
    text = f"import_supplier: NORLYS\ncustomers:\n{customer}"
    findings = locate_all(read_yaml(text), "dk")
    assert {each.attr for each in findings} >= {"customers.0.landline", "customers.0.mobile"}
    assert CANARY not in repr(findings)
    (landline,) = [each for each in findings if each.attr == "customers.0.landline"]
    assert landline.excerpt
    assert landline.excerpt.text == "landline: *******"
    assert landline.spot
    assert landline.spot[:2] == (3, 15)


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("account_type", "DOMESTC", "(did you mean DOMESTIC?)"),
        ("account_type", "qqq", "BUSINESS_THIRD_PARTY_BILLED"),
        ("customers.0.landline", CANARY, "unless it is a DK number, such as +4587654321"),
    ],
)
def test_expected(place: str, value: str, expected: str) -> None:
    document = read_json(text_of(put(good_account("dk"), place, value)))
    (finding,) = [each for each in locate_all(document, "dk") if each.attr == place and each.level == "error"]
    assert finding.expected.endswith(expected)


def test_no_choice_is_suggested_for_a_personal_value() -> None:
    document = read_json(text_of(put(good_account("dk"), "customers.0.deceased", "Reportd")))
    assert "mean" not in locate_first(document, "dk", "invalid_choice", show_values=True).expected


def test_expected_check_letters() -> None:
    place = "supply_addresses.0.supply_points.0.identifier"
    document = read_json(text_of(put(good_account("pt"), place, "PT0000000000000001RT")))
    expected = locate_first(document, "pt", "invalid_supply_point_identifier").expected
    assert expected.endswith("the check letters should be TR")


def test_findings_of_one_kind_have_one_pattern() -> None:
    finding = Finding("error", "d", "c", "customers.10.user_details.2.value", "r", ())
    assert finding.pattern == "customers.*.user_details.*.value"


KEY = "homer@simpson.com"


@pytest.mark.parametrize("read", [read_json, read_yaml])
def test_key_that_is_no_name_is_masked_unless_values_are_shown(read: Callable[[str], Document]) -> None:
    text = json.dumps({"import_supplier": "NORLYS", "customers": [{KEY: 1}]})
    finding = locate_first(read(text), "dk", "unknown_field")
    assert finding.excerpt
    assert (finding.attr, finding.excerpt.text) == ("customers.0.***", "***: *")
    assert finding.detail.startswith("Unknown field '***'")
    shown = locate_first(read(text), "dk", "unknown_field", show_values=True)
    assert shown.excerpt
    assert (shown.attr, shown.excerpt.text) == (f"customers.0.{KEY}", f'"{KEY}": 1')
    assert shown.detail.startswith(f"Unknown field '{KEY}'")
    assert finding.kind == shown.kind


def test_duplicate_key_that_is_no_name_is_masked() -> None:
    text = f'{{"import_supplier": "NORLYS", "customers": [{{"{KEY}": 1, "{KEY}": 2}}]}}'
    finding = locate_first(read_json(text), "dk", "duplicate_key")
    assert finding.detail.startswith("*** is given more than once")
    assert KEY not in repr(finding._replace(place=()))


def test_name_of_an_unknown_field_is_shown() -> None:
    finding = locate_first(read_json('{"import_supplier": "NORLYS", "my_key-2": 1}'), "dk", "unknown_field")
    assert finding.attr == "my_key-2"
    assert finding.detail.startswith("Unknown field 'my_key-2'")


def test_masked_attr_of_another_place() -> None:
    assert masked_attr(f"data.{KEY}.non_field_errors", ("data", KEY)) == "data.***.non_field_errors"
    assert masked_attr("data.0.x", ("data", 0, "x")) == "data.0.x"
