"""Which fixes are applied to a text, and how often, with validators whose fixes are made up."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from unittest.mock import Mock

import pytest

from premigrate.batch.batch_validator import BatchValidator, CheckedAccount, CheckedItem
from premigrate.batch.load_accounts import LoadedItem
from premigrate.command.check_chunks import RunOptions, make_validator
from premigrate.documents.fix_text import edits_for
from premigrate.documents.text_parts import TextPart
from premigrate.fix import text_fixer
from premigrate.fix.text_fixer import FixedText, TextFixer
from premigrate.results import Fix, FixAction
from tests.payloads import AS_OF, good_account

Propose = Callable[[dict[str, Any]], list[Fix]]


class FakeValidator(BatchValidator):
    """Gives the results of real validators, with other fixes."""

    def __init__(self, options: RunOptions, propose: Propose) -> None:
        super().__init__(options.market, options.make_validator)
        self._propose = propose

    def validate_loaded(self, loaded: Iterable[LoadedItem]) -> Iterator[CheckedItem]:
        for item in super().validate_loaded(loaded):
            if isinstance(item, CheckedAccount):
                data: Any = item.account.document.data
                yield item._replace(result=item.result._replace(fixes=tuple(self._propose(data))))


def fix(key: str, action: FixAction = "replace", value: Any = None, *, is_safe: bool = True) -> Fix:
    return Fix((key,), action, value, "a-fix", "A fix", is_safe)


def fix_account(propose: Propose, *, with_unsafe: bool = False, text: str = "", **unknown: Any) -> FixedText:
    """Fix a good account with unknown keys, of which each has an advice."""
    options = RunOptions("dk", AS_OF, is_as_of_default=False, make_validator=partial(make_validator, AS_OF, None, None))
    fixer = TextFixer("a.json", "document", options, FakeValidator(options, propose), with_unsafe=with_unsafe)
    return fixer.fix(TextPart((text or json.dumps(good_account("dk") | unknown)).encode(), 1, 1), 0)


def data_of(fixed: FixedText) -> Any:
    return json.loads(fixed.text)


def test_fixing_repeats_but_not_for_ever() -> None:
    fixed = fix_account(lambda data: [fix("n", value=data["n"] + 1)], n=0)
    assert (data_of(fixed)["n"], fixed.fixed, fixed.remaining) == (5, 5, 1)
    fixed = fix_account(lambda data: [fix("n", value=data["n"] + 1)] if data["n"] < 2 else [], n=0)
    assert (data_of(fixed)["n"], fixed.fixed) == (2, 2)


@pytest.mark.parametrize("with_unsafe", [False, True])
def test_unsafe_fixes_are_applied_only_if_wanted(with_unsafe: bool) -> None:
    def propose(data: dict[str, Any]) -> list[Fix]:
        return [fix(key, "remove", is_safe=key == "a") for key in ("a", "b") if key in data]

    fixed = fix_account(propose, with_unsafe=with_unsafe, a=1, b=2)
    assert ("a" in data_of(fixed), "b" in data_of(fixed)) == (False, not with_unsafe)
    assert (fixed.fixed, fixed.unsafe, fixed.remaining) == ((2, 0, 0) if with_unsafe else (1, 1, 1))


def test_fix_without_a_finding_is_not_applied() -> None:
    fixed = fix_account(lambda _: [fix("import_supplier", value="OTHER")])
    assert (fixed.fixed, data_of(fixed)["import_supplier"]) == (0, good_account("dk")["import_supplier"])


def test_fix_that_contradicts_another_is_left_out() -> None:
    fixes = [fix("a", "rename", "c"), fix("b", "rename", "c"), fix("d", value=1)]
    fixed = fix_account(
        lambda data: [each for each in fixes if each.path[0] in data and data.get("d") != 1], a=1, b=2, d=0
    )
    assert (data_of(fixed)["c"], data_of(fixed)["b"], data_of(fixed)["d"], fixed.fixed) == (1, 2, 1, 2)


def test_key_that_is_there_twice_is_not_fixed() -> None:
    text = json.dumps(good_account("dk") | {"a": 1, "b": 2}).replace('"b": 2', '"a": 3, "b": 2')
    fixed = fix_account(lambda data: [fix(key, "remove") for key in ("a", "b") if key in data], text=text)
    assert (fixed.text.decode(), fixed.fixed) == (text.replace(', "b": 2', ""), 1)


def test_duplicate_keys_are_not_tried_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = Mock(wraps=edits_for)
    monkeypatch.setattr(text_fixer, "edits_for", tried)
    keys = [f"k{number}" for number in range(50)]
    twice = "".join(f'"{key}": {{"a": 1}}, "{key}": {{"a": 1}}, ' for key in keys)
    text = json.dumps(good_account("dk") | {"b": 2}).replace('"b": 2', f'{twice}"b": 2')
    fixed = fix_account(
        lambda data: (
            [Fix((key, "a"), "remove", None, "a-fix", "A fix", is_safe=True) for key in keys]
            + ([fix("b", "remove")] if "b" in data else [])
        ),
        text=text,
    )
    assert (fixed.text.decode(), fixed.fixed) == (text.replace(', "b": 2', ""), 1)
    assert tried.call_count < 10


def test_text_that_cannot_be_read_stays() -> None:
    assert fix_account(lambda _: [], text='{"a": ') == FixedText(b'{"a": ', 0, 0, 0, ())
