"""Texts of the API are masked, so that they show no personal values of an account."""

from typing import Any

import pytest

from premigrate.compare.masking import Masker, mask_pair, parse_attr
from premigrate.compare.model import ErrorPair, ReportedError
from premigrate.results import Error, Place

ACCOUNT: dict[str, Any] = {
    "customers": [{"name": "Maria da Silva", "phone": "+351 912-345-678", "mail": "m@x.pt", "id": 4711, "sex": "f"}],
    "team": "Team North 90210",
    "born": {"on": "1980-02-03", "here": True, "then": None, "short": "Al"},
}


def is_personal(place: Place) -> bool:
    return bool(place) and place[0] in {"customers", "born"}


@pytest.fixture
def mask() -> Masker:
    return Masker(ACCOUNT, is_personal)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Maria da Silva is known.", "*** is known."),
        ("MARIA DA SILVA is known.", "*** is known."),
        ("xmaria da silvax", "x***x"),
        ("Maria is known, Mrs Silva.", "*** is known, Mrs ***."),
        ("Team North 90210 has a silvan team.", "Team North 90210 has a silvan team."),
        ("Call +351 912-345-678 or 00351912345678.", "Call *** or ***."),
        ("Call 912 345 678 now", "Call *** now"),
        ("Account 4711, 14711", "Account ***, 1***"),
        ("Write to m@x.pt, or to other@example.org!", "Write to ***, or to ***"),
        ("At most 50 of 67890.", "At most 50 of 67890."),
        ("Al and Alan, f or m", "*** and Alan, f or m"),
        ("born 1980-02-03", "born ***"),
        ("", ""),
    ],
)
def test_personal_values_are_masked_at_any_place(text: str, masked: str, mask: Masker) -> None:
    assert mask.mask(text, "team") == masked


def test_digits_are_masked_at_personal_places(mask: Masker) -> None:
    assert mask.mask("Not 03/02/1980, at most 5.", "born.on") == "Not *** at most ***"
    assert mask.mask("Not a date.", "born.on") == "Not a date."


def test_text_without_personal_values_is_unchanged() -> None:
    assert Masker({"a": 1}, lambda _: False).mask("Anything 1 at all.", "a") == "Anything 1 at all."
    assert Masker([], is_personal).mask("x", "") == "x"


def test_deeply_nested_account() -> None:
    deep: Any = "Maria"
    for _ in range(3000):
        deep = [deep]
    assert Masker({"born": deep}, is_personal).mask("Maria", "team") == "***"


def test_both_sides_of_a_pair_are_masked(mask: Masker) -> None:
    error = Error("Maria da Silva no", "c", "customers.0.name", "r", (), masked="*** no")
    same = mask_pair(ErrorPair("agreed", error, ReportedError("Maria da Silva no", "c", "customers.0.name")), mask)
    assert same.predicted
    assert same.answered
    assert (same.predicted.detail, same.answered.detail) == ("*** no", "*** no")
    other = mask_pair(ErrorPair("other detail", error, ReportedError("Not Silva!", "c", "customers.0.name")), mask)
    assert other.answered
    assert other.answered.detail == "Not ***!"
    alone = mask_pair(ErrorPair("answered only", None, ReportedError("Silva", "c", "team")), mask)
    assert (alone.predicted, alone.answered and alone.answered.detail) == (None, "***")


@pytest.mark.parametrize(
    ("attr", "place"),
    [
        ("", ()),
        ("non_field_errors", ()),
        ("customers.0.name", ("customers", 0, "name")),
        ("customers.0.non_field_errors", ("customers", 0)),
        ("a.99999999999999999999", ("a", "99999999999999999999")),
    ],
)
def test_parse_attr(attr: str, place: Place) -> None:
    assert parse_attr(attr) == place


def test_text_in_place_of_an_object_is_masked() -> None:
    mask = Masker({"address": "Harbour Street 7", "team": "North"}, lambda _: False, lambda place: "address" in place)
    assert mask.mask("Expected an object, not Harbour Street 7 of North", "address") == (
        "Expected an object, not *** of North"
    )
