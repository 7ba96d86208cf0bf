"""Examples of a document: each error gives way by itself, and dates of the past are tried in the past."""

from datetime import date
from typing import Any

from tests.unit.tenant.documents import TEXT, document, errors, learn, record

SHORT = {"type": "string", "maxLength": 3}


def test_each_error_gives_way_by_itself() -> None:
    """The number can't give way; the length, the pattern, the choice and the null do."""
    example: dict[str, Any] = {
        "import_supplier": "H",
        "external_account_number": "1",
        "a": "long",
        "b": "b",
        "c": "C",
        "d": None,
        "e": "no number",
        "f": [],
    }
    fields: dict[str, Any] = {
        "a": SHORT,
        "b": {"type": "string", "pattern": "^[0-9]$"},
        "c": {"type": "string", "enum": ["A"]},
        "d": {"type": "integer"},
        "e": {"type": "integer"},
        "f": {"type": "array", "minItems": 1, "items": TEXT},
    }
    learned = learn(document({}, example, **fields))
    (tried,) = learned.examples
    assert tried.errors == (("invalid", "e"),)
    assert set(learned.relaxed) == {
        "max_length at account.a",
        "invalid at account.b",
        "invalid_choice at account.c",
        "null at account.d",
        "min_length at account.f",
    }
    assert errors(learned, {"c": "B"}) == [("c", "invalid_choice")]


def test_kind_that_an_example_leaves_out_is_optional() -> None:
    kinds = {
        "A": record("kind", kind=TEXT, size={"type": "integer"}),
        "B": record("kind", "depth", kind=TEXT, depth={"type": "integer"}),
    }
    choice = {
        "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
        "discriminator": {"propertyName": "kind", "mapping": {"a": "A", "b": "B"}},
    }
    learned = learn(
        document(kinds, {"import_supplier": "H", "external_account_number": "1", "berth": {}}, berth=choice)
    )
    assert learned.examples[0].status == 200
    assert errors(learned, {"berth": {"kind": "b"}}) == [("berth.depth", "required")]
    assert errors(learned, {"berth": {}}) == []


def test_example_is_tried_on_a_day_that_suits_its_dates() -> None:
    """A dunning path may not start in the past, and did not when the example was written."""
    start = {"type": "string", "format": "date"}
    example: dict[str, Any] = {
        "import_supplier": "H",
        "external_account_number": "1",
        "dunning_path": {"path_name": "SOFT", "start_date": "2019-05-06"},
    }
    learned = learn(document({}, example, dunning_path=record("start_date", path_name=TEXT, start_date=start)))
    (tried,) = learned.examples
    assert (tried.status, tried.errors, tried.day) == (200, (), date(2019, 5, 6))
    assert errors(learned, {"dunning_path": example["dunning_path"]}, of_rules=True) == [
        ("dunning_path.start_date", "date_in_past")
    ]
