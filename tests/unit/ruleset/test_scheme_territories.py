"""Schemes to which a market or overlay adds countries."""

from typing import Any

import pytest

import premigrate
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from tests.payloads import AS_OF, good_account

SPAIN: dict[str, Any] = {"arguments": {"patterns": ["[0-9]{5}"]}, "good": ["28001"], "bad": ["2800"]}


def overlay(**keys: Any) -> dict[str, Any]:
    return {"market": {"extends": "dk"}, "scheme": {"postal_code": {"territories": {"ES": SPAIN}, **keys}}}


def problems_of(tables: dict[str, Any]) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        load_ruleset("dk", {"market": {"extends": "dk"}, **tables})
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


def test_country_is_added_to_the_shared_scheme() -> None:
    scheme = load_ruleset("dk", overlay()).schemes["postal_code"]
    assert set(scheme.territories) == {"PT", "DK", "ES"}
    assert scheme.source == load_ruleset("dk").schemes["postal_code"].source
    assert load_ruleset("dk", overlay(source="the post")).schemes["postal_code"].source.endswith("; ES: the post")


def test_added_country_is_checked() -> None:
    account = good_account("dk")
    account["billing_address"] = {"country": "ES", "postal_code": "2800"}
    codes = [
        {error.code for error in premigrate.validate(account, market="dk", as_of=AS_OF, overlay=each).errors}
        for each in (None, overlay())
    ]
    assert [("invalid_postcode" in found) for found in codes] == [False, True]


def test_whole_scheme_replaces_the_shared_one() -> None:
    tables = overlay(format="pattern", source="x")
    tables["scheme"]["postal_code"]["territories"]["DK"] = SPAIN
    assert set(load_ruleset("dk", tables).schemes["postal_code"].territories) == {"ES", "DK"}


def test_examples_of_the_added_country_only_are_checked() -> None:
    tables = overlay()
    tables["scheme"]["postal_code"]["territories"]["ES"] = {**SPAIN, "bad": ["28002"]}
    report = check_overlay_examples(load_ruleset("dk", tables), AS_OF)
    assert (report.rules, report.examples) == (1, 2)
    assert [problem.place for problem in report.problems] == ["[scheme.postal_code.territories.ES] bad"]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (
            {"ours": {"territories": {"ES": SPAIN}}},
            "[scheme.ours]: adds countries to a scheme, but no earlier",
        ),
        (
            {"country": {"territories": {"ES": SPAIN}}},
            "[scheme.country]: adds countries to a scheme, but",
        ),
        ({"ours": {"good": ["x"], "bad": ["y"]}}, "[scheme.ours]: a scheme needs a format"),
        ({"ours": {"format": "country", "good": ["x"], "bad": ["y"]}}, "[scheme.ours]: a scheme needs a source"),
        (
            {"postal_code": {"territories": {"ES": {**SPAIN, "arguments": {"pattern": ["x"]}}}}},
            "[scheme.postal_code.territories.ES]: there is no argument 'pattern'; did you mean 'patterns'?",
        ),
    ],
)
def test_mistakes(scheme: dict[str, Any], expected: str) -> None:
    assert problems_of({"scheme": scheme})[0].startswith(expected)
