"""The names that select and ignore accept, and the messages for unknown names."""

import tomllib
from functools import cache

import pytest

from premigrate import markets
from premigrate.api import Validator
from premigrate.command.filter_names import MatchQuality, SelectableNames
from premigrate.command.filters import NameFilter
from premigrate.describe.market import ruleset_of
from premigrate.exceptions import BadArgument
from tests.payloads import AS_OF, ROOT, good_account, put


@cache
def selectable(*selected: str) -> SelectableNames:
    return SelectableNames(ruleset_of(market) for market in selected or markets())


def select(*names: str) -> list[str]:
    return list(selectable().check(NameFilter(select=names)))


def ignore(*names: str) -> list[str]:
    return list(selectable().check(NameFilter(ignore=names)))


@pytest.mark.parametrize(
    "name",
    [
        "billing_email", "transfer_balance", "account_type", "customers", "customers.0", "customers.*",
        "customers.*.mobile", "customers.12.mobile", "customers.[1-3].mobile", "customers.1?.mobile", "*.mobile",
        "billing_*", "*", "non_field_errors", "customers.0.non_field_errors",
        "customers.non_field_errors", "customers.3.account_roles.0",
        "customers.*.details.any.thing", "customers.0.user_details.0.value.x", "operations_team_name",
        "phone-number-valid", "invalid_phone_number", "phone-*", "deprecated-field", "deprecated_field*", "field",
    ],
)  # fmt: skip
def test_known_names_are_accepted(name: str) -> None:
    assert select(name) == ignore(name) == []


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("customers.*.moble", "customers.*.mobile"),
        ("customers.0.moble", "customers.0.mobile"),
        ("custmers.*.mobile", "customers.*.mobile"),
        ("customers.mobile", "customers.*.mobile"),
        ("customers.*.mobile.x", "customers.*.mobile"),
        ("payload.customers.0.mobile", "customers.0.mobile"),
        ("*.moble", "*.mobile"),
        ("billing_emial", "billing_email"),
        ("billing_adress.*", "billing_address.*"),
    ],
)
def test_unknown_attr_is_an_error_for_select_and_a_warning_for_ignore(name: str, suggestion: str) -> None:
    with pytest.raises(BadArgument, match=r"^--select: .*did you mean") as error:
        select(name)
    assert str(error.value).endswith(f"{name!r}; did you mean {suggestion}?") or f"; did you mean {suggestion}?" in str(
        error.value
    )
    (warning,) = ignore(name)
    assert warning.startswith("--ignore: ")
    assert warning.endswith(f"; did you mean {suggestion}?")


@pytest.mark.parametrize("name", ["invalid_phone_numbr", "phone-number-vald", "nothing-like-it", ""])
def test_misspelt_rule_or_code_is_refused_by_both(name: str) -> None:
    for check in (select, ignore):
        with pytest.raises(BadArgument, match="is not a rule"):
            check(name)


def test_name_without_a_suggestion() -> None:
    with pytest.raises(BadArgument, match="'zzz' is not a rule, code or field"):
        select("zzz")
    assert ignore("zzz") == ["--ignore: 'zzz' is not a rule, code or field"]


@pytest.mark.parametrize("name", ["customers.*.favourite", "supply_addresses.0.storeys", "qqq.*.www", "ledgers.*.zz.y"])
def test_unknown_field_without_a_close_match_is_accepted(name: str) -> None:
    assert select(name) == ignore(name) == []


def test_attrs_of_advice_on_unknown_fields_are_accepted() -> None:
    account = put(put(good_account("pt"), "customers.0.favourite", 1), "supply_addresses.0.storeys", 2)
    advice = Validator(market="pt", as_of=AS_OF).validate(account).advice
    attrs = {each.attr for each in advice if each.code == "unknown_field"}
    assert attrs >= {"customers.0.favourite", "supply_addresses.0.storeys"}
    for attr in attrs:
        assert select(attr) == ignore(attr) == []


@pytest.mark.parametrize("market", markets())
def test_attrs_of_errors_are_fields(market: str) -> None:
    answers = [
        case["answer"]
        for path in (ROOT / "tests" / "cases" / market).glob("*.toml")
        for case in tomllib.loads(path.read_text("utf-8")).get("case", ())
        if "answer" in case
    ]
    attrs = {error[2] for answer in answers for error in answer}
    assert attrs
    (fields,) = selectable(market)._markets
    assert {attr for attr in attrs if fields.find(attr).quality != MatchQuality.FIELD} == set()


@pytest.mark.parametrize("market", markets())
def test_attrs_of_fields_are_accepted_with_any_index(market: str) -> None:
    (fields,) = selectable(market)._markets
    for attr in fields.attrs:
        for position in ("*", "0", "17"):
            assert fields.find(attr.replace("*", position)).quality == MatchQuality.FIELD


def test_names_of_all_markets_or_of_one() -> None:
    own = [set(selectable(market)._markets[0].attrs) for market in ("dk", "pt")]
    only = min(own[0] - own[1])
    assert select(only) == []
    with pytest.raises(BadArgument):
        list(selectable("pt").check(NameFilter(select=(only,))))


def test_fields_of_an_overlay_are_accepted() -> None:
    fields = {"shoe_size": {"type": "integer", "because": "We sell shoes."}}
    overlay = {"market": {"extends": "pt"}, "change": {"customer": {"fields": fields}}}
    widened = SelectableNames([ruleset_of("pt", overlay)])
    assert widened._markets[0].find("customers.*.shoe_size").quality == MatchQuality.FIELD
    with pytest.raises(BadArgument, match=r"did you mean customers.\*.shoe_size"):
        list(widened.check(NameFilter(select=("customers.*.sho_size",))))
