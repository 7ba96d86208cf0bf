"""A journal finds what was added, as far as its limits allow."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from premigrate.mock_server.journal import Journal, RequestQuery, RequestRecord, explain_calls

AT = datetime(2026, 1, 31, tzinfo=UTC)

endpoints, suppliers = st.sampled_from(["validate", "process", "status"]), st.sampled_from(["", "S", "T"])
numbers, statuses = st.sampled_from(["", "A", "B", "A" * 300]), st.sampled_from([0, 201, 400])
requests = st.lists(st.tuples(endpoints, suppliers, numbers, statuses), max_size=30)
queries = st.builds(
    RequestQuery, st.none() | endpoints, st.none() | suppliers, st.none() | numbers, st.none() | statuses
)


@given(requests, queries, st.integers(0, 40), st.integers(0, 30))
def test_queries(added: list[tuple[Any, str, str, int]], query: RequestQuery, limit: int, times: int) -> None:
    journal = Journal(limit)
    for endpoint, supplier, number, status in added:
        journal.add(RequestRecord(0, AT, endpoint, "POST", supplier, number, status))
    kept = added[max(len(added) - limit, 0) :]
    expected = [each for each in kept if all(want in {None, has} for want, has in zip(query, each, strict=True))]
    found = journal.find(query)
    assert [(each.endpoint, each.import_supplier, each.status) for each in found] == [
        (endpoint, supplier, status) for endpoint, supplier, _, status in expected
    ]
    assert journal.forgotten == len(added) - len(kept)
    assert (explain_calls(journal, query, None) is None) == bool(expected)
    is_certain = journal.forgotten == 0
    assert (explain_calls(journal, query, times) is None) == (is_certain and len(expected) == times)


def test_payload_that_json_can_not_write_is_left_out() -> None:
    journal = Journal(keep_payloads=True)
    for payload in ({"a": 1}, {"a": float("inf")}):
        journal.add(RequestRecord(0, AT, "process", "POST", "S", "A", 400, payload))
    assert [each.payload for each in journal.find(RequestQuery())] == [{"a": 1}, None]
