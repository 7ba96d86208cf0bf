"""Structs of Arrow columns are read as payloads."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.document import Document
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.integrations.arrow import TableChecker
from premigrate.integrations.payloads import check_payload_type, read_payloads
from tests.payloads import AS_OF, ROOT


def read(*structs: object, kind: Any = None) -> list[object]:
    cells = read_payloads(pa.array(structs, kind))
    return [cell.data if isinstance(cell, Document) else str(cell) for cell in cells]


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("market", ["pt", "dk"])
def test_structs_have_the_results_of_their_text(market: str) -> None:
    payloads = [
        json.loads((ROOT / "examples" / market / f"{kind}.json").read_text("utf-8")) for kind in ("good", "bad")
    ]
    checker = TableChecker(as_of=AS_OF)
    texts = [json.dumps(without_nulls(payload)) for payload in payloads]
    of_text = checker.check(pa.RecordBatch.from_pydict({"payload": texts}))
    of_structs = checker.check(pa.RecordBatch.from_pydict({"payload": payloads}))
    assert of_structs.equals(of_text)
    assert of_text.column("status").to_pylist() == [200, 400]


def test_null_fields_are_absent_and_null_items_are_kept() -> None:
    kind = pa.struct(
        [
            ("a", pa.string()),
            ("items", pa.list_(pa.int64())),
            ("table", pa.map_(pa.string(), pa.int64())),
            ("inner", pa.struct([("b", pa.string())])),
            ("many", pa.large_list(pa.struct([("c", pa.bool_())]))),
        ]
    )
    full = {"a": "x", "items": [1, None], "table": [("k", None)], "inner": {"b": None}, "many": [{"c": None}, None]}
    empty: dict[str, Any] = {"a": None, "items": [], "table": [], "inner": None, "many": None}
    assert read(full, empty, None, kind=kind) == [
        {"a": "x", "items": [1, None], "table": {"k": None}, "inner": {}, "many": [{}, None]},
        {"items": [], "table": {}},
        "there is no payload: the cell is null",
    ]


def test_dates_times_and_numbers_become_json_values() -> None:
    moment = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)
    kind = pa.struct(
        [
            ("day", pa.date32()),
            ("at", pa.timestamp("us", "UTC")),
            ("clock", pa.time32("s")),
            ("sum", pa.decimal128(9, 2)),
            ("rate", pa.float64()),
            ("code", pa.dictionary(pa.int32(), pa.string())),
        ]
    )
    row = {
        "day": date(2026, 1, 31),
        "at": moment,
        "clock": time(12),
        "sum": Decimal("1.50"),
        "rate": 0.5,
        "code": "X",
    }
    assert read(row, kind=kind) == [
        {
            "day": "2026-01-31",
            "at": "2026-01-31T12:30:00+00:00",
            "clock": "12:00:00",
            "sum": Decimal("1.50"),
            "rate": 0.5,
            "code": "X",
        }
    ]


def test_value_out_of_range_does_not_affect_other_rows() -> None:
    days = pa.StructArray.from_arrays([pa.array([0, 9_000_000, 1], pa.date32())], ["day"])
    texts = pa.StructArray.from_arrays([pa.array([b"a", b"\xff", None], pa.binary()).view(pa.string())], ["a"])
    out_of_range = "payload.day contains a date or time that cannot be converted: it is beyond the year 9999"
    for column, good, reason in (
        (days, [{"day": "1970-01-01"}, {"day": "1970-01-02"}], out_of_range),
        (texts, [{"a": "a"}, {}], "payload.a contains bytes that are not UTF-8 text"),
    ):
        first, wrong, last = read_payloads(column)
        assert isinstance(first, Document)
        assert isinstance(last, Document)
        assert [first.data, last.data] == good
        assert isinstance(wrong, BadPayloadText)
        assert str(wrong).startswith(reason)
    assert read({"a": float("nan")}, {"a": 1.0}, {"a": float("-inf")}) == [
        "payload.a is nan, which is not a JSON number",
        {"a": 1.0},
        "payload.a is -inf, which is not a JSON number",
    ]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (pa.int64(), "is int64; payloads are JSON text, or structs"),
        (pa.list_(pa.string()), "payloads are JSON text, or structs"),
        (pa.struct([("a", pa.list_(pa.struct([("b", pa.duration("s"))])))]), r"body\.a\[\]\.b is duration"),
        (pa.struct([("a", pa.map_(pa.int64(), pa.string()))]), r"body\.a is map"),
        (pa.struct([("a", pa.duration("s"))]), r"body\.a is duration"),
    ],
)
def test_unsupported_types_are_refused(kind: Any, message: str) -> None:
    with pytest.raises(BadArgument, match=message):
        check_payload_type("body", kind)


LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=5)


@given(st.lists(st.fixed_dictionaries({"a": st.none() | st.text(st.characters(codec="utf-8")), "b": LEAVES})))
def test_structs_round_trip(structs: list[dict[str, object]]) -> None:
    kinds = {type(each["b"]) for each in structs if each["b"] is not None}
    if len(kinds) <= 1:  # a column has one type
        kind = pa.array(structs).type if structs else pa.struct([("a", pa.string())])
        assert read(*structs, kind=kind) == [without_nulls(each) for each in structs]


def test_rows_of_a_sliced_map_column_keep_their_keys() -> None:
    kind = pa.map_(pa.string(), pa.map_(pa.string(), pa.string()))
    rows = [[(f"k{place}", [("a", str(place))] * (place % 2))] * (place % 3 > 0) for place in range(2000)]
    wanted = [{key: dict(value) for key, value in row} for row in rows]
    cells = list(read_payloads(pa.array(rows, kind)))
    assert [cell.data for cell in cells if isinstance(cell, Document)] == wanted
    cells = list(read_payloads(pa.array(rows, kind).slice(3, 7)))
    assert [cell.data for cell in cells if isinstance(cell, Document)] == wanted[3:10]
    assert not list(read_payloads(pa.array(rows, kind).slice(5, 0)))
