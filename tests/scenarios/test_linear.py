"""Time grows at most linearly with the size of an account, for every list, every field and every rule."""

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


def places(value: object, path: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield a value and all values in it, with their paths."""
    yield path, value
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def with_value(market: str, path: Place, value: object) -> Any:
    """Return a good account with another value at a path."""
    account: Any = good_account(market)
    parent = account
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    return account


def varied(value: Any, number: int) -> Any:
    """Return an item with other values of the same kind, which depend on ``number``."""
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
    """Return the non-empty lists of a good account."""
    return [(path, value) for path, value in places(good_account(market)) if isinstance(value, list) and value]


def checks(market: str) -> list[Callable[[Any], object]]:
    """Return functions that check an account."""
    engine = Engine(everything_program(market))
    return [lambda account: engine.run(account, AS_OF), validator_of(market).validate]


def list_growth(market: str, max_size: int, vary: Callable[[Any, int], Any]) -> list[tuple[Place, int]]:
    """Return the lists, and the indexes of `checks`, whose time grows faster than the number of items."""
    slow = []
    for path, items in lists_of(market):
        for index, check in enumerate(checks(market)):

            def make(size: int) -> Callable[[], object]:
                varied_items = [vary(copy.deepcopy(items[0]), number) for number in range(size)]  # noqa: B023
                account = with_value(market, path, varied_items)  # noqa: B023
                return lambda: check(account)  # noqa: B023

            if not grows_linearly(make, max_size, 50):
                slow.append((path, index))
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


def text_growth(market: str, texts: tuple[str, ...], max_size: int) -> list[tuple[Place, str]]:
    """Return the fields, and the texts, whose time grows faster than the length of the text."""
    slow = []
    for path, value in places(good_account(market)):
        for text in () if isinstance(value, dict | list) else texts:

            def make(size: int) -> Callable[[], object]:
                account = with_value(market, path, text * (size // len(text)))  # noqa: B023
                return lambda: validator_of(market).validate(account)

            if not grows_linearly(make, max_size):
                slow.append((path, text))
    return slow


def test_texts_in_every_field(market: str) -> None:
    assert text_growth(market, HOSTILE, 8_000) == []


@pytest.mark.slow
def test_texts_of_ten_megabytes_in_every_field(market: str) -> None:
    assert text_growth(market, HOSTILE, 1_250_000) == []


def keys(size: int, template: str) -> str:
    return "{" + ",".join(template.format(number) for number in range(size)) + "}"


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
    """Parse a text, validate it, and locate all errors and advice."""
    try:
        document = read_yaml(text) if as_yaml else read_json(text)
        read_json_fast(text.encode())
    except premigrate.BadPayloadText:
        return
    result = validate_document(validator_of("dk"), document)
    document.source_map([*(error.path for error in result.errors), *(advice.path for advice in result.advice)])


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


def test_cohort() -> None:
    def make(size: int) -> Callable[[], object]:
        accounts = [{**good_account("dk"), "external_account_number": f"A{number % 3}"} for number in range(size)]

        def compare() -> object:
            with premigrate.Cohort() as cohort:
                for number, account in enumerate(accounts):
                    cohort.add(account, str(number), "dk")
                return list(cohort.clashes())

        return compare

    assert grows_linearly(make, 800, 50)


def test_quadratic_time_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.growth._ROUNDS", 1)

    def make(size: int) -> Callable[[], object]:
        return lambda: [None for _ in range(size) for _ in range(size)]

    assert not grows_linearly(make, 4_000, 500)
    assert json.loads(TEXTS["deep"](3))
