"""The compare command on recorded answers of a fictional tenant, with known differences."""

import base64
import copy
import gzip
import hashlib
import json
import random
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.documents.toml_writer import render_overlay
from tests.command import invoke as run
from tests.conftest import validator_of
from tests.payloads import AS_OF, GONE, ROOT, good_account, put
from tests.recordings import account, differing, entry, har, nested, recorded
from tests.scenarios.test_command import Write, write
from tests.scenarios.test_private import CANARY, payload_of

__all__ = ["write"]  # a fixture of test_command

VALIDATE, PROCESS = "/v2/data-import/accounts/validate/", "/v2/data-import/accounts/"
FAILED = {"code": "import_process_failed_validation", "detail": "It failed.", "domain": "import_process"}
IMPORTED = {
    "non_field_errors": {"detail": "Imported already.", "code": "account_import_process_already_imported"},
    "account_id": "A-1",
}


def lines(pairs: list[Any]) -> bytes:
    return "\n".join(map(json.dumps, pairs)).encode()


def report(*arguments: str | Path, cwd: Path = ROOT, code: int = 1) -> dict[str, Any]:
    exit_code, out, err = run("compare", "--format", "json", *arguments, cwd=cwd)
    assert exit_code == code, (out, err)
    data: dict[str, Any] = json.loads(out)
    return data


def counts(data: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    kinds = ("agreed", "other_detail", "other_attr", "predicted_only", "answered_only")
    return {each["code"]: tuple(each[kind] for kind in kinds) for each in data["codes"]}


def all_kinds() -> list[dict[str, Any]]:
    """Return the known differences, answers with only a verdict, and answers that can't be compared."""
    processed = {**recorded(account(11)), "status": 201}
    failed = {**recorded(account(12)), "status": 400, "response": FAILED}
    imported = {**recorded(account(13)), "status": 400, "response": IMPORTED}
    return [*differing(), processed, failed, imported, {**imported, "status": 401, "response": None}]


def test_known_differences_are_reported_exactly(write: Write, tmp_path: Path) -> None:
    write("recorded.ndjson", lines(all_kinds()))
    golden = (ROOT / "tests" / "golden" / "compare.txt").read_text("utf-8")
    code, out, err = run("compare", "recorded.ndjson", cwd=tmp_path)
    assert (code, out, err) == (1, golden, "")


def test_known_differences_are_counted_exactly(write: Write) -> None:
    data = report(write("recorded.json", all_kinds()))
    assert (data["compared"], data["differing"], data["verdict_only"], data["unreadable"]) == (13, 11, 1, 0)
    assert data["skipped"] == {"imported already": 1, "status 401": 1}
    assert {(each["predicted"], each["answered"]): each["accounts"] for each in data["verdicts"]} == {
        ("valid", "valid"): 2,
        ("valid", "refused"): 2,
        ("refused", "valid"): 1,
        ("refused", "refused"): 8,
    }
    assert {name: (each["count"], each["of"]) for name, each in data["agreement"].items()} == {
        "accounts_with_the_same_verdict": (10, 13),
        "accounts_with_the_same_errors": (2, 12),
        "accounts_with_the_same_errors_in_the_same_order": (2, 12),
        "predicted_errors_that_the_API_reported": (9, 11),
        "errors_of_the_API_that_were_predicted": (9, 11),
    }
    assert counts(data) == {
        "billing_address_not_provided": (0, 0, 0, 0, 1),
        "customer_detail_failed_validation": (0, 0, 0, 1, 0),
        "invalid": (0, 4, 0, 0, 0),
        "invalid_phone_number": (0, 3, 0, 0, 0),
        "max_length": (0, 2, 0, 0, 0),
        "possible_test_email_address": (0, 0, 1, 0, 0),
    }
    assert {each["rule"]: each["predicted_only"] for each in data["rules"]} == {
        "email-not-test": 0,
        "field": 0,
        "fiscal-code-valid": 1,
        "phone-number-valid": 0,
    }
    worst = data["worst"]
    assert [each["index"] for each in worst[:3]] == [4, 5, 12], (
        "good payloads predicted as refused come first, then bad ones predicted as valid"
    )
    assert worst[0]["account"] == "ACC-4"
    assert worst[0]["as_of"] == "2026-01-31"
    assert worst[1]["errors"] == [
        {
            "kind": "answered only",
            "code": "billing_address_not_provided",
            "rule": None,
            "predicted": None,
            "answered": {
                "detail": "A billing address is required.",
                "code": "billing_address_not_provided",
                "attr": "non_field_errors",
            },
        }
    ]


def test_proposed_overlay_makes_all_agree(write: Write, tmp_path: Path) -> None:
    write("recorded.ndjson", lines(differing()))
    code, _, err = run("compare", "--write-overlay", "overlay.toml", "recorded.ndjson", cwd=tmp_path)
    summary = "7 changes proposed (4 texts, 1 place, 1 disabled rule, 1 enabled rule)"
    assert (code, err) == (1, f"premigrate: overlay.toml: written: {summary}\n")
    tables = tomllib.loads((tmp_path / "overlay.toml").read_text("utf-8"))
    assert tables["market"] == {"extends": "pt"}
    texts = {name: (table.get("detail"), table.get("details")) for name, table in tables["code"].items()}
    assert texts == {
        "invalid_phone_number": ("O número {value} não é válido.", None),
        "max_length": (None, dict.fromkeys(("string", "email"), "No máximo {max_length} caracteres.")),
        "invalid": (None, {"date": "Data inválida.", "boolean": "Nem sim nem não."}),
    }
    phone = tables["code"]["invalid_phone_number"]
    assert phone["detail_basis"] == "observed"
    assert phone["source"] == "Observed: 3 of 3 recorded answers, the first at recorded.ndjson, account 1."
    assert tables["attr_change"]["email-not-test"] == {
        "attr": "up.non_field_errors",
        "because": "Observed: 1 of 1 recorded answers, the first at recorded.ndjson, account 3.",
    }
    prefix = "Observed: predicted once, never answered; 1 in accounts that the API accepted, the first at"
    assert tables["disabled"] == {"fiscal-code-valid": f"{prefix} recorded.ndjson, account 4."}
    prefix = "Observed: would have been reported once; the API reported it once, the first at"
    assert tables["enabled"] == {"billing-address-required": f"{prefix} recorded.ndjson, account 5."}

    code, out, err = run("compare", "--overlay", "overlay.toml", "recorded.ndjson", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert out.endswith("11 answers compared: 0 not as predicted\n")
    again = ["--overlay", "overlay.toml", "--write-overlay", "more.toml"]
    code, _, err = run("compare", *again, "recorded.ndjson", cwd=tmp_path)
    assert (code, err) == (0, "premigrate: more.toml: not written, because there are no changes to propose\n")
    assert not (tmp_path / "more.toml").exists()


def test_proposals_are_added_to_an_existing_overlay(write: Write, tmp_path: Path) -> None:
    write("recorded.ndjson", lines(differing()))
    write(
        "mine.toml",
        b"[market]\nextends = 'pt'\n[disabled]\nbilling-address-required = 'Off.'\nblank-text = 'Quiet.'\n"
        b"[code.invalid]\nmeaning = 'm.'\ndetails = {email = 'No.', date = 'x'}\n"
        b"[defaults]\ndetail_basis = 'inferred'\nsource = 's'\n",
    )
    options = ["--overlay", "mine.toml", "--write-overlay", "overlay.toml"]
    code, _, err = run("compare", *options, "recorded.ndjson", cwd=tmp_path)
    assert (code, "7 changes proposed" in err) == (1, True)
    tables = tomllib.loads((tmp_path / "overlay.toml").read_text("utf-8"))
    assert tables["disabled"].keys() == {"blank-text", "fiscal-code-valid"}
    assert tables["defaults"] == {"detail_basis": "inferred", "source": "s"}
    assert tables["code"]["invalid"]["details"]["email"] == "No."
    assert tables["code"]["invalid"]["details"]["date"] == "Data inválida."
    code, _, _ = run("compare", "--overlay", "overlay.toml", "recorded.ndjson", cwd=tmp_path)
    assert code == 0


def test_foreign_file_is_never_overwritten(write: Write, tmp_path: Path) -> None:
    write("recorded.ndjson", lines(differing()))
    foreign = write("mine.toml", b"[market]\nextends = 'pt'\n")
    code, out, err = run("compare", "--write-overlay", "mine.toml", "recorded.ndjson", cwd=tmp_path)
    assert (code, out) == (2, "")
    assert "mine.toml: exists, and was not written by this command" in err
    assert foreign.read_bytes() == b"[market]\nextends = 'pt'\n"
    for verb in ("written", "replaced"):
        _, _, err = run("compare", "--write-overlay", "ours.toml", "recorded.ndjson", cwd=tmp_path)
        assert f"ours.toml: {verb}: 7 changes" in err
    assert {path.name for path in tmp_path.iterdir()} == {"recorded.ndjson", "mine.toml", "ours.toml"}


def test_text_of_a_single_account_is_not_proposed(write: Write, tmp_path: Path) -> None:
    pair = recorded(account(1, customers__0__mobile="abcde"))
    pair["response"]["errors"][0]["detail"] = "Ask Gertrudes in room seven."
    write("recorded.ndjson", lines([pair, pair]))
    _, _, err = run("compare", "--write-overlay", "o.toml", "recorded.ndjson", cwd=tmp_path)
    assert err == "premigrate: o.toml: not written, because there are no changes to propose\n"


def test_rule_that_is_sometimes_right_is_kept(write: Write, tmp_path: Path) -> None:
    accepted = recorded(account(1, customers__0__mobile="abcde"))
    accepted |= {"status": 200, "response": {}}
    refused = recorded(account(2, customers__0__mobile="abcde"), validator_of("pt"))
    accepted_bare = recorded(account(3, billing_address=GONE), validator_of("pt"))
    refused_bare = recorded(account(4, billing_address=GONE))
    write("recorded.ndjson", lines([accepted, refused, accepted_bare, refused_bare]))
    code, _, err = run("compare", "--write-overlay", "o.toml", "recorded.ndjson", cwd=tmp_path)
    assert (code, "no changes to propose" in err) == (1, True), "neither off nor on: the API gave both answers"


def test_rule_without_a_format_in_the_country_is_not_tried(write: Write, tmp_path: Path) -> None:
    """Enabling a rule that can't work in the market is no proposal."""
    write("recorded.json", recorded(put(good_account("dk"), "customers.0.email", "x"), validator_of("dk")))
    write("no.toml", b"[market]\nextends = 'dk'\nterritory = 'NO'\n[disabled]\npostcode-format = 'Not known.'\n")
    options = ["--overlay", "no.toml", "--write-overlay", "overlay.toml"]
    code, _, err = run("compare", *options, "recorded.json", cwd=tmp_path)
    assert (code, err) == (0, "premigrate: overlay.toml: not written, because there are no changes to propose\n")


def test_no_overlay_for_recordings_of_several_markets(write: Write, tmp_path: Path) -> None:
    danish = recorded(good_account("dk"), validator_of("dk"))
    write("recorded.ndjson", lines([danish, *differing()]))
    code, out, err = run("compare", "--write-overlay", "o.toml", "recorded.ndjson", cwd=tmp_path)
    assert (code, "12 answers compared" in out) == (2, True)
    assert "an overlay applies to one market, but the recordings are of dk and pt" in err
    assert not (tmp_path / "o.toml").exists()


def test_older_shape_of_errors(write: Write) -> None:
    """The older shape has no codes, so errors are matched by attr and detail."""
    agreeing = [recorded(account(n, customers__0__mobile="abcde"), validator_of("pt")) for n in range(3)]
    pairs = [*agreeing, *differing()]
    for pair in pairs:
        if pair["status"] == 400:
            pair["response"] = nested(pair["response"])
    data = report(write("nested.json", pairs))
    assert counts(data) == {
        "customer_detail_failed_validation": (0, 0, 0, 1, 0),
        "invalid": (0, 4, 0, 0, 0),
        "invalid_phone_number": (3, 3, 0, 0, 0),
        "max_length": (0, 2, 0, 0, 0),
        "possible_test_email_address": (0, 0, 1, 0, 0),
        None: (0, 0, 0, 0, 1),
    }
    order = data["agreement"]["accounts_with_the_same_errors_in_the_same_order"]
    assert (order["count"], order["of"]) == (1, 2), "keys of objects have no order"


@pytest.mark.parametrize("form", ["json", "ndjson", "har", "packed"])
def test_all_formats_give_the_same_result(form: str, write: Write) -> None:
    pairs = differing()
    export = har(pairs, pages=[{"id": "entries", "title": '{"log": {"entries": ['}])
    content = {
        "json": json.dumps(pairs, indent=1).encode(),
        "ndjson": b"\xef\xbb\xbf" + lines(pairs),
        "har": json.dumps(export).encode(),
        "packed": gzip.compress(json.dumps(export, indent=2).encode()),
    }[form]
    name = {"packed": "recorded.har.gz"}.get(form, f"recorded.{form}")
    file = write(name, content)
    data, folder_data = report(file), report(file.parent)
    assert (data["compared"], data["differing"]) == (11, 9 + 1)
    assert data == folder_data, "files of all formats are found in a folder"
    assert [each["index"] for each in data["worst"]][:2] == [4, 5]


def test_other_calls_are_skipped_and_counted(write: Write) -> None:
    pair = recorded(account(1), validator_of("pt"))
    entries = [
        entry(pair, VALIDATE, packed=True),
        entry(pair, "/v1/data-import/validate-account/"),
        entry({**pair, "status": 201}, PROCESS),
        entry(pair, "/v1/data-import/account-import-process/create-or-update/"),
        entry(pair, VALIDATE, method="OPTIONS"),
        entry(pair, "/v2/data-import/accounts/validate/more/"),
        entry(pair, "/v2/data-import/accounts/SUPPLIER/ACC-1/"),
        entry(pair, "/v1/data-import/transactions/create/"),
        entry({**pair, "response": "<html>"}, "/index.html"),
        entry({**pair, "status": 0}, VALIDATE),
        {"request": None},
        7,
    ]
    data = report(write("session.har", {"log": {"entries": entries}}), code=0)
    assert (data["compared"], data["skipped"]) == (4, {"other calls": 7, "no answer": 1})


def test_today_is_the_date_of_the_recording(write: Write) -> None:
    """A date that was in the future when the call was recorded stays in the future."""
    future = "2026-01-30"
    paths = {"as_of": "2026-01-29"}, {"as_of": "2026-01-31"}
    payload = put(good_account("dk"), "ledgers.0.historical_statement_transactions.0.transaction_date", future)
    early = premigrate.Validator(market="dk", as_of=date(2026, 1, 29))
    pairs = [{**recorded(payload, early), **paths[0]}, {**recorded(payload, validator_of("dk")), **paths[1]}]
    assert pairs[0]["response"] != pairs[1]["response"]
    assert report(write("r.ndjson", lines(pairs)), code=0)["compared"] == 2
    assert report(write("r.har", har(pairs)), code=0)["compared"] == 2
    data = report("--as-of", "2026-01-31", write("r.ndjson", lines(pairs)))
    assert (data["compared"], data["differing"]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"", "the text is empty"),
        ("a.json", b"[]", "the array is empty; it must contain at least one account"),
        (
            "a.json",
            b"[1, 2]",
            "a.json:1:2: not a recorded call; a recorded call is an object",
        ),
        ("a.json", b'{"payload": {"a": 1}}', "a.json:1:1: status is missing; a recorded call is"),
        ("a.json", b'{"status": 200}', "payload is missing"),
        ("a.json", b'{"a": 1}', "payload and status are missing"),
        ("a.json", b'{"payload": {}, "status": "400"}', "status must be a number"),
        (
            "a.json",
            b'{"payload": {}, "status": 400}',
            "the status is 400, but the body with the errors is missing: response",
        ),
        ("a.json", b'{"payload": {}, "status": 200, "as_of": "soon"}', "as_of must be the date or time of the call"),
        ("a.json", b'{"payload": {}, "status": 200', "a.json:1:30: not JSON"),
        ("a.json", b"\xff\xfe{", "this is UTF-16 text"),
        ("a.json.gz", gzip.compress(b"[" * 9999, mtime=0)[:-9], "the gzip stream is incomplete"),
        ("a.har", b"", "a.har:1:1: the HAR export is incomplete: not JSON: the text ends too early"),
        ("a.har", b"[]", "a.har:1:1: the HAR export is incomplete: not JSON: expected an object in braces"),
        ("a.har", b'{"a": {"log": 1}}', 'the key "log" is missing'),
        ("a.har", b'{"log": {"entries": {}}}', "log.entries is not an array"),
        ("a.har", b'{"log": {"version": "1.2"}}', 'the key "entries" is missing'),
        ("a.har", b'{"log": {"version": "1.2", "ent', "the text ends too early; it was cut short"),
        ("a.har", b'{"log": {"entries": []', "cut short"),
        ("a.har", b'{"log": {"entries": [', "cut short"),
        ("a.har", b'{"log": {"entries": [{"request": {"url": "ab', "this element of the array has no end"),
    ],
)
def test_bad_input_gives_a_clear_message(name: str, content: bytes, message: str, write: Write) -> None:
    file = write(name, content)
    code, out, err = run("compare", file.name, cwd=file.parent)
    assert (code, out.splitlines()[-1]) == (4, "0 answers compared: 0 not as predicted"), err
    assert err.startswith("premigrate: ")
    assert err.count("\n") == (2 if content == b"[1, 2]" else 1), "each error is reported once"
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"request.postData": GONE}, "entry 0: request.postData.text is missing; export the HAR with request bodies"),
        ({"request.postData.text": "{"}, "entry 0: the request body is not a payload: not JSON"),
        ({"request.postData.text": "\ud800"}, "entry 0: the request body is not a payload: not UTF-8"),
        (
            {"response.content.text": GONE},
            "the body with the errors is missing: response.content.text (export the HAR with content)",
        ),
        ({"response.content": {"encoding": "base64", "text": "<a>"}}, "a body is marked as base64, but is neither"),
        ({"response.status": GONE}, "entry 0: response.status is missing"),
        ({"startedDateTime": "yesterday"}, "entry 0: startedDateTime must be the date"),
    ],
)
def test_incomplete_har_entry_is_reported_and_the_rest_is_compared(
    change: dict[str, Any],
    message: str,
    write: Write,
) -> None:
    good = entry(recorded(account(1, customers__0__mobile="1"), validator_of("pt")), VALIDATE)
    broken = copy.deepcopy(good)
    for place, value in change.items():
        put(broken, place, value)
    file = write("session.har", {"log": {"entries": [broken, good]}})
    code, out, err = run("compare", file)
    assert (code, message in err) == (4, True), err
    assert out.endswith("1 answer compared: 0 not as predicted\n")


def test_truncated_har_is_compared_as_far_as_it_goes(write: Write) -> None:
    whole = json.dumps(har(differing()), indent=1).encode()
    file = write("cut.har", whole[: len(whole) // 2])
    code, out, err = run("compare", file)
    assert (code, "has no end" in err or "cut short" in err) == (4, True)
    assert "unreadable: 1 recording" in out
    found = re.search(r"^(\d+) answers compared", out, re.M)
    assert found
    assert 3 < int(found[1]) < 8


@pytest.mark.parametrize("name", ["cut.har", "cut.ndjson", "cut.json"])
def test_truncated_gzip_is_compared_as_far_as_it_goes(name: str, write: Write) -> None:
    pairs = [recorded(account(number), validator_of("pt")) for number in range(40)]
    texts = {"cut.har": json.dumps(har(pairs)).encode(), "cut.ndjson": lines(pairs)}
    whole = texts.get(name, json.dumps(pairs).encode())
    packed = gzip.compress(whole, 0)
    file = write(f"{name}.gz", packed[: len(packed) // 2])
    code, out, err = run("compare", file)
    assert (code, err.count("the gzip stream is incomplete")) == (4, 1), err
    assert err.count("\n") == 1 + name.endswith("ndjson"), "an incomplete line is one more error"
    found = re.search(r"^(\d+) answers compared", out, re.M)
    assert found
    assert 15 < int(found[1]) < 21


def test_broken_line_is_reported_and_the_rest_is_compared(write: Write) -> None:
    good = json.dumps(recorded(account(1), validator_of("pt"))).encode()
    file = write("r.ndjson", b"\n".join([good, good[:99], b"", good]))
    code, out, err = run("compare", file)
    assert (code, f"{file}:2:94: not JSON" in err) == (4, True), err
    assert out.endswith("2 answers compared: 0 not as predicted\n")


def test_usage_errors(write: Write, tmp_path: Path) -> None:
    assert run("compare")[0] == 2
    (tmp_path / "empty").mkdir()
    code, _, err = run("compare", tmp_path / "empty")
    assert (code, "nothing to compare: there is no recorded answer of the account import in" in err) == (2, True)
    pair = {"payload": {"import_supplier": "X"}, "status": 200, "response": {}}
    code, out, err = run("compare", write("r.json", pair))
    assert (code, 'import_supplier "X" is unknown' in err) == (4, True)
    assert "unreadable: 1 recording" in out
    assert run("compare", "--market", "pt", write("r.json", pair))[0] == 1
    assert run("compare", "--market", "xx", tmp_path / "r.json")[0] == 2
    overlay = write("o.toml", b"[market]\nextends = 'pt'\n[attr_change.no-rule]\nattr = 'x'\nbecause = 'y'\n")
    code, _, err = run("compare", "--market", "pt", "--overlay", overlay, tmp_path / "r.json")
    assert (code, "[attr_change.no-rule]: there is no rule 'no-rule'" in err) == (3, True), err
    code, _, err = run("compare", tmp_path / "nowhere.har")
    assert (code, "nowhere.har: No such file or directory" in err) == (4, True)


def test_standard_input_and_configuration(write: Write, tmp_path: Path) -> None:
    write("premigrate.toml", b'paths = ["in"]\nmarket = "pt"\nformat = "html"\n')
    pairs = differing()
    for pair in pairs:
        del pair["payload"]["import_supplier"]
    code, out, err = run(
        "compare", "--stdin-filename", "s.har", "-", stdin=json.dumps(har(pairs)).encode(), cwd=tmp_path
    )
    assert (code, "answers compared" in out, err) == (1, True, "")


def test_order_of_recordings_does_not_change_totals(write: Write) -> None:
    pairs = all_kinds()
    first = report(write("r.ndjson", lines(pairs)))
    random.Random(5).shuffle(pairs)  # noqa: S311 - reproducible, not secret
    other = report(write("r.ndjson", lines(pairs)))
    del first["worst"], other["worst"]
    assert first == other


def test_one_example_of_each_kind_is_shown(write: Write) -> None:
    file = write("r.ndjson", lines(differing()))
    worst = report(file)["worst"]
    examples = [(4, 1), (5, 1), (3, 1), (9, 2), (1, 2), (7, 1), (6, 1), (8, 1)]
    assert [(each["index"], each["alike"]) for each in worst] == examples
    assert sum(each["alike"] for each in worst) == 10
    assert [each["index"] for each in report("--show", "3", file)["worst"]] == [4, 5, 3]
    assert report("--show", "0", file)["worst"] == []


def test_attrs_are_counted_without_indexes_and_codes_without_a_rule_are_marked(write: Write) -> None:
    pair = recorded(account(1, customers__0__mobile="abcde"))
    pair["response"]["errors"] += [
        {"detail": "No.", "code": "unheard_of", "attr": "customers.0.given_name"},
        {"detail": "No.", "code": "billing_address_not_provided", "attr": "customers.1.given_name"},
    ]
    file = write("r.json", pair)
    data = report(file)
    assert {each["attr"]: (each["other_detail"], each["answered_only"]) for each in data["attrs"]} == {
        "customers.*.given_name": (0, 2),
        "customers.*.mobile": (1, 0),
    }
    assert {each["code"]: each["has_rule"] for each in data["codes"]} == {
        "billing_address_not_provided": True,  # a rule has it that is disabled in this market
        "invalid_phone_number": True,
        "unheard_of": False,
    }
    _, out, _ = run("compare", file)
    assert "unheard_of (no rule has this code) " in out
    assert out.count("(no rule has this code)") == 1


def test_overlay_is_checked_on_accounts_that_it_was_not_made_from(write: Write, tmp_path: Path) -> None:
    pairs = [recorded(account(number, customers__0__mobile="abcde")) for number in range(40)]
    write("recorded.ndjson", lines(pairs))
    options = ["--write-overlay", "overlay.toml", "--check-overlay", "recorded.ndjson"]
    check = report(*options, cwd=tmp_path)["overlay_check"]
    assert check["learned_from"] + check["held_out"] == 40
    assert 10 < check["held_out"] < 30
    same = "accounts_with_the_same_errors"
    assert check["before"][same] == {"count": 0, "of": check["held_out"]}
    assert check["after"][same] == {"count": check["held_out"], "of": check["held_out"]}
    first = (tmp_path / "overlay.toml").read_bytes()
    code, out, _ = run("compare", *options, cwd=tmp_path)
    assert code == 1
    assert (
        f"the overlay, learned from {check['learned_from']} answers and tested on {check['held_out']} others\n" in out
    )
    assert re.search(r"accounts with the same errors +0\.0 % +100\.0 %\n", out)
    assert (tmp_path / "overlay.toml").read_bytes() == first, "the same recordings give the same bytes"


def test_calls_beyond_the_limit_are_not_learned_from(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("premigrate.compare.overlay_file.MAX_CALLS", 9)
    write("recorded.ndjson", lines(differing()))
    _, out, err = run("compare", "--write-overlay", "overlay.toml", "recorded.ndjson", cwd=tmp_path)
    assert "11 answers compared" in out
    assert "--write-overlay: learned from the first 9 calls; 2 more were only compared\n" in err


def test_answers_of_the_older_shape_contradict_no_learned_rule(write: Write, tmp_path: Path) -> None:
    rule = {"id": "observed-x", "on": "account", "present": ["company_number"], "code": "x", "good": [1], "bad": [1]}
    papers = {"why": "w", "basis": "observed", "source": "s"}
    code = {"detail": "x!", "meaning": "m", "detail_basis": "observed", "source": "s"}
    overlay = {"market": {"extends": "pt"}, "rule": [{**rule, **papers}], "code": {"x": code}}
    pairs = [recorded(account(n), premigrate.Validator(market="pt", as_of=AS_OF, overlay=overlay)) for n in range(4)]
    for pair in pairs:
        pair["response"] = nested(pair["response"])
    write("recorded.ndjson", lines(pairs))
    write("base.toml", render_overlay(overlay, "base").encode())
    options = ["--overlay", "base.toml", "--write-overlay", "more.toml"]
    code_, _, err = run("compare", *options, "recorded.ndjson", cwd=tmp_path)
    assert (code_, err) == (0, "premigrate: more.toml: not written, because there are no changes to propose\n")


def test_overlay_is_not_checked_without_one(write: Write, tmp_path: Path) -> None:
    write("recorded.ndjson", lines(differing()))
    code, out, err = run("compare", "--check-overlay", "recorded.ndjson", cwd=tmp_path)
    assert (code, out) == (2, "")
    assert "--check-overlay requires --write-overlay" in err


@pytest.mark.parametrize("market", premigrate.markets())
@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_personal_values_are_hidden(market: str, form: str, write: Write, tmp_path: Path) -> None:
    """Texts of the API may hold personal values, of the field itself or of other fields."""
    payload = payload_of(market)
    answer = recorded(payload, validator_of(market))
    echoed = copy.deepcopy(answer)
    for number, error in enumerate(echoed["response"]["errors"]):
        error["detail"] = (f"Not {CANARY}!", f"{CANARY.upper()}x", f"Mr. {CANARY}.")[number % 3]
    other_fields = copy.deepcopy(answer)
    other_fields["response"]["errors"] = [
        {"detail": f"{CANARY} lives in {CANARY} already", "code": "some_code", "attr": "non_field_errors"},
        {"detail": "ask kanarienvogel@example.org", "code": "other_code", "attr": "import_supplier"},
    ]
    older = {**echoed, "response": nested(echoed["response"])}
    others = [copy.deepcopy(each) for each in (echoed, other_fields, older)]
    for number, each in enumerate(others):
        each["payload"]["external_account_number"] = f"OTHER-{number}"
    file = write("r.ndjson", lines([answer, echoed, other_fields, older, *others]))
    overlay = tmp_path / "overlay.toml"
    code, out, err = run("compare", "--show", "99", "--format", form, "--write-overlay", overlay, file)
    assert code == 1
    assert len(out) > 9_000
    written = overlay.read_text("utf-8") if overlay.exists() else ""
    assert CANARY.lower() not in (out + err + written).lower()
    _, out, _ = run("compare", "--show", "99", "--format", form, "--show-values", file)
    assert CANARY in out


def test_control_characters_are_escaped(write: Write) -> None:
    pair = recorded(account(1, external_account_number="1\x1b[2J", customers__0__mobile="x"))
    pair["response"]["errors"].append({"detail": "\x1b[31m", "code": "\x1b]0;", "attr": "\u202e"})
    for form in ("text", "json", "html"):
        _, out, _ = run("compare", "--format", form, write("r.json", pair))
        assert "\x1b" not in out


def test_html_report_is_one_escaped_page(write: Write) -> None:
    pair = recorded(account(1, external_account_number="<b>1</b>", customers__0__mobile="x"))
    attack = "<script>alert(1)</script>&amp;"
    pair["response"]["errors"].append({"detail": attack, "code": attack, "attr": attack})
    code, out, err = run("compare", "--format", "html", write("r.json", [pair, *all_kinds()]))
    assert (code, err) == (1, "")
    assert "<script" not in out
    assert "<b>" not in out
    assert out.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;") >= 3
    assert not re.findall(r"(?:src|href|action)=|url\(|@import", out), "the page loads nothing"
    style = out.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in out
    titles = re.findall(r"<h2>(.*?)</h2>", out)
    assert titles[:2] == ["Agreement", "Next steps"]
    assert titles[-1] == "Not compared"
    assert out.endswith("</html>\n")


def test_html_report_of_full_agreement(write: Write) -> None:
    pairs = [recorded(account(number), validator_of("pt")) for number in range(3)]
    code, out, _ = run("compare", "--format", "html", write("r.json", pairs))
    assert code == 0
    assert '<p class="big">100.0 %</p>' in out
    steps = re.findall(r"<li>(.*?)</li>", out)
    assert steps == [
        "Use the predictions without changes: all answers are as predicted.",
        "Record more calls: 3 answers cannot show every difference.",
    ]


def test_html_report_is_skipped_in_a_folder(write: Write, tmp_path: Path) -> None:
    write("recorded.ndjson", lines(differing()))
    _, page, _ = run("compare", "--format", "html", "recorded.ndjson", cwd=tmp_path)
    write("report.json", page.encode())
    code, out, err = run("compare", "--format", "html", ".", cwd=tmp_path)
    assert (code, out) == (1, page.replace("recorded.ndjson", "recorded.ndjson"))
    assert "report.json" in err
