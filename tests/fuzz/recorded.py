"""Turns bytes into files of recorded calls, compares them with what is predicted, and proposes an overlay."""

from __future__ import annotations

import gzip
import io
import json
import tomllib
from functools import cache, partial
from typing import Any

import premigrate
from premigrate.api import engine_of
from premigrate.batch.load_accounts import ReadFailure
from premigrate.command.exit_codes import ExitCode
from premigrate.compare.command import _Run
from premigrate.compare.evidence import ComparedAccount, Evidence
from premigrate.compare.masking import Masker
from premigrate.compare.match_errors import compare_errors
from premigrate.compare.proposals import build_overlay, propose_changes
from premigrate.compare.read_answer import read_answer
from premigrate.compare.recorded_call import Recording
from premigrate.compare.recordings import RecordingItem, SkippedCall, _read
from premigrate.compare.report import render_comparison, render_comparison_json
from premigrate.describe.market import ruleset_of
from premigrate.documents.toml_writer import render_overlay
from premigrate.engine.response import told_now
from premigrate.ruleset.model.ruleset import Ruleset
from tests.fuzz.choices import Choices
from tests.payloads import AS_OF
from tests.recordings import differing, entry, har, nested

_MARKET = "pt"
_NAMES = ("calls.json", "calls.ndjson", "calls.har", "calls.har.gz", "calls", "calls.json.gz")


def recordings(data: bytes) -> None:
    """Read bytes as recorded calls, or good ones with changes, and do with them all that the command does."""
    choices = Choices(data)
    name = choices.one_of(_NAMES)
    content = choices.rest() if choices.number(4) == 1 else _changed(name, choices)
    packed = gzip.compress(content, 1, mtime=0) if name.endswith(".gz") else content
    found = list(_read(name, io.BytesIO(packed)))
    for each in found:
        _look(each, content)
    run = _QuietRun(partial(_validator), _MARKET, None, None)
    run.compare_all(found)
    assert run.totals.accounts + sum(run.totals.skipped.values()) + run.totals.unreadable == len(found)
    assert (run.exit_code == ExitCode.ERRORS) <= bool(run.totals.disagreements)
    worst = [told for _, told in run._worst]
    for line in "".join(render_comparison(run.totals, worst)).splitlines():
        assert line.isprintable()
    json.loads("".join(render_comparison_json(run.totals, worst)))
    _propose([each for each in found if isinstance(each, Recording)])


class _QuietRun(_Run):
    """Keeps what it would say to people."""

    def report_problem(self, code: ExitCode, message: str) -> None:
        assert message.isprintable(), message
        self.exit_code = max(self.exit_code, code)


@cache
def _validator(_: str) -> premigrate.Validator:
    return premigrate.Validator(market=_MARKET, as_of=AS_OF)


@cache
def _book() -> Ruleset:
    return ruleset_of(_MARKET)


@cache
def _calls() -> list[Any]:
    return differing()


@cache
def _pieces() -> list[Any]:
    """List answers and what is in them, in all shapes."""
    calls = [pair for pair in _calls() if pair["status"] == 400]
    bodies = [pair["response"] for pair in calls]
    texts = [json.dumps(body) for body in bodies[:2]]
    statuses = (200, 201, 400, 401, 500, "400", True, 400.0)
    imported = {"non_field_errors": {"code": "a_already_imported", "detail": ""}, "account_id": "A-1"}
    days = ("2026-01-31", "2026-01-31T10:00:00.000Z", "20260131", "today", 5)
    entries = [entry(calls[0], "/v2/data-import/accounts/", packed=True), entry(calls[1], "/", method="GET")]
    return [*bodies, *map(nested, bodies), *texts, *statuses, imported, *days, *entries, *bodies[0]["errors"]]


def _changed(name: str, choices: Choices) -> bytes:
    """Change some recorded calls, and write them as a file of this name is written."""
    pairs = [choices.one_of(_calls()) for _ in range(1 + choices.number(3))]
    made = choices.changed(har(pairs) if ".har" in name else pairs, _pieces())
    if ".ndjson" in name and isinstance(made, list):
        return b"\n".join(map(_text, made))
    return _text(made)


def _text(made: Any) -> bytes:
    try:
        return json.dumps(made, default=str).encode()
    except ValueError:  # a number of more digits than Python writes
        return b'[{"payload":{},"status":' + b"9" * 5000 + b',"response":{}}]'


def _look(found: RecordingItem, content: bytes) -> None:
    if isinstance(found, ReadFailure):
        assert found.message
        assert found.line <= content.count(b"\n") + 1
    elif isinstance(found, SkippedCall):
        assert found.reason
    else:
        assert isinstance(found, Recording)  # nothing is found in a folder here, so that nothing is skipped
        assert isinstance(found.status, int)
        assert 1 <= found.line <= content.count(b"\n") + 1


def _propose(calls: list[Recording]) -> None:
    """Propose an overlay, which must load."""
    evidence = Evidence(_book())
    for number, call in enumerate(calls):
        answered = read_answer(call.status, call.body)
        if not isinstance(answered, str):
            validator = _validator(_MARKET)
            comparison = compare_errors(told_now(validator.validate(call.payload).errors), answered)
            _, account = engine_of(validator).account_of(call.payload)
            mask = Masker(account, engine_of(validator).info.is_personal)
            evidence.add(
                ComparedAccount(comparison, account, mask, f"{call.file}, account {call.position}", str(number))
            )
    if proposals := propose_changes(evidence):
        tables = build_overlay(evidence, proposals)
        assert tomllib.loads(render_overlay(tables, "Proposed.")) == tables
        ruleset_of(_MARKET, tables)
