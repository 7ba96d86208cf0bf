"""Turns bytes into OpenAPI documents of tenants, and learns from them: an overlay that loads, or what is wrong."""

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
from premigrate.tenant.learn import _detect_market, _parse, learn_tenant
from premigrate.tenant.openapi_document import parse_document
from premigrate.tenant.overlay_tables import DocumentedAccount, RulesetDiff, build_tables, compare_account, read_account
from premigrate.tenant.report import learn_report_data, render_learn_report
from premigrate.tenant.validations import RuleSwitches
from tests.fuzz.choices import Choices
from tests.payloads import AS_OF, ROOT

_VECTORS = ROOT / "tests" / "vectors"
_TITLES = ("", "A\nb\x00", "'''", "\u2028", '"""')


class _Told(NamedTuple):
    account: DocumentedAccount
    lesson: RulesetDiff


def openapi(data: bytes) -> None:
    """Learn from a text, or from a document with changes; now and then all the way, which takes its time."""
    choices = Choices(data)
    kind = choices.number(16)
    content = choices.rest() if kind > 11 else _changed(choices)
    told = _compare(content, "pt" if kind % 2 else PLATFORM)
    if told is None:
        return
    tables = build_tables({"extends": "pt"}, told.lesson, RuleSwitches({}, {}), {})
    assert tomllib.loads(render_overlay(tables, choices.one_of(_TITLES))) == _plain(tables)
    assert all(str(note.message) for note in told.account.document.notes)
    if kind in {1, 2, 12}:
        _learn(content, (None, "pt", PLATFORM)[kind % 3])


def _changed(choices: Choices) -> bytes:
    """Change a tenant's document, which may get pieces of others in places where they don't belong."""
    document = choices.changed(choices.one_of(_documents()), _pieces())
    return json.dumps(_with_marks(document)).encode().replace(f'"{_HUGE}"'.encode(), b"9" * 5000)


_HUGE = "a number of more digits than Python writes"


def _with_marks(value: Any) -> Any:
    """Write what JSON can't say as something that it can."""
    match value:
        case dict():
            return {key: _with_marks(item) for key, item in value.items()}
        case list():
            return [_with_marks(item) for item in value]
        case int() if abs(value) > 1 << 64:
            return _HUGE
        case Decimal():
            return str(value)
    return value


@cache
def _documents() -> list[Any]:
    texts = [(_VECTORS / name).read_bytes() for name in ("tenant.yml", "tenant-3.1.json")]
    return [read_yaml(text, ambiguous_as_text=True).data for text in texts]


@cache
def _pieces() -> list[Any]:
    """List the schemas of all documents, and references to them that lead everywhere and nowhere."""
    odd = (
        "#",
        "#/",
        "#/components/schemas/Account",
        "#/paths/~1",
        f"#/components/schemas/Account/required/{'9' * 5000}",
        "#/components/schemas/%00",
    )
    found: list[Any] = [{"$ref": name} for name in odd]
    waiting: list[Any] = copy.deepcopy(_documents())
    while waiting:
        part = waiting.pop()
        below = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
        waiting += [each for each in below if isinstance(each, dict | list)]
        found.append(part)
    return found


@cache
def _book(market: str) -> Ruleset:
    if market != PLATFORM:
        return ruleset_of(market)
    said = {"title": "A tenant", "territory": "ZZ", "root": "account", "refusal": "account_failed_validation"}
    head = {"extends": market, **said, "suppliers": ["*"], "include": list(topic_names())}
    return ruleset_of(market, {"market": head})


def _compare(content: bytes, market: str) -> _Told | None:
    """Compare what a document says with the rules; None if it is none, and that was said."""
    try:
        account = read_account(parse_document(_parse(content).data), None)
    except BadDocument as error:
        assert str(error)  # noqa: PT017
        return None
    assert _detect_market(account) in (*premigrate.markets(), PLATFORM)
    return _Told(account, compare_account(account, _book(market)))


def _learn(content: bytes, market: str | None) -> None:
    """Learn as the command does; what was learned loads, is the same when it is written, and can be told."""
    learned = learn_tenant(content, as_of=AS_OF, market=market)
    tables = tomllib.loads(render_overlay(learned.overlay, learned.title))
    assert tables == _plain(learned.overlay)
    premigrate.Validator(market=learned.market, as_of=AS_OF, overlay=tables)
    assert all(line.isprintable() for line in render_learn_report(learned, in_full=True))
    json.dumps(learn_report_data(learned), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    """Write data as TOML gives them back."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
