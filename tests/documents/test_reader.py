"""The reader predicts what is worked out by hand, and what the framework itself reports."""

import re
from typing import Any

import pytest

from tests.documents.framework import NotSaid, errors
from tests.documents.mutations import mutations
from tests.documents.nodes import Node
from tests.documents.patterns import text_matching, text_not_matching
from tests.documents.samples import sample, smallest
from tests.documents.schema_reader import SchemaReader
from tests.documents.small import SMALL_DOCUMENTS
from tests.documents.yaml_reader import read_document
from tests.payloads import GONE, put

PATH = "/v2/data-import/accounts/validate/"


def account_of(name: str) -> Node:
    return SchemaReader(read_document(SMALL_DOCUMENTS[name])).account(PATH)


@pytest.mark.parametrize("name", SMALL_DOCUMENTS)
def test_samples_have_no_errors(name: str) -> None:
    account = account_of(name)
    payload = sample(account)
    assert list(errors(account, payload)) == []
    assert list(errors(account, smallest(account))) == []
    assert len({str(each.payload) for each in mutations(account, payload)}) > 10


@pytest.mark.parametrize("name", SMALL_DOCUMENTS)
def test_errors_of_a_place_are_those_of_the_whole(name: str) -> None:
    account = account_of(name)
    wrong = 0
    for each in mutations(account, sample(account)):
        assert each.errors == {*errors(account, each.payload)}, each.what
        wrong += bool(each.errors)
    assert wrong


# fmt: off
BY_HAND: list[tuple[str, str, Any, list[str]]] = [
    ("nulls_30", "billing_name", None, []),
    ("nulls_30", "billing_sub_name", None, ["billing_sub_name null"]),
    ("nulls_30", "labels.0", None, []),
    ("nulls_30", "tags.0", None, ["tags.0 null"]),
    ("nulls_30", "colour", None, []),
    ("nulls_30", "mood", None, ["mood null"]),
    ("nulls_30", "mood", "", []),
    ("nulls_30", "colour", "", ["colour invalid_choice"]),
    ("nulls_30", "friend", None, []),
    ("nulls_30", "enemy", None, ["enemy null"]),
    ("nulls_30", "enemy", 5, ["enemy.non_field_errors invalid"]),
    ("nulls_30", "enemy.name", GONE, ["enemy.name required"]),
    ("nulls_31", "gone", None, []),
    ("nulls_31", "tier", None, []),
    ("nulls_31", "friends.0", None, []),
    ("nulls_31", "kind", "OTHER", ["kind invalid_choice"]),
    ("texts", "code", "abc", ["code min_length"]),
    ("texts", "code", "", ["code blank"]),
    ("texts", "code", 12345, ["code max_length"]),
    ("texts", "limited", "ab12", ["limited max_length", "limited invalid"]),
    ("texts", "billing_email", "x", ["billing_email invalid"]),
    ("texts", "emails.0", "x", ["emails.0 invalid"]),
    ("numbers", "whole", 29, ["whole max_value"]),
    ("numbers", "open", 0, ["open min_value"]),
    ("numbers", "float_bound", 0, ["float_bound min_value"]),
    ("numbers", "float_bound", 9, []),
    ("numbers", "share", 0, ["share min_value"]),
    ("numbers", "no_places", "0.1", ["no_places max_decimal_places"]),
    ("numbers", "no_whole", "1.5", ["no_whole max_whole_digits"]),
    ("numbers", "amount", "12345.6", ["amount max_whole_digits"]),
    ("numbers", "amount", "12345.67", ["amount max_digits"]),
    ("numbers_31", "both", 2, ["both min_value"]),
    ("numbers_31", "open", 10, ["open max_value"]),
    ("types", "free", "x", ["free not_a_dict"]),
    ("types", "days.0", "x", ["days.0 invalid"]),
    ("typed_keys", "numbers.a_key", "x", ["numbers.a_key invalid"]),
    ("types", "server_side", "x", []),
    ("types", "maybe", "", []),
    ("types", "flag", "", ["flag invalid"]),
    ("lists", "some", ["a"], ["some min_length"]),
    ("lists", "some", ["a"] * 4, ["some max_length"]),
    ("lists", "some", {}, ["some not_a_list"]),
    ("lists", "customers.0", "x", ["customers.0.non_field_errors invalid"]),
    ("lists", "customers.0.nicknames.0", "", ["customers.0.nicknames.0 blank"]),
    ("parts", "billing_options", {}, [f"billing_options.{key} required" for key in ("first", "second", "third")]),
    ("parts", "billing_options.second", "abcd", ["billing_options.second max_length"]),
    ("two_schemas", "supply_addresses.0.supply_address.postal_code", "12345",
     ["supply_addresses.0.supply_address.postal_code max_length"]),
    ("two_schemas", "billing_address.postal_code", "12345", []),
    ("mapped", "meters.0.sort", "no", ["meters.0.sort invalid_choice"]),
    ("mapped", "meters.0.sort", GONE, ["meters.0.sort required"]),
    ("mapped", "meters.0.sort", None, ["meters.0.sort null"]),
    ("mapped", "meters.0.volts", 0, ["meters.0.volts min_value"]),
    ("mapped", "meters.1.note", "too long", []),
    ("partly_mapped", "meter.sort", "Gas", ["meter.pressure required"]),
    ("not_mapped", "meter.sort", "E", ["meter.sort invalid_choice"]),
    ("optional_tag", "meters.0.sort", GONE, []),
    ("default_tag", "meters.1.sort", GONE, []),
    ("default_tag", "meters.1.sort", "G", []),
    ("default_tag", "meters.0.sort", "G", ["meters.0.pressure required"]),
    ("by_enum", "meters.0.sort", "EE", []),
    ("by_const", "meter.sort", "G", ["meter.pressure required"]),
    ("circular", "meter.volts", GONE, ["meter.volts required"]),
    ("circular", "meters.1.id", "1234", ["meters.1.id max_length"]),
    ("parent", "meters.0.volts", GONE, ["meters.0.volts required"]),
    ("nested", "meters.0.part.size", "X", ["meters.0.part.size invalid_choice"]),
    ("nested", "meters.0.parts.1.weight", "abc", ["meters.0.parts.1.weight max_length"]),
    ("nested_alternatives", "meters.0.level", "X", ["meters.0.level invalid_choice"]),
    ("nested_alternatives", "meters.0.sort", "X", ["meters.0.sort invalid_choice"]),
    ("at_the_account", "account_type", "BUSINESS", ["company required"]),
    ("at_the_account", "customers.0.family_name", "Jensen", ["customers.0.family_name max_length"]),
    ("known_kinds", "ledgers.0.current_statement_transactions.1.voucher_code", "12345",
     ["ledgers.0.current_statement_transactions.1.voucher_code max_length"]),
    ("anchors", "external_account_number", "123456", ["external_account_number max_length"]),
    ("path_reference", "customers.0.family_name", "12345", ["customers.0.family_name max_length"]),
]
# fmt: on


@pytest.mark.parametrize(("name", "path", "value", "expected"), BY_HAND)
def test_errors_are_as_worked_out_by_hand(name: str, path: str, value: Any, expected: list[str]) -> None:
    account = account_of(name)
    payload = put(sample(account), path, value)
    assert sorted(f"{attr} {code}" for attr, code in errors(account, payload)) == sorted(expected)


def test_what_the_document_does_not_say_is_not_predicted() -> None:
    account = account_of("types")
    with pytest.raises(NotSaid):
        list(errors(account, put(sample(account), "any", None)))


@pytest.mark.parametrize("pattern", [r"^[A-Z]{2}\d{3,}$", r"[0-9]", r"^(?:a|b-)+[^x]?$", r"^\w+@\w+$", r"x{2,4}y*"])
def test_texts_match_patterns(pattern: str) -> None:
    other = text_not_matching(pattern)
    assert re.search(pattern, text_matching(pattern))
    assert other is not None
    assert not re.search(pattern, other)
