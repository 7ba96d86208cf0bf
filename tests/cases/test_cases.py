"""Tries every case file of every market; the keys of a case are described in `premigrate.rule_tests.cases`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.cases import case_failures
from tests.conftest import validator_of
from tests.payloads import AS_OF, good_account

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.toml"))


def _cases() -> list[Any]:
    return [
        pytest.param(file.parent.name, case, id=f"{file.parent.name}-{file.stem}-{case['about']}")
        for file in FILES
        for case in tomllib.loads(file.read_text("utf-8")).get("case", ())
    ]


def _validator(market: str, overlay: dict[str, Any]) -> premigrate.Validator:
    if not overlay:
        return validator_of(market)
    return premigrate.Validator(market=market, as_of=AS_OF, overlay={"market": {"extends": market}, **overlay})


@pytest.mark.parametrize(("market", "case"), _cases())
def test_case(market: str, case: dict[str, Any]) -> None:
    validate = _validator(market, case.get("overlay", {})).validate
    assert list(case_failures(validate, good_account(market), case, AS_OF)) == []


def test_all_files_are_case_files() -> None:
    assert {path for path in HERE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}} == set(FILES)
