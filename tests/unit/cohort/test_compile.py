"""Compilation of cohort rules: where their keys are, how values are parsed, and which keys are personal."""

from typing import Any

import pytest

from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.keys import extract_keys
from premigrate.cohort.program import ClashMessage, CohortProgram
from premigrate.ruleset.model.cohort import CohortRule
from tests.unit.compiler.small import PAPERS, book_of

TEXT = {"type": "string"}
FIELDS: dict[str, Any] = {
    "name": {**TEXT, "required": True},
    "born": {"type": "date", "nullable": True},
    "code": {**TEXT, "max_length": 3},
    "secret": {**TEXT, "personal": True},
    "box": {"object": "box"},
    "safe": {"object": "box", "personal": True},
    "boxes": {"list": "box"},
    "safes": {"list": "box", "personal": True},
    "payment": {"object": "payment"},
}
PART = {"size": TEXT, "secret": {**TEXT, "personal": True}}
OBJECTS = {
    "box": {"fields": {"lid": TEXT, "part": {"object": "part"}, "mine": {"object": "part", "personal": True}}},
    "part": {"fields": PART},
    "payment": {"select": "kind", "variants": {"CARD": "card"}, "fields": {"number": TEXT}},
    "card": {"fields": {}},
}


def compiled(*rules: dict[str, Any], **lists: Any) -> CohortProgram:
    metadata = {"code": "cohort:mine", "detail": "{value}", "why": "w.", **PAPERS, "good": [[]], "bad": [[]]}
    tables = {name: {"columns": ["a", "b", "c"], **({"values": rows} if rows else {})} for name, rows in lists.items()}
    models = []
    for number, rule in enumerate(rules, 1):
        given: dict[str, Any] = {name: [] for name in ("known", "other") if repr(name) in repr(rule)}
        models.append(
            CohortRule.model_validate({"id": f"r{number}", "key": ["name"], "example_lists": given, **metadata, **rule})
        )
    return compile_cohort(book_of(FIELDS, objects=OBJECTS, lists=tables, cohort_rules=tuple(models)))


def keys(payload: dict[str, Any], *rules: dict[str, Any], **lists: Any) -> list[tuple[str, str]]:
    return [(found.key, found.attr) for found in extract_keys(compiled(*rules, **lists), payload)]


def test_messages_name_the_last_segments_of_compared_paths() -> None:
    program = compiled(
        {},
        {"same": ["born", "thing.box.lid", "box.part.size"], "detail": "{fields}", "code": "cohort:same"},
        {"same": ["born"], "listed": {"in": "known", "columns": ["a", "b"]}},
        {"listed": "other"},
        known=[["1", "2", "3"]],
    )
    assert program.messages == {
        "r1": ClashMessage("cohort:mine", "{value}", "", ()),
        "r2": ClashMessage("cohort:same", "{fields}", "", ("born", "lid", "size")),
        "r3": ClashMessage("cohort:mine", "{value}", "known", ("born",)),
        "r4": ClashMessage("cohort:mine", "{value}", "other", ()),
    }
    assert program.not_checked == {"r4": ("other",)}
    assert program.known_keys == FIELDS.keys()
    assert [rule.id for keyed in program.objects for rule in keyed.rules] == ["r1", "r2", "r3"]


def test_rules_without_their_lists_are_in_id_order() -> None:
    both = {"listed": "other", "where": {"code": {"in_list": "known"}}}
    program = compiled({"listed": "other"}, both, {"listed": "known"}, other=None, known=None)
    assert list(program.not_checked.items()) == [("r1", ("other",)), ("r2", ("known", "other")), ("r3", ("known",))]
    assert program.objects == ()


@pytest.mark.parametrize(
    ("rule", "is_personal"),
    [
        ({"key": ["name"]}, False),
        ({"key": ["secret"]}, True),
        ({"key": ["name", "secret"]}, True),
        ({"key": ["name"], "same": ["secret"]}, True),
        ({"key": ["name"], "same": ["code"]}, False),
        ({"key": ["box.lid"]}, False),
        ({"key": ["safe.lid"]}, True),
        ({"key": ["box.part.size"]}, False),
        ({"key": ["box.mine.size"]}, True),
        ({"key": ["safe.part.size"]}, True),
        ({"key": ["box.part.secret"]}, True),
        ({"key": ["lid"], "for_each": "boxes[]"}, False),
        ({"key": ["lid"], "for_each": "safes[]"}, True),
        ({"key": ["size"], "for_each": "boxes[].part"}, False),
        ({"key": ["size"], "for_each": "boxes[].mine"}, True),
        ({"key": ["size"], "for_each": "safes[].part"}, True),
        ({"key": ["size"], "for_each": "thing.box.part"}, False),
        ({"key": ["up.lid"], "for_each": "boxes[].mine"}, False),
        ({"key": ["up.up.secret"], "for_each": "boxes[].part"}, True),
        ({"key": ["thing.name"], "for_each": "safes[].part"}, False),
    ],
)
def test_key_is_personal_if_any_value_is(rule: dict[str, Any], *, is_personal: bool) -> None:
    ((compiled_rule,),) = [keyed.rules for keyed in compiled(rule).objects]
    assert compiled_rule.is_personal is is_personal


def test_keys_are_extracted_with_their_path() -> None:
    part = {"size": "1"}
    account = {"name": "x", "box": {"lid": "a", "part": part}, "boxes": [{"lid": "b"}, {"lid": "c", "part": part}]}
    assert keys(account, {"key": ["name", "box.part.size"]}) == [('"x","1"', "box.part.size")]
    assert keys(account, {"key": ["up.up.name", "up.lid", "size"], "for_each": "boxes[].part"}) == [
        ('"x","c","1"', "boxes.1.part.size")
    ]
    assert keys(account, {"key": ["size", "up.lid"], "for_each": "boxes[].part"}) == [('"1","c"', "boxes.1.lid")]
    assert keys(account, {"key": ["lid", "thing.name"], "for_each": "boxes[]"}) == [
        ('"b","x"', "name"),
        ('"c","x"', "name"),
    ]
    assert keys(account, {"key": ["size"], "for_each": "thing.box.part"}) == [('"1"', "box.part.size")]


def test_rules_about_the_same_objects_are_grouped() -> None:
    rules: list[dict[str, Any]] = [
        {},
        {"key": ["lid"], "for_each": "box"},
        {"key": ["code"]},
        {"key": ["lid"], "for_each": "boxes[]"},
    ]
    keyed_objects = compiled(*rules).objects
    rule_ids = [(keyed.steps, [rule.id for rule in keyed.rules]) for keyed in keyed_objects]
    assert rule_ids == [((), ["r1", "r3"]), ((("box", False),), ["r2"]), ((("boxes", True),), ["r4"])]


@pytest.mark.parametrize(
    ("account", "is_absent"),
    [
        ({"name": "x"}, True),
        ({"name": "x", "born": None}, True),
        ({"name": "x", "born": "2025-01-01"}, False),
        ({"name": "x", "born": "yesterday"}, False),
        ({"name": "x", "code": ""}, True),
        ({"name": "x", "code": None}, False),
        ({"name": "x", "code": "abcd"}, False),
    ],
)
def test_invalid_values_are_not_absent(account: dict[str, Any], *, is_absent: bool) -> None:
    found = keys(account, {"where": {"born": "<absent>", "code": "<absent>"}})
    assert found == ([('"x"', "name")] if is_absent else [])


def test_missing_required_values_are_not_absent() -> None:
    rule = {"key": ["code"], "where": {"name": "<absent>"}}
    assert keys({"code": "1"}, rule) == []
    selector_rule = {"key": ["number"], "for_each": "payment", "where": {"kind": ["<absent>", "CARD"]}}
    assert keys({"payment": {"number": "1", "kind": "CARD"}}, selector_rule) == [('"1"', "payment.number")]
    for kind in ({}, {"kind": None}, {"kind": "CASH"}, {"kind": ""}):
        assert keys({"payment": {"number": "1", **kind}}, selector_rule) == []


def test_keys_are_normalized_only_on_request() -> None:
    account = {"name": "A b", "code": "a B"}
    assert keys(account, {"key": {"of": ["name", "code"], "ignore": ["case", "spaces"]}}) == [('"A B","A B"', "code")]
    assert keys(account, {"key": ["name", "code"]}) == [('"A b","a B"', "code")]


def test_list_rows_are_parsed_like_accounts_or_skipped() -> None:
    rows = [["2025-1-1", "abc", "x"], ["soon", "abc", "x"], ["2025-01-02", "abcd", "x"], ["2025-01-03", "", "x"]]
    rule = {"key": ["born", "code"], "listed": "known"}
    (compiled_rule,) = compiled(rule, known=rows).objects[0].rules
    assert compiled_rule.imported_rows == {'"2025-01-01","abc"': ((),)}
    assert keys({"born": "2025-01-01", "code": "abc"}, rule, known=rows) == [('"2025-01-01","abc"', "code")]
    assert keys({"born": "2025-01-02", "code": "abc"}, rule, known=rows) == []


def test_list_columns_are_the_first_ones_by_default() -> None:
    rows = [["1", "2", "3"], ["1", "5", "3"], ["1", "2", "3"]]
    (unnamed,) = compiled({"listed": "known"}, known=rows).objects[0].rules
    assert unnamed.imported_rows == {'"1"': ((),)}
    named = {"key": ["name"], "same": ["code", "secret"], "listed": {"in": "known", "columns": ["c", "b", "d"]}}
    (compiled_rule,) = compiled(named, known=rows).objects[0].rules
    assert compiled_rule.imported_rows == {'"3"': (('"2"', ""), ('"5"', ""))}
    (unlisted,) = compiled({}).objects[0].rules
    assert unlisted.imported_rows is None
    assert [part.as_text for part in (*compiled_rule.key, *compiled_rule.same, *unlisted.key)] == [
        True,
        True,
        True,
        False,
    ]
