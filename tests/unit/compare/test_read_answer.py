"""Parsing of recorded answers in every shape."""

from typing import Any

import pytest

from premigrate.compare.model import RecordedResponse, ReportedError
from premigrate.compare.read_answer import read_answer

FLAT = {"detail": "Could not validate account data.", "code": "account_failed_validation"}
LANDLINE = ReportedError("No phone.", "", "customers.0.landline")


def outcome(status: int, body: Any) -> Any:
    answered = read_answer(status, body)
    return answered if isinstance(answered, str) else (answered.is_refused, answered.errors)


@pytest.mark.parametrize("body", [{}, None, "", {"import_supplier": "the validated data"}, [], {"errors": [1]}])
@pytest.mark.parametrize("status", [200, 201])
def test_accepting_answer(status: int, body: Any) -> None:
    assert read_answer(status, body) == RecordedResponse(is_refused=False, errors=())


def test_flat_list_of_errors() -> None:
    errors = [
        {"detail": "No phone.", "code": "invalid_phone_number", "attr": "customers.0.landline"},
        {"detail": "No.", "code": "invalid", "attr": None},
    ]
    answered = read_answer(400, {**FLAT, "errors": errors})
    assert answered == RecordedResponse(
        is_refused=True,
        errors=(
            ReportedError("No phone.", "invalid_phone_number", "customers.0.landline"),
            ReportedError("No.", "invalid", ""),
        ),
    )


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"customers": {"0": {"landline": ["No phone."]}}}, (LANDLINE,)),
        ({"customers": [{"landline": ["No phone."]}]}, (LANDLINE,)),
        (
            {"customers": [{}, {"landline": ["A", "B"]}]},
            tuple(ReportedError(x, "", "customers.1.landline") for x in "AB"),
        ),
        (
            {"customers": {"0": {"landline": [{"detail": "X", "code": "y"}]}}},
            (ReportedError("X", "y", "customers.0.landline"),),
        ),
        (
            {"customers": {"0": {"landline": {"message": "X", "code": "y"}}}},
            (ReportedError("X", "y", "customers.0.landline"),),
        ),
        (
            {"non_field_errors": ["A"], "b": ["B"]},
            (ReportedError("B", "", "b"), ReportedError("A", "", "non_field_errors")),
        ),
        ({"a": {"non_field_errors": ["A"]}}, (ReportedError("A", "", "a.non_field_errors"),)),
        ({"a": "A"}, (ReportedError("A", "", "a"),)),
        (["A"], (ReportedError("A", "", "non_field_errors"),)),
        ({"payload": ["This field is required."]}, (ReportedError("This field is required.", "", "payload"),)),
    ],
)
def test_nested_errors(body: Any, errors: tuple[ReportedError, ...]) -> None:
    assert read_answer(400, body) == RecordedResponse(is_refused=True, errors=errors, is_ordered=False)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, {"detail": "No.", "code": "not_authenticated"}, "status 401"),
        (429, None, "status 429"),
        (500, "<html>", "status 500"),
        (0, "", "no answer"),
        (400, "<html>", "400, not JSON"),
        (
            400,
            {"non_field_errors": {"detail": "x", "code": "account_import_process_already_imported"}},
            "imported already",
        ),
        (400, {"kraken_account_number": "A-1", "non_field_errors": ["x"]}, "imported already"),
        (400, {"detail": "JSON parse error", "code": "parse_error"}, "400 parse_error"),
        (400, {"detail": "x", "code": "spaces and more"}, "400, not of a validation"),
        (400, {"detail": "x"}, "400, not of a validation"),
        (400, {}, "400, not of a validation"),
        (400, 7, "400, not of a validation"),
        (400, {**FLAT, "errors": []}, "400, not of a validation"),
        (400, {**FLAT, "errors": ["x"]}, "400, not of a validation"),
        (400, {**FLAT, "errors": [{"detail": 1, "code": "x", "attr": "y"}]}, "400, not of a validation"),
        (400, {"a": [1]}, "400, not of a validation"),
        (400, {"timestamp": "t", "status": 400, "error": "Bad Request"}, "400, not of a validation"),
        (400, {"error": {"code": 400, "message": "bad"}}, "400, not of a validation"),
        (400, {"non_field_errors": ["x"], "kraken_account_number": 2}, "imported already"),
        (400, {"non_field_errors": [{"detail": "x", "code": "account_already_imported"}]}, "imported already"),
    ],
)
def test_answer_not_about_the_payload_is_skipped(status: int, body: Any, reason: str) -> None:
    assert outcome(status, body) == reason


@pytest.mark.parametrize("code", ["import_process_failed_validation", "account_failed_validation"])
def test_refusal_without_errors(code: str) -> None:
    assert outcome(400, {"detail": "x", "code": code, "domain": "import_process"}) == (True, None)


def test_deeply_nested_answer() -> None:
    body: Any = "x"
    for _ in range(900):
        body = {"a": body}
    assert outcome(400, body) == "400, not of a validation"


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([{"detail": "x", "attr": "a"}], ("x", "", "a")),
        ([{"message": "x", "code": "c", "attr": 5}], ("x", "c", "")),
        ([{"detail": "x", "code": None}], ("x", "", "")),
    ],
)
@pytest.mark.parametrize("around", [FLAT, {}, {"type": "validation_error"}])
def test_incomplete_flat_lists_are_read(around: Any, errors: Any, expected: tuple[str, str, str]) -> None:
    assert read_answer(400, {**around, "errors": errors}) == RecordedResponse(
        is_refused=True, errors=(ReportedError(*expected),)
    )


def test_nested_error_without_a_code_is_read() -> None:
    response = read_answer(400, {"a": [{"message": "m", "code": None}]})
    assert response == RecordedResponse(is_refused=True, errors=(ReportedError("m", "", "a"),), is_ordered=False)
