"""The command as a user runs it: its arguments, its streams and its exit code."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for

import premigrate
import premigrate.command.run
from tests.command import invoke as run
from tests.command import run_process
from tests.payloads import ROOT, good_account, put

Write: TypeAlias = Callable[[str, object], Path]
DAY = ["--as-of", "2026-01-31"]


def flat(out: str) -> str:
    """Join the lines of a text: line breaks depend on the length of file names."""
    return " ".join(out.split())


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writer(name: str, content: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return writer


@pytest.mark.parametrize("market", ["pt", "dk"])
def test_examples(market: str) -> None:
    code, out, err = run("check", *DAY, f"examples/{market}/good.json")
    assert (code, err) == (0, "")
    assert out.splitlines()[-2].startswith("1 account checked, 0 refused: 0 errors, ")
    golden = (ROOT / "tests" / "golden" / f"{market}-bad.txt").read_text("utf-8")
    code, out, err = run("check", *DAY, f"examples/{market}/bad.json")
    assert (code, out, err) == (1, golden, "")


def test_json_holds_the_exact_response(write: Write) -> None:
    bad = put(good_account("dk"), "customers.0.landline", "abcde")
    file = write("many.json", [good_account("pt"), {"payload": bad}])
    code, out, err = run("check", *DAY, "--format", "json", file)
    report = json.loads(out)
    accounts = report["accounts"]
    assert (code, err) == (1, "")
    assert [(each["file"], each["index"], each["status"]) for each in accounts] == [
        (str(file), 0, 200),
        (str(file), 1, 400),
    ]
    assert accounts[0]["body"] == {}
    assert accounts[1]["body"] == {
        "detail": "Could not validate account data.",
        "code": "account_failed_validation",
        "errors": [
            {
                "detail": "abcde is not a valid phone number",
                "code": "invalid_phone_number",
                "attr": "customers.0.landline",
            }
        ],
    }
    assert accounts[1]["account"] == bad["external_account_number"]
    assert report["summary"]["refused"] == 1
    assert report["not_checked"]["customer-exclusive-role"] == {
        "accounts": len(report["accounts"]),
        "lists": [],
        "facts": [],
    }


def test_text_of_an_array_names_the_accounts(write: Write) -> None:
    bad = put(good_account("pt"), "customers.0.email", "x")
    code, out, _ = run("check", *DAY, write("many.json", [good_account("pt"), bad]))
    assert code == 1
    label = f"account 1 ({bad['external_account_number']})"
    assert f"error: Enter a valid email address. invalid at customers.0.email, {label}" in flat(out)


def test_folders_are_walked_in_order_and_standard_input_is_read(write: Write, tmp_path: Path) -> None:
    for name in ("b/2.json", "b/1.JSON", "a/3.json", "b/note.txt", "b/4.yaml"):
        write(name, good_account("pt"))
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    code, out, _ = run("check", *DAY, tmp_path)
    code, out, _ = run("check", *DAY, "--format", "json", tmp_path)
    names = [Path(each["file"]).relative_to(tmp_path).as_posix() for each in json.loads(out)["accounts"]]
    assert (code, names) == (0, ["a/3.json", "b/1.JSON", "b/2.json", "b/4.yaml"])
    text = json.dumps(good_account("dk")).encode()
    code, out, _ = run("check", *DAY, "--format", "json", "-", stdin=text)
    assert (code, json.loads(out)["accounts"][0]["file"]) == (0, "standard input")
    code, out, _ = run("check", *DAY, "--format", "json", "--stdin-filename", "x.yaml", "-", stdin=text)
    assert (code, json.loads(out)["accounts"][0]["file"]) == (0, "x.yaml")


def test_reference_lists_are_read_and_unchecked_rules_are_counted(write: Write, tmp_path: Path) -> None:
    account = good_account("dk")
    file = write("account.json", account)
    code, out, _ = run("check", *DAY, file)
    assert code == 0
    assert re.search(r"^not checked: \d+ rule.* need \d+ tenant facts.* need \d+ reference", out, re.M)
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "operations_teams.txt").write_text("Nobody\n", "utf-8")
    (lists / "more.toml").write_text(f'import_suppliers = ["{account["import_supplier"]}"]\n', "utf-8")
    code, out, _ = run("check", *DAY, "--references", lists, file)
    assert code == 1
    team = account["operations_team_name"]
    assert f"error: The operations team {team} does not exist. operations_team_name_does_not" in flat(out)
    (lists / "ledger_code.csv").write_text("value\nA\n", "utf-8")
    code, out, err = run("check", *DAY, "--references", lists, file)
    assert (code, out) == (3, "")
    assert "there is no reference list 'ledger_code'; did you mean 'ledger_codes'?" in err


def test_rules_in_all_formats() -> None:
    _, out, _ = run("rules", "--format", "json")
    data = json.loads(out)
    known = {each["id"]: each for each in data["validations"]}
    assert known["tariff-known"]["states"]["pt"] == [
        {"state": "needs list", "lists": ["products"], "reason": "", "facts": []}
    ]
    assert known["reference-unused"]["states"]["dk"][0]["state"] == "server only"
    assert data["not_applicable"]["au-one-reading-route"]["codes"] == ["reading_route_values_should_match"]
    _, out, _ = run("rules", "--lists")
    assert "campaigns (slug, name): Campaigns, each with its slug and name." in out
    _, out, _ = run("rules", "--market", "pt")
    assert "tariff-known [tariff_code_not_found] error, published; needs products" in out
    assert "reference-unused [reference_already_exists] error, published; only the server can check it" in out
    code, _, err = run("rules", "--overlay", "x.toml")
    assert (code, "x.toml: the overlay cannot be read" in err) == (3, True)


def test_as_of_defaults_to_today_and_is_shown() -> None:
    _, out, err = run("check", "examples/pt/good.json")
    assert "as of " in out
    assert "(today on this machine; change it with --as-of)" in out
    _, out, err = run("check", "--format", "json", "examples/pt/good.json")
    assert err.startswith("as of ")
    assert date.fromisoformat(err.split()[2])
    assert json.loads(out)["as_of"] == err.split()[2]


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"this is no json", 4, "x.json:1:1: not JSON: a JSON payload must begin with { or ["),
        (b"", 4, "x.json: the text is empty"),
        (b"[]", 4, "x.json: the array is empty; it must contain at least one account"),
        (b"\xff\xfe{", 4, "x.json: this is UTF-16 text; save it as UTF-8"),
        (b"[" * 10_000 + b"]" * 10_000, 4, "x.json: nested too deeply"),
        (b'{"import_supplier": NaN}', 4, "x.json:1:21: not JSON: NaN is not a JSON number"),
        (
            b'{"import_supplier": "ACME"}',
            4,
            'x.json: import_supplier "ACME" is unknown (known codes: ',
        ),
        (b'"NORLYS"', 4, "x.json: this is a string; an account is a JSON object"),
        (b'[{"import_supplier": "ACME"}, {}]', 4, "x.json[1]: this object is empty"),
    ],
)
def test_input_that_is_no_payload(write: Write, content: bytes, code: int, message: str) -> None:
    bad = write("x.json", content)
    good = write("y.json", good_account("pt"))
    exit_code, out, err = run("check", *DAY, bad, good)
    assert exit_code == code
    assert message in err
    assert "Traceback" not in err
    assert "1 account checked, 0 refused" in out, "the other file is checked"


def test_byte_order_mark_is_refused(write: Write) -> None:
    file = write("x.json", b"\xef\xbb\xbf" + json.dumps(good_account("pt")).encode())
    code, out, err = run("check", *DAY, file)
    assert (code, "1 account checked, 1 refused" in out, err) == (1, True, "")
    assert "JSON parse error - Unexpected UTF-8 BOM" in " ".join(out.split())


def test_duplicate_keys_are_advice_of_their_account(write: Write) -> None:
    doubled = json.dumps(good_account("dk")).replace('"email": ', '"email": "old@example.org", "email": ')
    first, second = json.dumps(good_account("pt")), f'{{"payload": {doubled}}}'
    line = "advice: email is given more than once in this object; only the last value counts."
    code, out, err = run("check", *DAY, write("many.json", f"[{first}, {second}]".encode()))
    assert (code, err) == (0, "")
    assert flat(out).count(line) == 1
    assert f"  duplicate_key at customers.0.email, account 1 ({good_account('dk')['external_account_number']})" in out
    code, out, err = run("check", *DAY, "-", stdin=second.encode())
    column = second.rindex('"email": ') + len('"email": ') + 1
    assert (code, err, f"standard input:1:{column}: {line}" in flat(out)) == (0, "", True)
    assert "old@example.org" not in out
    off = write("mine.toml", b'[market]\nextends = "dk"\n[disabled]\nduplicate-key = "Known."\n')
    _, out, _ = run("check", *DAY, "--market", "dk", "--overlay", off, "-", stdin=second.encode())
    assert "duplicate_key" not in out


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("customers.0.emial", "x", "advice: Unknown field 'emial': the API ignores it."),
        ("customers.0.given_name", 1.5, "advice: This is a number, but a text is expected"),
        ("customers.0.given_name", "Ann ", "advice: There is white space around this text;"),
        ("references", [{"namespace": "a", "value": 2**60}], "advice: This integer is greater than 2 to"),
        ("transfer_balance", 0.0000000001, "advice: This is almost a whole hundredth,"),
        ("customers", [], "advice: There is no customer, and unknown_occupier is not set."),
        ("customers.0", None, "error: This field may not be null.\n  null at customers.0\n"),
        ("supply_addresses.0.customer_at_supply_address_from_date", "soon", "error: Date has wrong format."),
        ("customers.0.given_name", "\x1b[31mred\x00\ud800", "error: Null characters"),
    ],
)
def test_errors_and_advice(write: Write, place: str, value: object, expected: str) -> None:
    code, out, err = run("check", *DAY, write("x.json", put(good_account("pt"), place, value)))
    assert flat(expected) in flat(out)
    assert (code, err) == (1 if expected.startswith("error") else 0, "")


def test_control_characters_are_escaped(write: Write) -> None:
    file = write("x.json", put(good_account("pt"), "customers.0.mobile", "\x1b[31m\u202e\ud800"))
    _, out, _ = run("check", *DAY, "--show-values", file)
    assert "\\x1b[31m\\u202e\\ud800 is not a valid phone number" in flat(out)


def test_no_colour_without_a_terminal() -> None:
    _, out, _ = run("check", *DAY, "examples/pt/bad.json")
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["check"], 2, "Usage"),
        (
            ["check", "--market", "nowhere", "examples/pt/good.json"],
            2,
            f"there is no market 'nowhere'; choose one of: {', '.join(premigrate.markets())}",
        ),
        (["check", "--market", "ptt", "examples/pt/good.json"], 2, "did you mean 'pt'?"),
        (["check", "--as-of", "tomorrow", "examples/pt/good.json"], 2, "write a date such as 2026-01-31"),
        (["check", "no/such/file.json"], 4, "no/such/file.json: No such file or directory"),
        (["check", "--overlay", "no.toml", "examples/pt/good.json"], 3, "no.toml: the overlay cannot be read"),
        (["check", "--overlay", "pyproject.toml", "examples/pt/good.json"], 3, "[project]: unknown key 'project'"),
        (
            ["check", "--market", "dk", "examples/pt/good.json"],
            1,
            "import_supplier belongs to the market pt, but dk was chosen",
        ),
        (["explain", "invalid_phone_numbr"], 2, "did you mean invalid_phone_number?"),
        (["explain", "???"], 2, "premigrate rules lists all rules"),
        (["check", "--as-of", "today", "."], 2, "'today': write a date such as 2026-01-31"),
        (["check", "--as-of", "2026-02-30", "."], 2, "'2026-02-30': there is no such date"),
        (["explain", "*"], 2, "no rule, code, field, list or fact '*'; premigrate rules lists all rules"),
        (["explain", "CUSTOMERS.MOBILE"], 2, "'CUSTOMERS.MOBILE'; did you mean customers.mobile?"),
        (["rules", "--market", "xx"], 2, "there is no market 'xx'"),
        (["schema"], 2, "Usage"),
        (["schema", "--market", "xx"], 2, "there is no market 'xx'"),
        (["schema", "--market", "pt", "--draft", "4"], 2, "'4' is not one of '2020-12', '7'"),
        (["schema", "--market", "pt", "--overlay", "no.toml"], 3, "no.toml: the overlay cannot be read"),
    ],
)
def test_usage_errors(arguments: list[str], code: int, message: str) -> None:
    exit_code, out, err = run(*arguments)
    assert (exit_code, "Traceback" in err) == (code, False)
    assert message in out + err


def test_folder_without_payloads(tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path)
    assert code == 2
    assert "nothing to check: there is no .json, .yaml, .ndjson or .parquet file in" in err
    assert out.startswith("0 accounts checked")


def test_unreadable_input_decides_the_exit_code(write: Write) -> None:
    code, out, _ = run("check", *DAY, "examples/pt/bad.json", write("x.json", b"{"))
    assert code == 4
    assert "1 refused" in out


def test_overlay_changes_the_result(write: Write) -> None:
    overlay = write(
        "mine.toml",
        b'[market]\nextends = "pt"\n[change.account.fields]\nbilling_name = { required = true, because = "ours" }\n',
    )
    code, out, _ = run("check", *DAY, "--overlay", overlay, "examples/pt/good.json")
    assert code == 1
    assert "error: This field is required. required at billing_name" in flat(out)


def test_rules_and_explain() -> None:
    code, out, _ = run("rules")
    assert code == 0
    assert "dk  Denmark: " in out
    assert "pt  Portugal: " in out
    assert "  phone-number-valid [invalid_phone_number] error, documented" in out
    _, only, _ = run("rules", "--market", "pt")
    assert "Denmark" not in only
    for topic in ("transaction-not-future", "transaction_in_future"):
        code, out, _ = run("explain", topic)
        assert code == 0
        for part in ("A transaction is dated after today.", "Evidence: published", 'good: "<today>"', "bad: "):
            assert part in out
    _, out, _ = run("explain", "supply-address-unique")
    assert "does not apply in pt" in out
    _, out, _ = run("explain", "unknown_field")
    assert "never part of a response of the API" in out


@pytest.mark.parametrize("options", [[], ["--draft", "7"], ["--references", "examples/references"]])
@pytest.mark.parametrize(("market", "wrong"), [("pt", "customers.0.email"), ("dk", "metadata.0.key")])
def test_schema_works_in_a_validator(market: str, wrong: str, options: list[str]) -> None:
    code, out, err = run("schema", "--market", market, *options)
    assert (code, err) == (0, "")
    schema = json.loads(out)
    validator = validator_for(schema)(schema)
    assert validator.is_valid({"payload": good_account(market)})
    bad = {"payload": put(good_account(market), wrong, [])}
    place = wrong.replace(".0", "[0]")
    for payload, prefix in ((bad, "$.payload."), (bad["payload"], "$.")):
        error = best_match(validator.iter_errors(payload))  # as check-jsonschema and editors report it
        assert error is not None
        assert error.json_path == f"{prefix}{place}"


def test_schema_includes_the_overlay(write: Write) -> None:
    change = b'[change.account.fields]\nours = { type = "date", because = "Ours." }\n'
    overlay = write("mine.toml", b'[market]\nextends = "pt"\n' + change)
    _, out, _ = run("schema", "--market", "pt", "--overlay", overlay)
    assert json.loads(out)["$defs"]["account"]["properties"]["ours"]["type"] == "string"


def test_help_names_the_exit_codes() -> None:
    code, out, _ = run("check", "--help")
    assert code == 0
    assert "4 unreadable input" in " ".join(out.split())


def test_output_is_utf8_regardless_of_the_console(write: Write) -> None:
    file = write("x.json", put(good_account("pt"), "customers.0.mobile", "o\u0142"))
    code, out, _ = run_process("check", *DAY, "--show-values", file, PYTHONIOENCODING="cp1252")
    assert code == 1
    assert "o\u0142 is not a valid phone number" in flat(out)


def test_internal_error_is_a_message_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(premigrate.command.run, "ChunkChecker", broken)
    code, out, err = run("check", "x")
    assert code == 4
    line = broken.__code__.co_firstlineno + 1
    assert f"internal error (KeyError in test_command.py, line {line})" in err
    assert "secret" not in err + out
    assert "Traceback" not in err


def test_version_names_the_build_and_the_rules() -> None:
    code, out, err = run("--version")
    assert (code, err) == (0, "")
    version = re.escape(premigrate.__version__)
    assert re.fullmatch(rf"premigrate {version} \((compiled|pure Python)\), rules [0-9a-f]{{8}}\n", out)
    assert out == run("--version")[1]
