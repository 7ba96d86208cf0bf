"""The tenant command as a user runs it: it reads an OpenAPI document and writes a working overlay and a report."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import premigrate
from tests.command import invoke
from tests.payloads import AS_OF, ROOT, good_account

HARBOUR = ROOT / "tests" / "vectors" / "tenant.yml"
LAGOON = ROOT / "tests" / "vectors" / "tenant-3.1.json"
STALE = "/paths/~1v2~1data-import~1accounts~1validate~1/post/requestBody/content/application~1json/examples/Stale/value"
DAY = ("--as-of", AS_OF.isoformat())


class ProcessResult(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str | Path, stdin: bytes = b"") -> ProcessResult:
    return ProcessResult(*invoke(*arguments, stdin=stdin))


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """The tables of the overlay, the report, and the file of the overlay, learned once."""
    file = tmp_path_factory.mktemp("learned") / "overlay.toml"
    result = run("tenant", "learn", HARBOUR, "--territory", "DK", "--output", file, "--format", "json", *DAY)
    assert result.returncode == 0, result.stderr
    return tomllib.loads(file.read_text("utf-8")), json.loads(result.stdout), file


def shown(name: str) -> Any:
    document = yaml.safe_load(HARBOUR.read_text("utf-8").replace("0047", "'0047'"))
    body = document["paths"]["/v2/data-import/accounts/validate/"]["post"]["requestBody"]
    return body["content"]["application/json"]["examples"][name]["value"]


def test_fields_are_added_changed_and_dropped_each_with_its_evidence(harbour: Any) -> None:
    tables, report, _ = harbour
    account = tables["change"]["account"]["fields"]
    schema = "/components/schemas/Account/properties"
    assert account["external_account_number"] == {
        "required": False,
        "max_length": 40,
        "because": f"The document says so: {schema}/external_account_number. An example shows it: {STALE}",
    }
    assert account["tide_table"] == {
        "type": "choice",
        "nullable": True,
        "choices": ["SPRING", "NEAP"],
        "blank": True,
        "about": "Which tides & times.",
        "because": f"The document has it: {schema}/tide_table",
    }
    assert account["metadata"]["drop"] is True
    assert account["account_type"]["choices"] == ["DOMESTIC", "BUSINESS", "HOUSEBOAT"]
    assert account["billing_name"]["blank"] is True, "an example shows a blank one, against the schema"
    assert account["billing_address1"]["patterns"] == ["[A-Z].*"]
    assert account["customers"]["max_items"] == 9
    assert tables["change"]["customer"]["fields"]["loyalty_points"]["min"] == 0
    assert "id" not in account, "read-only fields are not sent"
    assert all(report["fields"].values())


def test_unusable_parts_of_the_document_change_nothing(harbour: Any) -> None:
    tables, report, _ = harbour
    assert not {"ledgers", "notes"} & tables["change"]["account"]["fields"].keys()
    notes = {note["at"].rpartition("/")[2]: note["message"] for note in report["notes"]}
    assert "#/components/schemas/Ledgers" in notes["items"]
    assert notes["notes"] == "is not a schema but a number; the rules are not changed"
    assert "rule language" in notes["MeterCount"]
    assert "uuid" in notes["birth_certificate"]
    assert "part of itself" in notes["friend"]
    assert "x-validators" in json.dumps(report["notes"])


def test_variants_are_selected_by_the_discriminator(harbour: Any) -> None:
    tables, _, _ = harbour
    assert tables["object"]["berth"]["select"] == "kind"
    assert tables["object"]["berth"]["variants"] == {"DRY": "dry_berth", "WET": "wet_berth"}
    assert tables["object"]["wet_berth"]["fields"]["depth"] == {
        "type": "decimal",
        "required": True,
        "max_digits": 6,
        "decimal_places": 2,
    }
    variants = tables["change"]["transaction"]["variants"]
    assert variants["VOUCHER"]["object"] == "voucher"
    assert variants["CHARGE"]["drop"] is True
    assert "PAYMENT" not in variants


def test_validations_are_reported_by_coverage(harbour: Any) -> None:
    _, report, _ = harbour
    known = {each["code"]: each["coverage"] for each in report["validations"]["codes"]}
    assert known == {
        "invalid_phone_number": "covered",
        "business_account_missing_customers": "covered",
        "operations_team_name_does_not_exist": "list",
        "managed_accounts_are_not_allowed": "off",  # the document has no account type that it is about
        "billing_address_not_provided": "off",
        "meter_point_with_no_meters": "unknown",
        "tide_is_out": "unknown",
    }
    assert report["validations"]["counts"]["covered"] == 2


def test_rules_follow_the_document(harbour: Any) -> None:
    tables, _, _ = harbour
    assert "business-needs-customers" in tables["enabled"]
    assert "no validation with the code" in tables["disabled"]["domestic-family-name-required"]
    assert "no field 'metadata'" in tables["disabled"]["metadata-keys-unique"]


def test_examples_relax_choices_and_wrong_examples_are_reported(harbour: Any) -> None:
    tables, report, _ = harbour
    assert tables["list"]["import_suppliers"]["values"] == ["HARBOUR_1", "HARBOUR_2", "HARBOUR_OLD"]
    assert [each["constraint"] for each in report["relaxed"]] == [
        "invalid_choice at account.import_supplier",
        "required at account.external_account_number",
        "blank at account.billing_name",
        "min_length at account.customers",
    ]
    answers = {each["at"].rpartition("examples/")[2]: each for each in report["examples"]}
    assert answers["Validate/value"]["status"] == 200
    assert answers["Stale/value"]["status"] == 400
    assert answers["Stale/value"]["errors"] == [{"code": "not_a_list", "attr": "customers"}]


def test_overlay_checks_payloads_without_a_market(harbour: Any, tmp_path: Path) -> None:
    _, _, overlay = harbour
    payload = tmp_path / "payload.json"
    payload.write_text(json.dumps(shown("Validate")), "utf-8")
    good = run("check", "--overlay", overlay, *DAY, payload)
    assert good.returncode == 0, good.stdout + good.stderr
    bad = shown("Validate")
    bad["payload"]["customers"][0] |= {"mobile": "abcde", "loyalty_points": -1}
    bad["payload"]["supply_addresses"][0]["berths"][1]["kind"] = "TIDAL"
    bad["payload"]["import_supplier"] = "ENIPLENITUDEPT"
    payload.write_text(json.dumps(bad), "utf-8")
    completed = run("check", "--overlay", overlay, "--format", "json", *DAY, payload)
    findings = json.loads(completed.stdout)["accounts"][0]["findings"]
    assert {(each["attr"], each["code"]) for each in findings if each["level"] == "error"} == {
        ("customers.0.mobile", "invalid_phone_number"),
        ("customers.0.loyalty_points", "min_value"),
        ("supply_addresses.0.berths.1.kind", "invalid_choice"),
        ("import_supplier", "invalid_choice"),
    }
    assert run("cohort", "--overlay", overlay, payload).returncode == 0
    assert run("schema", "--market", "platform", "--overlay", overlay).returncode == 0
    assert run("rules", "--market", "platform", "--overlay", overlay).returncode == 0


def test_new_texts_are_hidden_in_reports(harbour: Any, tmp_path: Path) -> None:
    _, _, overlay = harbour
    account = shown("Validate")
    account["payload"]["supply_addresses"][0]["berths"][0]["berth_number"] = "\x00secret-berth"
    payload = tmp_path / "payload.json"
    payload.write_text(json.dumps(account), "utf-8")
    completed = run("check", "--overlay", overlay, *DAY, payload)
    assert completed.returncode == 1
    assert "secret-berth" not in completed.stdout


def test_openapi_3_1_in_json() -> None:
    result = run("tenant", "learn", LAGOON, "--market", "pt", "--output", "-", "--report", os.devnull, *DAY)
    assert result.returncode == 0, result.stderr
    tables = tomllib.loads(result.stdout)
    assert tables["market"] == {"extends": "pt"}
    assert tables["list"]["import_suppliers"]["values"] == ["LAGOON"]
    assert tables["change"]["account"]["fields"]["last_billed_to_date"]["nullable"] is True
    assert tables["object"]["pet"]["fields"] == {
        "name": {"type": "string", "required": True, "personal": True},
        "age": {"type": "integer", "nullable": True, "min": 0, "max": 200},
        "size": {"type": "decimal", "decimal_places": 2},
    }
    dropped = [key for key, each in tables["change"]["customer"]["fields"].items() if each.get("drop")]
    assert not dropped, "an object with additional properties keeps the fields of the rules"


def test_the_same_document_gives_the_same_bytes(harbour: Any, tmp_path: Path) -> None:
    _, _, overlay = harbour
    again = tmp_path / "again.toml"
    result = run("tenant", "learn", HARBOUR, "--territory", "DK", "--output", again, *DAY)
    assert result.returncode == 0
    assert again.read_bytes() == overlay.read_bytes()
    assert "2 unknown to premigrate\n         tide_is_out at account\n" in result.stdout


def test_path_option() -> None:
    result = run("tenant", "learn", HARBOUR, "--path", "/v1/data-import/validate-account", "--format", "json", *DAY)
    assert json.loads(result.stdout)["path"] == "/v1/data-import/validate-account/"
    unknown = run("tenant", "learn", HARBOUR, "--path", "/v3/", *DAY)
    assert unknown.returncode == 4
    assert "the path '/v3/' has no request with an account; choose one of:" in unknown.stderr


BAD = {
    "empty": (b"", "the text is empty"),
    "json": (b'{"openapi": "3.0.3", "paths": {', "line 1, column"),
    "yaml": (b"openapi: 3.0.3\npaths: {", "not YAML"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "this is a picture"),
    "text": (b"Dear reader,", "this is not an OpenAPI document but a string"),
    "list": (b"[1]", "this is not an OpenAPI document but a list"),
    "payload": (json.dumps(good_account("pt")).encode(), "it looks like an account payload"),
    "other": (b'{"name": "premigrate"}', "the key openapi with the version is missing"),
    "swagger": (b'{"swagger": "2.0", "paths": {}}', "this is Swagger 2.0"),
    "four": (b"openapi: 4.0.0\npaths: {}", "this is OpenAPI 4.0.0; only 3.0 and 3.1 are supported"),
    "pathless": (b"openapi: 3.1.0", "has no paths"),
    "petshop": (
        b"openapi: 3.1.0\npaths: {/pets: {get: {}, post: {requestBody: {$ref: '#/nope'}}}}",
        "no account import",
    ),
    "no object": (
        (
            b"openapi: 3.1.0\npaths: {/data-import/accounts/validate/: {post: {requestBody: {content: "
            b"{application/json: {schema: {type: array, properties: {import_supplier: {}, customers: {}}}}}}}}}"
        ),
        "no account import",
    ),
    "anchors": (
        b"openapi: 3.1.0\npaths: {b: *a}",
        "line 2, column 12: not plain YAML: the alias a does not refer to an earlier value",
    ),
    "expansion": (
        b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n + 1, n + 1, b", ".join([b"*%c" % n] * 10)) for n in range(97, 105)),
        "aliases expand to more than a million values",
    ),
    "deep": (b'{"openapi": "3.1.0", "paths": ' + b'{"a":' * 3000 + b"1" + b"}" * 3001, "nested too deeply"),
}


@pytest.mark.parametrize("name", BAD)
def test_unusable_documents_give_a_one_line_message(name: str, tmp_path: Path) -> None:
    content, message = BAD[name]
    file = tmp_path / "openapi.yml"
    file.write_bytes(content)
    result = run("tenant", "learn", file, "--output", tmp_path / "overlay.toml")
    assert result.returncode == 4, result.stderr
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not result.stdout
    assert not (tmp_path / "overlay.toml").exists()


def test_unreadable_and_unwritable_files(tmp_path: Path) -> None:
    missing = run("tenant", "learn", tmp_path / "missing.yml")
    assert (missing.returncode, "No such file" in missing.stderr) == (4, True)
    folder = run("tenant", "learn", tmp_path)
    assert (folder.returncode, "Is a directory" in folder.stderr) == (4, True)
    unwritable = run("tenant", "learn", HARBOUR, "--output", HARBOUR / "overlay.toml", *DAY)
    assert (unwritable.returncode, "cannot be written" in unwritable.stderr) == (2, True)
    assert not unwritable.stdout
    both = run("tenant", "learn", HARBOUR, "--output", "-")
    assert (both.returncode, "--report" in both.stderr) == (2, True)


def test_incompatible_options() -> None:
    market = run("tenant", "learn", HARBOUR, "--market", "xx")
    assert (market.returncode, "there is no market 'xx'" in market.stderr) == (2, True)
    both = run("tenant", "learn", HARBOUR, "--market", "pt", "--territory", "DK")
    assert (both.returncode, "has its own country" in both.stderr) == (2, True)
    territory = run("tenant", "learn", HARBOUR, "--territory", "Denmark")
    assert (territory.returncode, "two capital letters" in territory.stderr) == (2, True)


def test_document_from_standard_input() -> None:
    result = run("tenant", "learn", "-", *DAY, stdin=LAGOON.read_bytes())
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Lagoon Energy: ")


def test_overlay_that_extends_no_market_needs_the_keys_of_a_market() -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        premigrate.Validator(market="platform", as_of=AS_OF, overlay={"market": {"extends": "platform"}})
    assert {"title is missing", "root is missing", "refusal is missing"} <= {
        each.message for each in caught.value.problems
    }
    with pytest.raises(premigrate.UnknownMarket):
        premigrate.Validator(market="platform", as_of=AS_OF)


def test_document_becomes_the_folder_of_a_market(tmp_path: Path) -> None:
    arguments = ("tenant", "learn", HARBOUR, "--as-market", "no", "--output", tmp_path, *DAY)
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    files = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.*")}
    assert {"rules/no/market.toml", "rules/no/account.toml", "rules/no/supply.toml", "examples/no/good.json"} <= files
    market = tomllib.loads((tmp_path / "rules" / "no" / "market.toml").read_text("utf-8"))["market"]
    assert (market["territory"], market["suppliers"]) == ("NO", ["HARBOUR_1", "HARBOUR_2", "HARBOUR_OLD"])
    assert "extends" not in market
    assert all(len(file.read_text("utf-8").splitlines()) <= 300 for file in tmp_path.rglob("*.toml"))
    checked = run("market", "check", tmp_path / "rules" / "no")
    assert checked.returncode == 1, checked.stderr
    missing = [line.partition(": ")[0] for line in checked.stdout.splitlines()[:-1]]
    assert "examples/no/bad.json" in missing
    assert "examples/no/good.json" not in missing, checked.stdout
    again = run(*arguments)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--as-market", "Norway"), "in lower case"),
        (("--as-market", "no", "--market", "pt"), "omit --market"),
        (("--as-market", "no", "--output", "-", "--report", os.devnull), "choose their folder"),
    ],
)
def test_wrong_options_of_a_market(options: tuple[str, ...], message: str) -> None:
    result = run("tenant", "learn", HARBOUR, *options)
    assert (result.returncode, message in result.stderr) == (2, True), result.stderr


def test_all_commands_take_the_platform_from_an_overlay(harbour: Any, tmp_path: Path) -> None:
    _, _, overlay = harbour
    payload = tmp_path / "payload.json"
    payload.write_text(json.dumps(shown("Validate")), "utf-8")
    for command in (
        ("check", *DAY, payload),
        ("cohort", payload),
        ("schema",),
        ("rules",),
        ("rules", "--lists"),
        ("explain", "account.import_supplier"),
        ("explain", "invalid_phone_number"),
    ):
        result = run(*command, "--overlay", overlay)
        assert result.returncode == 0, (command, result.stdout, result.stderr)
