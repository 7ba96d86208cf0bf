"""Hostile inputs: each gets an answer, never a traceback, and takes bounded memory."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.report.outputs import FORMATS
from tests.command import invoke
from tests.conftest import validator_of
from tests.payloads import AS_OF, good_account
from tests.scenarios.test_linear import places, with_value
from tests.zstandard import zstd

DEEP = 100_000
WIDE = 100_000


def deep(kind: str, levels: int = DEEP) -> Any:
    """Return nested lists or objects."""
    value: Any = 1
    for _ in range(levels):
        value = [value] if kind == "list" else {"a": value}
    return value


CYCLE: dict[str, Any] = {}
CYCLE["a"] = [CYCLE]
VALUES: dict[str, Any] = {
    "deep lists": deep("list", DEEP // 50),
    "deep objects": deep("object", DEEP // 50),
    "circle": CYCLE,
    "wide list": [1] * 2_000,
    "wide object": {f"k{number}": number for number in range(2_000)},
    "huge integer": 10**10_000,
    "huge negative integer": -(10**10_000),
    "longest integer": 10**4_299,
    "huge decimal": Decimal("1e999999999"),
    "tiny decimal": Decimal("1e-999999999"),
    "signalling": Decimal("sNaN"),
    "not a number": float("nan"),
    "infinity": float("-inf"),
    "minus zero": -0.0,
    "surrogates": "\ud800\udfff",
    "nul": "\0",
    "bidi": "\u202e\u2066abc\u2069",
    "zero width": "\u200b\u200d\ufeff",
    "combining": "a" + "\u0301" * 10_000,
    "braces": "{value}{0}{}{input.__class__}",
    "bytes": b"abc",
    "tuple": (1, 2),
    "keys": {1: 2, None: 3, (1,): 4},
}


@pytest.mark.parametrize("kind", ["list", "object"])
def test_very_deep_value(market: str, kind: str) -> None:
    validator, value = validator_of(market), deep(kind)
    for account in (value, {"metadata": value}, {"customers": [value]}, {"import_supplier": value}):
        assert validator.validate(account).response.status == 400


@pytest.mark.parametrize("name", VALUES)
def test_hostile_value_in_every_field(market: str, name: str) -> None:
    validator = validator_of(market)
    assert validator.validate(VALUES[name]).response.status == 400
    reader = premigrate.KeyExtractor()
    for path, _ in list(places(good_account(market)))[1:]:
        account = with_value(market, path, VALUES[name])
        result = validator.validate(account)
        json.dumps(result.response.body)
        reader.extract(account, "a", market)


BIG = 10_000_000


LETTERS = ("x", "0", " ", "\u202e", "\ud800", "\0")


@pytest.mark.parametrize("letter", LETTERS)
def test_long_text_in_every_field(market: str, letter: str) -> None:
    check_long(market, letter, BIG // 50)


@pytest.mark.slow
@pytest.mark.parametrize("letter", LETTERS)
def test_ten_megabytes_in_every_field(market: str, letter: str) -> None:
    check_long(market, letter, BIG)


def check_long(market: str, letter: str, size: int) -> None:
    """Validate an account with a long text in all fields."""
    account: Any = good_account(market)
    for path, value in list(places(account))[1:]:
        if not isinstance(value, dict | list):
            parent = account
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = letter * size
    result = validator_of(market).validate(account)
    assert len(result.errors) > 5


JSON_TEXTS: dict[str, bytes] = {
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "open lists": b"[" * DEEP,
    "open objects": b'{"a":' * DEEP,
    "nearly too deep": b'{"metadata":' + b"[" * 985 + b"]" * 985 + b"}",
    "deep in a free field": b'{"metadata":[{"key":"a","value":' + b"[" * 900 + b"]" * 900 + b"}]}",
    "wide": b"{" + b",".join(b'"k%d":1' % number for number in range(WIDE)) + b"}",
    "wide lists": json.dumps({key: [{}] * 10_000 for key in good_account("dk")}).encode(),
    "repeated": b'{"a":1' + b',"a":1' * WIDE + b"}",
    "huge integer": b'{"a":' + b"9" * 1_000_000 + b"}",
    "huge exponent": b'{"a":1e999999999999,"b":-1e-999999999999}',
    "constants": b'{"a":NaN,"b":Infinity,"c":-Infinity}',
    "minus zero": b'{"transfer_balance":-0,"x":-0.0}',
    "surrogates": b'{"import_supplier":"\\ud800","\\udfff":"\\ud83d"}',
    "raw surrogates": b'{"a":"\xed\xa0\x80"}',
    "nul": b'{"a":"\0"}',
    "nul outside": b"\0{}",
    "bidi": '{"import_supplier":"\u202eDK"}'.encode(),
    "marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "utf-16": '{"a":1}'.encode("utf-16"),
    "empty": b"",
    "only spaces": b" " * 1_000_000,
    "long string": b'{"import_supplier":"' + b"x" * BIG + b'"}',
    "many escapes": b'{"import_supplier":"' + b"\\u0041" * (BIG // 6) + b'"}',
}

YAML_TEXTS: dict[str, bytes] = {
    "aliases": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    "itself": b"&a [*a]",
    "deep flow": b"[" * DEEP,
    "deep objects": b"{a: " * DEEP,
    "deep dashes": b"- " * DEEP,
    "deep questions": b"? " * DEEP,
    "deep block": b"\n".join(b" " * number + b"a:" for number in range(2_000)),
    "tags": b"!!python/object/apply:os.system [true]",
    "directives": b"%TAG ! tag:x,2000:\n" * 1_000,
    "documents": b"---\n" * 10_000,
    "wide": b"\n".join(b"k%d: 1" % number for number in range(20_000)),
    "huge integer": b"a: " + b"9" * 1_000_000,
    "numbers": b"a: .inf\nb: .nan\nc: 0x1\n",
    "long string": b"import_supplier: " + b"x" * BIG,
    "merge": b"<<: {a: 1}\na: 2\n",
    "nul": b"a: \0",
    "broken": b"\xff\xfea: 1",
    "long key": b"k" * 2_000_000 + b": 1",
}

OTHER_FILES: dict[str, bytes] = {
    "closed.json": b"[" + b"}" * 2_000,
    "commas.json": b"[" + b"," * 2_000 + b"]",
    "braces.json": b"[" + b"{" * 1_000_000,
    "open.ndjson": b"{\n" * 1_000,
    "empty.ndjson": b"\n" * 1_000_000,
    "long.ndjson": b"x" * (40 << 20),
    "cut.json.gz": gzip.compress(b'{"a":1}')[:-5],
    "twice.json.gz": gzip.compress(gzip.compress(b"{}")),
    "members.ndjson.gz": gzip.compress(b"\n") * 10_000,
    "cut.json.zst": zstd.compress(b'{"a":1}')[:-5],
    "members.ndjson.zst": zstd.compress(b"\n") * 10_000,
    "nothing.parquet": b"PAR1" * 100,
}


def checked(path: Path) -> list[premigrate.AccountResult]:
    return list(premigrate.check_files([path], as_of=AS_OF, market="dk"))


@pytest.mark.parametrize("name", [*JSON_TEXTS, *(f"{name} (yaml)" for name in YAML_TEXTS), *OTHER_FILES])
def test_hostile_file(tmp_path: Path, name: str) -> None:
    is_yaml = name.endswith(" (yaml)")
    content = (
        YAML_TEXTS[name.removesuffix(" (yaml)")] if is_yaml else JSON_TEXTS.get(name) or OTHER_FILES.get(name, b"")
    )
    file = tmp_path / (name if name in OTHER_FILES else "account.yaml" if is_yaml else "account.json")
    file.write_bytes(content)
    for each in checked(file):
        assert (each.result is None) != (each.problem is None)
        assert each.result is None or not each.result.ok
        assert each.problem is None or len(str(each.problem)) < 1_000


COMMANDS = ("deep objects", "surrogates", "huge integer", "nul", "bidi", "deep in a free field", "repeated")


@pytest.mark.parametrize("name", COMMANDS)
def test_command_reports_hostile_files_in_every_format(tmp_path: Path, name: str) -> None:
    file = tmp_path / "account.json"
    file.write_bytes(JSON_TEXTS[name])
    outputs = [f"--output={each}:{tmp_path / each}" for each in FORMATS]
    code, _, err = invoke("check", "--market", "dk", "--show-values", *outputs, file)
    assert code in {1, 4}
    assert "Traceback" not in err
    assert "internal error" not in err
    assert all((tmp_path / each).stat().st_size for each in FORMATS)


def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PREMIGRATE_CACHE_DIR": ""}
    return subprocess.run(command, capture_output=True, check=False, timeout=300, env=environment, **options)


_MEMORY = """
import re
from pathlib import Path

def peak():  # of this process only: getrusage includes that of the parent
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) >> 10
"""
_PEAK = f"""{_MEMORY}
import sys, premigrate
from datetime import date
for file in sys.argv[1:]:
    for _ in premigrate.check_files([file], as_of=date(2026, 1, 31), market="dk"):
        pass
    print(peak())
"""

BOMBS: dict[str, Callable[[int], bytes]] = {
    "bomb.ndjson.gz": lambda size: gzip.compress(b" " * size, 1),
    "bomb.json.gz": lambda size: gzip.compress(b"[" + b" " * size, 1),
    "bomb.yaml.gz": lambda size: gzip.compress(b"a" * size, 1),
    "text.json.gz": lambda size: gzip.compress(b"x" * size, 1),
    "bomb.ndjson.zst": lambda size: zstd.compress(b" " * size),
    "bomb.json.zst": lambda size: zstd.compress(b"[" + b" " * size),
    "bomb.yaml.zst": lambda size: zstd.compress(b"a" * size),
}
QUICK = ("bomb.ndjson.gz", "text.json.gz", "bomb.ndjson.zst")


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in BOMBS]
)
def test_memory_does_not_grow_with_decompression_bombs(tmp_path: Path, name: str) -> None:
    small, large = tmp_path / f"1-{name}", tmp_path / f"2-{name}"
    small.write_bytes(BOMBS[name](24 << 20))
    large.write_bytes(BOMBS[name](128 << 20))
    result = run([sys.executable, "-c", _PEAK, str(small), str(large)])
    assert result.returncode == 0, result.stderr
    before, after = map(int, result.stdout.split())
    assert after < before + 64, "it is decompressed into memory"


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
def test_source_map_beside_a_long_string_takes_little_memory() -> None:
    """Each character of the string once took a hundred bytes."""
    code = f"""{_MEMORY}
from premigrate.documents.json_text import read_json
text = '{{"a":"' + "x\\\\n" * 3_000_000 + '","b":1}}'
document = read_json(text)
before = peak()
assert document.source_map([("b",)]).has(("b",))
print(peak() - before)
"""
    result = run([sys.executable, "-c", code])
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 60


@pytest.mark.slow
def test_million_keys_and_million_items() -> None:
    validator = validator_of("dk")
    wide = "{" + ",".join(f'"k{number}":1' for number in range(1_000_000)) + "}"
    assert len(validator.validate_json(wide).advice) >= 1_000_000
    for key, value in good_account("dk").items():
        if isinstance(value, list):
            assert validator.validate(with_value("dk", (key,), [{}] * 1_000_000)).errors
