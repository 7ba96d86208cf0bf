"""The responses of process and status, exactly as the documentation shows them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

import premigrate
from premigrate import ImportStatus, LatestError, LatestEvent
from tests.books import platform_book, shipped_book
from tests.conftest import validator_of
from tests.payloads import AS_OF, put

CREATED = datetime(2025, 10, 7, 9, 0, 21, 179194, timezone(timedelta(hours=2)))
MODIFIED = datetime(2025, 10, 7, 9, 6, 38, 78396, timezone(timedelta(hours=2)))
NOT_VALID = (
    '{"code": "import_process_failed_validation", "detail": "Import process validation failed during account creation. '
    'Please validate the import process to get full details of the validation errors.", "domain": "import_process"}'
)
IMPORTED = (
    '{"non_field_errors": {"detail": "The account import process with the account number 1234567890 has already been '
    'imported.", "code": "account_import_process_already_imported"}, "account_id": "A-12345678"}'
)
TIMES = '"created_at": "2025-10-07T09:00:21.179194+02:00", "modified_at": "2025-10-07T09:06:38.078396+02:00"'

AS_DOCUMENTED = [
    market
    for market in premigrate.markets()
    if shipped_book(market).responses["import_status"] == platform_book().responses["import_status"]
]


def test_good_account_is_scheduled(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    assert validator.process(account) == validator.process({"payload": account}) == (201, {})
    assert validator.process(account, imported={"another": "A-1"}) == (201, {})


def test_process_response_has_no_details(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    response = validator.process(put(account, "customers.0.landline", "abcde"))
    assert (response.status, json.dumps(response.body)) == (400, NOT_VALID)


def test_no_value_breaks_process(validator: premigrate.Validator) -> None:
    strange: list[Any] = [None, [], 1, "x", {}, {"external_account_number": []}, {"external_account_number": {}}]
    for payload in strange:
        assert validator.process(payload, imported=["x"]).status == 400


@pytest.mark.parametrize("number", ["1234567890", 1234567890, " 1234567890 "])
@pytest.mark.parametrize("landline", ["+351211234567", "abcde"])
def test_already_imported_takes_precedence(
    validator: premigrate.Validator, account: dict[str, Any], number: object, landline: str
) -> None:
    put(account, "external_account_number", number)
    put(account, "customers.0.landline", landline)
    response = validator.process({"payload": account}, imported={"1234567890": "A-12345678"})
    assert (response.status, json.dumps(response.body)) == (400, IMPORTED)


@pytest.mark.parametrize("imported", [["1234567890"], frozenset(["1234567890"]), {"1234567890": None}])
def test_account_number_may_be_unknown(validator: premigrate.Validator, account: dict[str, Any], imported: Any) -> None:
    body = validator.process(put(account, "external_account_number", "1234567890"), imported=imported).body
    assert body["account_id"] is None
    assert body["non_field_errors"]["code"] == "account_import_process_already_imported"


def test_single_text_is_refused_as_imported(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    with pytest.raises(premigrate.BadArgument, match="not one text"):
        validator.process(account, imported="1234567890")


@pytest.fixture(params=AS_DOCUMENTED)
def documented(request: pytest.FixtureRequest) -> premigrate.Validator:
    """The validator of a market whose status response is the one of the API pages."""
    return validator_of(request.param)


@pytest.mark.parametrize("status", ["PENDING", "DRY_RUN_SUCCEEDED", "IN_PROGRESS", "CANCELLED"])
def test_status_without_error(documented: premigrate.Validator, status: str) -> None:
    response = documented.import_status(ImportStatus(status, CREATED, MODIFIED))
    expected = f'{{"status": "{status}", "kraken_identifier": null, {TIMES}, "latest_error": null}}'
    assert (response.status, json.dumps(response.body)) == (200, expected)


def test_status_of_processed_import(documented: premigrate.Validator) -> None:
    response = documented.import_status(ImportStatus("PROCESSED", CREATED, MODIFIED, "INTERNAL-KRAKEN-IDENTIFIER"))
    identified = f'"kraken_identifier": "INTERNAL-KRAKEN-IDENTIFIER", {TIMES}, "latest_error": null'
    assert json.dumps(response.body) == f'{{"status": "PROCESSED", {identified}}}'


def test_status_of_failed_import(documented: premigrate.Validator) -> None:
    error = LatestError("some_error_code", "A detailed error message")
    response = documented.import_status(ImportStatus("ERRORED", CREATED, MODIFIED, latest_error=error))
    latest_error = (
        '"latest_error": {"code": "some_error_code", "detail": "A detailed error message", "domain": "account_import"}'
    )
    assert json.dumps(response.body) == f'{{"status": "ERRORED", "kraken_identifier": null, {TIMES}, {latest_error}}}'


def test_status_of_unknown_import(validator: premigrate.Validator) -> None:
    response = validator.import_status(None)
    expected = '{"detail": "The requested resource was not found.", "code": "not_found"}'
    assert (response.status, json.dumps(response.body)) == (404, expected)


def test_utc_times_end_with_z(validator: premigrate.Validator) -> None:
    moment = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
    assert validator.import_status(ImportStatus("PENDING", moment, moment)).body["created_at"] == "2026-01-31T09:00:00Z"


EVENTFUL = {
    "market": {"extends": "pt"},
    "answer": {
        "import_status": {
            "status": 200,
            "body": {
                "status": "<status>",
                "kraken_identifier": "<kraken_identifier>",
                "created_at": "<created_at>",
                "modified_at": "<modified_at>",
                "latest_event": {
                    "event": "<event>",
                    "occurred_at": "<occurred_at>",
                    "data": {"code": "<error_code>", "detail": "<error_detail>", "domain": "import_process"},
                },
                "latest_error": {"code": "<error_code>", "detail": "<error_detail>", "domain": "import_process"},
            },
            "events": {
                "PENDING": "EVENT_ACCOUNT_IMPORT_PROCESS_CREATED",
                "PROCESSED": "EVENT_ACCOUNT_IMPORT_PROCESS_PROCESSED",
                "ERRORED": "EVENT_ACCOUNT_IMPORT_PROCESS_ERRORED",
            },
            "meaning": "As one sister tenant tells it.",
            "basis": "published",
            "source": "OpenAPI: GB ImportStatusResponse",
        }
    },
}
"""An overlay whose status response contains the latest event."""


def test_overlay_may_add_the_latest_event() -> None:
    validator = premigrate.Validator(market="pt", as_of=AS_OF, overlay=EVENTFUL)
    event = LatestEvent("EVENT_ACCOUNT_IMPORT_PROCESS_CREATED", CREATED)
    body = validator.import_status(ImportStatus("PENDING", CREATED, MODIFIED, latest_event=event)).body
    assert list(body)[-2:] == ["latest_event", "latest_error"]
    assert body["latest_event"] == {
        "event": "EVENT_ACCOUNT_IMPORT_PROCESS_CREATED",
        "occurred_at": "2025-10-07T09:00:21.179194+02:00",
        "data": None,
    }
    error = LatestError("some_error_code", "A detailed error message")
    failed = validator.import_status(ImportStatus("ERRORED", CREATED, MODIFIED, None, error, event)).body
    assert failed["latest_event"]["data"] == failed["latest_error"]
    assert (
        validator_of("gb").import_status(ImportStatus("ERRORED", CREATED, MODIFIED, None, error, event)).body == failed
    )
    unknown = validator.import_status(ImportStatus("ERRORED", CREATED, MODIFIED, None, error)).body
    assert unknown["latest_event"] is None, "an event without a name and a time is no event"
    assert unknown["latest_error"] == failed["latest_error"]
    shipped = validator_of("pt").import_status(ImportStatus("PENDING", CREATED, MODIFIED, latest_event=event))
    assert "latest_event" not in shipped.body


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"body": {"x": "<nonsense>"}}, "<nonsense> is not a placeholder"),
        ({"body": {"x": "<detail>"}}, "the body contains a code or detail, so the response needs a code"),
        ({"code": "not_fuond", "body": {}}, "not_fuond"),
        ({"code": "invalid", "body": {}}, "the framework's own checks of fields"),
        ({"events": {"PENDNIG": "x"}}, "PENDNIG"),
        ({"status": 20}, "status"),
    ],
)
def test_mistakes_in_an_answer_are_refused(change: dict[str, Any], message: str) -> None:
    answer = {**EVENTFUL["answer"]["import_status"], **change}  # type: ignore[index]
    overlay = {"market": {"extends": "pt"}, "answer": {"import_status": answer}}
    with pytest.raises(premigrate.BadRules, match=message):
        premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay)


def test_mistakes_in_a_lifecycle_are_refused() -> None:
    lifecycle = {"statuses": ["PENDING", "DONE"], "basis": "inferred", "source": "a test"}
    overlay = {"market": {"extends": "dk"}, "lifecycle": {"imported": lifecycle}}
    with pytest.raises(premigrate.BadRules, match=r"\[lifecycle.imported\].*DONE"):
        premigrate.Validator(market="dk", as_of=AS_OF, overlay=overlay)
