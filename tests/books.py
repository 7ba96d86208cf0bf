"""The rulesets that are shipped, loaded once; and small ones, with the framework's codes and our advice."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from premigrate.ruleset import load as market
from premigrate.ruleset import parse as parsing
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rule_file import RuleFile
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.problems import ProblemReport
from tests.payloads import ROOT

_PAPERS = {"basis": "inferred", "source": "A test."}
_RULE = {"code": "wrong", "why": "For the test.", "good": 1, "bad": 1, **_PAPERS}
_FILES = ("codes/framework.toml", "codes/answer.toml", "advice.toml", "answers.toml")


def parse_files_once() -> None:
    """Have each text of a rule file parsed once in a process, whoever asks; loading a ruleset is mostly that."""
    vars(market)["parse_file"] = _parse_once


def _parse_once(name: str, text: str, report: ProblemReport) -> list[RuleFile]:
    pieces, told = _parse(name, text)
    report.problems += told.problems
    report.failed_tables |= told.failed_tables
    return list(pieces)


@cache
def _parse(name: str, text: str) -> tuple[list[RuleFile], ProblemReport]:
    report = ProblemReport()
    return parsing.parse_file(name, text, report), report


@cache
def shipped_book(market: str) -> Ruleset:
    """The ruleset of a market, loaded once in a process."""
    return load_ruleset(market)


def make_book(tables: Mapping[str, Any]) -> Ruleset:
    """Make a ruleset of tables as they stand in rule files, whose papers may be left out; its root is an account."""
    shared = _shared()
    codes: dict[str, Any] = {"wrong": {"detail": "Wrong."}, "refused": {"detail": "Refused."}}
    for each in (*shared, tables):
        codes |= each.get("code", {})
    codes = {name: {"meaning": "For the test.", **_PAPERS, **spec} for name, spec in codes.items()}
    told = RuleFile.model_validate(
        {
            **shared[2],
            **shared[3],
            **tables,
            "code": codes,
            "object": {name: {"about": "A test.", **_PAPERS, **spec} for name, spec in tables["object"].items()},
            "rule": [{**_RULE, "given": _given(tables, rule), **rule} for rule in tables.get("rule", ())],
            "scheme": {name: {"source": "A test.", **spec} for name, spec in tables.get("scheme", {}).items()},
            "list": {name: {"about": "A test.", **spec} for name, spec in tables.get("list", {}).items()},
        }
    )
    return Ruleset(
        market="test", title="A test", territory="PT", root="account", suppliers=("*",), refusal="refused",
        objects=told.object, rules=told.rule, off_reasons=tables.get("off", {}), disabled=(), schemes=told.scheme,
        lists=told.list, not_applicable=(), codes=told.code, advice=told.advice, responses=told.answer,
        statuses=told.import_status, lifecycles=told.course,
    )  # fmt: skip


@cache
def _shared() -> list[dict[str, Any]]:
    return [tomllib.loads((ROOT / "rules" / name).read_text("utf-8")) for name in _FILES]


def _given(tables: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, list[str]]:
    """Fill in what the examples of a rule would find in the lists that it names."""
    return {name: ["a"] for name in tables.get("list", {}) if repr(name) in repr(rule)}
