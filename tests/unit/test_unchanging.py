"""Validators, checkers and key extractors are immutable, and can be copied, pickled and shared."""

import copy
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

import premigrate
from premigrate.api import CachedValidator
from premigrate.cohort.api import KeyExtractor
from premigrate.engine.engine import Engine
from premigrate.engine.field_info import FieldInfo
from premigrate.integrations.arrow import TableChecker
from tests.command import unmeasured
from tests.conftest import validator_of
from tests.payloads import AS_OF, ROOT, good_account, put

OVERLAY = {
    "market": {"extends": "dk"},
    "disabled": {"unknown-field": "Known."},
    "enabled": {"deprecated-field": "Known."},
}
REFERENCES: dict[str, Any] = {"ledger_codes": ["ELECTRICITY"]}
OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "overlay": {"overlay": OVERLAY},
    "references": {"references": REFERENCES},
    "both": {"overlay": OVERLAY, "references": REFERENCES},
}
COPIERS: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301
    "oldest pickle": lambda value: pickle.loads(pickle.dumps(value, 0)),  # noqa: S301
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def accounts() -> list[Any]:
    return [
        good_account("dk"),
        put(good_account("dk"), "customers.0.landline", "abcde"),
        put(good_account("dk"), "ledgers.0.ledger_code", "OTHER"),
        {"payload": {**good_account("dk"), "unknown": 1}},
        7,
    ]


@pytest.mark.parametrize("copier", COPIERS)
@pytest.mark.parametrize("options", OPTIONS)
def test_copies_of_a_validator(copier: str, options: str) -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF, **OPTIONS[options])
    copied = COPIERS[copier](validator)
    assert (copied.market, copied.as_of, copied.not_checked) == (
        validator.market,
        validator.as_of,
        validator.not_checked,
    )
    assert [copied.validate(each) for each in accounts()] == [validator.validate(each) for each in accounts()]
    assert copied.on_day(date(2020, 1, 1)).as_of == date(2020, 1, 1)
    assert copied.import_status(None) == validator.import_status(None)
    assert copied.process(good_account("dk")) == validator.process(good_account("dk"))


@pytest.mark.parametrize("copier", COPIERS)
def test_copies_of_a_cached_validator(copier: str) -> None:
    validator = CachedValidator(market="dk", as_of=AS_OF)
    copied = COPIERS[copier](validator)
    assert type(copied) is CachedValidator
    assert [copied.validate(each) for each in accounts()] == [validator.validate(each) for each in accounts()]


@pytest.mark.parametrize("copier", COPIERS)
@pytest.mark.parametrize("options", OPTIONS)
def test_copies_of_a_checker(copier: str, options: str) -> None:
    given: dict[str, Any] = {**OPTIONS[options], "market": "dk"} if options != "plain" else {}
    checker = TableChecker(as_of=AS_OF, **given)
    copied = COPIERS[copier](checker)
    batch = pa.RecordBatch.from_pydict({"payload": [json.dumps(each) for each in accounts()]})
    assert copied.check(batch) == checker.check(batch)
    assert copied.not_checked == checker.not_checked
    assert copied.result_schema(batch.schema) == checker.result_schema(batch.schema)


@pytest.mark.parametrize("copier", COPIERS)
@pytest.mark.parametrize("options", OPTIONS)
def test_copies_of_a_key_extractor(copier: str, options: str) -> None:
    extractor = KeyExtractor(market="dk", **OPTIONS[options])
    copied = COPIERS[copier](extractor)
    assert [copied.extract(each, "one") for each in accounts()] == [
        extractor.extract(each, "one") for each in accounts()
    ]
    assert copied.not_checked == extractor.not_checked


def test_attributes_are_read_only() -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    for name, value in (("as_of", date(2020, 1, 1)), ("market", "pt"), ("not_checked", {})):
        with pytest.raises(AttributeError):
            setattr(validator, name, value)


def mappings() -> list[Mapping[str, object]]:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    checker = TableChecker(as_of=AS_OF)
    with premigrate.Cohort(market="dk") as cohort:
        found: list[Mapping[str, object]] = [cohort.not_checked, cohort.extractor.clash_messages]
    extractor = KeyExtractor(market="dk")
    return [*found, validator.not_checked, checker.not_checked, checker.not_checked["dk"], extractor.not_checked]


@pytest.mark.parametrize("number", range(6))
def test_mappings_are_read_only(number: int) -> None:
    mapping: Any = mappings()[number]
    before = dict(mapping)
    with pytest.raises(TypeError):
        mapping["x"] = ()
    with pytest.raises(AttributeError):
        mapping.clear()
    assert mappings()[number] == before


def test_changes_to_a_response_do_not_affect_others() -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    before = validator.import_status(None)
    validator.import_status(None).body["x"] = 1
    validator.validate(good_account("dk")).response.body["x"] = 1
    assert validator.import_status(None) == before
    assert validator.validate(good_account("dk")).response.body == {}


@pytest.mark.parametrize("day", ["2026-01-31", None, 5, datetime(2026, 1, 31), True])
def test_invalid_day_is_refused_everywhere(day: Any) -> None:
    validator = validator_of("dk")
    with pytest.raises(premigrate.BadArgument) as first:
        premigrate.Validator(market="dk", as_of=day)
    with pytest.raises(premigrate.BadArgument) as second:
        validator.on_day(day)
    assert str(first.value) == str(second.value)
    assert validator.as_of == AS_OF


def test_on_day_returns_a_new_validator() -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    other = validator.on_day(date(2000, 1, 1))
    assert (validator.as_of, other.as_of) == (AS_OF, date(2000, 1, 1))
    assert validator.validate(good_account("dk")).ok
    assert not other.validate(good_account("dk")).ok  # its dates are in the future


def test_cache_of_field_info_does_not_grow_with_payloads(market: str) -> None:
    engine: Engine = validator_of(market)._engine
    info = FieldInfo(engine.program)
    places: list[Any] = [("customers", number, "landline") for number in range(1000)]
    places += [(f"k{number}", "a", number) for number in range(5000)]
    places += [("customers", 0, f"k{number}") for number in range(5000)]
    expected = [info.is_personal(place) for place in places]
    assert len(info._personal) == 1
    assert [info.is_personal(place) for place in places] == expected
    assert expected[0]
    assert all(expected[1000:])


def test_threads_share_a_validator(market: str) -> None:
    account = put(good_account(market), "customers.0.email", "a@")
    expected = premigrate.Validator(market=market, as_of=AS_OF).validate(account)
    validator = CachedValidator(market=market, as_of=AS_OF)
    found: list[object] = []

    def check() -> None:
        found.extend(validator.validate(account) for _ in range(5))

    threads = [threading.Thread(target=check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 40


FORKING = """
import os, sys, threading, warnings
import premigrate
from tests.payloads import AS_OF, good_account

validator = premigrate.Validator(market="dk", as_of=AS_OF)
account, stop = good_account("dk"), threading.Event()

def check():
    while not stop.is_set():
        validator.validate(account)

thread = threading.Thread(target=check)
thread.start()
warnings.simplefilter("ignore")  # newer Pythons warn about a fork while threads run
codes = []
for _ in range(5):
    child = os.fork()
    if not child:
        os._exit(0 if validator.validate(account).ok else 1)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
stop.set()
thread.join()
print(codes)
"""


@pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="there is no fork")
def test_forked_process_can_use_a_validator_that_threads_use() -> None:
    """Run a process without coverage, because a fork while threads run may leave its lock held."""
    command = [sys.executable, "-c", FORKING]
    completed = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=unmeasured(), timeout=60
    )
    assert (completed.returncode, completed.stdout) == (0, "[0, 0, 0, 0, 0]\n"), completed.stderr
