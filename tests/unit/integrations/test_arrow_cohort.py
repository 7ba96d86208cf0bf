"""Clashes found from the keys of Arrow batches are those of a Cohort."""

import copy
import json
from collections import defaultdict
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import premigrate
from premigrate.cohort.api import Cohort
from premigrate.cohort.clashes import Origin
from premigrate.exceptions import BadArgument
from premigrate.integrations.arrow_cohort import CLASH_SCHEMA, KEY_SCHEMA, CohortChecker
from tests.payloads import good_account, put

SECRET = b"secret"
LISTS: dict[str, Any] = {"unique_user_detail_namespaces": ["fiscal_code"], "imported_account_numbers": ["A-0"]}


@cache
def checker_of(*, show_values: bool = False) -> CohortChecker:
    return make_checker(show_values=show_values)


def make_checker(**options: Any) -> CohortChecker:
    return CohortChecker(secret=SECRET, file="file", position="row", references=copy.deepcopy(LISTS), **options)


def batch_of(payloads: list[Any]) -> pa.RecordBatch:
    rows = [(f"f{number % 3}", number, json.dumps(payload)) for number, payload in enumerate(payloads)]
    return pa.RecordBatch.from_pydict({name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}, TABLE)


COLUMNS = ("file", "row", "payload")
TABLE = pa.schema([("file", pa.string()), ("row", pa.int64()), ("payload", pa.string())])


def group(keys: pa.RecordBatch) -> pa.RecordBatch:
    """Group keys by rule and key, as an engine does between the two steps."""
    groups = defaultdict(list)
    for row in keys.to_pylist():
        groups[row.pop("rule"), row.pop("key")].append(row)
    rows = [{"rule": rule, "key": key, "holders": holders} for (rule, key), holders in groups.items()]
    holder = pa.struct([field for field in KEY_SCHEMA if field.name not in {"rule", "key"}])
    schema = pa.schema([("rule", pa.string()), ("key", pa.binary()), ("holders", pa.list_(holder))])
    return pa.RecordBatch.from_pylist(rows, schema)


def clashes_of(checker: CohortChecker, payloads: list[Any]) -> list[dict[str, Any]]:
    found = checker.clashes(group(checker.extract_keys(batch_of(payloads))))
    assert found.schema == CLASH_SCHEMA
    return sorted(found.to_pylist(), key=str)


def expected(payloads: list[Any], *, show_values: bool = False) -> list[dict[str, Any]]:
    with Cohort(references=copy.deepcopy(LISTS), show_values=show_values) as cohort:
        for number, payload in enumerate(payloads):
            cohort.add(payload, Origin(f"f{number % 3}", number))
        rows = [
            {
                "code": clash.code,
                "detail": clash.detail,
                "rule": clash.rule,
                "reference_list": clash.reference_list or None,
                "fields": list(clash.fields),
                "accounts": clash.accounts,
                "places": [
                    {"file": each.file, "index": each.position, "account": each.reference, "attr": each.attr}
                    for each in clash.places
                ],
            }
            for clash in cohort.clashes()
        ]
    return sorted(rows, key=str)


CHANGES = st.sampled_from(
    [
        ("external_account_number", "A-0"),
        ("external_account_number", "A-1"),
        ("customers.0.given_name", "Anna"),
        ("customers.0.date_of_birth", "1959-01-02"),
        ("supply_addresses", []),
        ("statements", [{"statement_path": "a.pdf"}, {"statement_path": "b.pdf"}]),
    ]
)
ACCOUNTS = st.tuples(st.sampled_from(premigrate.markets()), st.lists(CHANGES, max_size=3))


@settings(max_examples=20)  # each example compiles the rules with the lists
@given(st.lists(ACCOUNTS, min_size=2, max_size=6), st.booleans())
def test_clashes_match_those_of_a_cohort(accounts: list[tuple[str, list[tuple[str, Any]]]], show_values: bool) -> None:
    payloads = [good_account(market) for market, _ in accounts]
    for payload, (_, changes) in zip(payloads, accounts, strict=True):
        for place, value in changes:
            put(payload, place, value)
    assert clashes_of(checker_of(show_values=show_values), payloads) == expected(payloads, show_values=show_values)


def test_personal_values_do_not_leave_a_worker() -> None:
    other = put(good_account("pt"), "customers.0.given_name", "Somebody")
    payloads = [good_account("pt"), other]
    keys = checker_of().extract_keys(batch_of(payloads)).to_pylist()
    assert {row["rule"] for row in keys if row["masked_key"]} == {"cohort-person"}
    assert not [word for word in ("234254718", "Duarte", "Somebody", "Abreu") if word in str(keys)]
    (person,) = [clash for clash in clashes_of(checker_of(), payloads) if clash["rule"] == "cohort-person"]
    assert (person["fields"], "***" in person["detail"]) == (["given_name"], True)
    shown = clashes_of(checker_of(show_values=True), payloads)
    assert "234254718" in str(shown)
    assert "234254718" not in str(person)


def test_unreadable_rows_and_rows_without_a_market_have_no_keys() -> None:
    table = {"file": ["a", "b", "c"], "row": [0, 0, 0], "payload": ["{", "{}", None]}
    assert checker_of().extract_keys(pa.RecordBatch.from_pydict(table, TABLE)).num_rows == 0
    assert checker_of().extract_keys(batch_of([])).schema == KEY_SCHEMA


def test_lone_surrogate_is_escaped() -> None:
    payloads = [put(good_account("dk"), "external_account_number", "\ud800") for _ in range(2)]
    (clash,) = [each for each in clashes_of(checker_of(), payloads) if each["rule"] == "cohort-statement-path"]
    assert clash["places"][0]["account"] == "\\ud800"


def test_invalid_arguments_are_refused() -> None:
    batch = batch_of([good_account("dk")])
    with pytest.raises(BadArgument, match="requires market="):
        make_checker(overlay={"market": {"extends": "dk"}})
    with pytest.raises(BadArgument, match="no column 'payload'"):
        checker_of().extract_keys(batch.select(["file", "row"]))
    with pytest.raises(BadArgument, match="'file' identifies accounts"):
        checker_of().extract_keys(batch.set_column(0, "file", pa.array([None], pa.string())))
    with pytest.raises(BadArgument, match="the column 'row' is int64; payloads"):
        make_checker(column="row").extract_keys(batch)
