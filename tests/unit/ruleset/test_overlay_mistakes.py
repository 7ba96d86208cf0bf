"""Overlays that once crashed the engine or had no effect: each is reported with file, table and key."""

import math
from datetime import date
from typing import Any

import pytest

import premigrate
from tests.payloads import AS_OF, good_account
from tests.rule_tables import METADATA


def load(tables: dict[str, Any], market: str = "dk") -> premigrate.Validator:
    return premigrate.Validator(market=market, as_of=AS_OF, overlay={"market": {"extends": market}, **tables})


def rule(**keys: Any) -> dict[str, Any]:
    return {"rule": [{"id": "ours", "on": "account", **METADATA, **keys}]}


def field(**keys: Any) -> dict[str, Any]:
    return {"change": {"account": {"fields": {"ours": {**keys, "because": "x"}}}}}


def chain(length: int) -> dict[str, Any]:
    metadata = {"about": "x", "basis": "observed", "source": "x"}
    objects = {f"o{number}": {**metadata, "fields": {"in": {"object": f"o{number + 1}"}}} for number in range(length)}
    return {"object": {**objects, f"o{length}": metadata}, **field(object="o0")}


def nested_first(depth: int) -> Any:
    operand: Any = "date_of_sale"
    for _ in range(depth):
        operand = {"first": [operand]}
    return operand


def scheme(format_: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"scheme": {"ours": {"format": format_, "arguments": arguments, "good": ["a"], "bad": ["b"], "source": "x"}}}


NAMESPACES = "user_detail_namespaces"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"list": {NAMESPACES: {"values": [["a", "text"]]}}},
            f"[list.{NAMESPACES}] values: row 1 has 2 of the 3 columns",
        ),
        ({"list": {NAMESPACES: {"values": [["a", "text", "", ""]]}}}, "row 1 has 4 of the 3 columns"),
        ({"list": {NAMESPACES: {"values": ["a"]}}}, "row 1 has 1 of the 3 columns"),
        ({"list": {NAMESPACES: {"values": [["a", "colour", ""]]}}}, "row 1, type: there is no type 'colour'"),
        ({"list": {NAMESPACES: {"values": [["a", "text", "(a"]]}}}, "row 1, pattern: '(a' is not a plain pattern"),
        ({"list": {"ledger_codes": {"columns": []}}}, "[list.ledger_codes] columns"),
        ({"list": {"ledger_codes": {"values": [math.nan]}}}, "[list.ledger_codes]: contains NaN"),
        (
            field(type="decimal", min=0.5),
            'min: this is not a bound; write a whole number, or a decimal number as text: "0.01"',
        ),
        (field(type="decimal", below="1e5"), "below: this is not a bound"),
        (field(type="integer", max=True), "max: this is not a bound"),
        (field(type="integer", min="5"), "the bounds of an integer must be whole numbers, without quotes"),
        (field(type="integer", min=1, above=2), "min and above are an inclusive and an exclusive bound"),
        (field(type="string", patterns=["(a)"]), "patterns.0: '(a)' is not a plain pattern"),
        (field(type="string", nullable_items=True), "nullable_items applies only to lists"),
        (field(type="date", min_length=1), "min_length cannot be used with the type date"),
        (
            field(object="string"),
            "[change.account.fields] ours: string is a type of single values; write type = 'string'",
        ),
        (field(object="nobody"), "[change.account.fields] ours: there is no object 'nobody'"),
        (field(list="nobody"), "[change.account.fields] ours: there is no object 'nobody'"),
        ({"object": {"date": {"about": "x", "basis": "observed", "source": "x"}}}, "[object.date]: date is a type"),
        (chain(40), "objects are nested more than 30 levels deep"),
        (rule(compare=[nested_first(200), "<=", "<today>"]), "nested more than 50 levels deep"),
        (rule(compare=[nested_first(5_000), "<=", "<today>"]), "nested more than 50 levels deep"),
        (scheme("nothing", {}), "[scheme.ours]: there is no format 'nothing'"),
        (scheme("pattern", {"patterns": "abc"}), "[scheme.ours]: the argument patterns"),
        (scheme("pattern", {"patterns": ["a?" * 20]}), "has more than 3 counts ?"),
        (scheme("pattern", {}), "[scheme.ours]: missing 1 required"),
        (scheme("check_digits", {"of": "es"}), "python-stdnum has no number 'es'"),
        (scheme("check_digits", {"of": "pt.nif", "bare": "[0-9]"}), "[scheme.ours]: there is no argument 'bare'"),
        (scheme("phone", {"region": "ZZ"}), "'ZZ' is not a calling region"),
        (
            {
                "object": {
                    "ours": {"about": "x", "basis": "observed", "source": "x", "select": "a", "variants": {"A": "ours"}}
                },
                "change": {"transaction": {"variants": {"OURS": {"object": "ours", "because": "x"}}}},
            },
            "[object.ours]: contains itself",
        ),
    ],
)
def test_mistake_is_reported(tables: dict[str, Any], expected: str) -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        load(tables)
    assert expected in str(caught.value)
    assert all(problem.file == "overlay" for problem in caught.value.problems)


FORM = {"arguments": {"patterns": ["[0-9]{4}"]}, "good": ["1000"], "bad": ["x"]}


def test_scheme_without_the_territory_of_the_market() -> None:
    overlay = {"scheme": {"postal_code": {"format": "pattern", "source": "x", "territories": {"FR": FORM}}}}
    with pytest.raises(premigrate.BadRules) as caught:
        load(overlay)
    (problem,) = caught.value.problems
    assert problem[:2] == ("overlay", "[scheme.postal_code] territories")
    assert "postcode-format needs the scheme postal_code in DK" in problem.message


def test_field_named_like_a_python_keyword() -> None:
    names = ("class", "from", "none", "lambda", "self")
    fields = {name: {"type": "string", "max_length": 3, "because": "x"} for name in names}
    validator = load({"change": {"account": {"fields": fields}}})
    for _ in range(30):
        assert validator.validate(good_account("dk")).errors == ()
    errors = validator.validate({**good_account("dk"), **dict.fromkeys(names, "abcd")}).errors
    assert [(error.code, error.attr) for error in errors] == [("max_length", name) for name in names]


@pytest.mark.parametrize(
    "keys",
    [
        {"type": "integer", "min": 10**20},
        {"type": "integer", "max": -(10**20)},
        {"list": "string", "min_items": 10**30},
        {"type": "string", "max_length": 10**30},
        {"list": "integer", "min": 10**20},
        {"type": "decimal", "max_digits": 10**9},
    ],
)
def test_huge_bounds(keys: dict[str, Any]) -> None:
    validator = load(field(**keys))
    assert validator.validate(good_account("dk")).errors == ()
    validator.validate({**good_account("dk"), "ours": [1]})
    validator.validate({**good_account("dk"), "ours": 5})


def test_object_with_a_single_variant() -> None:
    gone = {"drop": True, "because": "x"}
    tables = {
        "disabled": {"preference-new-instruction-known": "x"},
        "change": {"payment_preference": {"variants": {"ACTIVE_EXISTING": gone, "ACTIVE_NEW": gone}}},
    }
    validator = load(tables)
    account = good_account("dk")
    account["ledgers"][0]["ledger_identifier"] = "L1"
    full = {
        **account,
        "ledgers": account["ledgers"][:1],
        "payment_preferences": [{"ledger_identifier": "L1", "type": "PASSIVE"}],
    }
    bare = {**full, "payment_preferences": [{"ledger_identifier": "L1"}]}
    for _ in range(60):
        assert validator.validate(full).errors == ()
        errors = validator.validate(bare).errors
        assert [(error.code, error.attr) for error in errors] == [("required", "payment_preferences.0.type")]


OBJECT = {
    "biz": {
        "about": "x",
        "basis": "observed",
        "source": "x",
        "fields": {"mail": {"type": "string"}, "tags": {"list": "string"}},
    }
}


@pytest.mark.parametrize(
    "keys",
    [
        {"unique": ["billing_email", "reply_email", "biz.mail"]},
        {"same": ["billing_email", "biz.mail"]},
        {"count": {"of": "biz.tags[]", "at_least": 1}},
        {"refers": {"field": "billing_email", "to": ["biz.mail"]}},
    ],
)
def test_paths_through_a_missing_object(keys: dict[str, Any]) -> None:
    fields = {"biz": {"object": "biz", "because": "x"}, "reply_email": {"type": "string", "because": "x"}}
    validator = load({"object": OBJECT, "change": {"account": {"fields": fields}}, **rule(**keys)})
    account = good_account("dk")
    changes: dict[str, Any]
    for changes in ({}, {"biz": None}, {"biz": {}}, {"biz": 5}, {"biz": {"mail": "x"}}):
        validator.validate({**account, "reply_email": account["billing_email"], **changes})


@pytest.mark.parametrize("kind", ["date", "datetime", "integer"])
def test_earliest_of_incomparable_values(kind: str) -> None:
    days = {key: {"type": "date" if key == "one" else kind, "because": "x"} for key in ("one", "other")}
    for operand in ({"earliest": ["one", "other"]}, {"latest": ["one", "other"]}, {"first": ["other", "one"]}):
        tables = {"change": {"account": {"fields": days}}, **rule(compare=[operand, "<=", "<today>"])}
        validator = load(tables)
        for other in ("2025-06-30T00:00:00Z", "2025-06-30", "2099-01-01T00:00:00", 5, None):
            validator.validate({**good_account("dk"), "one": "2099-06-30", "other": other})


@pytest.mark.parametrize(
    "value", [10**5000, -(10**5000), "9" * 900, "1e999999"], ids=["huge", "low", "long", "exponent"]
)
def test_rules_ignore_huge_numbers(value: Any) -> None:
    fields = {"a": {"type": "json", "because": "x"}, "b": {"type": "decimal", "because": "x"}}
    rules: tuple[dict[str, Any], ...] = (
        {"listed": {"field": "a", "in": "ledger_codes"}, "example_lists": {"ledger_codes": ["a"]}},
        {"product": {"of": ["b", "b"], "equals": "b"}},
        {"between": {"field": "b", "sums": [["b", "b"], ["b"]]}},
        {"total": {"add": ["a", "b"], "equals": "b", "times": 5}},
    )
    definitions = [{"id": f"ours-{number}", "on": "account", **METADATA, **keys} for number, keys in enumerate(rules)]
    lists = {"ledger_codes": {"values": ["x"]}}
    validator = load({"change": {"account": {"fields": fields}}, "list": lists, "rule": definitions})
    validator.validate({**good_account("dk"), "a": value, "b": value})


def test_rule_with_a_literal_date() -> None:
    validator = load(rule(compare=["date_of_sale", ">=", date(2010, 1, 1)], attr="date_of_sale"))
    account = {**good_account("dk"), "date_of_sale": "2009-12-31"}
    assert "billing_email_not_valid" in [error.code for error in validator.validate(account).errors]
    assert validator.validate({**account, "date_of_sale": "2010-01-01"}).errors == ()


@pytest.mark.parametrize(
    "keys",
    [
        {"compare": ["date_of_sale", ">=", "2010-01-01"]},
        {"compare": ["date_of_sale", ">=", {"first": ["2010-01-01", "<today>"]}]},
        {"holds": {"date_of_sale": {">=": "2010-01-01"}}},
    ],
)
def test_quoted_date_is_reported(keys: dict[str, Any]) -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        load(rule(**keys))
    (problem,) = caught.value.problems
    assert problem.message == "'2010-01-01' is text; write a date without quotes: 2010-01-01"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            rule(when={"date_of_sale": date(2010, 1, 1)}, present=["ledgers"]),
            "when.date_of_sale: a date is not allowed here",
        ),
        (
            rule(why=date(2010, 1, 1), present=["ledgers"]),
            "why: a date is not allowed here; write it as a string, in quotes",
        ),
    ],
)
def test_misplaced_date_is_reported(tables: dict[str, Any], expected: str) -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        load(tables)
    assert [str(problem).endswith(expected) or expected in str(problem) for problem in caught.value.problems] == [True]


def test_true_differs_from_one() -> None:
    fields = {"a": {"type": "json", "because": "x"}, "many": {"list": "json", "because": "x"}}
    definitions = [
        {"id": "ours-true", "on": "account", **METADATA, "holds": {"a": ["<absent>", False]}},
        {"id": "ours-once", "on": "account", **METADATA, "unique": ["many[]"]},
    ]
    validator = load({"change": {"account": {"fields": fields}}, "rule": definitions})

    def broken(**values: Any) -> list[str]:
        return [error.rule for error in validator.validate({**good_account("dk"), **values}).errors]

    assert broken(a=False, many=[True, 1, False, 0]) == []
    assert broken(a=0) == ["ours-true"]
    assert broken(many=[True, 1, True]) == ["ours-once"]


def test_dead_shipped_rule_suggests_to_switch_it_off() -> None:
    with pytest.raises(premigrate.BadRules) as caught:
        load({"change": {"account": {"fields": {"billing_email": {"type": "date", "replace": True, "because": "x"}}}}})
    assert all("list it under [disabled] in overlay" in problem.message for problem in caught.value.problems)
