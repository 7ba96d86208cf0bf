"""Validators, checkers and readers of cohorts never change; they can be copied, pickled, and shared."""

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

OVERLAY = {"market": {"extends": "dk"}, "off": {"deprecated-field": "Known.", "deprecated-field-replaced": "Known."}}
REFERENCES: dict[str, Any] = {"ledger_codes": ["ELECTRICITY"]}
MORE: dict[str, dict[str, Any]] = {
    "plain": {},
    "overlay": {"overlay": OVERLAY},
    "references": {"references": REFERENCES},
    "both": {"overlay": OVERLAY, "references": REFERENCES},
}
WAYS: dict[str, Callable[[Any], Any]] = {
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


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("more", MORE)
def test_copies_of_a_validator(way: str, more: str) -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF, **MORE[more])
    made = WAYS[way](validator)
    assert (made.market, made.as_of, made.not_checked) == (validator.market, validator.as_of, validator.not_checked)
    assert [made.validate(each) for each in accounts()] == [validator.validate(each) for each in accounts()]
    assert made.on_day(date(2020, 1, 1)).as_of == date(2020, 1, 1)
    assert made.import_status(None) == validator.import_status(None)
    assert made.process(good_account("dk")) == validator.process(good_account("dk"))


@pytest.mark.parametrize("way", WAYS)
def test_copies_of_a_cached_validator(way: str) -> None:
    validator = CachedValidator(market="dk", as_of=AS_OF)
    made = WAYS[way](validator)
    assert type(made) is CachedValidator
    assert [made.validate(each) for each in accounts()] == [validator.validate(each) for each in accounts()]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("more", MORE)
def test_copies_of_a_checker(way: str, more: str) -> None:
    given: dict[str, Any] = {**MORE[more], "market": "dk"} if more != "plain" else {}
    checker = TableChecker(as_of=AS_OF, **given)
    made = WAYS[way](checker)
    batch = pa.RecordBatch.from_pydict({"payload": [json.dumps(each) for each in accounts()]})
    assert made.check(batch) == checker.check(batch)
    assert made.not_checked == checker.not_checked
    assert made.result_schema(batch.schema) == checker.result_schema(batch.schema)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("more", MORE)
def test_copies_of_a_cohort_reader(way: str, more: str) -> None:
    reader = KeyExtractor(market="dk", **MORE[more])
    made = WAYS[way](reader)
    assert [made.extract(each, "one") for each in accounts()] == [reader.extract(each, "one") for each in accounts()]
    assert made.not_checked == reader.not_checked


def test_nothing_can_be_set_by_accident() -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    for name, value in (("as_of", date(2020, 1, 1)), ("market", "pt"), ("not_checked", {})):
        with pytest.raises(AttributeError):
            setattr(validator, name, value)


def mappings() -> list[Mapping[str, object]]:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    checker = TableChecker(as_of=AS_OF)
    with premigrate.Cohort(market="dk") as cohort:
        found: list[Mapping[str, object]] = [cohort.not_checked, cohort.extractor.clash_messages]
    reader = KeyExtractor(market="dk")
    return [*found, validator.not_checked, checker.not_checked, checker.not_checked["dk"], reader.not_checked]


@pytest.mark.parametrize("number", range(6))
def test_what_is_not_checked_cannot_be_changed(number: int) -> None:
    mapping: Any = mappings()[number]
    before = dict(mapping)
    with pytest.raises(TypeError):
        mapping["x"] = ()
    with pytest.raises(AttributeError):
        mapping.clear()
    assert mappings()[number] == before


def test_what_a_caller_does_to_answers_stays_with_the_caller() -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    before = validator.import_status(None)
    validator.import_status(None).body["x"] = 1
    validator.validate(good_account("dk")).response.body["x"] = 1
    assert validator.import_status(None) == before
    assert validator.validate(good_account("dk")).response.body == {}


@pytest.mark.parametrize("day", ["2026-01-31", None, 5, datetime(2026, 1, 31), True])
def test_the_day_is_checked_wherever_it_is_given(day: Any) -> None:
    validator = validator_of("dk")
    with pytest.raises(premigrate.BadArgument) as told:
        premigrate.Validator(market="dk", as_of=day)
    with pytest.raises(premigrate.BadArgument) as other:
        validator.on_day(day)
    assert str(told.value) == str(other.value)
    assert validator.as_of == AS_OF


def test_another_day_is_another_validator() -> None:
    validator = premigrate.Validator(market="dk", as_of=AS_OF)
    other = validator.on_day(date(2000, 1, 1))
    assert (validator.as_of, other.as_of) == (AS_OF, date(2000, 1, 1))
    assert validator.validate(good_account("dk")).ok
    assert not other.validate(good_account("dk")).ok  # its days are to come


def test_payloads_leave_nothing_behind_in_what_is_known_of_fields(market: str) -> None:
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
warnings.simplefilter("ignore")  # newer Pythons warn of any fork beside a thread
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
def test_a_forked_process_shares_a_validator_that_a_thread_uses() -> None:
    """In a process of its own without coverage, whose lock a fork beside a thread may leave locked."""
    command = [sys.executable, "-c", FORKING]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=unmeasured(), timeout=60)
    assert (done.returncode, done.stdout) == (0, "[0, 0, 0, 0, 0]\n"), done.stderr
