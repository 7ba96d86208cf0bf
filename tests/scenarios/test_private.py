"""No report tells a personal value: every personal field holds a canary, and all that is written is searched for it."""

import json
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import premigrate
from premigrate.api import engine_of, validate_document
from premigrate.describe.market import ruleset_of
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.engine.program import Field, Object, Program, Select
from premigrate.report.findings import Finding, findings_of, locate_findings
from premigrate.report.outputs import FORMATS
from premigrate.results import Place
from tests.batch import run_all
from tests.command import invoke as run
from tests.conftest import validator_of
from tests.openapi import document_of
from tests.payloads import AS_OF, good_account
from tests.scenarios.test_command import DAY

CANARY = "Kanarienvogel"
UNKNOWN = "a_key_that_nobody_knows"


def caged(program: Program, name: str, canary: object = CANARY) -> list[dict[str, Any]]:
    """An object of each kind in which every personal field, and an unknown one, is a canary."""
    node = program.objects[name]
    if isinstance(node, Select):
        return [
            {**_caged(program, variant, canary), node.key.name: choice} for choice, variant in node.variants.items()
        ]
    return [_caged(program, node, canary)]


def _caged(program: Program, node: Object, canary: object) -> dict[str, Any]:
    fields = {field.name: _caged_field(program, field, canary) for field in node.fields}
    return {UNKNOWN: {"deep": [canary]}, **fields}


def _caged_field(program: Program, field: Field, canary: object) -> Any:
    if field.object:
        objects = caged(program, field.object, canary)
        return objects if field.is_list else objects[0]
    value = canary if field.personal else None
    return [value] if field.is_list else value


def count(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(count, value.values() if isinstance(value, dict) else value))
    return int(value == CANARY)


def payload_of(market: str, canary: object = CANARY) -> dict[str, Any]:
    program = validator_of(market)._engine.program
    (account,) = caged(program, program.root, canary)
    return {**account, "import_supplier": good_account(market)["import_supplier"], "external_account_number": "ACC-1"}


@pytest.mark.parametrize("market", premigrate.markets())
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_no_canary_gets_out(market: str, kind: str, tmp_path: Path) -> None:
    payload = payload_of(market)
    assert count(payload) > 100
    text = json.dumps([payload, payload], indent=1)
    if kind == "yaml":
        text = yaml.safe_dump(json.loads(text))  # read anew, or the second account were an alias of the first
    file = tmp_path / f"accounts.{kind}"
    file.write_text(text, "utf-8")
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:{tmp_path / f'report.{name}'}")]
    code, out, err = run("check", *DAY, "--show-all", *outputs, file)
    assert code == 1
    assert out.count(": error: ") > 50
    run("baseline", "write", *DAY, "--baseline", tmp_path / "known.toml", file)
    for path in tmp_path.iterdir():
        written = path.read_text("utf-8")
        if path.name == "report.json":  # the API's own answer is exact
            report = json.loads(written)
            for account in report["accounts"]:
                del account["body"]
            written = json.dumps(report)
        assert path == file or CANARY not in written, path.name
    assert CANARY not in out + err


@pytest.mark.parametrize("market", premigrate.markets())
def test_whoever_asks_for_values_gets_them(market: str, tmp_path: Path) -> None:
    (tmp_path / "account.json").write_text(json.dumps(payload_of(market)), "utf-8")
    _, out, _ = run("check", *DAY, "--show-all", "--show-values", tmp_path)
    assert CANARY in out


FORMS = (
    CANARY, f" {CANARY} ", f"{CANARY}\n{CANARY}\ud800", f"\0{CANARY}", CANARY * 400, f"{CANARY}@", {"x": CANARY},
    [CANARY], f"a@{CANARY}.example", f"https://{CANARY}.example/a", "https://[910203040506", "+351 9102030405",
    "910203040506", 910203040506, -910203040506.25, 9.10203040506e300, "PT50 9102 0304 0506 7890 1", "9102030405-06-07",
)  # fmt: skip
SPOILT = (f"!{CANARY}!x y", f"!{CANARY} x", f"*{CANARY}", f"&{CANARY} x", f"'{CANARY}", f"%{CANARY}")


def tells(findings: list[Finding]) -> list[Finding]:
    """The findings that show a canary, or a part of one, in whatever way it is written."""
    shown = {each: f"{each.detail} {each.help} {each.excerpt.text if each.excerpt else ''}" for each in findings}
    letters = {each: "".join(filter(str.isalnum, text.lower())) for each, text in shown.items()}
    return [each for each, text in letters.items() if CANARY.lower() in text or "9102030405" in text]


def found(validator: premigrate.Validator, document: Document) -> list[Finding]:
    result = validate_document(validator, document)
    findings = findings_of(result, document.data, engine_of(validator).info, show_values=False)
    return locate_findings([(each, (), engine_of(validator).info) for each in findings], document, show_values=False)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_canary_is_told(market: str, form: object) -> None:
    text = json.dumps(payload_of(market, form))
    findings = found(validator_of(market), read_json(text))
    findings += found(validator_of(market), read_yaml(text)) if r"\ud800" not in text else []
    assert len(findings) > 50
    assert not tells(findings)


def places_of(program: Program, name: str, here: Place = ()) -> Iterator[Place]:
    """The places where an object or a list belongs."""
    yield here
    node = program.objects[name]
    for each in (node,) if isinstance(node, Object) else node.variants.values():
        for field in each.fields:
            place = (*here, field.name)
            if field.is_list:
                yield place
            if field.object:
                yield from places_of(program, field.object, (*place, 0) if field.is_list else place)


@pytest.mark.parametrize("canary", [CANARY, 910203040506])
def test_what_stands_where_more_belongs_is_hidden(market: str, canary: object) -> None:
    """A whole address, or all there is to say of a customer, may be in one text."""
    validator = validator_of(market)
    program = validator._engine.program
    for place in set(places_of(program, program.root)):
        payload: Any = canary
        for step in reversed(place):
            payload = [payload] if step == 0 else {step: payload}
        if place:
            payload["import_supplier"] = good_account(market)["import_supplier"]
        findings = found(validator, read_json(json.dumps(payload)))
        assert findings
        assert not tells(findings), place


def test_what_tells_nothing_is_shown_there() -> None:
    document = read_json('{"import_supplier": "NORLYS", "customers": null}')
    (finding,) = [each for each in found(validator_of("dk"), document) if each.attr == "customers"]
    assert finding.excerpt
    assert finding.excerpt.text == '"customers": null'


def test_a_comment_beside_a_value_is_not_shown() -> None:
    document = read_yaml(f"import_supplier: NORLYS\ncustomers:\n- email: # {CANARY}\n    # {CANARY}\n    x\n")
    (finding,) = [each for each in found(validator_of("dk"), document) if each.attr == "customers.0.email"]
    assert finding.excerpt
    assert finding.excerpt.text == "email: *"


@pytest.mark.parametrize("kind", ["C", "Python"])
@pytest.mark.parametrize("value", SPOILT)
def test_what_cannot_be_read_is_not_told(value: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    with pytest.raises(premigrate.BadPayloadText) as caught:
        read_yaml(f"customers:\n- given_name: {value}\n")
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(premigrate.BadPayloadText) as caught:
        read_json(f'{{"customers": [{{"given_name": {value}}}]}}')
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_table_that_cannot_be_read_is_told_without_its_values(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    moments = pa.array([910203040506070809], pa.timestamp("ns"))
    parquet.write_table(pa.table({"payload": pa.StructArray.from_arrays([moments], ["born"])}), tmp_path / "a.parquet")
    days = pa.array([2**31 - 1], pa.date32())
    parquet.write_table(pa.table({"payload": pa.StructArray.from_arrays([days], ["born"])}), tmp_path / "b.parquet")
    checked = list(premigrate.check_files([tmp_path], as_of=AS_OF))
    assert all("payload.born holds a day or time that cannot be written" in str(each.problem) for each in checked)
    assert "9102030405" not in str(checked)
    assert "2147483647" not in str(checked)


@pytest.mark.parametrize("market", ["pt"])
def test_nothing_that_is_written_holds_a_canary(market: str, tmp_path: Path) -> None:
    """Of one process that runs command after command: outputs, streams, caches and temporary files."""
    inputs, out, cache, temporary = (tmp_path / name for name in ("in", "out", "cache", "temporary"))
    for folder in (inputs, out, temporary):
        folder.mkdir()
    text = json.dumps(payload_of(market))
    (inputs / "many.ndjson").write_text(f"{text}\n" * 3, "utf-8")
    (inputs / "cut.json").write_text(text[: text.rindex(CANARY) + 3], "utf-8")
    (inputs / "cut.yaml").write_text(f"{text}\n- *{CANARY}", "utf-8")
    (inputs / "no-market.json").write_text(json.dumps([{"import_supplier": CANARY, "email": CANARY}]), "utf-8")
    check: list[str | Path] = ["check", *DAY, "--show-all"]
    names = sorted(FORMATS.keys() - {"json"})  # its body is the API's exact answer
    reports = [part for name in names for part in ("--output", f"{name}:{out / name}")]
    commands: list[list[str | Path]] = [
        [*check, *reports, "--split", out, inputs],
        ["baseline", "write", *DAY, "--baseline", out / "known.toml", inputs / "many.ndjson"],
        [*check, "--baseline", out / "known.toml", inputs],
        ["cohort", "--memory", "1", inputs],
        ["compare", inputs],
        ["tenant", "learn", inputs / "many.ndjson"],
        ["serve", "--market", market, "--scenario", inputs / "cut.json"],
    ]
    done = run_all(commands, tmp_path, PREMIGRATE_CACHE_DIR=str(cache), TMPDIR=str(temporary))
    assert [each.code for each in done] == [4, 0, 4, 4, 4, 4, 2]
    assert [each for each in done if CANARY in each.out + each.err] == []
    written = {path.name: path.read_bytes() for folder in (out, cache) for path in folder.iterdir()}
    split = {".premigrate-split", "pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"}
    assert {name for name in written if not name.endswith(".msgpack")} == {*names, *split, "known.toml"}
    holding = {name for name, content in written.items() if CANARY.encode() in content}
    assert holding == {"fail.ndjson", "unchecked.txt"}, "these hold the accounts themselves"
    assert not [*temporary.iterdir()]


@pytest.mark.slow
def test_what_is_learned_holds_no_canary(market: str, tmp_path: Path) -> None:
    document, overlay, report = (tmp_path / name for name in ("document.json", "overlay.toml", "report.json"))
    document.write_text(json.dumps(document_of(ruleset_of(market), payload_of(market))), "utf-8")
    learn: list[str | Path] = ["tenant", "learn", document, "--market", market, "--output", overlay, *DAY]
    done = run_all([[*learn, "--show-all"], [*learn, "--format", "json", "--report", report]], tmp_path)
    assert [each.code for each in done] == [0, 0]
    assert "example: 400 for" in done[0].out
    assert CANARY not in done[0].out + done[0].err + overlay.read_text("utf-8") + report.read_text("utf-8")
