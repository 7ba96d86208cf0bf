"""The command tenant diff as a user runs it: two documents, and the payloads that were fixed before."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import invoke
from tests.payloads import AS_OF
from tests.tenant_documents import Schema, document

DAY = ("--as-of", AS_OF.isoformat())
SECRET = "Ingeborg Secret-Name"  # noqa: S105 - a name, to see that it is not shown
CUSTOMER: Schema = {
    "type": "object",
    "properties": {"family_name": {"type": "string"}, "berth": {"type": "integer", "minimum": 1}},
}
OLD = document(
    {
        "import_supplier": {"type": "string", "enum": ["HARBOUR_1", "HARBOUR_2"]},
        "external_account_number": {"type": "string", "maxLength": 40},
        "account_type": {"type": "string", "enum": ["DOMESTIC", "BUSINESS"]},
        "customers": {"type": "array", "items": {"$ref": "#/components/schemas/Customer"}},
    },
    {"Customer": CUSTOMER},
    validators=[{"name": "Names", "possible_errors": ["customer_family_name_required", "tide_is_out"]}],
)


def new_document() -> Schema:
    new = copy.deepcopy(OLD)
    account = new["paths"].pop("/v2/data-import/accounts/validate/")
    new["paths"]["/v3/data-import/accounts/validate/"] = account
    schema = account["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["x-validators"][0]["possible_errors"] = ["tide_is_out"]
    customer = new["components"]["schemas"]["Customer"]
    customer["properties"]["family_name"] |= {"maxLength": 8}
    customer["properties"]["berth"] = {"type": "integer"}
    customer["required"] = ["berth"]
    return new


def payload(number: str, name: str, **customer: Any) -> Schema:
    customer = {"family_name": name, **customer}
    return {
        "import_supplier": "HARBOUR_1",
        "external_account_number": number,
        "account_type": "DOMESTIC",
        "customers": [customer],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with both documents, and payloads in ``payloads``."""
    (tmp_path / "old.json").write_text(json.dumps(OLD), "utf-8")
    (tmp_path / "new.json").write_text(json.dumps(new_document()), "utf-8")
    (tmp_path / "payloads").mkdir()
    (tmp_path / "payloads" / "one.json").write_text(json.dumps(payload("E-1", SECRET, berth=1)), "utf-8")
    lines = [payload("E-2", "Berg"), payload("E-3", "Dahl", berth=2), payload("E-4", "Holm", berth=0)]
    (tmp_path / "payloads" / "three.ndjson").write_text("".join(f"{json.dumps(each)}\n" for each in lines), "utf-8")
    return tmp_path


TEXT = """\
Harbour Power: old.json -> new.json, market platform
  4 changes: 2 stricter, 2 looser
  path: /v2/data-import/accounts/validate/ -> /v3/data-import/accounts/validate/

the account
  looser    validation removed: customer_family_name_required

customers[]
  stricter  family_name: max_length none -> 8
  looser    berth: lower bound at least 1 -> none
  stricter  berth: required no -> yes
"""
PAYLOADS = """
payloads: 4 accounts checked, 3 affected
  new   max_length at customers.*.family_name, in 1 account
  new   required at customers.*.berth, in 1 account
  gone  min_value at customers.*.berth, in 1 account

payloads/one.json (E-1)
  new   max_length at customers.0.family_name

payloads/three.ndjson:1, account 0 (E-2)
  new   required at customers.0.berth

payloads/three.ndjson:3, account 2 (E-4)
  gone  min_value at customers.0.berth
"""


def test_text_says_what_changed_and_what_it_touches(folder: Path) -> None:
    code, out, err = invoke("tenant", "diff", "old.json", "new.json", "payloads", *DAY, cwd=folder)
    assert (code, err) == (1, "")
    assert out.startswith(TEXT)
    assert out.endswith(PAYLOADS)
    assert "  disabled  domestic-family-name-required: The document names no" in out
    assert "  customers[].family_name is read by " in out
    assert SECRET not in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert invoke("tenant", "diff", "old.json", "new.json", "payloads", *DAY, cwd=folder).out == out


def test_json_has_the_same(folder: Path) -> None:
    code, out, _ = invoke("tenant", "diff", "old.json", "new.json", "payloads", *DAY, "--format", "json", cwd=folder)
    report = json.loads(out)
    assert code == 1
    assert report["old"] == {"file": "old.json", "title": "Harbour Power", "path": "/v2/data-import/accounts/validate/"}
    assert report["counts"] == {"stricter": 2, "looser": 2, "both": 0, "neither": 0}
    assert report["changes"][1] == {
        "place": "customers[].family_name",
        "also_at": [],
        "more_places": 0,
        "object": "customers[]",
        "field": "family_name",
        "change": "max_length",
        "old": None,
        "new": 8,
        "effect": "stricter",
    }
    assert report["changes"][2]["old"] == {"min": 1}
    states = {each["rule"]: each["state"] for each in report["rules"]["switched"]}
    assert states["domestic-family-name-required"] == "disabled"
    assert any("customers[].family_name" in each["fields"] for each in report["rules"]["reading"])
    assert (report["payloads"]["accounts"], report["payloads"]["unreadable"]) == (4, 0)
    assert report["payloads"]["touched"][1] == {
        "file": "payloads/three.ndjson",
        "index": 0,
        "line": 1,
        "account": "E-2",
        "new": [{"code": "required", "attr": "customers.0.berth"}],
        "gone": [],
    }
    assert SECRET not in out


def test_the_other_order_swaps_what_is_new_and_gone(folder: Path) -> None:
    results = [
        json.loads(invoke("tenant", "diff", *pair, "payloads", *DAY, "--format", "json", cwd=folder).out)
        for pair in (("old.json", "new.json"), ("new.json", "old.json"))
    ]
    forward, back = ({each["account"]: each for each in result["payloads"]["touched"]} for result in results)
    assert forward.keys() == back.keys()
    assert all((back[name]["new"], back[name]["gone"]) == (each["gone"], each["new"]) for name, each in forward.items())
    assert {each["rule"] for each in results[0]["rules"]["switched"]} == {
        each["rule"] for each in results[1]["rules"]["switched"]
    }


def test_the_same_document_differs_in_nothing(folder: Path) -> None:
    code, out, err = invoke(
        "tenant", "diff", "-", "old.json", "payloads", *DAY, cwd=folder, stdin=json.dumps(OLD).encode()
    )
    assert (code, err) == (0, "")
    assert out == (
        "Harbour Power: - -> old.json, market platform\n  no differences\n\n"
        "payloads: 4 accounts checked, 0 affected\n"
    )  # fmt: skip


def test_many_accounts_are_cut_unless_all_are_wanted(folder: Path) -> None:
    lines = [json.dumps(payload(f"E-{number}", "Berg")) for number in range(30)]
    (folder / "many.ndjson").write_text("\n".join(lines), "utf-8")
    arguments = ("tenant", "diff", "old.json", "new.json", "many.ndjson", *DAY)
    out = invoke(*arguments, cwd=folder).out
    assert "  new   required at customers.*.berth, in 30 accounts\n" in out
    assert out.count("many.ndjson:") == 10
    assert out.endswith("20 more accounts (--show-all shows each)\n")
    assert invoke(*arguments, "--show-all", cwd=folder).out.count("many.ndjson:") == 30


def test_paths_of_the_request_are_named_for_each_document(folder: Path) -> None:
    paths = ("--path", "/v3/data-import/accounts/validate/", "--old-path", "/v2/data-import/accounts/validate/")
    assert invoke("tenant", "diff", "old.json", "new.json", *paths, *DAY, cwd=folder).out.startswith(TEXT)
    code, out, err = invoke("tenant", "diff", "old.json", "new.json", *paths[:2], *DAY, cwd=folder)
    assert (code, out) == (4, "")
    assert err.startswith("premigrate: old.json: the path")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("old.json",), 2, "Missing argument 'NEW'"),
        (("-", "-"), 2, "standard input can be read only once"),
        (("old.json", "missing.json"), 4, "missing.json: cannot be read"),
        (("payloads/one.json", "new.json"), 4, "not an OpenAPI document"),
        (("old.json", "new.json", "--market", "atlantis"), 2, "atlantis"),
        (("old.json", "new.json", "--market", "dk", "--territory", "DK"), 2, "has its own country"),
        (("old.json", "new.json", "empty"), 2, "nothing to check"),
        (("old.json", "new.json", "broken.json"), 4, "broken.json:1:2"),
        (("old.json", "new.json", "--references", "wrong.toml"), 3, "wrong.toml"),
    ],
)
def test_what_is_wrong_has_its_exit_code(folder: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    (folder / "empty").mkdir()
    (folder / "broken.json").write_text("{", "utf-8")
    (folder / "wrong.toml").write_text("[nothing]\n", "utf-8")
    extra = ("payloads",) if "--references" in arguments else ()
    result = invoke("tenant", "diff", *arguments, *extra, *DAY, cwd=folder)
    assert result.code == code, result
    assert message in result.err


def test_texts_of_documents_do_not_reach_the_terminal(folder: Path) -> None:
    new = new_document()
    new["info"]["title"] = "Harbour \x1b[31mPower"
    new["components"]["schemas"]["Customer"]["properties"]["berth"] = {"type": "string", "enum": ["A\x1b[31m\nB"]}
    (folder / "new.json").write_text(json.dumps(new), "utf-8")
    for form in ("text", "json"):
        out = invoke("tenant", "diff", "old.json", "new.json", *DAY, "--format", form, cwd=folder).out
        assert "\x1b" not in out
        assert "31m" in out


def test_renamed_and_repeated_objects_are_shown(folder: Path) -> None:
    old, new = copy.deepcopy(OLD), copy.deepcopy(OLD)
    part = {"type": "object", "properties": {"sluice": {"type": "string"}}}
    for made, limits in ((old, {}), (new, {"maxLength": 9})):
        schema = made["paths"]["/v2/data-import/accounts/validate/"]["post"]["requestBody"]["content"][
            "application/json"
        ]
        limited = {**part, "properties": {"sluice": {"type": "string", **limits}}}
        schema["schema"]["properties"] |= {f"lock_{each}": limited for each in "abcde"}
    new["components"]["schemas"]["Customer"]["properties"] |= {"berth_number": CUSTOMER["properties"]["berth"]}
    del new["components"]["schemas"]["Customer"]["properties"]["berth"]
    for name, made in (("old.json", old), ("new.json", new)):
        (folder / name).write_text(json.dumps(made), "utf-8")
    out = invoke("tenant", "diff", "old.json", "new.json", *DAY, cwd=folder).out
    assert "  neither   berth_number: renamed from berth\n" in out
    assert (
        "lock_a\n  also at lock_b, lock_c, lock_d and 1 more place\n  stricter  sluice: max_length none -> 9\n" in out
    )


def test_what_an_example_of_the_new_document_disproves_is_noted(folder: Path) -> None:
    new = new_document()
    (item,) = new["paths"].values()
    item["post"]["requestBody"]["content"]["application/json"]["example"] = payload("E-9", "Berg")
    (folder / "new.json").write_text(json.dumps(new), "utf-8")
    arguments = ("tenant", "diff", "old.json", "new.json", "payloads/three.ndjson", *DAY, "--format", "json")
    report = json.loads(invoke(*arguments, cwd=folder).out)
    (note,) = report["notes"]["new"]
    assert note["at"].endswith("/example")
    assert note["message"] == "contradicts this constraint, which is ignored: required at customer.berth"
    assert {each["account"] for each in report["payloads"]["touched"]} == {"E-4"}
