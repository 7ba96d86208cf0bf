"""Converts bytes into OpenAPI documents of tenants and learns from them: an overlay that loads, or an error."""

from __future__ import annotations

import copy
import json
import tomllib
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import premigrate
from premigrate.describe.market import ruleset_of
from premigrate.documents.toml_writer import render_overlay
from premigrate.documents.yaml_text import read_yaml
from premigrate.exceptions import BadDocument
from premigrate.ruleset.model.rule_file import PLATFORM
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.rule_files import topic_names
from premigrate.tenant.document.openapi_document import parse_document
from premigrate.tenant.learn import _parse, detect_market, learn_tenant
from premigrate.tenant.overlay_tables import DocumentedAccount, RulesetDiff, build_tables, compare_account, read_account
from premigrate.tenant.report import learn_report_data, render_learn_report
from premigrate.tenant.validations import RuleSwitches
from tests.fuzz.choices import Choices
from tests.payloads import AS_OF, ROOT

_VECTORS = ROOT / "tests" / "vectors"
_TITLES = ("", "A\nb\x00", "'''", "\u2028", '"""')


class _Comparison(NamedTuple):
    account: DocumentedAccount
    diff: RulesetDiff


def openapi(data: bytes) -> None:
    """Learn from a text or from a changed document; only sometimes with all steps, because these are slow."""
    choices = Choices(data)
    kind = choices.number(16)
    content = choices.rest() if kind > 11 else _changed_document(choices)
    comparison = _compare(content, "pt" if kind % 2 else PLATFORM)
    if comparison is None:
        return
    tables = build_tables({"extends": "pt"}, comparison.diff, RuleSwitches({}, {}), {})
    assert tomllib.loads(render_overlay(tables, choices.one_of(_TITLES))) == _plain(tables)
    assert all(str(note.message) for note in comparison.account.document.notes)
    if kind in {1, 2, 12}:
        _learn(content, (None, "pt", PLATFORM)[kind % 3])


def _changed_document(choices: Choices) -> bytes:
    """Return a changed document of a tenant, possibly with parts of others where they don't belong."""
    document = choices.changed(choices.one_of(_documents()), _parts())
    return json.dumps(_jsonable(document)).encode().replace(f'"{_HUGE_NUMBER}"'.encode(), b"9" * 5000)


_HUGE_NUMBER = "a number of more digits than Python writes"


def _jsonable(value: Any) -> Any:
    """Replace values that JSON can't express."""
    match value:
        case dict():
            return {key: _jsonable(item) for key, item in value.items()}
        case list():
            return [_jsonable(item) for item in value]
        case int() if abs(value) > 1 << 64:
            return _HUGE_NUMBER
        case Decimal():
            return str(value)
    return value


@cache
def _documents() -> list[Any]:
    texts = [(_VECTORS / name).read_bytes() for name in ("tenant.yml", "tenant-3.1.json")]
    return [read_yaml(text, lenient=True).data for text in texts]


@cache
def _parts() -> list[Any]:
    """Return all parts of the documents, and valid and broken references to them."""
    references = (
        "#",
        "#/",
        "#/components/schemas/Account",
        "#/paths/~1",
        f"#/components/schemas/Account/required/{'9' * 5000}",
        "#/components/schemas/%00",
    )
    parts: list[Any] = [{"$ref": name} for name in references]
    pending: list[Any] = copy.deepcopy(_documents())
    while pending:
        part = pending.pop()
        children = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
        pending += [each for each in children if isinstance(each, dict | list)]
        parts.append(part)
    return parts


@cache
def _ruleset(market: str) -> Ruleset:
    if market != PLATFORM:
        return ruleset_of(market)
    settings = {"title": "A tenant", "territory": "ZZ", "root": "account", "refusal": "account_failed_validation"}
    head = {"extends": market, **settings, "suppliers": ["*"], "include": list(topic_names())}
    return ruleset_of(market, {"market": head})


def _compare(content: bytes, market: str) -> _Comparison | None:
    """Compare a document with the rules; return None if it is rejected with a message."""
    try:
        account = read_account(parse_document(_parse(content).data), None)
    except BadDocument as error:
        assert str(error)  # noqa: PT017
        return None
    assert detect_market(account) in (*premigrate.markets(), PLATFORM)
    return _Comparison(account, compare_account(account, _ruleset(market)))


def _learn(content: bytes, market: str | None) -> None:
    """Learn as the command does: the overlay loads, round-trips as TOML, and can be reported."""
    learned = learn_tenant(content, as_of=AS_OF, market=market)
    tables = tomllib.loads(render_overlay(learned.overlay, learned.title))
    assert tables == _plain(learned.overlay)
    premigrate.Validator(market=learned.market, as_of=AS_OF, overlay=tables)
    assert all(line.isprintable() for line in render_learn_report(learned, in_full=True))
    json.dumps(learn_report_data(learned), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    """Convert data as a round trip through TOML does."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
