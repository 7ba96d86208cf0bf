"""Loads the shipped rulesets once, and builds small ones with the shipped codes of the framework and advice."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from premigrate.ruleset import load as load_module
from premigrate.ruleset import parse as parsing
from premigrate.ruleset.load import load_platform, load_ruleset
from premigrate.ruleset.model.rule_file import RuleFile
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.problems import ProblemReport
from tests.payloads import ROOT

_PROVENANCE = {"basis": "inferred", "source": "A test."}
_RULE = {"code": "wrong", "attr": "<found>", "why": "For the test.", "good": [1], "bad": [1], **_PROVENANCE}
_TEXT = {"meaning": "For the test.", "detail_basis": "inferred", "source": "A test."}
_FILES = ("codes/framework.toml", "codes/answer.toml", "advice.toml", "answers.toml")


def parse_files_once() -> None:
    """Cache the parsed rule files in this process: loading a ruleset is mostly parsing."""
    vars(load_module)["parse_file"] = _parse_once


def _parse_once(name: str, text: str, report: ProblemReport) -> list[RuleFile]:
    files, cached_report = _parse(name, text)
    report.problems += cached_report.problems
    report.failed_tables |= cached_report.failed_tables
    return list(files)


@cache
def _parse(name: str, text: str) -> tuple[list[RuleFile], ProblemReport]:
    report = ProblemReport()
    return parsing.parse_file(name, text, report), report


@cache
def shipped_book(market: str) -> Ruleset:
    """Return the ruleset of a market, loaded once per process."""
    return load_ruleset(market)


@cache
def platform_book() -> Ruleset:
    """Return the rules that markets share, loaded once per process."""
    return load_platform()


def make_book(tables: Mapping[str, Any]) -> Ruleset:
    """Build a ruleset from tables of rule files whose descriptions and sources are optional. Its root is account."""
    shared = _shared()
    codes: dict[str, Any] = {"wrong": {"detail": "Wrong."}, "refused": {"detail": "Refused."}}
    for each in (*shared, tables):
        codes |= each.get("code", {})
    codes = {name: {**_TEXT, **spec} for name, spec in codes.items()}
    parsed = RuleFile.model_validate(
        {
            **shared[2],
            **shared[3],
            **tables,
            "code": codes,
            "object": {name: {"about": "A test.", **_PROVENANCE, **spec} for name, spec in tables["object"].items()},
            "rule": [
                {**_RULE, "example_lists": _example_lists(tables, rule), **rule} for rule in tables.get("rule", ())
            ],
            "scheme": {name: {"source": "A test.", **spec} for name, spec in tables.get("scheme", {}).items()},
            "list": {name: {"about": "A test.", **spec} for name, spec in tables.get("list", {}).items()},
        }
    )
    return Ruleset(
        market="test", title="A test", territory="PT", root="account", suppliers=("*",),
        beside_payload=("task_params",), refusal="refused",
        objects=parsed.object, rules=parsed.rule, off_reasons=tables.get("off", {}), disabled=(), schemes=parsed.scheme,
        lists=parsed.list, not_applicable=(), codes=parsed.code, advice=parsed.advice, responses=parsed.answer,
        statuses=parsed.import_status, lifecycles=parsed.lifecycle,
    )  # fmt: skip


@cache
def _shared() -> list[dict[str, Any]]:
    return [tomllib.loads((ROOT / "rules" / name).read_text("utf-8")) for name in _FILES]


def _example_lists(tables: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return values of the lists that a rule names, for its examples."""
    return {name: ["a"] for name in tables.get("list", {}) if repr(name) in repr(rule)}
