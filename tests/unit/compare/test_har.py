"""HAR exports as browsers and proxies write them, and the messages for invalid ones."""

import base64
import copy
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from premigrate.batch.load_accounts import ReadFailure
from premigrate.compare.recorded_call import Recording
from premigrate.compare.recordings import RecordingItem, SkippedCall, _read
from tests.payloads import GONE, put
from tests.recordings import entry

PATH = "/v2/data-import/accounts/validate/"
PAYLOAD = {"import_supplier": "NORLYS", "name": "Ærø, straße ÿÿÿ???>>>" * 5}
BODY = {"detail": "Blåbær ÿÿÿ???", "code": "account_failed_validation", "errors": []}
TEXT = json.dumps(BODY, ensure_ascii=False)
PAIR = {"payload": PAYLOAD, "status": 400, "response": BODY}


def changed(**changes: object) -> dict[str, Any]:
    """Return an entry with changes at places written with ``__``."""
    har_entry = copy.deepcopy(entry(PAIR, PATH))
    for place, value in changes.items():
        put(har_entry, place.replace("__", "."), value)
    return har_entry


def read(content: object, name: str = "x.har", *, needs_time: bool = True) -> list[RecordingItem]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(_read(name, io.BytesIO(data), needs_time=needs_time))


def read_one(har_entry: object, *, needs_time: bool = True) -> RecordingItem:
    (item,) = read({"log": {"entries": [har_entry]}}, needs_time=needs_time)
    return item


def encoded(text: str, *, url_safe: bool = False) -> str:
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    return encode(text.encode()).decode()


TEXTS = {
    "Firefox: plain in spite of the mark": TEXT,
    "base64": encoded(TEXT),
    "in lines of 76": base64.encodebytes(TEXT.encode()).decode(),
    "in lines that end in CRLF": base64.encodebytes(TEXT.encode()).decode().replace("\n", "\r\n"),
    "without padding": encoded(TEXT).rstrip("="),
    "url-safe": encoded(TEXT, url_safe=True),
    "url-safe without padding": encoded(TEXT + "  ", url_safe=True).rstrip("="),
    "with a byte order mark inside": encoded("\ufeff" + TEXT),
    "plain, with a byte order mark": "\ufeff" + TEXT,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("encoding", ["base64", "BASE64"])
def test_response_body_marked_as_base64(text: str, encoding: str) -> None:
    item = read_one(changed(response__content={"encoding": encoding, "text": text, "size": 1, "compression": -7}))
    assert isinstance(item, Recording)
    assert (item.body, item.payload, item.when) == (BODY, PAYLOAD, datetime(2026, 1, 31, 10, tzinfo=UTC))


def test_request_body_marked_as_base64() -> None:
    for text in (json.dumps(PAYLOAD), encoded(json.dumps(PAYLOAD)).rstrip("=")):
        item = read_one(changed(request__postData={"encoding": "base64", "text": text}))
        assert isinstance(item, Recording)
        assert item.payload == PAYLOAD


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"response__content": {"encoding": "base64", "text": "<html>"}}, "a body is marked as base64, but is neither"),
        ({"response__content": {"encoding": "base64", "text": "/w=="}}, "a body is marked as base64, but is neither"),
        ({"response__content__text": None}, "the body with the errors is missing: response.content.text"),
        ({"response__content": GONE}, "the body with the errors is missing: response.content.text"),
        ({"request__postData": None}, "request.postData.text is missing"),
        ({"request__postData__text": None}, "request.postData.text is missing"),
        ({"request__postData__text": ""}, "the request body is not a payload: the text is empty"),
        ({"response": GONE}, "response.status is missing"),
        ({"startedDateTime": "yesterday"}, "startedDateTime must be the date or time of the call"),
        ({"startedDateTime": {}}, "startedDateTime must be the date or time of the call"),
    ],
)
def test_missing_parts_are_reported(changes: dict[str, object], message: str) -> None:
    item = read_one(changed(**changes))
    assert isinstance(item, ReadFailure)
    assert item.message.startswith("entry 0: ")
    assert message in item.message


@pytest.mark.parametrize("status", [0, -1, 301, 302, 307, 401, 499, 500, 503])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"request__postData": GONE, "response__content": GONE, "startedDateTime": "?"},
        {"response__content": {"encoding": "base64", "text": "<html>"}, "response___error": "net::ERR_ABORTED"},
    ],
)
def test_inconclusive_answer_keeps_only_its_status(status: int, changes: dict[str, object]) -> None:
    item = read_one(changed(response__status=status, **changes))
    assert isinstance(item, Recording)
    assert item.status == max(status, 0)


@pytest.mark.parametrize("status", [200, 201])
def test_accepting_answer_needs_no_body(status: int) -> None:
    for content in (GONE, None, {"text": None}, {"encoding": "base64", "text": "<html>"}):
        item = read_one(changed(response__status=status, response__content=content))
        assert isinstance(item, Recording)
        assert (item.status, item.payload) == (status, PAYLOAD)


@pytest.mark.parametrize("changes", [
    {"request__method": "post"},
    {"response__status": "400"},
    {"request__headers": [{"name": ":method", "value": "POST"}, {"name": ":path", "value": PATH}]},
    {"request__httpVersion": "h3", "_initiator": {"type": "script"}, "_priority": "High", "request___secure": True},
    {"response__bodySize": -1, "response__content__size": 0, "response__content__compression": 300, "cache": None},
    {"request__url": f"https://api.example.org:8443{PATH}?x=1#y"},
])  # fmt: skip
def test_irrelevant_keys_are_ignored(changes: dict[str, object]) -> None:
    item = read_one(changed(**changes))
    assert isinstance(item, Recording)
    assert (item.status, item.body, item.payload) == (400, BODY, PAYLOAD)


def test_other_calls_are_skipped() -> None:
    others = [
        changed(request__method="OPTIONS", request__postData=GONE, response__status=204),
        changed(request__method="GET"),
        changed(request__method=None),
        changed(request__url="https://api.example.org/login/"),
        changed(request__url="data:text/plain,x"),
        changed(request__url=None),
        changed(request=GONE),
        None,
    ]
    assert read({"log": {"entries": others}}) == [SkippedCall("other calls")] * len(others)


LOG = {"log": {"version": "1.2", "pages": [], "entries": [entry(PAIR, PATH), entry(PAIR, PATH)], "_x": 1}}
ONE = json.dumps(LOG).encode()


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("x.har", ONE, 2),
        ("x.HAR", b"\xef\xbb\xbf" + ONE, 2),
        ("x.json", b"\xef\xbb\xbf \r\n" + ONE, 2),
        ("x.json", json.dumps({"_about": 1, **LOG}).encode(), 2),
        ("x.har", json.dumps({"_about": {"log": 1}, **LOG}).encode(), 2),
        ("x.har", ONE + b"\n" + ONE, 4),
        ("x.ndjson", ONE + b"\n" + ONE + b"\n", 4),
        ("x.har", json.dumps([LOG, LOG, LOG]).encode(), 6),
        ("x.json", json.dumps([LOG, LOG]).encode(), 4),
    ],
)
def test_all_logs_of_a_file_are_read(name: str, content: bytes, count: int) -> None:
    items = read(content, name)
    assert [each.position for each in items if isinstance(each, Recording)] == list(range(count))
    assert len(items) == count


def test_trailing_text_is_reported() -> None:
    items = read(ONE + b"\nmore")
    assert len(items) == 3
    assert isinstance(items[-1], ReadFailure)
    assert "the HAR export is incomplete: not JSON: expected an object in braces" in items[-1].message


@pytest.mark.parametrize("value", ["yesterday", "", None, [], "31.01.2026", float("inf")])
def test_invalid_time_is_ignored_if_not_needed(value: object) -> None:
    item = read_one(changed(startedDateTime=value if value != float("inf") else "inf"), needs_time=False)
    assert isinstance(item, Recording)
    assert item.when is None
    (pair,) = read({**PAIR, "as_of": value if value != float("inf") else 5}, "x.json", needs_time=False)
    assert isinstance(pair, Recording)
    assert pair.when is None


def test_time_of_a_pair_is_a_datetime_or_date() -> None:
    (pair,) = read({**PAIR, "as_of": "2026-06-30T22:30:00Z"}, "x.json")
    assert isinstance(pair, Recording)
    assert pair.when == datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    (pair,) = read({**PAIR, "as_of": "2026-06-30"}, "x.json")
    assert isinstance(pair, Recording)
    assert (type(pair.when), pair.when) == (date, date(2026, 6, 30))
