"""Accounts of an unknown market: each cause has its own message, and counts as unreadable everywhere."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import premigrate
from premigrate.accounts.identity import market_of, supplier_patterns
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.cli.group import commands
from premigrate.cohort.api import Cohort
from premigrate.integrations.arrow import TableChecker
from tests.payloads import AS_OF, good_account, put

DAY = ("--as-of", "2026-01-31")
SUPPLIER = good_account("dk")["import_supplier"]
KNOWN = "known codes: "

CAUSES: dict[str, tuple[Any, str]] = {
    "no supplier": (
        {"external_account_number": "A-1"},
        "import_supplier is missing, which determines the market; add it",
    ),
    "no supplier, wrapped": ({"payload": {"notes": []}}, "import_supplier is missing"),
    "null supplier": ({"import_supplier": None}, "import_supplier is null"),
    "supplier a list": ({"import_supplier": [SUPPLIER]}, "import_supplier is an array"),
    "supplier a number": ({"import_supplier": 7}, "import_supplier is a number"),
    "empty supplier": ({"import_supplier": " "}, "import_supplier is empty"),
    "unknown supplier": ({"import_supplier": "ACME"}, 'import_supplier "ACME" is unknown ('),
    "misspelt supplier": ({"import_supplier": "NORLSY"}, 'import_supplier "NORLSY" is unknown; did you mean "NORLYS"?'),
    "misspelt beginning": (
        {"import_supplier": "ENIPLENTIUDEPT_IMPORT"},
        'import_supplier "ENIPLENTIUDEPT_IMPORT" is unknown; did you mean a code that begins with "ENIPLENITUDEPT"?',
    ),
    "other case": ({"import_supplier": SUPPLIER.lower()}, 'it differs from "NORLYS" in case or spaces'),
    "blanks": ({"import_supplier": " ".join(SUPPLIER)}, 'it differs from "NORLYS" in case or spaces'),
    "null": (None, "this is null; an account is a JSON object"),
    "a number": (1.5, "this is a number"),
    "true": (True, "this is a boolean"),
    "a string": ("x", "this is a string; an account is a JSON object"),
    "JSON in a string": (json.dumps(good_account("dk")), "encoded twice"),
    "an empty object": ({}, "this object is empty"),
    "an envelope": (
        {"accounts": [good_account("dk"), {}]},
        "2 accounts are in an array at accounts; write only that array",
    ),
    "an envelope of none": (
        {"accounts": [], "total": 0},
        "0 accounts are in an array at accounts; write only that array",
    ),
    "an envelope of one": ({"data": {"accounts": [{"payload": {}}]}}, "the account is in an array at data.accounts"),
    "another wrapper": (
        {"account": good_account("dk")},
        "the account is inside the object at account; write only the account",
    ),
    "a wrapped list": ({"payload": [good_account("dk")]}, '"payload" is an array'),
}


def run(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
    """Run the command, and return the exit code, standard output and standard error."""
    result = CliRunner().invoke(commands, [*map(str, arguments)], input=stdin)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "a.json"


@pytest.mark.parametrize(("payload", "message"), CAUSES.values(), ids=CAUSES.keys())
def test_each_cause_has_its_message(payload: Any, message: str, file: Path) -> None:
    file.write_text(json.dumps(payload))
    code, out, err = run("check", *DAY, file.name)
    assert code == 4
    assert err.startswith(f"premigrate: a.json: {explain_unknown_market(payload)}\n")
    assert message in err
    assert KNOWN in err
    assert all(f"--market {market}" in err for market in premigrate.markets())
    assert "1 unreadable input" in out


def test_nested_array_is_reported_with_its_index(file: Path) -> None:
    file.write_text(f"[{json.dumps(good_account('dk'))},\n [{{}}]]")
    code, out, err = run("check", *DAY, file.name)
    assert (code, "a.json[1]: this is an array inside an array" in err) == (4, True)
    assert "1 account checked, 0 refused" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the text is empty"),
        (b" \n", "the text is empty"),
        (b"[]", "the array is empty; it must contain at least one account"),
    ],
)
def test_files_without_an_account(content: bytes, message: str, file: Path) -> None:
    file.write_bytes(content)
    code, _, err = run("check", *DAY, "--market", "dk", file.name)
    assert (code, message in err) == (4, True)


@pytest.mark.parametrize("name", ["no supplier", "unknown supplier", "other case", "null", "an empty object"])
def test_given_market_makes_it_an_error_of_the_api(name: str, file: Path) -> None:
    file.write_text(json.dumps(CAUSES[name][0]))
    code, out, _ = run("check", *DAY, "--market", "dk", "--format", "json", file.name)
    (account,) = json.loads(out)["accounts"]
    assert (code, account["status"], json.loads(out)["unreadable"]) == (1, 400, [])
    if name in {"no supplier", "an empty object"}:
        errors = [(each["code"], each["detail"]) for each in account["findings"] if each["attr"] == "import_supplier"]
        assert errors == [("required", "This field is required.")]
    (file.parent / "premigrate.toml").write_text('market = "dk"\n')
    assert run("check", *DAY, "--format", "json", file.name)[0] == 1


@pytest.mark.parametrize("form", ["text", "json", "ndjson", "csv", "sarif", "junit", "html", "github", "gitlab"])
def test_every_output_reports_it(form: str, file: Path) -> None:
    file.write_text('{"import_supplier": "ACME"}')
    code, out, err = run("check", *DAY, "--format", form, file.name)
    assert code == 4
    assert "ACME" in out + err


def test_other_commands_agree(file: Path) -> None:
    file.write_text('{"import_supplier": "ACME"}')
    assert 'import_supplier "ACME" is unknown' in (result := run("cohort", file.name))[2]
    assert result[0] == 4
    file.write_text('{"payload": {"import_supplier": "ACME"}, "status": 200, "response": {}}')
    assert 'import_supplier "ACME" is unknown' in (result := run("compare", file.name))[2]
    assert result[0] == 4


def test_python_agrees(file: Path) -> None:
    file.write_text('{"import_supplier": "ACME"}')
    day = dt.date(2026, 1, 31)
    (checked,) = premigrate.check_files([file], as_of=day)
    assert 'import_supplier "ACME" is unknown' in str(checked.problem)
    table = pa.table({"payload": ['{"import_supplier": "ACME"}', "null", '{"import_supplier": "\\ud800"}']})
    problems = TableChecker(as_of=day).stream(table).read_all().column("problem").to_pylist()
    assert all(KNOWN in problem and "market=dk" in problem for problem in problems)
    with Cohort() as cohort, pytest.raises(premigrate.UnknownMarket, match="market=dk"):
        cohort.add({}, "a.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["import_supplier", "payload", "accounts", "data", "x y", ""]), inner, max_size=3
        )
    ),
    max_leaves=10,
)


@settings(max_examples=200)
@given(JSON)
def test_any_payload_has_a_message(payload: object) -> None:
    if market_of(payload) is None:
        message = explain_unknown_market(payload)
        assert all(f"--market {market}" in message for market in supplier_patterns())


BOM = b"\xef\xbb\xbf"
BOM_DETAIL = "JSON parse error - Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"


def findings(content: bytes, name: str, file: Path, *arguments: str) -> tuple[int, list[list[tuple[str, str]]]]:
    """Return the exit code, and the level and code of each finding by account."""
    path = file.with_name(name)
    path.write_bytes(content)
    code, out, err = run("check", *DAY, "--format", "json", *arguments, path)
    assert err == ""
    accounts = json.loads(out)["accounts"]
    return code, [[(each["level"], each["code"]) for each in account["findings"]] for account in accounts]


def test_body_with_a_byte_order_mark_is_refused(file: Path) -> None:
    good = json.dumps(good_account("dk"), indent=1).encode()
    assert findings(BOM + good, "a.json", file, "--split", "out") == (1, [[("error", "parse_error")]])
    assert (file.parent / "out" / "pass.ndjson").read_bytes() == b""
    assert json.loads((file.parent / "out" / "fail.ndjson").read_bytes()) == good_account("dk")
    result = premigrate.Validator(market="dk", as_of=AS_OF).validate_json(BOM + good)
    assert result.response == (400, {"detail": BOM_DETAIL, "code": "parse_error"})


def test_other_errors_are_follow_on_errors(file: Path) -> None:
    bad = json.dumps(put(good_account("dk"), "customers.0.landline", "abcde")).encode()
    code, (reported,) = findings(BOM + bad, "a.json", file)
    assert (code, reported) == (1, [("error", "parse_error"), ("follow-on", "invalid_phone_number")])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ndjson", b"%b\n%b\n"),
        ("b.ndjson", b"\r\n\n%b\n%b"),
        ("a.json", b"[%b,\n%b]"),
        ("a.yaml", b"- %b\n- %b"),
    ],
)
def test_byte_order_mark_of_a_file_with_several_accounts_is_advice(name: str, content: bytes, file: Path) -> None:
    good = json.dumps(good_account("dk")).encode()
    assert findings(BOM + content % (good, good), name, file) == (0, [[("advice", "byte_order_mark")], []])
    assert findings(content % (good, good), name, file) == (0, [[], []])
    assert (
        findings(
            BOM + content % (good, good),
            name,
            file,
            "--fail-on",
            "advice",
            "--split",
            "out",
            "--select",
            "byte-order-mark",
        )[0]
        == 1
    )
    assert BOM not in (file.parent / "out" / "pass.ndjson").read_bytes()


def test_line_with_its_own_byte_order_mark_is_refused(file: Path) -> None:
    good = json.dumps(good_account("dk")).encode()
    assert findings(good + b"\n" + BOM + good, "a.ndjson", file) == (1, [[], [("error", "parse_error")]])


def test_syntax_error_mentions_the_byte_order_mark(file: Path) -> None:
    file.write_bytes(BOM + b'{"a": }')
    code, _, err = run("check", *DAY, file.name)
    assert code == 4
    assert "a value is missing before this; the text also begins with a byte order mark" in err
