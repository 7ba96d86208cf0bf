"""Checks of Arrow batches and tables: results, accepted types and arguments."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import premigrate
from premigrate.command.parquet_sink import findings_schema
from premigrate.exceptions import BadArgument, BadPayloadText, BadRules, UnknownMarket
from premigrate.integrations.arrow import LINEAGE_SCHEMA, RESULT_SCHEMA, TableChecker, check_batch
from premigrate.results import Advice, Error
from premigrate.ruleset.lineage import lineage_of
from tests.command import invoke
from tests.conftest import validator_of
from tests.payloads import AS_OF, GONE, ROOT, good_account, put

CHECKER = TableChecker(as_of=AS_OF)
EXAMPLES = [ROOT / "examples" / market / f"{kind}.json" for market in ("dk", "pt") for kind in ("good", "bad")]
UNREADABLE = ["", "  ", "{", '{"import_supplier": NaN}', "[1, 2"]
WITHOUT_MARKET = ["null", "[]", "7", "{}", '{"import_supplier": "NOBODY"}']


def batch_of(*cells: object, kind: Any = None) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array(range(len(cells)), pa.int64()), pa.array(cells, kind)], names=["id", "payload"]
    )


def check_one(cell: object, checker: TableChecker = CHECKER, kind: Any = None) -> dict[str, Any]:
    (row,) = checker.check(batch_of(cell, kind=kind)).to_pylist()
    return dict(row)


def fields_of(finding: Error | Advice) -> dict[str, str]:
    row = {"detail": finding.detail, "code": finding.code, "attr": finding.attr, "rule": finding.rule}
    return {**row, "stage": finding.stage} if isinstance(finding, Error) else row


def expected(market: str, result: premigrate.Result, account: str | None) -> dict[str, Any]:
    return {
        "account": account,
        "market": market,
        "status": result.response.status,
        "errors": list(map(fields_of, result.errors)),
        "advice": list(map(fields_of, result.advice)),
        "not_checked": len(result.not_checked),
        "problem": None,
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_examples_have_the_results_of_the_validator(path: Path) -> None:
    text = path.read_text("utf-8")
    payload = json.loads(text)
    reference = payload.get("payload", payload)["external_account_number"]
    result = validator_of(path.parent.name).validate_json(text)
    row = check_one(text, TableChecker(as_of=AS_OF, show_values=True))
    assert row == {"id": 0, **expected(path.parent.name, result, reference)}
    assert bool(row["errors"]) == (path.stem == "bad")


def test_personal_values_are_masked_by_default() -> None:
    text = json.dumps(put(good_account("dk"), "customers.0.landline", "my-secret"))
    assert "my-secret" not in str(check_one(text))
    assert check_one(text)["errors"][0]["detail"] == "*** is not a valid phone number"
    assert check_one(text, TableChecker(as_of=AS_OF, show_values=True))["errors"][0]["detail"].startswith(
        "my-secret is not"
    )


def test_rows_that_cannot_be_checked_have_a_problem_and_nothing_else() -> None:
    rows = CHECKER.check(batch_of(None, *UNREADABLE, *WITHOUT_MARKET)).to_pylist()
    for row in rows:
        assert row.pop("problem")
        assert [value for name, value in row.items() if name != "id"] == [None] * 6
    assert check_one(None)["problem"] == "there is no payload: the cell is null"
    assert check_one('{"a": 1,\n x}')["problem"].startswith("line 2, column 2: not JSON: ")
    assert check_one(b"\xff")["problem"].startswith("line 1, column 1: not UTF-8 text")
    assert check_one("{}")["problem"].startswith("this object is empty; ")


def test_market_may_be_given() -> None:
    checker = TableChecker(as_of=AS_OF, market="dk")
    account = put(good_account("dk"), "import_supplier", GONE)
    row = check_one(json.dumps(account), checker)
    assert (row["market"], row["problem"]) == ("dk", None)
    assert [error["attr"] for error in row["errors"]] == ["import_supplier"]
    assert [check_one(text, checker)["status"] for text in WITHOUT_MARKET] == [400] * len(WITHOUT_MARKET)
    assert set(checker.not_checked) == {"dk"}
    assert set(CHECKER.not_checked) == set(premigrate.markets())


def test_invalid_utf8_does_not_affect_other_rows() -> None:
    good = EXAMPLES[0].read_bytes()
    bad_text = pa.array([good, b'{"a": "\xff"}', good], pa.binary()).view(pa.string())
    batch = pa.RecordBatch.from_arrays([bad_text], names=["payload"])
    assert CHECKER.check(batch).column("status").to_pylist() == [200, None, 200]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(["customers", "customers.0", "customers.0.email", "account_type", "supply_addresses.0", "odd"])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(premigrate.markets()), PLACES, JSON_VALUES), max_size=4), st.binary())
def test_arbitrary_payloads_have_the_results_of_the_validator(changes: list[tuple[str, str, Any]], junk: bytes) -> None:
    texts = [json.dumps(put(good_account(market), place, value)) for market, place, value in changes]
    checker = TableChecker(as_of=AS_OF, show_values=True)
    *rows, last = checker.check(batch_of(*(text.encode() for text in texts), junk, kind=pa.binary())).to_pylist()
    assert last["problem"]
    for (market, _, _), text, row in zip(changes, texts, rows, strict=True):
        assert (row["problem"], row["status"], row["errors"]) == answer_of(market, text)


def answer_of(market: str, text: str) -> tuple[str | None, int | None, list[dict[str, str]] | None]:
    try:
        result = validator_of(market).validate_json(text)
    except BadPayloadText as error:
        return f"line {error.line}, column {error.column}: {error}" if error.line else str(error), None, None
    errors = [{key: escaped(value) for key, value in fields_of(error).items()} for error in result.errors]
    return None, result.response.status, errors


def escaped(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()],
    ids=str,
)
def test_types_of_text_columns(kind: Any) -> None:
    texts = [path.read_text("utf-8") for path in EXAMPLES]
    batch = pa.RecordBatch.from_arrays([pa.array(texts).cast(kind)], names=["payload"])
    assert CHECKER.check(batch).column("status").to_pylist() == [200, 400, 200, 400]


class Json(pa.ExtensionType):  # type: ignore[misc] # pyarrow has no types
    """An extension type for JSON text, as some engines have."""

    def __init__(self) -> None:
        super().__init__(pa.string(), "tests.json")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""


def test_text_in_dictionaries_and_extension_types() -> None:
    texts = pa.array([path.read_text("utf-8") for path in EXAMPLES])
    for column in (texts.dictionary_encode(), pa.ExtensionArray.from_storage(Json(), texts)):
        answers = CHECKER.check(pa.RecordBatch.from_arrays([column], names=["payload"]))
        assert answers.column("status").to_pylist() == [200, 400, 200, 400]


def test_results_do_not_depend_on_the_batch_size() -> None:
    texts = [path.read_text("utf-8") for path in EXAMPLES] * 300
    table = pa.table({"payload": texts, "id": range(len(texts))})
    whole = CHECKER.check(table.combine_chunks().to_batches()[0])
    for size in (1, 999):
        some = table.slice(0, 50 if size == 1 else None)
        cut = pa.Table.from_batches(some.to_batches(max_chunksize=size))
        assert CHECKER.stream(cut).read_all().equals(pa.Table.from_batches([whole]).slice(0, some.num_rows))
    assert whole.column("id").to_pylist() == list(range(len(texts)))
    assert whole.slice(3, 2).to_pylist()[1]["status"] == 200


def test_empty_input_gives_an_empty_result_with_all_columns() -> None:
    empty = batch_of(kind=pa.string())
    assert CHECKER.check(empty).schema == pa.schema([("id", pa.int64()), *RESULT_SCHEMA])
    assert CHECKER.check(empty).num_rows == 0
    assert CHECKER.stream(pa.Table.from_batches([], empty.schema)).read_all().num_rows == 0


def test_columns_are_kept_or_left_out() -> None:
    batch = pa.RecordBatch.from_pydict({"body": [EXAMPLES[0].read_text("utf-8")], "id": [1], "status": ["new"]})
    assert check_batch(batch, as_of=AS_OF, column="body", keep=["id", "body"]).schema.names == [
        "id",
        "body",
        *RESULT_SCHEMA.names,
    ]
    assert check_batch(batch, as_of=AS_OF, column="body", keep=[]).schema.names == RESULT_SCHEMA.names
    with pytest.raises(BadArgument, match="has its own column 'status'"):
        check_batch(batch, as_of=AS_OF, column="body")
    with pytest.raises(BadArgument, match="no column 'payload'; the columns are body, id, status"):
        check_batch(batch, as_of=AS_OF)
    with pytest.raises(BadArgument, match="no column 'ids'"):
        check_batch(batch, as_of=AS_OF, column="body", keep=["ids"])
    with pytest.raises(BadArgument, match="the column 'id' is int64; payloads are JSON text, or structs"):
        check_batch(batch, as_of=AS_OF, column="id", keep=[])


def test_invalid_arguments_are_refused_at_once() -> None:
    with pytest.raises(BadArgument, match="requires market="):
        TableChecker(as_of=AS_OF, overlay={"market": {"extends": "dk"}})
    with pytest.raises(BadRules):
        TableChecker(as_of=AS_OF, references={"no_such_list": ["a"]})
    with pytest.raises(UnknownMarket):
        TableChecker(as_of=AS_OF, market="xx")
    with pytest.raises(BadArgument, match="as_of"):
        TableChecker(as_of="2026-01-31")  # type: ignore[arg-type]


def test_overlay_and_lists_apply() -> None:
    text = EXAMPLES[0].read_text("utf-8")
    overlay = {"market": {"extends": "dk"}, "enabled": {"deprecated-field": "Known."}}
    row = check_one(
        text, TableChecker(as_of=AS_OF, market="dk", overlay=overlay, references={"ledger_codes": ["OTHER"]})
    )
    assert {advice["code"] for advice in row["advice"]} == {"deprecated_field"}
    assert check_one(text)["advice"] == []
    assert [error["attr"] for error in row["errors"]] == ["ledgers.0.ledger_code"]
    assert row["not_checked"] < check_one(text)["not_checked"]


def test_as_of_decides_what_is_in_the_future() -> None:
    account = put(good_account("dk"), "ledgers.0.historical_statement_transactions.1.transaction_date", "2026-02-01")
    later = TableChecker(as_of=date(2026, 2, 1))
    codes = [
        {error["code"] for error in check_one(json.dumps(account), checker)["errors"]} for checker in (CHECKER, later)
    ]
    assert codes[0] - codes[1] == {"transaction_in_future"}


def test_producers_of_arrow_streams_are_accepted() -> None:
    import duckdb
    import pandas as pd

    table = pa.table({"id": [1, 2, 3, 4], "payload": [path.read_text("utf-8") for path in EXAMPLES]})
    answers = CHECKER.stream(table).read_all()
    with duckdb.connect() as connection:
        connection.register("accounts", table)
        typed = connection.sql("select id, payload::json as payload from accounts")
        assert CHECKER.stream(typed).read_all().equals(answers)
    assert CHECKER.stream(table.to_pandas()).read_all().equals(answers)
    assert isinstance(CHECKER.stream(table).read_pandas(), pd.DataFrame)


def test_package_does_not_require_arrow() -> None:
    script = (
        "import sys\n"
        "sys.modules['pyarrow'] = None\n"
        "import premigrate, premigrate.cli, premigrate.api\n"
        "print(premigrate.Validator, 'pyspark' in sys.modules)\n"
        "try:\n    import premigrate.integrations.arrow\n"
        "except ModuleNotFoundError as error:\n    print(error)\n"
    )
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    hint = "install it with: pip install 'premigrate[arrow]'"
    assert completed.stdout.splitlines()[1:] == [f"premigrate.integrations requires pyarrow; {hint}"]
    assert completed.stdout.splitlines()[0].endswith(" False")


def test_without_advice() -> None:
    text = json.dumps(put(good_account("dk"), "unheard_of", 1))
    with_advice, without = (check_batch(batch_of(text, "{"), as_of=AS_OF, advice=advice) for advice in (True, False))
    assert [len(row["advice"] or ()) for row in with_advice.to_pylist()] == [1, 0]
    assert without.schema.names == [name for name in with_advice.schema.names if name != "advice"]
    assert without == with_advice.drop_columns(["advice"])
    kept = pa.RecordBatch.from_pydict({"advice": ["mine"], "payload": [text]})
    assert check_batch(kept, as_of=AS_OF, advice=False).column("advice").to_pylist() == ["mine"]


def test_lineage() -> None:
    overlay = {"market": {"extends": "dk"}}
    for given_overlay, market in ((None, None), (overlay, "dk")):
        options: dict[str, Any] = {"as_of": AS_OF, "overlay": given_overlay, "market": market}
        checker = TableChecker(**options, lineage=True)
        for count in (0, 2):
            batch = batch_of(*["{"] * count, kind=pa.string())
            result = checker.check(batch)
            assert result.schema == checker.result_schema(batch.schema)
            plain = TableChecker(**options).check(batch)
            assert result.select(plain.schema.names) == plain
            added = pa.table(result).select(LINEAGE_SCHEMA.names)
            assert added.schema == LINEAGE_SCHEMA
            assert [tuple(row.values()) for row in added.to_pylist()] == [lineage_of(AS_OF, given_overlay)] * count
    taken = pa.RecordBatch.from_pydict({"as_of": [1], "payload": ["{"]})
    assert check_batch(taken, as_of=AS_OF).column("as_of").to_pylist() == [1]
    with pytest.raises(BadArgument, match="its own column 'as_of'"):
        check_batch(taken, as_of=AS_OF, lineage=True)


def test_lineage_is_that_of_the_parquet_output() -> None:
    fields = findings_schema()
    assert [fields.field(index) for index in range(len(LINEAGE_SCHEMA))] == list(LINEAGE_SCHEMA)


@pytest.mark.parametrize(
    "kind",
    [
        pa.struct([("value", pa.binary()), ("metadata", pa.binary())]),  # as Spark gives it
        pa.struct([("metadata", pa.binary_view()), ("value", pa.binary()), ("typed_value", pa.int64())]),  # shredded
    ],
)
def test_variant_is_refused(kind: pa.DataType, tmp_path: Path) -> None:
    message = r"is a VARIANT, which is not supported; convert it to JSON text, in Spark with to_json\("
    for name, refused in (("payload", kind), ("payload.v", pa.struct([("v", kind)]))):
        with pytest.raises(BadArgument, match=f"^{name} {message}{name}"):
            CHECKER.check(batch_of(None, kind=refused))
    table = pa.table({"payload": pa.array([{"value": b"\0", "metadata": b"\1\0\0"}], kind)})
    pq.write_table(table, tmp_path / "a.parquet")
    code, _, err = invoke("check", "--as-of", AS_OF.isoformat(), "a.parquet", cwd=tmp_path)
    assert (code, "a.parquet: payload is a VARIANT, which is not supported" in err) == (4, True)


def test_struct_with_fields_of_other_types_is_no_variant() -> None:
    kind = pa.struct([("metadata", pa.string()), ("value", pa.binary())])
    assert check_one({"metadata": "", "value": b""}, TableChecker(as_of=AS_OF, market="dk"), kind)["status"] == 400
