"""Keys of earlier versions of the rule language are reported, each with the key that replaced it."""

from typing import Any

import pytest

import premigrate
from premigrate.ruleset.explain_validation_errors import RENAMED_KEYS
from premigrate.ruleset.load import load_ruleset

BASIS: dict[str, Any] = {"basis": "inferred", "source": "s"}
RULE = {"id": "mine", "on": "account", "code": "invalid_phone_number", "why": "w.", **BASIS, "good": [{}], "bad": [{}]}
COHORT = {"id": "mine", "key": ["account_type"], "code": "cohort:x", "detail": "x", "why": "w.", **BASIS}
LISTS: dict[str, Any] = {"good": [[]], "bad": [[]]}
PERIODS = {"of": "ledgers", "start": "a", "end": "b"}
FIELD = {"type": "string"}


def rule(**keys: object) -> dict[str, Any]:
    return {"rule": [{**RULE, **({} if "periods" in keys or "platform" in keys else {"present": ["notes"]}), **keys}]}


def cohort(**keys: object) -> dict[str, Any]:
    return {"cohort": [{**COHORT, **LISTS, **keys}]}


def change(**keys: object) -> dict[str, Any]:
    return {"change": {"account": {"fields": {"notes": {"because": "b", **keys}}}}}


def problems_of(tables: dict[str, Any]) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        load_ruleset("pt", {"market": {"extends": "pt"}, **tables})
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


MOVED = {
    "after": (rule(when={"date_of_sale": {"after": "<today>"}}), "[[rule]] mine when.date_of_sale.after"),
    "anew": (change(anew=True), "[change.account] fields.notes.anew"),
    "basis": (
        {"code": {"x": {"detail": "d", "meaning": "m", "basis": "inferred", "source": "s"}}},
        "[code.x] basis",
    ),
    "before": (rule(when=[{"notes": "a"}, {"b": ["x", {"before": "c"}]}]), "[[rule]] mine when.1.b.1.before"),
    "blame": ({"blame": {"phone-number-valid": {"attr": "x", "because": "b"}}}, "[blame]"),
    "course": ({"course": {"imported": {"statuses": ["PENDING"], **BASIS}}}, "[course]"),
    "each": (rule(each="customers[]"), "[[rule]] mine each"),
    "elsewhere": ({"elsewhere": [{"why": "w.", "source": "s", "validations": {}}]}, "[elsewhere]"),
    "forgive_starts_until": (
        rule(periods={**PERIODS, "forgive_starts_until": "c"}),
        "[[rule]] mine periods.forgive_starts_until",
    ),
    "forgive_until": (rule(periods={**PERIODS, "forgive_until": "c"}), "[[rule]] mine periods.forgive_until"),
    "given": (rule(given={"ledger_codes": ["a"]}), "[[rule]] mine given"),
    "normal": (cohort(key={"of": ["account_type"], "normal": ["case"]}), "[[cohort]] mine key.normal"),
    "note": (
        {"object": {"thing": {"about": "a", **BASIS, "fields": {"x": {**FIELD, "note": "n"}}}}},
        "[object.thing] fields.x.note",
    ),
    "off": (rule(off="why"), "[[rule]] mine off"),
    "on": ({"on": {"phone-number-valid": "b"}}, "[on]"),
    "other_than": (
        cohort(where={"account_type": {"other_than": "x"}}),
        "[[cohort]] mine where.account_type.other_than",
    ),
    "over": (
        rule(present=None, count={"of": "ledgers", "at_least": 1, "where": {"x": {"over": 1}}}),
        "[[rule]] mine count.where.x.over",
    ),
    "part_of": (rule(part_of="another"), "[[rule]] mine part_of"),
    "platform": (rule(platform="The server looks it up."), "[[rule]] mine platform"),
    "since": (rule(present=None, holds={"notes": {"since": {"first": ["a"]}}}), "[[rule]] mine holds.notes.since"),
    "until": (rule(when={"notes": {"until": "<today>"}}), "[[rule]] mine when.notes.until"),
}


def test_every_renamed_key_is_tried() -> None:
    assert MOVED.keys() == RENAMED_KEYS.keys()


@pytest.mark.parametrize("key", MOVED)
def test_old_key_is_reported_with_the_new_one(key: str) -> None:
    tables, place = MOVED[key]
    assert problems_of(tables) == [f"{place}: {key!r} was renamed to {RENAMED_KEYS[key]!r}"]


@pytest.mark.parametrize(
    ("tables", "place", "new"),
    [
        ({"off": {"phone-number-valid": "b"}}, "[off]", "disabled"),
        (cohort(off="why"), "[[cohort]] mine off", "disabled"),
        (cohort(each="customers[]"), "[[cohort]] mine each", "for_each"),
        (cohort(given={"x": ["a"]}), "[[cohort]] mine given", "example_lists"),
        (change(note="n"), "[change.account] fields.notes.note", "about"),
    ],
)
def test_the_same_key_in_other_tables(tables: dict[str, Any], place: str, new: str) -> None:
    (problem,) = problems_of(tables)
    assert problem.startswith(f"{place}: ")
    assert problem.endswith(f" was renamed to {new!r}")


def test_old_key_where_the_new_one_does_not_belong_is_unknown() -> None:
    assert problems_of({"scheme": {"x": {"format": "phone", **LISTS, **BASIS}}})[-1] == (
        "[scheme.x] basis: unknown key 'basis'"
    )


def test_rules_in_the_old_table_are_not_checked() -> None:
    """The rules of an overlay that was written earlier would not hold with its fields."""
    dropped = {"drop": True, "because": "b"}
    change = {"account": {"fields": {"metadata": dropped}}, "customer": {"fields": {"user_details": dropped}}}
    rules = {problem.split()[1].rstrip(":") for problem in problems_of({"change": change})}
    assert {"metadata-keys-unique", "cohort-person"} <= rules
    assert problems_of({"change": change, "off": dict.fromkeys(rules, "b")}) == [
        "[off]: 'off' was renamed to 'disabled'"
    ]


def test_also_is_no_longer_needed() -> None:
    assert problems_of(rule(also=["phone-number-valid"])) == [
        "[[rule]] mine also: 'also' is no longer used, because each rule is tested alone; remove it"
    ]


@pytest.mark.parametrize("example", [{"any_of": [{}]}, "x", 5])
@pytest.mark.parametrize("key", ["good", "bad"])
def test_examples_are_lists(key: str, example: object) -> None:
    message = f"{key}: this is a list of examples: write {key} = [...]"
    assert problems_of(rule(**{key: example})) == [f"[[rule]] mine {message}"]
    assert problems_of(cohort(**{key: example})) == [f"[[cohort]] mine {message}"]


def test_an_example_of_a_cohort_rule_is_a_list_of_accounts() -> None:
    assert problems_of(cohort(good=[{"account_type": "x"}])) == [
        "[[cohort]] mine good.0: an example is a list of accounts: write it in [...]"
    ]


def test_a_table_with_known_keys_that_do_not_fit_is_reported_once() -> None:
    (problem,) = problems_of(rule(when={"notes": {">": "<today>", "<": "<today>"}}))
    assert problem.startswith("[[rule]] mine when.notes: write exactly one of <, <=, >=, >, !=, ")
