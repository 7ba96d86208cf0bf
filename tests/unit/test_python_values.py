"""Python values that JSON does not yield are read as json.dumps writes them, or refused with their type."""

import collections
import copy
import enum
import json
import random
import types
import uuid
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

import premigrate
from premigrate.compiler.program import compile_program
from premigrate.engine.engine import Engine
from premigrate.engine.settle import Findings
from premigrate.formats.plain import NotPlainError, is_json, to_plain, to_server_value
from tests.books import make_book
from tests.conftest import validator_of
from tests.payloads import AS_OF, good_account, put

FIELDS = {
    "string": {"type": "string", "max_length": 9},
    "email": {"type": "email"},
    "date": {"type": "date"},
    "datetime": {"type": "datetime"},
    "decimal": {"type": "decimal", "max_digits": 9, "decimal_places": 4},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "choice": {"type": "choice", "choices": ["NEW", "5", "1.5", "date", "list", "[date]"]},
    "open": {"type": "choice", "open": True},
    "json": {"type": "json"},
    "mapping": {"type": "object"},
    "inner": {"object": "inner"},
    "inners": {"list": "inner"},
    "texts": {"list": "string"},
    "jsons": {"list": "json"},
}
TABLES = {
    "object": {"account": {"fields": FIELDS}, "inner": {"fields": {"string": FIELDS["string"], "a": {"type": "json"}}}}
}


class Kind(str, enum.Enum):  # noqa: UP042 - on purpose: str() of its members is not their value
    NEW = "NEW"


class Plain(enum.StrEnum):
    NEW = "NEW"


class Number(enum.IntEnum):
    FIVE = 5


class Whole(int):
    """An integer whose text is that of another integer."""

    def __repr__(self) -> str:
        return "7"

    __str__ = __repr__


class Half(float, enum.Enum):
    HALF = 1.5


class Text(str):
    """A text with another str() and with a hash that does not match its value."""

    __slots__ = ()

    def __str__(self) -> str:
        return "other"

    def __hash__(self) -> int:
        return 1


class Mapped(dict[str, object]):
    """A dict whose items() fails."""

    def items(self) -> Any:
        raise RuntimeError


class Pair(NamedTuple):
    one: object
    other: object


class Bare(enum.Enum):
    NEW = "NEW"


JSON_EQUIVALENTS: dict[str, tuple[object, object]] = {
    "str enum": (Kind.NEW, "NEW"),
    "StrEnum": (Plain.NEW, "NEW"),
    "int enum": (Number.FIVE, 5),
    "float enum": (Half.HALF, 1.5),
    "text": (Text("NEW"), "NEW"),
    "whole": (Whole(5), 5),
    "tuple": ((), []),
    "tuple of enums": ((Kind.NEW, (Number.FIVE,)), ["NEW", [5]]),
    "named tuple": (Pair("NEW", ()), ["NEW", []]),
    "enum in a list": ([Kind.NEW], ["NEW"]),
    "ordered dict": (collections.OrderedDict(string="NEW"), {"string": "NEW"}),
    "defaultdict": (collections.defaultdict(lambda: Kind.NEW, {"string": Kind.NEW}), {"string": "NEW"}),
    "counter": (collections.Counter("a"), {"a": 1}),
    "mapped": (Mapped(string=5), {"string": 5}),
    "keys": ({None: 1, True: 1, 1.5: 1, 2.0: 1}, {"null": 1, "true": 1, "1.5": 1, "2.0": 1}),
    "odd keys": ({float("nan"): 1, float("inf"): 1, -float("inf"): 1}, {"NaN": 1, "Infinity": 1, "-Infinity": 1}),
    "enum keys": ({Kind.NEW: 1, Number.FIVE: 2, Text("string"): "a"}, {"NEW": 1, "5": 2, "string": "a"}),
    "exact": (Decimal("1.5"), 1.5),
    "exact, written with a zero": (Decimal("1.50"), 1.5),
    "exact whole": (Decimal(5), 5),
    "exact power": (Decimal("5E+2"), 500.0),
    "exact in a list": ([Decimal("1.50"), Decimal(5)], [1.5, 5]),
    "exact in an object": ({"string": Decimal("1.50"), "a": {"b": Decimal("0.10")}}, {"string": 1.5, "a": {"b": 0.1}}),
}
"""Values, each with its equivalent as parsed from JSON."""

REFUSED: dict[str, tuple[object, str]] = {
    "set": (set(), "set"),
    "frozenset": (frozenset(), "frozenset"),
    "bytes": (b"NEW", "bytes"),
    "date": (date(2020, 1, 1), "date"),
    "datetime": (datetime(2020, 1, 1), "datetime"),
    "time": (time(), "time"),
    "bare enum": (Bare.NEW, "Bare"),
    "fraction": (Fraction(1, 2), "Fraction"),
    "complex": (1j, "complex"),
    "uuid": (uuid.UUID(int=1), "UUID"),
    "range": (range(3), "range"),
    "generator": (iter(()), "tuple_iterator"),
    "proxy": (types.MappingProxyType({"string": "a"}), "mappingproxy"),
    "user dict": (collections.UserDict({"string": "a"}), "UserDict"),
    "a class": (str, "type"),
    "an object": (object(), "object"),
    "tuple keys": ({(1, 2): 1}, "dict with keys of the type tuple"),
    "bytes keys": ({b"string": 1}, "dict with keys of the type bytes"),
    "date keys": (collections.OrderedDict({date(2020, 1, 1): 1}), "OrderedDict with keys of the type date"),
    "long keys": ({10**4300: 1}, "dict with keys of the type int"),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(compile_program(make_book(TABLES)))


def run(engine: Engine, value: object) -> Findings:
    return engine.run(value, AS_OF)


def holders(value: object) -> list[Any]:
    """Put a value in each field, in lists, in free JSON, as an item, as the account, and in the wrapper."""
    inside: list[Any] = [{name: value} for name in FIELDS]
    inside += [{name: [value]} for name in FIELDS] + [{name: {"a": value}} for name in FIELDS]
    inside += [{"json": [{"a": [1.5, value]}]}, {"inners": [{"string": value, "a": value}]}, {"choice": [{"a": value}]}]
    return [*inside, value, [value], {"payload": value}, {"payload": {"string": "a"}, "beside": value}]


@pytest.mark.parametrize("name", JSON_EQUIVALENTS)
def test_value_is_read_as_its_json_equivalent(name: str, engine: Engine) -> None:
    value, written = JSON_EQUIVALENTS[name]
    for given, expected in zip(holders(value), holders(written), strict=True):
        if name.startswith("exact") and isinstance(given, dict) and given.get("decimal") is value:
            continue  # a decimal field keeps all digits
        assert run(engine, given) == run(engine, expected), given


@pytest.mark.parametrize("name", JSON_EQUIVALENTS)
def test_json_equivalents_match_json_dumps(name: str) -> None:
    value, written = JSON_EQUIVALENTS[name]
    if not name.startswith(("exact", "mapped")):
        assert json.dumps(value) == json.dumps(written)
    plain = to_plain(value, exact=False)
    assert repr(plain) == repr(written)
    assert json.dumps(plain) == json.dumps(written)


@pytest.mark.parametrize("name", REFUSED)
def test_value_is_refused_with_its_type(name: str, engine: Engine) -> None:
    value, type_name = REFUSED[name]
    for field in FIELDS:
        errors = run(engine, {field: value}).errors
        assert [error.path for error in errors] == [(field,)]
        if field not in {"choice", "open"}:  # their detail names the type
            assert errors[0].expected.endswith(f", not a Python value of the type {type_name}")
    details = {field: run(engine, {field: value}).errors[0].detail for field in FIELDS}
    assert details["choice"] == details["open"] == f'"{type_name}" is not a valid choice.'
    assert details["inner"] == f"Invalid data. Expected a dictionary, but got {type_name}."
    assert details["texts"] == f'Expected a list of items but got type "{type_name}".'
    assert details["mapping"] == f'Expected a dictionary of items but got type "{type_name}".'
    assert details["json"] == "Value must be valid JSON."
    assert [error.attr for error in run(engine, value).errors] == ["non_field_errors"]
    for field in ("json", "jsons", "texts", "inners"):
        assert len(run(engine, {field: [value]}).errors) == 1


@pytest.mark.parametrize("name", [*JSON_EQUIVALENTS, *REFUSED])
def test_no_value_raises_or_is_changed(name: str, engine: Engine) -> None:
    value = {**JSON_EQUIVALENTS, **REFUSED}[name][0]
    for account in holders(value):
        before = "" if name == "long keys" else repr(account)
        assert run(engine, account) == run(engine, account)
        assert not before or repr(account) == before


def test_scalars_of_numpy_and_pandas(engine: Engine) -> None:
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    for value, written in ((numpy.float64(1.5), 1.5), (numpy.str_("NEW"), "NEW")):  # subclasses of float and str
        for given, expected in zip(holders(value), holders(written), strict=True):
            assert run(engine, given) == run(engine, expected)
    for value in (numpy.int64(5), numpy.float32(1), numpy.bool_(1), numpy.array([1]), pandas.NA, pandas.NaT):
        for field in FIELDS:
            (error,) = run(engine, {field: value}).errors
            assert type(value).__name__ in error.detail + error.expected
    (error,) = run(engine, {"choice": pandas.Timestamp("2020-01-01")}).errors
    assert error.detail == '"Timestamp" is not a valid choice.'


def test_type_name_does_not_match_a_choice(engine: Engine) -> None:
    for value in (date(2020, 1, 1), [], [date(2020, 1, 1)]):
        assert [error.code for error in run(engine, {"choice": value}).errors] == ["invalid_choice"]


def test_recursive_values(engine: Engine) -> None:
    within: list[Any] = [Kind.NEW]
    within.append(within)
    around: dict[str, Any] = {"a": (1,)}
    around["string"] = around
    for value in (within, around):
        for account in holders(value):
            run(engine, account)
        assert [error.code for error in run(engine, {"json": value}).errors] == ["invalid"]
    shared = (Kind.NEW,)
    assert not run(engine, {"json": [shared, shared, {"a": shared}]}).errors
    assert is_json([[shared_list := [1]], shared_list, shared_list])


def deep(levels: int, inner: object, kind: str) -> object:
    for level in range(levels):
        if kind == "mixed":
            inner = ([inner], {"a": inner}, (inner,), collections.OrderedDict(a=inner))[level % 4]
        else:
            inner = {"list": [inner], "tuple": (inner,), "dict": {"a": inner}}[kind]
    return inner


@pytest.mark.parametrize(
    ("kind", "inner"), [("list", 1), ("dict", Decimal("1.5")), ("tuple", Kind.NEW), ("mixed", date(2020, 1, 1))]
)
def test_deeply_nested_values(engine: Engine, kind: str, inner: object) -> None:
    value = deep(10_000, inner, kind)
    for account in holders(value)[len(kind) % 4 :: 4]:
        run(engine, account)
    accepted = not run(engine, {"json": value}).errors
    assert accepted is (type(inner) is not date)
    market = validator_of("dk")
    assert not market.validate(value).ok
    assert market.process(value).status == 400
    for key in ("external_account_number", "customers", "notes", "metadata", "ledgers", "unknown"):
        market.validate({**good_account("dk"), key: value})


def with_unusual_types(value: Any, rng: random.Random) -> Any:
    """Convert a value to other types that have the same JSON text."""
    if isinstance(value, dict):
        converted = {rng.choice([str, Text])(key): with_unusual_types(inner, rng) for key, inner in value.items()}
        return rng.choice([dict, collections.OrderedDict])(converted)
    if isinstance(value, list):
        return rng.choice([list, tuple])(with_unusual_types(inner, rng) for inner in value)
    if isinstance(value, str):
        return rng.choice([value, Text(value), *enum.StrEnum("Made", {"X": value})])
    if type(value) is int:
        return rng.choice([value, Whole(value)])
    return value


@pytest.mark.parametrize("seed", range(15))
def test_accounts_of_unusual_types(market: str, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    account = good_account(market)
    if seed % 2:
        put(account, "customers.0.landline", "abcde")
        account["unknown"] = [1, {"a": "b"}]
    validator = validator_of(market)
    given: Any = with_unusual_types({"payload": account} if seed % 3 else account, rng)
    before = repr(given)
    assert validator.validate(given) == validator.validate(account)
    assert repr(given) == before


def test_results_do_not_depend_on_earlier_accounts() -> None:
    odd = {**good_account("dk"), "account_type": Kind.NEW, "notes": frozenset()}
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    first = validator.validate(odd)
    for _ in range(30):
        validator.validate(good_account("dk"))
    assert validator.validate(odd) == first


def test_account_number_is_compared_as_json_text(validator: premigrate.Validator, market: str) -> None:
    account = {**good_account(market), "external_account_number": Kind.NEW}
    assert (
        validator.process(account, imported={"NEW": None}).status
        == validator.process({**account, "external_account_number": "NEW"}, imported={"NEW": None}).status
    )
    with premigrate.Cohort() as cohort:
        cohort.add(account, "one", market)
        cohort.add({**account, "external_account_number": "NEW"}, "other", market)
        assert any(clash.code == "cohort:account_number_shared" for clash in cohort.clashes())


def test_plain_values_are_not_converted() -> None:
    for value in (None, "a", 1, 1.5, True):
        assert to_server_value(value) is value
    odd: tuple[object, ...] = (Kind.NEW, (), [()], {1: 1}, [{"a": {Kind.NEW: 1}}], b"")
    for each in odd:
        with pytest.raises(NotPlainError):
            to_server_value(each)
    exact = Decimal("1.50")
    assert to_server_value(exact, exact=True) is exact
    assert repr(to_server_value([copy.copy(exact)])) == "[1.5]"


@pytest.mark.parametrize("value", ["NaN", "-NaN", "sNaN", "Infinity", "-Infinity"])
def test_decimals_that_are_not_finite(value: str, engine: Engine) -> None:
    for field in ("decimal", "integer", "boolean", "json", "date"):
        assert len(run(engine, {field: Decimal(value)}).errors) == 1
    assert not is_json(to_plain([Decimal(value)], exact=False))
