"""Command and Arrow checker give a table the results of its JSON text, whatever the types of its columns."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import premigrate
from premigrate.batch.arrow_values import AS_JSON, AS_PYTHON, to_json
from premigrate.batch.payload_columns import PayloadReader
from premigrate.cli.group import commands
from premigrate.exceptions import BadArgument, BadPayloadText
from premigrate.integrations.arrow import TableChecker
from premigrate.integrations.arrow_cohort import CohortChecker
from tests.payloads import AS_OF, ROOT
from tests.scenarios.test_command import DAY

ENGINE = TableChecker(as_of=AS_OF, show_values=True)
Summary = tuple[int | None, str | None, list[tuple[str, str, str]]]


def accounts() -> list[dict[str, Any]]:
    """Load the examples, good and bad, without keys that are null, which structs do not have."""
    texts = [
        (ROOT / "examples" / market / f"{kind}.json").read_text("utf-8")
        for market in ("dk", "pt")
        for kind in ("good", "bad")
    ]
    payloads = [json.loads(text) for text in texts]
    return [without_nulls(payload.get("payload", payload)) for payload in payloads]


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


ACCOUNTS = accounts()
TEXTS = [json.dumps(account) for account in ACCOUNTS]


def by_engine(table: pa.Table) -> list[Summary]:
    rows = ENGINE.stream(table.select(["payload"])).read_all().to_pylist()
    return [
        (row["status"], row["problem"], [(each["detail"], each["code"], each["attr"]) for each in row["errors"] or []])
        for row in rows
    ]


def by_command(table: pa.Table, folder: Path) -> list[Summary]:
    parquet.write_table(table, folder / "table.parquet")
    return [summary_of(checked) for checked in premigrate.check_files([folder / "table.parquet"], as_of=AS_OF)]


def summary_of(checked: premigrate.AccountResult) -> Summary:
    if checked.result is None:
        return None, str(checked.problem).partition(": ")[2], []  # without the number of the row
    errors = [(error.detail, error.code, error.attr) for error in checked.result.errors]
    return checked.result.response.status, None, errors


def expected(tmp_path: Path) -> list[Summary]:
    (tmp_path / "text.ndjson").write_text("\n".join(TEXTS), "utf-8")
    return [summary_of(checked) for checked in premigrate.check_files([tmp_path / "text.ndjson"], as_of=AS_OF)]


def with_types(kind: pa.DataType, change: Callable[[pa.DataType], pa.DataType]) -> pa.DataType:
    """Change a type and the types inside it, the inner ones first."""
    if pa.types.is_struct(kind):
        return change(pa.struct([(field.name, with_types(field.type, change)) for field in kind]))
    if pa.types.is_list(kind):
        return change(pa.list_(with_types(kind.value_type, change)))
    return change(kind)


def texts_as(kind: pa.DataType) -> Callable[[pa.DataType], pa.DataType]:
    return lambda given: kind if given == pa.string() else given


def lists_as(make: Callable[[pa.DataType], pa.DataType]) -> Callable[[pa.DataType], pa.DataType]:
    return lambda given: make(given.value_type) if pa.types.is_list(given) else given


TEXT_KINDS = [
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view(),
    pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int8(), pa.large_binary()),
    pa.binary(max(map(len, TEXTS))),
]  # fmt: skip
STRUCT_KINDS = {
    "as inferred": lambda given: given,
    "large_string": texts_as(pa.large_string()),
    "string_view": texts_as(pa.string_view()),
    "dictionary": texts_as(pa.dictionary(pa.int16(), pa.string())),
    "binary": texts_as(pa.binary()),
    "large_binary": texts_as(pa.large_binary()),
    "binary_view": texts_as(pa.binary_view()),
    "large_list": lists_as(pa.large_list),
    "list_view": lists_as(pa.list_view),
    "large_list_view": lists_as(pa.large_list_view),
}


@pytest.fixture(scope="module")
def as_text(tmp_path_factory: pytest.TempPathFactory) -> list[Summary]:
    return expected(tmp_path_factory.mktemp("text"))


def assert_same_results(column: pa.Array | pa.ChunkedArray, as_text: list[Summary], folder: Path) -> None:
    table = pa.table({"id": range(len(column)), "payload": column})
    assert by_engine(table) == as_text
    try:
        found = by_command(table, folder)
    except pa.ArrowNotImplementedError:
        return  # Parquet has no such type
    assert found == as_text


@pytest.mark.parametrize("kind", TEXT_KINDS, ids=str)
def test_types_of_text_columns_give_the_same_results(kind: Any, as_text: list[Summary], tmp_path: Path) -> None:
    texts = [text.ljust(kind.byte_width) for text in TEXTS] if pa.types.is_fixed_size_binary(kind) else TEXTS
    is_dictionary = pa.types.is_dictionary(kind)
    array = pa.array(texts, kind.value_type).dictionary_encode() if is_dictionary else pa.array(texts, kind)
    assert_same_results(array, as_text, tmp_path)


@pytest.mark.parametrize("change", STRUCT_KINDS.values(), ids=list(STRUCT_KINDS))
def test_types_inside_structs_give_the_same_results(
    change: Callable[[pa.DataType], pa.DataType], as_text: list[Summary], tmp_path: Path
) -> None:
    assert_same_results(pa.array(ACCOUNTS, with_types(pa.array(ACCOUNTS).type, change)), as_text, tmp_path)


def test_chunks_runs_dictionaries_and_extensions_give_the_same_results(as_text: list[Summary], tmp_path: Path) -> None:
    class Account(pa.ExtensionType):  # type: ignore[misc] # pyarrow has no types
        def __init__(self, storage: Any) -> None:
            super().__init__(storage, "tests.account")

        def __arrow_ext_serialize__(self) -> bytes:
            return b""

    structs = pa.array(ACCOUNTS)
    assert_same_results(
        pa.chunked_array([structs.slice(0, 1), structs.slice(1, 0), structs.slice(1)]), as_text, tmp_path
    )
    assert_same_results(pa.ExtensionArray.from_storage(Account(structs.type), structs), as_text, tmp_path)
    assert by_engine(pa.table({"payload": pa.DictionaryArray.from_arrays([0, 1, 2, 3, None], structs)})) == [
        *as_text,
        (None, "there is no payload: the cell is null", []),
    ]
    runs = pa.RunEndEncodedArray.from_arrays([1, 2, 3, 4], TEXTS)
    assert by_engine(pa.table({"payload": runs})) == as_text


@pytest.mark.skipif(not hasattr(pa, "json_"), reason="this pyarrow has no type for JSON")
def test_json_type_as_column_and_as_field(as_text: list[Summary], tmp_path: Path) -> None:
    assert_same_results(pa.array(TEXTS, pa.json_()), as_text, tmp_path)
    customers = pa.array([json.dumps(account["customers"], indent=1) for account in ACCOUNTS], pa.json_())
    rest = pa.array([{key: value for key, value in account.items() if key != "customers"} for account in ACCOUNTS])
    names = [field.name for field in rest.type]
    structs = pa.StructArray.from_arrays([*rest.flatten(), customers], [*names, "customers"])
    assert_same_results(structs, as_text, tmp_path)
    broken = pa.StructArray.from_arrays([pa.array(["[1", '{"a": 1, "a": 2}'], pa.json_())], ["customers"])
    cut_short = "not JSON: the text ends too early; it was cut short, or a closing brace or bracket is missing"
    assert [problem for _, problem, _ in by_engine(pa.table({"payload": broken}))] == [
        f"payload.customers: {cut_short}",
        "payload.customers: an object contains a key twice",
    ]


def test_maps_with_any_type_of_key_are_objects(as_text: list[Summary], tmp_path: Path) -> None:
    """Use the first account alone, because the values of a map have one type."""
    account = {
        **ACCOUNTS[0],
        "billing_address": {key: str(value) for key, value in ACCOUNTS[0]["billing_address"].items()},
    }
    inferred = pa.array([account]).type
    for key in (pa.string(), pa.binary(), pa.large_string()):
        fields = [
            (field.name, pa.map_(key, pa.string()) if field.name == "billing_address" else field.type)
            for field in inferred
        ]
        pairs = {**account, "billing_address": list(account["billing_address"].items())}
        assert_same_results(pa.array([pairs], pa.struct(fields)), as_text[:1], tmp_path)
    whole = pa.array(
        [[("import_supplier", "NORLYS")], [("import_supplier", "NORLYS"), ("import_supplier", "X")]],
        pa.map_(pa.string(), pa.string()),
    )
    answers = by_engine(pa.table({"payload": whole}))
    assert by_command(pa.table({"payload": whole}), tmp_path) == answers
    assert [status for status, _, _ in answers] == [400, None]
    assert answers[1][1] == "payload contains a key twice"


UNREADABLE_CELLS: list[tuple[str, Any, Any]] = [
    ("payload.a contains bytes that are not UTF-8 text", pa.binary(), [b"\xff", b"x"]),
    ("payload.a is nan, which is not a JSON number", pa.float64(), [float("nan"), 1.0]),
    ("payload.a is inf, which is not a JSON number", pa.float32(), [float("inf"), 1.0]),
    ("payload.a contains a date or time that cannot be converted", pa.date32(), [9_000_000, 1]),
    ("payload.a contains a date or time that cannot be converted", pa.timestamp("ns"), [1, 1000]),
    ("payload.a[] contains bytes that are not UTF-8 text", pa.list_(pa.binary()), [[b"a", b"\xff"], [b"a"]]),
    ("there is no payload: the cell is null", pa.string(), [None, "x"]),
]


@pytest.mark.parametrize(
    ("reason", "kind", "values"),
    UNREADABLE_CELLS,
    ids=[f"{kind}-{n}" for n, (_, kind, _) in enumerate(UNREADABLE_CELLS)],
)
def test_unreadable_rows_give_the_same_problems(reason: str, kind: Any, values: list[Any], tmp_path: Path) -> None:
    values = [values[1], values[0], values[1]]
    column = pa.StructArray.from_arrays([pa.array(["NORLYS"] * 3), pa.array(values, kind)], ["import_supplier", "a"])
    table = pa.table({"payload": pa.array([TEXTS[0], None, TEXTS[0]]) if kind == pa.string() else column})
    answers = by_engine(table)
    assert [bool(problem) for _, problem, _ in answers] == [False, True, False]
    assert str(answers[1][1]).startswith(reason)
    assert by_command(table, tmp_path) == answers
    problems = [str(checked.problem) for checked in premigrate.check_files([tmp_path], as_of=AS_OF)]
    assert problems[1] == f"row 1: {answers[1][1]}"


@pytest.mark.parametrize("text", [b'{"a": \xff}', b'{"a":\n 1', b"", b"{} {}"])
def test_invalid_json_gives_the_same_problems(text: bytes, tmp_path: Path) -> None:
    table = pa.table({"payload": pa.array([TEXTS[0].encode(), text], pa.binary())})
    answers = by_engine(table)
    assert [status for status, _, _ in answers] == [200, None]
    assert by_command(table, tmp_path) == answers


def test_split_writes_the_values_that_were_checked(tmp_path: Path) -> None:
    """Decimals keep their digits, times become ISO 8601 texts, and bytes are decoded."""
    row = {
        "import_supplier": "NORLYS", "external_account_number": b"A-1", "sum": Decimal("100.000"), "none": None,
        "big": Decimal("12345678901234567890.12"), "day": date(2026, 1, 31), "at": datetime(2026, 1, 31, tzinfo=UTC),
        "code": "X", "many": [Decimal("1.50"), None], "uuid": UUID(int=1).bytes, "map": [("k", None)],
    }  # fmt: skip
    kinds = {
        "import_supplier": pa.string(), "external_account_number": pa.binary(), "sum": pa.decimal128(9, 3),
        "none": pa.int64(), "big": pa.decimal256(40, 2), "day": pa.date32(), "at": pa.timestamp("us", "UTC"),
        "code": pa.dictionary(pa.int8(), pa.string()), "many": pa.list_(pa.decimal128(5, 2)),
        "uuid": pa.binary(16), "map": pa.map_(pa.string(), pa.int64()),
    }  # fmt: skip
    parquet.write_table(pa.table({"payload": pa.array([row], pa.struct(kinds))}), tmp_path / "a.parquet")
    arguments = ["check", *DAY, "--split", str(tmp_path / "split"), str(tmp_path / "a.parquet")]
    assert CliRunner().invoke(commands, arguments).exit_code == 1
    assert (tmp_path / "split" / "fail.ndjson").read_text("utf-8") == (
        '{"import_supplier":"NORLYS","external_account_number":"A-1","sum":100.000,"big":12345678901234567890.12,'
        '"day":"2026-01-31","at":"2026-01-31T00:00:00+00:00","code":"X","many":[1.50,null],'
        f'"uuid":{json.dumps(UUID(int=1).bytes.decode())},"map":{{"k":null}}}}\n'
    )


def test_columns_are_chosen_by_type_and_named_in_messages(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    usable = {
        "category": pa.array(TEXTS).dictionary_encode(),
        "views": pa.array(TEXTS, pa.string_view()),
        "raw": pa.array(TEXTS, pa.large_binary()),
        "map": pa.array([[("a", "b")]] * 4, pa.map_(pa.string(), pa.string())),
    }
    parquet.write_table(pa.table({"id": range(4), **usable}), path)
    message = "the column 'payload' is missing; choose one with --column: category, views, raw, map"
    assert problems_of(path) == [message]
    assert "it is int64" in problems_of(path, column="id")[0]
    parquet.write_table(pa.table({"id": range(4), "category": usable["category"]}), path)
    assert [bool(checked.result) for checked in premigrate.check_files([path], as_of=AS_OF)] == [True] * 4
    twice = pa.Table.from_arrays([pa.array(TEXTS), pa.array(TEXTS)], names=["payload", "payload"])
    parquet.write_table(twice, path)
    assert problems_of(path) == [
        "2 columns are named 'payload'; rename all but one; or choose another column with --column"
    ]
    with pytest.raises(BadArgument, match="2 columns are named 'payload'; rename all but one"):
        ENGINE.stream(twice)
    others = pa.Table.from_arrays([pa.array(TEXTS), *[pa.array(range(4))] * 2], names=["payload", "id", "id"])
    with pytest.raises(BadArgument, match="2 columns are named 'id'"):
        ENGINE.stream(others)
    with pytest.raises(BadArgument, match="2 columns are named 'id'"):
        CohortChecker(secret=b"x", file="id").extract_keys(others.to_batches()[0])
    parquet.write_table(others, path)
    assert [bool(checked.result) for checked in premigrate.check_files([path], as_of=AS_OF)] == [True] * 4
    fields = pa.StructArray.from_arrays([pa.array(TEXTS), pa.array(TEXTS)], names=["a", "a"])
    with pytest.raises(BadArgument, match="payload has several fields named 'a'; rename all but one"):
        ENGINE.stream(pa.table({"payload": fields}))


def problems_of(path: Path, column: str | None = None) -> list[str]:
    return [str(checked.problem) for checked in premigrate.check_files([path], as_of=AS_OF, column=column)]


def test_column_name_that_begins_like_another(tmp_path: Path) -> None:
    table = pa.table({"payload.old": ["{}"], "payload": [TEXTS[0]]})
    parquet.write_table(table, tmp_path / "a.parquet")
    assert [checked.ok for checked in premigrate.check_files([tmp_path], as_of=AS_OF)] == [True]


def test_large_batch_is_checked_in_slices() -> None:
    """The first rows do not wait for the rest."""
    batch = pa.RecordBatch.from_pydict({"payload": ["{}"] * 1_000_000})
    for table in (batch, pa.Table.from_batches([batch])):
        reader = ENGINE.stream(table)
        first, second = reader.read_next_batch(), reader.read_next_batch()
        assert [len(first), len(second)] == [1024, 1024]
        assert first.column("problem")[0].as_py()


def test_types_of_duckdb(as_text: list[Summary]) -> None:
    """JSON, an ENUM, a MAP and a STRUCT with JSON inside."""
    with duckdb.connect() as connection:
        connection.register("accounts", pa.table({"text": TEXTS}))
        for query in ("select text::json as payload from accounts", "select encode(text) as payload from accounts"):
            assert by_engine(connection.sql(query).to_arrow_table()) == as_text
        connection.sql("create type supplier as enum ('NORLYS')")
        connection.sql("set arrow_lossless_conversion = true")  # otherwise JSON arrives as plain text
        relation = connection.sql(
            "select {'import_supplier': 'NORLYS'::supplier, 'billing_address': map {'country': 'DK'},"
            " 'external_account_number': 'A-1', 'customers': '[{\"given_name\": \"A\"}]'::json} as payload"
        )
        account = {
            "import_supplier": "NORLYS", "billing_address": {"country": "DK"}, "external_account_number": "A-1",
            "customers": [{"given_name": "A"}],
        }  # fmt: skip
        assert by_engine(relation.to_arrow_table()) == by_engine(pa.table({"payload": [json.dumps(account)]}))


def test_types_of_pandas(as_text: list[Summary]) -> None:
    """Categories, bytes, objects, and times in nanoseconds."""
    for series in (
        pd.Series(TEXTS, dtype="category"),
        pd.Series([text.encode() for text in TEXTS]),
        pd.Series(ACCOUNTS),
    ):
        answers = ENGINE.stream(pd.DataFrame({"payload": series})).read_pandas()
        assert list(answers["status"]) == [status for status, _, _ in as_text]
    stamped = [{"import_supplier": "NORLYS", "last_billed_to_date": pd.Timestamp("2026-01-31")}]
    same = json.dumps({"import_supplier": "NORLYS", "last_billed_to_date": "2026-01-31T00:00:00"})
    assert by_engine(pa.table({"payload": stamped})) == by_engine(pa.table({"payload": [same]}))


TEXT = st.text(st.characters(codec="utf-8"), max_size=4)
LEAVES: list[tuple[Any, st.SearchStrategy[tuple[Any, Any]]]] = [
    (pa.string(), TEXT.map(lambda text: (text, text))),
    (pa.large_binary(), TEXT.map(lambda text: (text.encode(), text))),
    (pa.dictionary(pa.int8(), pa.string()), TEXT.map(lambda text: (text, text))),
    (pa.string_view(), TEXT.map(lambda text: (text, text))),
    (pa.uint64(), st.integers(0, 2**64 - 1).map(lambda number: (number, number))),
    (pa.float64(), st.floats(allow_nan=False, allow_infinity=False).map(lambda number: (number, number))),
    (pa.decimal128(9, 2), st.integers(-(10**6), 10**6).map(lambda n: (Decimal(n).scaleb(-2), n / 100))),
    (pa.bool_(), st.booleans().map(lambda value: (value, value))),
    (pa.date32(), st.dates().map(lambda day: (day, day.isoformat()))),
]
LISTS = [pa.list_, pa.large_list, pa.list_view, lambda kind: pa.list_(kind, 2)]
Kind = tuple[Any, "st.SearchStrategy[tuple[Any, Any]]"]


def nullable(values: "st.SearchStrategy[tuple[Any, Any]]") -> "st.SearchStrategy[tuple[Any, Any]]":
    return values | st.just((None, None))


def lists_of(kind: Kind, make: Callable[[Any], Any]) -> Kind:
    size = {"min_size": 2, "max_size": 2} if pa.types.is_fixed_size_list(make(kind[0])) else {"max_size": 3}
    values = st.lists(nullable(kind[1]), **size)  # type: ignore[arg-type]
    return make(kind[0]), values.map(lambda pairs: ([given for given, _ in pairs], [data for _, data in pairs]))


def structs_of(kinds: list[Kind], ending: str = "") -> Kind:
    names = [f"k{place}{ending}" for place in range(len(kinds))]
    values = st.tuples(*(nullable(values) for _, values in kinds)).map(
        lambda pairs: (
            {name: given for name, (given, _) in zip(names, pairs, strict=True)},
            {name: data for name, (_, data) in zip(names, pairs, strict=True) if data is not None},
        )
    )
    return pa.struct([(name, kind) for name, (kind, _) in zip(names, kinds, strict=True)]), values


def maps_of(kind: Kind) -> Kind:
    values = st.dictionaries(TEXT, nullable(kind[1]), max_size=2)
    return pa.map_(pa.string(), kind[0]), values.map(
        lambda pairs: (
            [(key, given) for key, (given, _) in pairs.items()],
            {key: data for key, (_, data) in pairs.items()},
        )
    )


KINDS: st.SearchStrategy[Kind] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.builds(lists_of, inner, st.sampled_from(LISTS))
        | st.builds(structs_of, st.lists(inner, max_size=3), st.sampled_from(["", " \u00e9", '"', "\\", "\n"]))
        | inner.map(maps_of)
    ),
    max_leaves=6,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(KINDS, min_size=1, max_size=3).map(structs_of), st.data(), st.integers(0, 2))
def test_nested_types_match_their_json(kind: Kind, data: st.DataObject, skipped: int) -> None:
    rows = data.draw(st.lists(nullable(kind[1]), max_size=4))
    column = pa.array([given for given, _ in rows], kind[0]).slice(skipped)
    wanted = [row for _, row in rows[skipped:]]
    for form in (AS_PYTHON, AS_JSON):
        cells = list(PayloadReader("payload", kind[0], form).read(column))
        nulls = [isinstance(cell, BadPayloadText) for cell in cells]
        assert nulls == [row is None for row in wanted]
        given_data = [None if isinstance(cell, BadPayloadText) else json.loads(to_json(cell)) for cell in cells]
        assert given_data == wanted
