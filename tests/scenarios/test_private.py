"""No report shows personal values: every personal field holds a canary, and all output is searched for it."""

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
from premigrate.engine.program import Field, Object, Program, Select, objects_within
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


def filled_objects(program: Program, name: str, canary: object = CANARY) -> list[dict[str, Any]]:
    """Return an object of each variant, with a canary in every personal field and in an unknown one."""
    node = program.objects[name]
    if isinstance(node, Select):
        return [
            {**_filled_object(program, variant, canary), node.key.name: choice}
            for choice, variant in node.variants.items()
            if isinstance(variant, Object)
        ]
    return [_filled_object(program, node, canary)]


def _filled_object(program: Program, node: Object, canary: object) -> dict[str, Any]:
    fields = {field.name: _filled_value(program, field, canary) for field in node.fields}
    return {UNKNOWN: {"deep": [canary]}, **fields}


def _filled_value(program: Program, field: Field, canary: object) -> Any:
    if field.object:
        variants = filled_objects(program, field.object, canary)
        return variants if field.is_list else variants[0]
    value = canary if field.personal else None
    return [value] if field.is_list else value


def count(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(count, value.values() if isinstance(value, dict) else value))
    return int(value == CANARY)


def payload_of(market: str, canary: object = CANARY) -> dict[str, Any]:
    program = validator_of(market)._engine.program
    (account,) = filled_objects(program, program.root, canary)
    return {**account, "import_supplier": good_account(market)["import_supplier"], "external_account_number": "ACC-1"}


@pytest.mark.parametrize("market", premigrate.markets())
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_reports_hold_no_canary(market: str, kind: str, tmp_path: Path) -> None:
    payload = payload_of(market)
    assert count(payload) > 100
    text = json.dumps([payload, payload], indent=1)
    if kind == "yaml":
        text = yaml.safe_dump(json.loads(text))  # parsed again, or the second account would be an alias of the first
    file = tmp_path / f"accounts.{kind}"
    file.write_text(text, "utf-8")
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:{tmp_path / f'report.{name}'}")]
    code, out, err = run("check", *DAY, "--show-all", *outputs, file)
    assert code == 1
    assert out.count(": error: ") > 50
    run("baseline", "write", *DAY, "--baseline", tmp_path / "known.toml", file)
    for path in tmp_path.iterdir():
        written = path.read_text("utf-8")
        if path.name == "report.json":  # the exact response of the API
            report = json.loads(written)
            for account in report["accounts"]:
                del account["body"]
            written = json.dumps(report)
        assert path == file or CANARY not in written, path.name
    assert CANARY not in out + err


@pytest.mark.parametrize("market", premigrate.markets())
def test_show_values(market: str, tmp_path: Path) -> None:
    (tmp_path / "account.json").write_text(json.dumps(payload_of(market)), "utf-8")
    _, out, _ = run("check", *DAY, "--show-all", "--show-values", tmp_path)
    assert CANARY in out


CANARY_FORMS = (
    CANARY, f" {CANARY} ", f"{CANARY}\n{CANARY}\ud800", f"\0{CANARY}", CANARY * 400, f"{CANARY}@", {"x": CANARY},
    [CANARY], f"a@{CANARY}.example", f"https://{CANARY}.example/a", "https://[910203040506", "+351 9102030405",
    "910203040506", 910203040506, -910203040506.25, 9.10203040506e300, "PT50 9102 0304 0506 7890 1", "9102030405-06-07",
)  # fmt: skip
BROKEN_VALUES = (f"!{CANARY}!x y", f"!{CANARY} x", f"*{CANARY}", f"&{CANARY} x", f"'{CANARY}", f"%{CANARY}")


def leaks(findings: list[Finding]) -> list[Finding]:
    """Return the findings that show a canary or a part of one, in any spelling."""
    shown = {each: f"{each.detail} {each.expected} {each.excerpt.text if each.excerpt else ''}" for each in findings}
    letters = {each: "".join(filter(str.isalnum, text.lower())) for each, text in shown.items()}
    return [each for each, text in letters.items() if CANARY.lower() in text or "9102030405" in text]


def located_findings(validator: premigrate.Validator, document: Document) -> list[Finding]:
    result = validate_document(validator, document)
    findings = findings_of(result, show_values=False)
    return locate_findings(
        [(each, (), engine_of(validator).field_info) for each in findings], document, show_values=False
    )


@pytest.mark.parametrize("form", CANARY_FORMS)
def test_no_form_of_a_canary_is_shown(market: str, form: object) -> None:
    text = json.dumps(payload_of(market, form))
    findings = located_findings(validator_of(market), read_json(text))
    findings += located_findings(validator_of(market), read_yaml(text)) if r"\ud800" not in text else []
    assert len(findings) > 50
    assert not leaks(findings)


def places_of(program: Program, name: str, here: Place = ()) -> Iterator[Place]:
    """Yield the paths where an object or a list is expected."""
    yield here
    node = program.objects[name]
    for each in objects_within(node):
        for field in each.fields:
            place = (*here, field.name)
            if field.is_list:
                yield place
            if field.object:
                yield from places_of(program, field.object, (*place, 0) if field.is_list else place)


@pytest.mark.parametrize("canary", [CANARY, 910203040506])
def test_values_in_place_of_objects_are_hidden(market: str, canary: object) -> None:
    """A text in place of an object may hold a whole address or customer."""
    validator = validator_of(market)
    program = validator._engine.program
    for place in set(places_of(program, program.root)):
        payload: Any = canary
        for step in reversed(place):
            payload = [payload] if step == 0 else {step: payload}
        if place:
            payload["import_supplier"] = good_account(market)["import_supplier"]
        findings = located_findings(validator, read_json(json.dumps(payload)))
        assert findings
        assert not leaks(findings), place


def test_null_in_place_of_a_list_is_shown() -> None:
    document = read_json('{"import_supplier": "NORLYS", "customers": null}')
    (finding,) = [each for each in located_findings(validator_of("dk"), document) if each.attr == "customers"]
    assert finding.excerpt
    assert finding.excerpt.text == '"customers": null'


def test_comment_beside_a_value_is_not_shown() -> None:
    document = read_yaml(f"import_supplier: NORLYS\ncustomers:\n- email: # {CANARY}\n    # {CANARY}\n    x\n")
    (finding,) = [each for each in located_findings(validator_of("dk"), document) if each.attr == "customers.0.email"]
    assert finding.excerpt
    assert finding.excerpt.text == "email: *"


@pytest.mark.parametrize("kind", ["C", "Python"])
@pytest.mark.parametrize("value", BROKEN_VALUES)
def test_syntax_errors_show_no_values(value: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    with pytest.raises(premigrate.BadPayloadText) as caught:
        read_yaml(f"customers:\n- given_name: {value}\n")
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(premigrate.BadPayloadText) as caught:
        read_json(f'{{"customers": [{{"given_name": {value}}}]}}')
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_parquet_errors_show_no_values(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    moments = pa.array([910203040506070809], pa.timestamp("ns"))
    parquet.write_table(pa.table({"payload": pa.StructArray.from_arrays([moments], ["born"])}), tmp_path / "a.parquet")
    days = pa.array([2**31 - 1], pa.date32())
    parquet.write_table(pa.table({"payload": pa.StructArray.from_arrays([days], ["born"])}), tmp_path / "b.parquet")
    checked = list(premigrate.check_files([tmp_path], as_of=AS_OF))
    assert all("payload.born contains a date or time that cannot be converted" in str(each.problem) for each in checked)
    assert "9102030405" not in str(checked)
    assert "2147483647" not in str(checked)


@pytest.mark.parametrize("market", ["pt"])
def test_no_written_file_or_stream_holds_a_canary(market: str, tmp_path: Path) -> None:
    """Run several commands in one process; check outputs, streams, caches and temporary files."""
    inputs, out, cache, temporary = (tmp_path / name for name in ("in", "out", "cache", "temporary"))
    for folder in (inputs, out, temporary):
        folder.mkdir()
    text = json.dumps(payload_of(market))
    (inputs / "many.ndjson").write_text(f"{text}\n" * 3, "utf-8")
    (inputs / "cut.json").write_text(text[: text.rindex(CANARY) + 3], "utf-8")
    (inputs / "cut.yaml").write_text(f"{text}\n- *{CANARY}", "utf-8")
    (inputs / "no-market.json").write_text(json.dumps([{"import_supplier": CANARY, "email": CANARY}]), "utf-8")
    check: list[str | Path] = ["check", *DAY, "--show-all"]
    names = sorted(FORMATS.keys() - {"json"})  # holds the exact response of the API
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
    result = run_all(commands, tmp_path, PREMIGRATE_CACHE_DIR=str(cache), TMPDIR=str(temporary))
    assert [each.code for each in result] == [4, 0, 4, 4, 4, 4, 2]
    assert [each for each in result if CANARY in each.out + each.err] == []
    written = {path.name: path.read_bytes() for folder in (out, cache) for path in folder.iterdir()}
    split = {".premigrate-split", "pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"}
    assert {name for name in written if not name.endswith(".msgpack")} == {*names, *split, "known.toml"}
    holding = {name for name, content in written.items() if CANARY.encode() in content}
    assert holding == {"fail.ndjson", "unchecked.txt"}, "these hold the accounts themselves"
    assert not [*temporary.iterdir()]


@pytest.mark.slow
def test_learned_overlay_and_report_hold_no_canary(market: str, tmp_path: Path) -> None:
    document, overlay, report = (tmp_path / name for name in ("document.json", "overlay.toml", "report.json"))
    document.write_text(json.dumps(document_of(ruleset_of(market), payload_of(market))), "utf-8")
    learn: list[str | Path] = ["tenant", "learn", document, "--market", market, "--output", overlay, *DAY]
    result = run_all([[*learn, "--show-all"], [*learn, "--format", "json", "--report", report]], tmp_path)
    assert [each.code for each in result] == [0, 0]
    assert "example: 400 for" in result[0].out
    assert CANARY not in result[0].out + result[0].err + overlay.read_text("utf-8") + report.read_text("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_key_that_is_no_name(name: str, tmp_path: Path) -> None:
    file, key = tmp_path / "a.json", "homer@simpson.com"
    file.write_text(f'{{"customers": [{{"{key}": 1, "{key}": {{"{key}": 2}}}}]}}')
    arguments: list[str | Path] = ["check", file, "--market", "pt", "--format", name, "--show-all", *DAY]
    hidden, shown = run(*arguments), run(*arguments, "--show-values")
    assert key not in "".join(map(str, hidden))
    assert key in "".join(map(str, shown))
