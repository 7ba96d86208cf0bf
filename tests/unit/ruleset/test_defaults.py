"""The [defaults] of a file are the values of keys that its tables do not set."""

from typing import Any

import pytest

import premigrate
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset

MARKET = {"market": {"extends": "pt"}}
RULE = {"id": "mine", "on": "account", "code": "invalid_phone_number", "why": "w.", "present": ["notes"]}
EXAMPLES: dict[str, Any] = {"good": [{}], "bad": [{}]}
COHORT = {"id": "ours", "key": ["account_type"], "code": "cohort:x", "detail": "x", "why": "w."}
DEFAULTS = {"basis": "published", "source": "A document.", "inferred": "the attr", "detail_basis": "observed"}


def load(**tables: Any) -> Ruleset:
    return load_ruleset("pt", {**MARKET, "defaults": DEFAULTS, **tables})


def rule(**keys: object) -> Rule:
    found = load(rule=[{**RULE, **EXAMPLES, **keys}]).rules
    return next(each for each in found if each.id == "mine")


def cohort(**keys: object) -> CohortRule:
    found = load(cohort=[{**COHORT, "good": [[]], "bad": [[]], **keys}]).cohort_rules
    return next(each for each in found if each.id == "ours")


def problems_of(**tables: Any) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        load_ruleset("pt", {**MARKET, **tables})
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def evidence(found: Rule | CohortRule) -> tuple[str, str, str | None]:
    return found.basis, found.source, found.inferred


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ("published", "A document.", "the attr")),
        ({"source": "Another.", "inferred": "all"}, ("published", "Another.", "all")),
        ({"inferred": "nothing"}, ("published", "A document.", None)),
        ({"basis": "inferred"}, ("inferred", "A document.", None)),
        ({"basis": "inferred", "inferred": "all"}, ("inferred", "A document.", "all")),
    ],
)
def test_defaults_of_rules(keys: dict[str, str], expected: tuple[str, str, str | None]) -> None:
    assert evidence(rule(**keys)) == evidence(cohort(**keys)) == expected


def test_evidence_names_what_is_inferred() -> None:
    assert rule().evidence == cohort().evidence == "A document.; inferred: the attr"
    assert rule(inferred="nothing").evidence == "A document."


def test_inferred_nothing_without_defaults() -> None:
    ours = {**RULE, **EXAMPLES, "basis": "published", "source": "s", "inferred": "nothing"}
    assert load_ruleset("pt", {**MARKET, "rule": [ours]}).rules[-1].inferred is None


def test_defaults_of_other_tables() -> None:
    form = {"format": "phone", "arguments": {"region": "PT"}, "good": ["600000000"], "bad": ["x"]}
    response = {"status": 200, "body": {}, "meaning": "m"}
    ruleset = load(
        object={"thing": {"about": "a"}},
        change={"account": {"fields": {"thing": {"object": "thing", "because": "b"}}}},
        code={"mine": {"detail": "d", "meaning": "m"}},
        scheme={"ours": form, "other": {**form, "source": "s"}},
        answer={"valid": response},
        import_status={"PENDING": {"meaning": "m"}},
        lifecycle={"imported": {"statuses": ["PENDING"]}},
        not_applicable=[{"why": "w.", "validations": {"gb-mine": []}}],
    )
    assert (ruleset.objects["thing"].basis, ruleset.objects["thing"].source) == ("published", "A document.")
    assert (ruleset.codes["mine"].detail_basis, ruleset.codes["mine"].source) == ("observed", "A document.")
    assert [ruleset.schemes[name].source for name in ("ours", "other")] == ["A document.", "s"]
    assert ruleset.responses["valid"].basis == "published"
    assert ruleset.statuses["PENDING"].basis == "published"
    assert ruleset.lifecycles["imported"].basis == "published"
    assert ruleset.not_applicable[-1].source == "A document."


def test_defaults_are_not_for_optional_keys() -> None:
    ruleset = load(
        list={"ours": {"values": ["a"]}}, change={"account": {"fields": {"x": {"type": "string", "because": "b"}}}}
    )
    assert ruleset.lists["ours"].source is None
    assert ruleset.objects["account"].fields["x"].basis is None


def test_defaults_are_those_of_one_file() -> None:
    assert {each.source for each in load().rules} == {each.source for each in load_ruleset("pt").rules}


def test_key_without_a_default_is_missing() -> None:
    reported = problems_of(defaults={"basis": "published"}, rule=[{**RULE, **EXAMPLES}])
    assert reported == ["[[rule]] mine source: this key is missing"]


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [
        ({"basi": "inferred"}, "[defaults] basi: unknown key 'basi'; did you mean 'basis'?"),
        ({"why": "w."}, "[defaults] why: unknown key 'why'"),
        ({"basis": "publishd"}, "[defaults] basis: 'publishd' is not one of documented, published"),
        ({"source": ""}, "[defaults] source: "),
        ("published", "[defaults]: "),
        ([{"basis": "published"}], "[defaults]: "),
    ],
)
def test_mistakes_in_defaults_are_reported(defaults: object, expected: str) -> None:
    (problem,) = problems_of(defaults=defaults)
    assert problem.startswith(expected)


def test_nothing_as_a_default_is_no_text() -> None:
    found = load(defaults={**DEFAULTS, "inferred": "nothing"}, rule=[{**RULE, **EXAMPLES}]).rules
    assert next(each.evidence for each in found if each.id == "mine") == "A document."
