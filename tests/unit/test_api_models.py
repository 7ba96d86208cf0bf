"""Published response bodies are parsed, with unknown keys too; other bodies are refused with a reason."""

from datetime import timedelta
from typing import Any

import pytest

import premigrate
from premigrate import ImportStatus as Found
from premigrate import LatestError as Failure
from premigrate.api_models import (
    Accepted,
    AlreadyImported,
    Answer,
    Detail,
    ImportStatus,
    NestedRefused,
    NonFieldErrors,
    NotValid,
    Refused,
    parse_answer,
)
from tests.payloads import put
from tests.unit.test_answers import CREATED, MODIFIED

FLAT = {
    "detail": "Could not validate account data.",
    "code": "account_failed_validation",
    "errors": [
        {"detail": "abcde is not a valid phone number", "code": "invalid_phone_number", "attr": "customers.0.landline"},
        {"detail": "postcode field is required.", "code": "required", "attr": "billing_address.postcode"},
    ],
}
NESTED = {
    "customers": {"0": {"landline": ["abcde is not a valid phone number"]}},
    "supply_addresses": [{"supply_points": [{"identifier": ["a", "b"]}]}],
    "non_field_errors": ["x"],
}
OLD_IMPORTED = {
    "external_account_number": "EXTERNAL-1234",
    "kraken_account_number": "A-E8981832",
    "non_field_errors": ["The account import process with the account number EXTERNAL-1234 has already been imported."],
}
STATUS = {
    "status": "PENDING",
    "kraken_identifier": None,
    "created_at": "2025-10-07T09:00:21.179194+02:00",
    "modified_at": "2025-10-07T09:06:38.078396Z",
    "latest_event": {"event": "E", "occurred_at": "2025-10-07T09:00:21+02:00", "data": None},
    "latest_error": None,
}

BODIES: list[tuple[Any, int, object, type[Answer]]] = [
    ("validate", 200, {}, Accepted),
    ("validate", 200, None, Accepted),
    ("process", 201, {}, Accepted),
    ("validate", 400, FLAT, Refused),
    ("process", 400, FLAT, Refused),
    ("validate", 400, NESTED, NestedRefused),
    ("process", 400, {"code": "c", "detail": "d", "domain": "import_process"}, NotValid),
    ("process", 400, {"non_field_errors": {"detail": "d", "code": "c"}, "account_id": "A-1"}, AlreadyImported),
    ("process", 400, OLD_IMPORTED, AlreadyImported),
    ("process", 400, {"detail": "Account would successfully import.", "code": "400"}, Detail),
    ("validate", 400, {"detail": "JSON parse error - x", "code": "parse_error"}, Detail),
    ("status", 200, STATUS, ImportStatus),
    ("status", 404, {"detail": "The requested resource was not found.", "code": "not_found"}, Detail),
    ("process", 429, {"detail": "Request was throttled."}, Detail),
]


@pytest.mark.parametrize(("endpoint", "status", "body", "model"), BODIES)
def test_published_bodies_are_parsed(endpoint: Any, status: int, body: object, model: type[Answer]) -> None:
    answer = parse_answer(endpoint, status, body)
    assert type(answer) is model
    if body is not None:
        assert answer.model_dump(mode="json", exclude_unset=True) == body


@pytest.mark.parametrize(
    ("endpoint", "status", "body", "model"), [each for each in BODIES if isinstance(each[2], dict)]
)
def test_unknown_keys_are_kept(endpoint: Any, status: int, body: dict[str, Any], model: type[Answer]) -> None:
    answer = parse_answer(endpoint, status, {**body, "trace": {"id": 1}})
    assert type(answer) is model
    assert answer.model_dump(mode="json", exclude_unset=True)["trace"] == {"id": 1}


def test_nested_errors_have_attrs() -> None:
    answer = parse_answer("validate", 400, NESTED)
    assert isinstance(answer, NestedRefused)
    assert [(error.attr, error.detail) for error in answer.errors()] == [
        ("customers.0.landline", "abcde is not a valid phone number"),
        ("supply_addresses.0.supply_points.0.identifier", "a"),
        ("supply_addresses.0.supply_points.0.identifier", "b"),
        ("non_field_errors", "x"),
    ]


def test_own_responses_are_parsed(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    number = account["external_account_number"]
    imported = parse_answer("process", *validator.process(account, imported={number: "A-1"}))
    assert isinstance(imported, AlreadyImported)
    assert isinstance(imported.non_field_errors, NonFieldErrors)
    assert imported.account_id == "A-1"
    assert isinstance(parse_answer("process", *validator.process(account)), Accepted)
    put(account, "customers.0.landline", "abcde")
    assert isinstance(parse_answer("process", *validator.process(account)), NotValid)
    refused = parse_answer("validate", *validator.validate(account).response)
    assert isinstance(refused, Refused)
    assert refused.errors[0].attr == "customers.0.landline"
    found = Found("ERRORED", CREATED, MODIFIED, latest_error=Failure("some_code", "Words."))
    answered = validator.import_status(found)
    status = parse_answer("status", *answered)
    assert isinstance(status, ImportStatus)
    assert status.created_at.utcoffset() == timedelta(hours=2)
    assert status.latest_error is not None
    assert status.latest_error.domain == answered.body["latest_error"]["domain"] is not None
    assert isinstance(parse_answer("status", *validator.import_status(None)), Detail)


@pytest.mark.parametrize(
    ("endpoint", "status", "body", "message"),
    [
        ("valdate", 200, {}, "endpoint must be one of validate, process, status"),
        ("validate", 201, {}, "never responds with status 201"),
        ("status", 200, {"status": "SECRET"}, "at created_at"),
        ("status", 200, {**STATUS, "created_at": "SECRET"}, "at created_at"),
        ("validate", 400, [{"SECRET": 5}], "this is not a body of the validate endpoint"),
        ("validate", 400, {"errors": [{"x": 1}]}, r"\(at errors.0.detail\)"),
        ("validate", "400", {}, "status must be the HTTP status as a number"),
        ("status", 404, "SECRET", "this is not a body of the status endpoint"),
    ],
)
def test_other_bodies_are_refused_without_their_values(endpoint: Any, status: int, body: object, message: str) -> None:
    with pytest.raises(premigrate.BadArgument, match=message) as caught:
        parse_answer(endpoint, status, body)
    assert "SECRET" not in str(caught.value)
