"""A key store finds the same clashes as a simple model, for any accounts in any order."""

import random
from collections.abc import Iterable
from typing import Any, NamedTuple
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate import Cohort, KeyExtractor, Origin
from premigrate.cohort import key_store as module
from premigrate.cohort.clashes import ClashPlace
from premigrate.cohort.groups import KeyGroup
from premigrate.cohort.key_store import KeyStore
from premigrate.cohort.program import AccountKeys, CohortKey
from tests.payloads import good_account

RULES = ("told-differently", "shared", "in-a-list")
FILES = ("a.json", "b.json", "b.json ", "é.json")
FILLER = "x" * 300


class Seen(NamedTuple):
    """A key as the model stores it."""

    place: ClashPlace
    same: tuple[str, ...]


def keys() -> st.SearchStrategy[CohortKey]:
    part = st.sampled_from(["", '"1"', '"2"', '"' + "3" * 40 + '"'])
    return st.builds(
        lambda rule, key, attr, same, padded: CohortKey(
            rule,
            f'"{key}{FILLER if padded else ""}"',
            same if rule == RULES[0] else (),
            f"supply_addresses.{attr}.identifier",
            is_listed=rule == RULES[2],
            is_personal=rule == RULES[0],
            masked=f'"{key}"',
        ),
        st.sampled_from(RULES),
        st.sampled_from("pqrs"),
        st.integers(0, 11),
        st.tuples(part, part),
        st.booleans(),
    )


def accounts() -> st.SearchStrategy[list[AccountKeys]]:
    origin = st.builds(Origin, st.sampled_from(FILES), st.integers(0, 11), st.sampled_from([0, 0, 7]))
    account = st.tuples(origin, st.lists(keys(), max_size=6))
    by_origin = st.lists(account, max_size=25, unique_by=lambda each: each[0])
    return by_origin.map(
        lambda account_keys: [AccountKeys(o, "pt", f"A-{o.position}", tuple(k)) for o, k in account_keys]
    )


def model(account_keys: Iterable[AccountKeys]) -> dict[tuple[str, str], tuple[list[ClashPlace], tuple[int, ...]]]:
    """Find clashes the simple way: list the places of each key, and compare all pairs."""
    by_key: dict[tuple[str, str], list[Seen]] = {}
    for each in account_keys:
        origin = each.origin
        for key in each.keys:
            place = ClashPlace(origin.file, origin.position, origin.line, each.reference, key.attr)
            by_key.setdefault((key.rule, key.key), []).append(Seen(place, key.same))
    clashes = {}
    for (rule, value), seen in by_key.items():
        pairs = [(one, two) for one in seen for two in seen if one.place[:3] != two.place[:3]]
        differing = tuple(n for n in range(2) if rule == RULES[0] and any(_differ(*pair, n) for pair in pairs))
        if rule == RULES[2] or (pairs and rule == RULES[1]) or differing:
            places = sorted({each.place for each in seen}, key=_sort_key)
            clashes[rule, value] = places, differing
    return clashes


def _differ(one: Seen, two: Seen, position: int) -> bool:
    a, b = one.same[position], two.same[position]
    return bool(a and b and a != b)


def _sort_key(place: ClashPlace) -> tuple[Any, ...]:
    return place.file.encode(), place.position, place.line, int(place.attr.split(".")[1])


def find_groups(account_keys: Iterable[AccountKeys], kilobytes: int) -> list[KeyGroup]:
    with KeyStore(kilobytes=kilobytes, show_values=True) as store:
        for each in account_keys:
            store.add(each.origin, each.reference, each.keys)
        return list(store.clashing_groups())


def unique_places(account_keys: list[AccountKeys]) -> list[AccountKeys]:
    """Remove duplicates: an object has at most one key of a rule, so a place does, too."""
    return [each._replace(keys=tuple({(k.rule, k.attr): k for k in each.keys}.values())) for each in account_keys]


@settings(max_examples=150)
@given(accounts().map(unique_places), st.randoms(use_true_random=False), st.sampled_from([1, 8, 10_000]))
def test_store_agrees_with_the_model(account_keys: list[AccountKeys], rng: random.Random, kilobytes: int) -> None:
    expected = model(account_keys)
    with patch.object(module, "_BATCH", rng.choice([1, 3, 2000])):
        first = find_groups(account_keys, kilobytes)
        assert {(each.rule, each.key): (list(each.places), each.differing) for each in first} == expected
        assert len(first) == len(expected)
        order = [(_sort_key(each.places[0])[:3], each.rule) for each in first]
        assert order == sorted(order)
        shuffled = [*account_keys, *rng.sample(account_keys, len(account_keys) // 2)]  # and some of them twice
        rng.shuffle(shuffled)
        assert find_groups(shuffled, 10_000) == first


@settings(max_examples=60)
@given(accounts().map(unique_places))
def test_digests_do_not_change_the_clashes(account_keys: list[AccountKeys]) -> None:
    with KeyStore(kilobytes=8) as store:
        for each in account_keys:
            store.add(each.origin, each.reference, each.keys)
        groups = list(store.clashing_groups())
    expected = find_groups(account_keys, 8)
    assert [(each.rule, each.places, each.differing) for each in groups] == [
        (each.rule, each.places, each.differing) for each in expected
    ]
    assert all(len(each.key) == 3 for each in groups if each.rule == RULES[0]), "personal keys are masked"


NUMBERS = st.sampled_from(["1", "2", "3", " 1", ""])
ACCOUNTS = st.lists(
    st.fixed_dictionaries(
        {"market": st.sampled_from(["pt", "dk"]), "external_account_number": NUMBERS},
        optional={
            "references": st.lists(st.fixed_dictionaries({"namespace": NUMBERS, "value": NUMBERS}), max_size=3),
            "statements": st.lists(st.fixed_dictionaries({"statement_path": NUMBERS}), max_size=3),
        },
    ),
    max_size=8,
)


def shared(accounts: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return the values that several of the accounts share, found the simple way."""
    seen: dict[tuple[str, str], set[int]] = {}
    for number, account in enumerate(accounts):
        supplier, own = account["import_supplier"], account["external_account_number"].strip()
        own_keys = [("cohort-account-number", f"{supplier} {own}")] if own else []
        for each in account.get("references", ()):
            namespace, value = each["namespace"].strip(), each["value"].strip()
            own_keys += [("cohort-account-reference", f"{namespace} {value}")] if namespace and value else []
        paths = [each["statement_path"].strip() for each in account.get("statements", ())]
        own_keys += [("cohort-statement-path", path) for path in paths if path]
        for key in own_keys:
            seen.setdefault(key, set()).add(number)
    return {key for key, numbers in seen.items() if len(numbers) > 1}


@given(ACCOUNTS, st.integers(1, 4), st.randoms(use_true_random=False))
def test_split_cohort_finds_the_same_clashes(generated: list[dict[str, Any]], split: int, rng: random.Random) -> None:
    suppliers = {market: good_account(market)["import_supplier"] for market in ("pt", "dk")}
    payloads = [{**account, "import_supplier": suppliers[account.pop("market")]} for account in generated]
    with Cohort() as single, Cohort(memory=1) as joined:
        for number, account in enumerate(payloads):
            single.add(account, Origin("all.json", number))
        extractors = [KeyExtractor() for _ in range(split)]
        parts = [rng.choice(extractors).extract(account, Origin("all.json", n)) for n, account in enumerate(payloads)]
        rng.shuffle(parts)
        for part in parts:
            joined.add_keys(part)
        clashes = list(single.clashes())
        assert list(joined.clashes()) == clashes
    assert {(each.rule, each.detail) for each in clashes} == {
        (rule, next(each.detail for each in clashes if each.rule == rule and _mentions(each.detail, value)))
        for rule, value in shared(payloads)
    }


def _mentions(detail: str, value: str) -> bool:
    return f" {value}." in detail or f" {value} is " in detail
