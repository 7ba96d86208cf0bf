"""The fuzz targets: each is a function that processes bytes, and fails for all exceptions but our own.

Targets check results, too: two ways to the same result must agree, and no argument may be mutated.
"""

from __future__ import annotations

import gzip
import json
import math
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import premigrate
from premigrate.api import engine_of, validate_document
from premigrate.batch.batch_validator import BatchValidator, CheckedAccount, account_line
from premigrate.batch.read_chunks import read_text
from premigrate.command.baseline import load_baseline
from premigrate.command.config import load_config
from premigrate.command.filter_names import SelectableNames
from premigrate.command.filters import make_selection
from premigrate.compiler.program import compile_program
from premigrate.documents.array_elements import Element, read_elements
from premigrate.documents.document import Document
from premigrate.documents.fast_json import read_json_fast
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.engine.engine import Engine
from premigrate.exceptions import BadArgument, BadPayloadText, BadRules
from premigrate.report.findings import findings_of, locate_findings
from premigrate.ruleset import parse as parsing
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rule_file import ReferenceList
from premigrate.ruleset.problems import ProblemReport
from premigrate.ruleset.references import load_reference_lists
from premigrate.ruleset.rule_files import common_topics, read_market_files, read_topic, rules_root, topic_names
from tests.books import parse_files_once
from tests.fuzz.choices import Choices, fast_folder
from tests.fuzz.documents import openapi
from tests.fuzz.overlays import run_overlay
from tests.fuzz.recorded import recordings
from tests.fuzz.requests import requests, script
from tests.payloads import AS_OF, good_account

Target: TypeAlias = Callable[[bytes], None]

MARKETS = premigrate.markets()
_MAX_COMPARED_DEPTH = 200  # beyond, the comparison itself exceeds the recursion limit


@cache
def _validator(name: str) -> premigrate.Validator:
    return premigrate.Validator(market=name, as_of=AS_OF)


@cache
def _extractor() -> premigrate.KeyExtractor:
    return premigrate.KeyExtractor()


def json_text(data: bytes) -> None:
    """Parse a text as JSON; if Python's own parser accepts it, the data are the same."""
    document = _parse(read_json, data)
    fast = _parse(read_json_fast, data)
    assert (document is None) == (fast is None)
    strict = _parse_strictly(data)
    if document is None or fast is None:
        assert strict is None, "valid JSON was rejected"
        return
    assert strict, "invalid JSON was accepted"
    assert document.duplicate_keys == fast.duplicate_keys
    if _is_shallow(data):
        assert _equal(document.data, strict[0])
        assert _equal(document.data, fast.data)
    name = MARKETS[len(data) % len(MARKETS)]
    validator = _validator(name)
    result = validator.validate_json(data)
    bare = validator.validate(strict[0])
    if document.had_bom:
        assert result.errors[0].rule == "byte-order-mark"
        assert [error._replace(stage="now") for error in result.errors[1:]] == [
            error._replace(stage="now") for error in bare.errors
        ]
    else:
        assert result.errors == bare.errors
    assert result.advice[len(result.advice) - len(bare.advice) :] == bare.advice
    _locate(result, document, validator)


def yaml_text(data: bytes) -> None:
    """Parse a text as YAML; if it is JSON as well, the data are the same."""
    document = _parse(read_yaml, data)
    if document is None:
        return
    as_json = _parse_strictly(data)
    if as_json and _is_shallow(data):
        assert _equal(document.data, as_json[0])
    json.dumps(document.data)
    for name in MARKETS:
        validator = _validator(name)
        result = validate_document(validator, document)
        assert result.errors == validator.validate(document.data).errors
        _locate(result, document, validator)


def payload(data: bytes) -> None:
    """Validate a changed good account, or any value."""
    choices = Choices(data)
    name = choices.one_of(MARKETS)
    account = choices.changed(good_account(name)) if choices.number(8) else choices.value()
    _check(_validator(name), {"payload": account} if choices.number(8) == 1 else account)
    _extractor().extract(account, "a", name)


def _check(validator: premigrate.Validator, account: Any) -> None:
    before = repr(account) if not _has_huge_integer(account) else ""
    result = validator.validate(account)
    assert validator.validate(account) == result
    assert not before or repr(account) == before, "the payload was changed"
    assert (result.response.status == 400) == bool([error for error in result.errors if error.stage == "now"])
    json.dumps(result.response.body)
    findings_of(result, show_values=False)


def _has_huge_integer(account: Any) -> bool:
    """Return whether a value has an integer with more digits than Python converts."""
    try:
        repr(account)
    except ValueError:
        return True
    return False


def rule_file(data: bytes) -> None:
    """Load a text as an overlay; it may have mistakes."""
    report = ProblemReport()
    tables = parsing.parse_toml("overlay.toml", _text(data), report)
    parsing.parse_tables("overlay.toml", tables, report)
    assert all(str(problem) for problem in report.problems)
    if tables and not report.problems:
        _load(MARKETS[len(data) % len(MARKETS)], tables)


def overlay(data: bytes) -> None:
    """Change tables of the shipped rules, and load them as an overlay; what loads must compile and run."""
    choices = Choices(data)
    name = choices.one_of(MARKETS)
    tables: dict[str, Any] = {"market": {"extends": name}}
    all_tables = _rule_tables()
    for _ in range(1 + choices.number(3)):
        table, content = choices.one_of(all_tables)
        similar = [inner for other, inner in all_tables if other == table]
        changed = choices.changed(content, similar) if choices.number(4) else content
        if isinstance(changed, list):
            tables.setdefault(table, []).extend(changed)
        elif isinstance(changed, Mapping):
            tables.setdefault(table, {}).update(changed)
    _load(name, tables)


@cache
def _rule_tables() -> list[tuple[str, Any]]:
    """Return all tables of the shipped rules; each rule has its own table and a new id."""
    found: list[tuple[str, Any]] = []
    texts = [read_topic(topic) or "" for topic in (*common_topics(), *topic_names())]
    for text in (*texts, *(text for name in MARKETS for _, text in read_market_files(rules_root() / name))):
        for table, content in tomllib.loads(text).items():
            if table in {"rule", "cohort"}:
                found += [(table, [{**entry, "id": f"{entry['id']}-too"}]) for entry in content]
            elif isinstance(content, dict) and table != "market":
                found += [(table, {key: value}) for key, value in content.items()]
    return found


def _load(name: str, tables: Mapping[str, Any]) -> None:
    """Load an overlay, and run the compiled program."""
    try:
        ruleset = load_ruleset(name, tables)
    except BadRules as error:
        assert error.problems  # noqa: PT017
        return
    engine = Engine(compile_program(ruleset))
    accounts: tuple[dict[str, Any], ...] = (good_account(name), {}, {key: [{}] for key in good_account(name)})
    for account in accounts:
        engine.run(account, AS_OF)


parse_files_once()  # shipped files are the same for each input


def overlay_from_grammar(data: bytes) -> None:
    """Generate an overlay from the grammar; if it loads, it validates any account."""
    run_overlay(Choices(data))


_ENDINGS = (".json", ".ndjson", ".yaml", ".json.gz", ".ndjson.gz", ".yaml.gz", ".json.zst", "")


def bulk(data: bytes) -> None:
    """Read bytes as a file of many accounts, in blocks of some size."""
    choices = Choices(data)
    name = f"accounts{choices.one_of(_ENDINGS)}"
    size = 1 + choices.number(64)
    is_compressed = choices.number(4) == 1
    content = choices.rest()
    compressed = gzip.compress(content, 1, mtime=0) if is_compressed else content
    positions: list[int] = []
    batch_validator = BatchValidator(MARKETS[0], lambda _: _validator(MARKETS[0]))
    for chunk in read_text(name, _blocks(compressed, size)):
        for checked in batch_validator.validate_chunk(chunk):
            if isinstance(checked, CheckedAccount):
                positions.append(checked.account.position)
                assert b"\n" not in account_line(checked.account)
    assert positions == sorted(set(positions))
    if content.lstrip()[:1] == b"[":
        _split(content, size)


def _split(content: bytes, size: int) -> None:
    """Split an array into its elements, in blocks and at once; the results are the same."""
    elements = list(read_elements(_blocks(content, size)))
    assert list(map(repr, elements)) == list(map(repr, read_elements([content])))
    strict = _parse_strictly(content)
    if strict and isinstance(strict[0], list) and strict[0] and not content.startswith(b"\xef\xbb\xbf"):
        texts = [each.text for each in elements if isinstance(each, Element)]
        assert len(texts) == len(elements)
        assert not _is_shallow(content) or _equal([json.loads(text) for text in texts], strict[0])


@cache
def _selectable() -> SelectableNames:
    return SelectableNames(map(load_ruleset, MARKETS))


def configuration(data: bytes) -> None:
    """Load a text as a configuration."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        for name in ("premigrate.toml", "pyproject.toml"):
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                values = load_config(str(path), Path(folder)).values
                selection = make_selection(
                    values.get("select", ()), values.get("ignore", ()), values.get("per-path", ())
                )
                for choice in selection.name_filters:
                    list(_selectable().check(choice))
            except BadArgument as error:
                assert str(error)  # noqa: PT017


def baseline(data: bytes) -> None:
    """Load a text as a baseline."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        path = Path(folder) / "baseline.toml"
        path.write_bytes(data)
        try:
            load_baseline(str(path))
        except BadArgument as error:
            assert str(error)  # noqa: PT017


_LISTS = ("ledger_codes.txt", "campaigns.csv", "lists.toml", "nothing.csv")


def references(data: bytes) -> None:
    """Load bytes as a file of reference lists."""
    choices = Choices(data)
    report = ProblemReport()
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        path = Path(folder) / choices.one_of(_LISTS)
        path.write_bytes(choices.rest())
        lists = load_reference_lists(path, _lists(), report)
    assert all(str(problem) for problem in report.problems)
    if not report.problems:
        assert all(len(row) == len(each.columns) for each in lists.values() for row in each.rows())


@cache
def _lists() -> dict[str, ReferenceList]:
    return {name: spec for each in MARKETS for name, spec in load_ruleset(each).lists.items()}


TARGETS: Mapping[str, Target] = {
    "baseline": baseline,
    "bulk": bulk,
    "configuration": configuration,
    "json_text": json_text,
    "openapi": openapi,
    "overlay": overlay,
    "overlay_from_grammar": overlay_from_grammar,
    "payload": payload,
    "recordings": recordings,
    "references": references,
    "requests": requests,
    "rule_file": rule_file,
    "script": script,
    "yaml_text": yaml_text,
}


def _parse(parse: Callable[[bytes], Document], data: bytes) -> Document | None:
    try:
        return parse(data)
    except BadPayloadText as error:
        assert str(error)  # noqa: PT017
        assert (error.line == 0) == (error.column == 0)  # noqa: PT017
        assert error.line <= data.count(b"\n") + 1  # noqa: PT017
        return None


class _NoNumberError(ValueError):
    pass


def _refuse(name: str) -> None:
    raise _NoNumberError(name)


def _parse_strictly(data: bytes) -> tuple[Any] | None:
    """Parse JSON with Python's own parser, as strictly as possible; return None if it is invalid."""
    try:
        return (json.loads(data.decode("utf-8-sig"), parse_constant=_refuse),)
    except (ValueError, RecursionError):
        return None


def _equal(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal, including types and the sign of zero."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


def _is_shallow(data: bytes) -> bool:
    return data.count(b"[") + data.count(b"{") < _MAX_COMPARED_DEPTH


def _locate(result: premigrate.Result, document: Document, validator: premigrate.Validator) -> None:
    """Locate all findings in the text."""
    wrapper, _ = engine_of(validator).account_of(document.data)
    findings = findings_of(result, show_values=True)
    lines = document.text.count("\n") + 1
    for finding in locate_findings(
        ((each, wrapper, engine_of(validator).field_info) for each in findings), document, show_values=True
    ):
        assert finding.spot
        assert 1 <= finding.spot.line <= finding.spot.end_line <= lines
        assert finding.spot.column >= 1


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _blocks(data: bytes, size: int) -> Iterator[bytes]:
    width = max(len(data) // size, 1)
    for start in range(0, len(data), width):
        yield data[start : start + width]


def selected_targets(targets: Iterable[str]) -> list[str]:
    """Return the names of the selected targets: all if none are given."""
    return sorted(targets) or sorted(TARGETS)
