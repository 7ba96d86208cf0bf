"""Time grows with the size of an account and not faster: for every list, every field, every rule that looks at them."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

import premigrate
from premigrate.api import validate_document
from premigrate.documents.array_elements import read_elements
from premigrate.documents.fast_json import read_json_fast
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.engine.engine import Engine
from tests.conftest import validator_of
from tests.growth import grows_linearly
from tests.payloads import AS_OF, good_account
from tests.property.test_everything_on import everything_program

Place = tuple[str | int, ...]


def places(value: object, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """List all that is in a value, with its place."""
    yield place, value
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*place, key))


def with_value(market: str, place: Place, value: object) -> Any:
    """Make a good account with another value at a place."""
    account: Any = good_account(market)
    inside = account
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    return account


def varied(value: Any, number: int) -> Any:
    """Make the values of an item others than those of the item before, of the same kind."""
    if isinstance(value, dict):
        return {key: varied(inner, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [varied(inner, number) for inner in value]
    if isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-":
        return (date(1950, 1, 1) + timedelta(days=number % 27_000)).isoformat() + value[10:]
    if isinstance(value, str) and value[-1:].isdigit():
        return f"{value}{number}"
    return value


def lists_of(market: str) -> list[tuple[Place, list[Any]]]:
    """List the lists of a good account that have an item."""
    return [(place, value) for place, value in places(good_account(market)) if isinstance(value, list) and value]


def checks(market: str) -> list[Callable[[Any], object]]:
    """List the ways to check an account."""
    engine = Engine(everything_program(market))
    return [lambda account: engine.run(account, AS_OF), validator_of(market).validate]


def list_growth(market: str, most: int, vary: Callable[[Any, int], Any]) -> list[tuple[Place, int]]:
    """Name the lists, and the ways to check them, that take longer than in proportion to their items."""
    slow = []
    for place, items in lists_of(market):
        for way, check in enumerate(checks(market)):

            def make(size: int) -> Callable[[], object]:
                made = [vary(copy.deepcopy(items[0]), number) for number in range(size)]  # noqa: B023
                account = with_value(market, place, made)  # noqa: B023
                return lambda: check(account)  # noqa: B023

            if not grows_linearly(make, most, 50):
                slow.append((place, way))
    return slow


@pytest.mark.slow
@pytest.mark.parametrize("vary", [varied, lambda item, _: item], ids=["varied", "alike"])
def test_lists(market: str, vary: Callable[[Any, int], Any]) -> None:
    assert list_growth(market, 400, vary) == []


@pytest.mark.slow
@pytest.mark.parametrize("vary", [varied, lambda item, _: item], ids=["varied", "alike"])
def test_long_lists(market: str, vary: Callable[[Any, int], Any]) -> None:
    assert list_growth(market, 20_000, vary) == []


HOSTILE = (
    "x",
    "0",
    " ",
    "\0",
    "\u202e",
    "\u200b",
    "\ud800",
    "\uff11",
    "a@",
    "a.",
    '"',
    "+",
    "-",
    "2020-01-01",
    "\u0130",
)


def text_growth(market: str, texts: tuple[str, ...], most: int) -> list[tuple[Place, str]]:
    """Name the fields, and the texts, that take longer than in proportion to the text's length."""
    slow = []
    for place, value in places(good_account(market)):
        for text in () if isinstance(value, dict | list) else texts:

            def make(size: int) -> Callable[[], object]:
                account = with_value(market, place, text * (size // len(text)))  # noqa: B023
                return lambda: validator_of(market).validate(account)

            if not grows_linearly(make, most):
                slow.append((place, text))
    return slow


def test_texts_in_every_field(market: str) -> None:
    assert text_growth(market, HOSTILE, 8_000) == []


@pytest.mark.slow
def test_texts_of_ten_megabytes_in_every_field(market: str) -> None:
    assert text_growth(market, HOSTILE, 1_250_000) == []


def keys(size: int, written: str) -> str:
    return "{" + ",".join(written.format(number) for number in range(size)) + "}"


TEXTS: dict[str, Callable[[int], str]] = {
    "keys": lambda size: keys(size, '"k{0}":1'),
    "near_keys": lambda size: keys(size, '"customer{0}":1'),
    "repeated_keys": lambda size: keys(size, '"k{0}":1,"k{0}":2'),
    "one_repeated_key": lambda size: keys(size, '"k":{{"a":1}}'),
    "lists": lambda size: '{"notes":[' + "[],{}," * size + "1]}",
    "deep": lambda size: '{"a":[' + '{"a":' * 300 + "[" + "1," * size + "1]" + "}" * 300 + "]}",
    "escapes": lambda size: '{"k":"' + "\\n\\u0041" * size + '"}',
    "spaces": lambda size: "{" + " \n" * size + "}",
    "no_number": lambda size: '{"k":"' + "x" * size + '","n":NaN}',
    "unclosed": lambda size: '{"k":[' + "[" * 100 + '"' + "x" * size,
    "digits": lambda size: '{"k":' + "9" * size + "}",
    "fraction": lambda size: '{"transfer_balance":0.' + "9" * size + "}",
}


def read(text: str, *, as_yaml: bool) -> None:
    """Read a text, check it, and look for the places of all that was found."""
    try:
        document = read_yaml(text) if as_yaml else read_json(text)
        read_json_fast(text.encode())
    except premigrate.BadPayloadText:
        return
    found = validate_document(validator_of("dk"), document)
    document.source_map([*(error.path for error in found.errors), *(advice.path for advice in found.advice)])


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("as_yaml", [False, True], ids=["json", "yaml"])
def test_texts(name: str, as_yaml: bool) -> None:
    def make(size: int) -> Callable[[], object]:
        text = TEXTS[name](size)
        return lambda: read(text, as_yaml=as_yaml)

    assert grows_linearly(make, 16_000)


ARRAYS: dict[str, Callable[[int], bytes]] = {
    "braces": lambda size: b"[" + b"{" * size,
    "brackets": lambda size: b"[" * size,
    "one_element": lambda size: b'[{"a":[' + b"{}," * size + b"1]}]",
    "string": lambda size: b'["' + b"x" * size,
    "quotes": lambda size: b"[" + b'"\\' * size,
    "commas": lambda size: b"[" + b"," * size,
    "elements": lambda size: b"[" + b"{}," * size + b"{}]",
    "lines": lambda size: b"[" + b'{"a": "}\n' * size,
    "closed": lambda size: b"[" + b"}" * size,
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays(name: str) -> None:
    def make(size: int) -> Callable[[], object]:
        content = ARRAYS[name](size)
        blocks = [content[at : at + 256] for at in range(0, len(content), 256)]
        return lambda: [None for _ in read_elements(blocks, 1 << 30)]

    assert grows_linearly(make, 64_000)


def test_the_accounts_of_a_text_are_compared_in_proportion() -> None:
    def make(size: int) -> Callable[[], object]:
        accounts = [{**good_account("dk"), "external_account_number": f"A{number % 3}"} for number in range(size)]

        def compare() -> object:
            with premigrate.Cohort() as cohort:
                for number, account in enumerate(accounts):
                    cohort.add(account, str(number), "dk")
                return list(cohort.clashes())

        return compare

    assert grows_linearly(make, 800, 50)


def test_the_measure_finds_what_is_not_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.growth._ROUNDS", 1)

    def make(size: int) -> Callable[[], object]:
        return lambda: [None for _ in range(size) for _ in range(size)]

    assert not grows_linearly(make, 4_000, 500)
    assert json.loads(TEXTS["deep"](3))
