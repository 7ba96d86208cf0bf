"""What is usual is looked at by code alone; else the reader would be asked about all, which is right, and slow."""

from typing import Any

import msgspec
import pytest

from premigrate.compiling import compile_plan
from premigrate.plan.shapes import Choice, Member, Shape, Shapes
from premigrate.running.declared import Declared
from premigrate.running.structs import Look, make_types
from premigrate.running.usual import UsualReader
from tests.books import make_book
from tests.payloads import AS_OF

TEXT = {"type": "string"}
SORTS = {
    "thing": {"select": "sort", "variants": {"A": "one", "B": "other"}, "fields": {"shared": TEXT}},
    "one": {"fields": {"depth": {"type": "integer"}, "name": TEXT}},
    "other": {"fields": {"depth": TEXT}},
}
FIELDS = {"name": TEXT | {"required": True}, "day": {"type": "date"}, "things": {"list": "thing"}}
RULE = {"id": "as-deep", "on": "thing", "when": {"sort": "A"}, "present": ["depth"]}
PLAN = compile_plan(make_book({"object": {"account": {"fields": FIELDS}, **SORTS}, "rule": [RULE]}))
GOOD: dict[str, Any] = {"name": "x", "things": [{"sort": "A", "depth": 1}, {"sort": "B"}]}


def look(account: dict[str, Any], narrow: Shapes | None = None) -> object:
    assert PLAN.written
    return Look(PLAN.written, "account", narrow)(account, UsualReader(PLAN, Declared(PLAN.root), AS_OF))


def test_what_is_usual_is_made_an_object() -> None:
    made: Any = look(GOOD)
    assert (made.name, [thing.sort for thing in made.things], made.things[0].depth) == ("x", ["A", "B"], 1)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": None}, False),
        ({"unknown": 1}, False),
        ({"name": ""}, False),
        ({"name": 5}, None),
        ({"name": " x"}, None),
        ({"day": "2025-02-30"}, None),
        ({"things": [{"sort": "A"}]}, None),
        ({"things": [{"sort": "C"}]}, None),
        ({"name": "\ud800"}, None),
    ],
)
def test_other_keys_are_told_from_all_else(change: dict[str, Any], expected: object) -> None:
    assert look(GOOD | change) is expected


def test_where_there_is_no_choice_nothing_is_one() -> None:
    kind = make_types(
        {"account": (shape := Shape((Member("a", Choice(()), required=True, nullable=False),)))}, {"account": shape}
    )
    for text in ("", "x", "xy"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"a": text}, kind["account"])


def test_what_was_left_out_of_a_shape_is_nothing() -> None:
    assert PLAN.written
    shapes = dict(PLAN.written.shapes)
    shapes["account"] = shapes["account"]._replace(members=shapes["account"].members[:1])
    made: Any = look({"name": "x"}, shapes)
    assert (made.name, made.things, made.day) == ("x", None, None)
    assert msgspec.json.encode(made) == b'{"name":"x"}', "what is not there is not written"
    assert look(GOOD, shapes) is False
