"""The public API of the library."""

import copy
import json
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import premigrate
from premigrate.accounts.identity import market_of
from tests.conftest import validator_of
from tests.payloads import AS_OF, ROOT, good_account, put


def test_public_names_are_sorted_and_documented() -> None:
    assert premigrate.__all__ == sorted(premigrate.__all__)
    assert all(getattr(premigrate, name).__doc__ for name in premigrate.__all__)
    with pytest.raises(AttributeError, match="no attribute 'validat'"):
        _ = premigrate.validat


def test_markets() -> None:
    assert premigrate.markets() == tuple(sorted(file.parent.name for file in (ROOT / "rules").glob("*/market.toml")))
    assert {"dk", "pt"} <= set(premigrate.markets())


def test_good_payload(market: str) -> None:
    result = premigrate.validate(good_account(market), market=market, as_of=AS_OF)
    assert result.ok
    assert result.errors == ()
    everything = premigrate.Validator(market=market, as_of=AS_OF).not_checked
    assert result.not_checked == tuple(each for each in everything if each in result.not_checked)
    assert 0 < len(result.not_checked) < len(everything)
    assert result.response == premigrate.Response(200, {})


def test_documented_response() -> None:
    payload = {"payload": put(good_account("dk"), "customers.0.landline", "abcde")}
    result = validator_of("dk").validate(payload)
    assert result.response.status == 400
    assert json.dumps(result.response.body) == (
        '{"detail": "Could not validate account data.", "code": "account_failed_validation", "errors": [{"detail": '
        '"abcde is not a valid phone number", "code": "invalid_phone_number", "attr": "customers.0.landline"}]}'
    )
    error = result.errors[0]
    assert (error.rule, error.path, error.stage) == ("phone-number-valid", ("customers", 0, "landline"), "now")


def test_wrapped_and_bare_payloads_give_the_same_result(
    validator: premigrate.Validator, account: dict[str, Any]
) -> None:
    account["customers"][0]["email"] = "x"
    assert validator.validate(account) == validator.validate({"payload": account})


def test_json_text(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    text = json.dumps(account)
    assert validator.validate_json(text) == validator.validate_json(text.encode()) == validator.validate(account)
    with_bom = validator.validate_json(b"\xef\xbb\xbf" + text.encode())
    assert [(error.code, error.stage) for error in with_bom.errors] == [("parse_error", "now")]
    assert with_bom.response.status == 400


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "the text is empty", 0, 0),
        (" \n", "the text is empty", 0, 0),
        ('{\n "a": }', "not JSON", 2, 7),
        ('{"a": "NaN",\n "b": [NaN]}', "NaN is not a JSON number", 2, 8),
        ('{"a": -Infinity}', "-Infinity is not a JSON number", 1, 7),
        ("[" * 1_000_000, "nested too deeply", 0, 0),
        ("1" * 5000, "too many digits", 0, 0),
        (b'{"a":\n"\xff"}', "not UTF-8", 2, 2),
    ],
)
def test_invalid_json_text(text: str | bytes, message: str, line: int, column: int) -> None:
    with pytest.raises(premigrate.BadPayloadText, match=message) as caught:
        validator_of("pt").validate_json(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("as_of", ["2026-01-31", None, datetime(2026, 1, 31)])
def test_as_of_must_be_a_date(as_of: Any) -> None:
    with pytest.raises(premigrate.BadArgument, match=r"as_of must be a datetime\.date"):
        premigrate.Validator(market="pt", as_of=as_of)


def test_as_of_decides_what_is_in_the_future() -> None:
    account = put(good_account("dk"), "ledgers.0.historical_statement_transactions.1.transaction_date", "2023-07-31")
    assert premigrate.validate(account, market="dk", as_of=date(2023, 7, 31)).ok
    early = premigrate.validate(account, market="dk", as_of=date(2023, 7, 30))
    assert {error.code for error in early.errors} == {
        "transaction_in_future",
        "historical_statement_period_end_in_future",
    }


def test_decimals_are_accepted(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    exact = json.loads(json.dumps(account), parse_float=Decimal)
    assert validator.validate(exact) == validator.validate(account)
    result = validator.validate({**account, "customers": Decimal("1.5")})
    assert result.errors[0].detail == 'Expected a list of items but got type "float".'


def test_exceptions_share_a_base_class() -> None:
    for kind in (premigrate.BadArgument, premigrate.BadPayloadText, premigrate.BadRules, premigrate.UnknownMarket):
        assert issubclass(kind, premigrate.PremigrateError)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"import_supplier": "NORLYS"}, "dk"),
        ({"payload": {"import_supplier": " ENIPLENITUDEPT_X "}}, "pt"),
        ({"import_supplier": "NORLYS", "payload": 1}, "dk"),
        ({"import_supplier": "norlys"}, None),
        ({"import_supplier": 5}, None),
        ({"payload": None}, None),
        ([], None),
    ],
)
def test_market_is_identified_by_the_supplier(payload: object, expected: str | None) -> None:
    assert market_of(payload) == expected


def test_threads_may_share_a_validator(validator: premigrate.Validator, account: dict[str, Any]) -> None:
    wrong = put(copy.deepcopy(account), "customers.0.email", "x")
    expected = (validator.validate(account), validator.validate(wrong))
    different: list[object] = []

    def work() -> None:
        for _ in range(20):
            got = (validator.validate(account), validator.validate(wrong))
            if got != expected:
                different.append(got)

    _run_in_threads(work)
    assert not different


def _run_in_threads(work: Callable[[], None]) -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)


def test_dir_lists_the_public_names() -> None:
    assert dir(premigrate) == sorted([*premigrate.__all__, "__version__"])
    members = [name for name in dir(premigrate.Validator) if not name.startswith("_")]
    assert members == [
        "as_of",
        "import_status",
        "market",
        "not_checked",
        "on_day",
        "process",
        "unstated_facts",
        "validate",
        "validate_json",
        "validate_many",
    ]
