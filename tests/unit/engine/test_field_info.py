"""What is personal is hidden in the text of an error, and choices that were likely meant are found."""

import pytest

from premigrate.api import engine_of
from premigrate.compiler.program import compile_program
from premigrate.engine.field_info import FieldInfo, nearest, nearest_several
from premigrate.results import Place
from tests.books import make_book
from tests.conftest import validator_of
from tests.payloads import good_account, put

CANARY = "Canary7"


@pytest.mark.parametrize(
    ("market", "place", "expected"),
    [
        ("pt", (), False),
        ("pt", ("customers",), False),
        ("pt", ("customers", 0), False),
        ("pt", ("customers", 0, "email"), True),
        ("pt", ("customers", 0, "user_details", 2, "value"), True),
        ("pt", ("customers", 0, "user_details", 2, "value", "deeper", 0), True),
        ("pt", ("customers", 0, "nobody_knows"), True),
        ("pt", ("customers", "x"), True),
        ("pt", ("external_account_number",), False),
        ("pt", ("external_account_number", "x"), True),
        ("pt", ("supply_addresses", 0, "supply_address", "structured_street_address", "door"), True),
        ("dk", ("billing_address", "postal_code"), True),
        ("dk", ("billing_address", "country"), False),
        ("dk", ("supply_addresses", 0, "supply_address1"), True),
        ("dk", ("ledgers", 0, "historical_statement_transactions", 0, "amount"), False),
        ("dk", ("ledgers", 0, "historical_statement_transactions", 0, "reference"), True),
        ("dk", ("notes", 0, "body"), True),
    ],
)
def test_is_personal(market: str, place: Place, expected: bool) -> None:
    assert engine_of(validator_of(market)).field_info.is_personal(place) is expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((), True),
        (("external_account_number",), False),
        (("ledgers",), True),
        (("ledgers", 0), True),
        (("ledgers", 0, "historical_statement_transactions", 0, "amount"), False),
        (("billing_address", "country"), False),
        (("supply_addresses", 0, "supply_points"), True),
    ],
)
def test_a_text_where_an_object_belongs_may_be_a_whole_address(place: Place, expected: bool) -> None:
    validator = validator_of("dk")
    assert engine_of(validator).field_info.is_personal(place, is_scalar=True) is expected
    assert not engine_of(validator).field_info.is_personal(place)


KINDS = {
    "account": {"fields": {"points": {"list": "point"}}},
    "point": {
        "select": "kind",
        "select_about": "Kind.",
        "variants": {"A": "first_kind", "B": "second_kind"},
        "fields": {},
    },
    "first_kind": {"fields": {"meters": {"list": "first_meter"}}},
    "second_kind": {"fields": {"meters": {"list": "second_meter"}}},
    "first_meter": {"fields": {"number": {"type": "string"}, "shared": {"type": "string"}}},
    "second_meter": {
        "fields": {
            "shared": {"type": "string", "personal": True},
            "balance": {"type": "string"},
            "number": {"type": "string"},
        }
    },
}


def test_fields_that_variants_declare_differently() -> None:
    info = FieldInfo(compile_program(make_book({"object": KINDS})))
    meter = ("points", 0, "meters", 0)
    assert not info.is_personal((*meter, "balance"))
    assert not info.is_personal((*meter, "number"))
    assert info.is_personal((*meter, "shared"))
    assert info.is_personal((*meter, "nobody_knows"))
    assert info.position(meter, {"balance": "1", "number": "2"}, "number") == 2
    assert info.position(meter, {"number": "2", "shared": "x"}, "number") == 0
    assert info.position(meter, {"number": "2"}, "nobody_knows") is None


def test_what_was_asked_before_makes_no_difference() -> None:
    fields = {"name": {"type": "string"}, "secret": {"type": "string", "personal": True}}
    objects = {
        "account": {"fields": {"things": {"list": "thing"}, "one": {"object": "thing"}}},
        "thing": {"fields": fields},
    }
    for _ in range(2):
        declared = FieldInfo(compile_program(make_book({"object": objects})))
        for _ in range(2):
            for place, expected in (
                ((), (False, True)),
                (("things",), (False, True)),
                (("things", 0), (False, True)),
                (("things", 3, "name"), (False, False)),
                (("things", 3, "secret"), (True, True)),
                (("one", "name"), (False, False)),
                (("one", "name", "deeper"), (True, True)),
            ):
                assert (
                    declared.is_personal(place),
                    declared.is_personal(place, is_scalar=True),
                ) == expected, place


@pytest.mark.parametrize(
    ("place", "said", "nearest"),
    [
        (("account_type",), "DOMESTC", "DOMESTIC"),
        (("account_type",), " domestic", "DOMESTIC"),
        (("account_type",), "qqq", None),
        (("account_type",), 5, None),
        (("account_type",), "D" * 100, None),
        (("customers", 0, "deceased"), "Reportd", None),  # it is personal
    ],
)
def test_suggested_choice(place: Place, said: object, nearest: str | None) -> None:
    errors = validator_of("dk").validate(put(good_account("dk"), ".".join(map(str, place)), said)).errors
    (error,) = [error for error in errors if error.path == place]
    assert error.expected.startswith("one of ")
    assert error.expected.partition(" (did you mean ")[2] == (f"{nearest}?)" if nearest else "")


@pytest.mark.parametrize(
    ("place", "value", "masked"),
    [
        ("customers.0.landline", CANARY, "*** is not a valid phone number"),
        ("customers.0.deceased", CANARY, '"***" is not a valid choice.'),
        ("supply_addresses.0.supply_postcode", CANARY, "*** is not a valid postcode."),
        ("account_type", CANARY, ""),
        ("customers.0.email", CANARY, ""),
    ],
)
def test_masked_detail(place: str, value: object, masked: str) -> None:
    errors = validator_of("dk").validate(put(good_account("dk"), place, value)).errors
    (error,) = [error for error in errors if error.attr == place]
    assert error.masked == masked
    assert CANARY not in error.masked + error.expected


@pytest.mark.parametrize(("size", "is_found"), [(64, True), (65, False)])
def test_a_long_text_is_no_misspelling(size: int, is_found: bool) -> None:
    known = "a" * (size - 1) + "b"
    assert nearest("a" * size, frozenset({known, "x"})) == (known if is_found else None)
    assert nearest_several("domestc".rjust(size), frozenset({"DOMESTIC", "x"})) == (["DOMESTIC"] if is_found else [])


TRANSACTION: Place = ("current_statement_transactions", 0)


@pytest.mark.parametrize(
    ("place", "value", "key", "before"),
    [
        (("customers", 0), {}, "given_name", "email"),
        (("supply_addresses", 0, "supply_points", 1), {}, "identifier", "supply_type"),
        (TRANSACTION, {"type": "CHARGE"}, "reason", "type"),
        (TRANSACTION, {"type": "PAYMENT"}, "reason", "payment_type"),
    ],
)
def test_position_of_a_field(place: Place, value: dict[str, str], key: str, before: str) -> None:
    info = engine_of(validator_of("pt")).field_info
    position, earlier = info.position(place, value, key), info.position(place, value, before)
    assert position is not None
    assert earlier is not None
    assert earlier < position


@pytest.mark.parametrize(
    ("place", "value", "key"),
    [
        ((), {}, "zzz"),
        (("customers", 0), {}, "zzz"),
        (TRANSACTION, {"type": "CHARGE"}, "payment_type"),
        (TRANSACTION, {"type": "OTHER"}, "reason"),
        (TRANSACTION, {}, "reason"),
    ],
)
def test_fields_that_an_object_does_not_have_have_no_position(place: Place, value: dict[str, str], key: str) -> None:
    assert engine_of(validator_of("pt")).field_info.position(place, value, key) is None
