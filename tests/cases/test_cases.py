"""Runs every case file: changes to the good payload of a market, and the complete expected answer.

A file holds `[[case]]` tables: `about`, `overlay` (tables of an overlay, without `[market]`), `change` (dotted path to
value; "<gone>" removes the key, the path "" replaces the payload), `answer` (detail, code and attr of all errors, in
the order of the response), `follow_on` (code and attr of the follow-on errors) and `advice` (code and attr).
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import premigrate
from tests.conftest import validator_of
from tests.payloads import AS_OF, GONE, expand, good_account, put

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.toml"))


def _cases() -> list[Any]:
    return [
        pytest.param(file.parent.name, case, id=f"{file.parent.name}-{file.stem}-{case['about']}")
        for file in FILES
        for case in tomllib.loads(file.read_text("utf-8"))["case"]
    ]


def _validator(market: str, overlay: dict[str, Any]) -> premigrate.Validator:
    if not overlay:
        return validator_of(market)
    return premigrate.Validator(market=market, as_of=AS_OF, overlay={"market": {"extends": market}, **overlay})


@pytest.mark.parametrize(("market", "case"), _cases())
def test_case(market: str, case: dict[str, Any]) -> None:
    assert set(case) <= {"about", "overlay", "change", "answer", "follow_on", "advice"}
    payload: Any = good_account(market)
    for path, value in case.get("change", {}).items():
        payload = expand(value) if path == "" else put(payload, path, GONE if value == "<gone>" else expand(value))
    result = _validator(market, case.get("overlay", {})).validate(payload)
    errors = [[error["detail"], error["code"], error["attr"]] for error in result.response.body.get("errors", [])]
    assert errors == case.get("answer", [])
    assert result.response.status == (400 if errors else 200)
    follow_on = [[error.code, error.attr] for error in result.errors if error.stage == "follow-on"]
    assert follow_on == case.get("follow_on", [])
    if "advice" in case:
        assert [[hint.code, hint.attr] for hint in result.advice] == case["advice"]


def test_all_files_are_case_files() -> None:
    assert {path for path in HERE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}} == set(FILES)
