"""No report tells a personal value: every personal field holds a canary, and all that is written is searched for it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import premigrate
from premigrate.plan import LeafNode, ListNode, Node, ObjectNode, SelectNode
from premigrate.rendering.outputs import FORMATS
from tests.conftest import validator_of
from tests.payloads import good_account
from tests.scenarios.test_command import DAY, run

CANARY = "Kanarienvogel"
UNKNOWN = "a_key_that_nobody_knows"


def caged(node: Node, *, personal: bool = False) -> Any:
    """A value of a node in which every personal field, and a field that nobody knows, is a canary."""
    match node:
        case ListNode(item=SelectNode(key=key, variants=variants)):
            return [{**caged(variant), key.name: choice} for choice, variant in variants.items()]
        case ListNode(item=item):
            return [caged(item, personal=personal)]
        case SelectNode(key=key, variants=variants):
            choice, variant = next(iter(variants.items()))
            return {**caged(variant), key.name: choice}
        case ObjectNode(fields=fields):
            return {
                UNKNOWN: {"deep": [CANARY]},
                **{field.name: caged(field.node, personal=field.personal) for field in fields},
            }
        case LeafNode():
            return CANARY if personal else None


def count(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(count, value.values() if isinstance(value, dict) else value))
    return int(value == CANARY)


def payload_of(market: str) -> dict[str, Any]:
    root = validator_of(market)._plan.root
    account: dict[str, Any] = caged(root)
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
