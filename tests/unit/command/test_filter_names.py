"""What select and ignore can name, and what is said of a word that fits nothing."""

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
def selectable(*chosen: str) -> SelectableNames:
    return SelectableNames(ruleset_of(market) for market in chosen or markets())


def select(*words: str) -> list[str]:
    return list(selectable().check(NameFilter(select=words)))


def ignore(*words: str) -> list[str]:
    return list(selectable().check(NameFilter(ignore=words)))


@pytest.mark.parametrize(
    "word",
    [
        "billing_email", "transfer_balance", "account_type", "customers", "customers.0", "customers.*",
        "customers.*.mobile", "customers.12.mobile", "customers.[1-3].mobile", "customers.1?.mobile", "*.mobile",
        "billing_*", "*", "non_field_errors", "customers.0.non_field_errors",
        "customers.non_field_errors", "customers.3.account_roles.0",
        "customers.*.details.any.thing", "customers.0.user_details.0.value.x", "operations_team_name",
        "phone-number-valid", "invalid_phone_number", "phone-*", "deprecated-field", "deprecated_field*", "field",
    ],
)  # fmt: skip
def test_what_a_finding_can_have_is_taken(word: str) -> None:
    assert select(word) == ignore(word) == []


@pytest.mark.parametrize(
    ("word", "meant"),
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
def test_an_attr_that_fits_no_field_is_refused_by_select_and_warned_of_by_ignore(word: str, meant: str) -> None:
    with pytest.raises(BadArgument, match=r"^--select: .*did you mean") as error:
        select(word)
    assert str(error.value).endswith(f"{word!r}; did you mean {meant}?") or f"; did you mean {meant}?" in str(
        error.value
    )
    (warning,) = ignore(word)
    assert warning.startswith("--ignore: ")
    assert warning.endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize("word", ["invalid_phone_numbr", "phone-number-vald", "nothing-like-it", ""])
def test_a_rule_or_code_misspelt_is_refused_by_both(word: str) -> None:
    for check in (select, ignore):
        with pytest.raises(BadArgument, match="there is no rule or code"):
            check(word)


def test_a_word_that_is_like_nothing() -> None:
    with pytest.raises(BadArgument, match="no rule or code 'zzz', nor such a field"):
        select("zzz")
    assert ignore("zzz") == ["--ignore: there is no rule or code 'zzz', nor such a field"]


@pytest.mark.parametrize("word", ["customers.*.favourite", "supply_addresses.0.storeys", "qqq.*.www", "ledgers.*.zz.y"])
def test_a_field_that_the_market_does_not_have_can_be_named(word: str) -> None:
    assert select(word) == ignore(word) == []


def test_advice_on_unknown_fields_stands_at_attrs_that_are_taken() -> None:
    account = put(put(good_account("pt"), "customers.0.favourite", 1), "supply_addresses.0.storeys", 2)
    advice = Validator(market="pt", as_of=AS_OF).validate(account).advice
    attrs = {each.attr for each in advice if each.code == "unknown_field"}
    assert attrs >= {"customers.0.favourite", "supply_addresses.0.storeys"}
    for attr in attrs:
        assert select(attr) == ignore(attr) == []


@pytest.mark.parametrize("market", markets())
def test_every_attr_of_an_answer_is_a_field(market: str) -> None:
    answers = [
        case["answer"]
        for path in (ROOT / "tests" / "cases" / market).glob("*.toml")
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
        if "answer" in case
    ]
    attrs = {error[2] for answer in answers for error in answer}
    assert len(attrs) > 10
    (fields,) = selectable(market)._markets
    assert {attr for attr in attrs if fields.find(attr).quality != MatchQuality.FIELD} == set()


@pytest.mark.parametrize("market", markets())
def test_every_attr_of_a_field_is_taken_with_any_position(market: str) -> None:
    (fields,) = selectable(market)._markets
    for attr in fields.attrs:
        for position in ("*", "0", "17"):
            assert fields.find(attr.replace("*", position)).quality == MatchQuality.FIELD


def test_markets_are_taken_together_or_alone() -> None:
    own = [set(selectable(market)._markets[0].attrs) for market in markets()]
    only = min(own[0] - own[1])
    assert select(only) == []
    with pytest.raises(BadArgument):
        list(selectable(markets()[1]).check(NameFilter(select=(only,))))


def test_an_overlay_adds_fields() -> None:
    fields = {"shoe_size": {"type": "integer", "because": "We sell shoes."}}
    overlay = {"market": {"extends": "pt"}, "change": {"customer": {"fields": fields}}}
    widened = SelectableNames([ruleset_of("pt", overlay)])
    assert widened._markets[0].find("customers.*.shoe_size").quality == MatchQuality.FIELD
    with pytest.raises(BadArgument, match=r"did you mean customers.\*.shoe_size"):
        list(widened.check(NameFilter(select=("customers.*.sho_size",))))
