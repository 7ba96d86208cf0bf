"""Converts bytes into files of recorded calls, compares these with predictions, and proposes an overlay."""

from __future__ import annotations

import gzip
import io
import json
import tomllib
from functools import cache
from typing import Any

import premigrate
from premigrate.api import engine_of
from premigrate.batch.load_accounts import ReadFailure
from premigrate.command.exit_codes import ExitCode
from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.learn.overlay_tables import add_changes
from premigrate.compare.masking import Masker
from premigrate.compare.match_errors import compare_errors
from premigrate.compare.proposals import propose_changes
from premigrate.compare.read_answer import read_answer
from premigrate.compare.recorded_call import Recording
from premigrate.compare.recordings import RecordingItem, SkippedCall, _read
from premigrate.compare.report import render_comparison, render_comparison_json
from premigrate.compare.run import ComparisonRun
from premigrate.describe.market import ruleset_of
from premigrate.documents.toml_writer import render_overlay
from premigrate.engine.response import reported_errors
from premigrate.ruleset.model.ruleset import Ruleset
from tests.fuzz.choices import Choices
from tests.payloads import AS_OF
from tests.recordings import differing, entry, har, nested

_MARKET = "pt"
_NAMES = ("calls.json", "calls.ndjson", "calls.har", "calls.har.gz", "calls", "calls.json.gz")


def recordings(data: bytes) -> None:
    """Process bytes, or valid recorded calls with changes, as the command does."""
    choices = Choices(data)
    name = choices.one_of(_NAMES)
    content = choices.rest() if choices.number(4) == 1 else _changed_calls(name, choices)
    compressed = gzip.compress(content, 1, mtime=0) if name.endswith(".gz") else content
    items = list(_read(name, io.BytesIO(compressed)))
    for item in items:
        _check_item(item, content)
    run = _QuietRun(_validator, _MARKET, None, today=AS_OF)
    run.compare_all(items)
    assert run.totals.accounts + sum(run.totals.skipped.values()) + run.totals.unreadable == len(items)
    assert (run.exit_code == ExitCode.ERRORS) <= bool(run.totals.disagreements)
    worst = run.worst.ranked()[:10]
    for line in "".join(render_comparison(run.totals, worst)).splitlines():
        assert line.isprintable()
    json.loads("".join(render_comparison_json(run.totals, worst)))
    _propose([item for item in items if isinstance(item, Recording)])


class _QuietRun(ComparisonRun):
    """Checks messages to the user, and does not print them."""

    def report_problem(self, code: ExitCode, message: str) -> None:
        assert message.isprintable(), message
        self.exit_code = max(self.exit_code, code)


@cache
def _validator(_: str) -> premigrate.Validator:
    return premigrate.Validator(market=_MARKET, as_of=AS_OF)


@cache
def _ruleset() -> Ruleset:
    return ruleset_of(_MARKET)


@cache
def _calls() -> list[Any]:
    return differing()


@cache
def _parts() -> list[Any]:
    """Return answers and parts of answers, in all shapes."""
    calls = [pair for pair in _calls() if pair["status"] == 400]
    bodies = [pair["response"] for pair in calls]
    texts = [json.dumps(body) for body in bodies[:2]]
    statuses = (200, 201, 400, 401, 500, "400", True, 400.0)
    imported = {"non_field_errors": {"code": "a_already_imported", "detail": ""}, "account_id": "A-1"}
    days = ("2026-01-31", "2026-01-31T10:00:00.000Z", "20260131", "today", 5)
    entries = [entry(calls[0], "/v2/data-import/accounts/", packed=True), entry(calls[1], "/", method="GET")]
    return [*bodies, *map(nested, bodies), *texts, *statuses, imported, *days, *entries, *bodies[0]["errors"]]


def _changed_calls(name: str, choices: Choices) -> bytes:
    """Return some changed recorded calls, in the format of the file name."""
    pairs = [choices.one_of(_calls()) for _ in range(1 + choices.number(3))]
    changed = choices.changed(har(pairs) if ".har" in name else pairs, _parts())
    if ".ndjson" in name and isinstance(changed, list):
        return b"\n".join(map(_text, changed))
    return _text(changed)


def _text(changed: Any) -> bytes:
    try:
        return json.dumps(changed, default=str).encode()
    except ValueError:  # a number with more digits than Python converts
        return b'[{"payload":{},"status":' + b"9" * 5000 + b',"response":{}}]'


def _check_item(item: RecordingItem, content: bytes) -> None:
    if isinstance(item, ReadFailure):
        assert item.message
        assert item.line <= content.count(b"\n") + 1
    elif isinstance(item, SkippedCall):
        assert item.reason
    else:
        assert isinstance(item, Recording)  # the only other items are about folders
        assert isinstance(item.status, int)
        assert 1 <= item.line <= content.count(b"\n") + 1


def _propose(calls: list[Recording]) -> None:
    """Propose an overlay; it must load."""
    evidence = Evidence(_ruleset())
    for number, call in enumerate(calls):
        answered = read_answer(call.status, call.body)
        if not isinstance(answered, str):
            validator = _validator(_MARKET)
            comparison = compare_errors(reported_errors(validator.validate(call.payload).errors), answered)
            _, account = engine_of(validator).account_of(call.payload)
            mask = Masker(account, engine_of(validator).field_info.is_personal)
            evidence.add(
                ComparedAccount(comparison, account, mask, f"{call.file}, account {call.position}", str(number))
            )
    if proposals := propose_changes(evidence):
        tables = add_changes({"market": {"extends": _MARKET}}, evidence.ruleset, proposals)
        assert tomllib.loads(render_overlay(tables, "Proposed.")) == tables
        ruleset_of(_MARKET, tables)
