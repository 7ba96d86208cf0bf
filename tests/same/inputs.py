"""Writes a folder of what premigrate reads wherever it is tried: accounts of all sorts, and unsound files."""

import gzip
import json
import random
import shutil
from pathlib import Path
from typing import Any

from benchmarks.accounts import texts

from tests.payloads import ROOT, good_account, put
from tests.recordings import differing

_COUNT = 50
_UNSOUND = {
    "comma.json": b'{"a": 1,}',
    "cut.json": b'{"customers": [{"given_name": "x"',
    "digits.json": b'{"transfer_balance": 1' + b"0" * 5000 + b"}",
    "empty.json": b"",
    "latin.json": '{"billing_name": "Gonçalo"}'.encode("latin-1"),
    "huge.json": b'{"import_supplier": "NORLYS", "transfer_balance": 1e999}',
    "lone.json": b'{"import_supplier": "NORLYS", "billing_name": "\\ud800"}',
    "nan.json": b'{"import_supplier": "NORLYS", "transfer_balance": NaN}',
    "quote.json": b"{'a': 1}",
    "words.json": b"This is no account.",
    "deep.json": b"[" * 3000,
    "tabs.yaml": b"a:\n\t- b\n",
    "anchor.yaml": b"a: *nobody\n",
    "tag.yaml": b"a: !!python/object:os.system x\n",
    "twice.yaml": b"import_supplier: NORLYS\nimport_supplier: NORLYS\nbilling_email: x\n",
    "colon.yaml": b"a: b: c\n",
}
_ODD: tuple[object, ...] = (
    *("+351 912 345 678", "+4587654321", "87 65 43 21", "+34612345678", "+16502530000", "\u0661\u0662", "12", "x", ""),
    *("ÅSE@EXAMPLE.ORG", "homer@simpson.com", "i\u0307@exämple.org", "\u0131I\u0130i", "ß" * 256, "\u2028", "🧾" * 3),
    *("2026-02-30", "2026-W05-1", "20260131", "31/01/2026", "2026-01-31T00:00:00+14:00", "2026-01-30T23:30:00-01:00"),
    *("1e3", "1_000", "\u0966", "-0", "\U00011f02", "\U0001fae8", "\u1c89", True, None, 0, -1, 1.5, [], {}, [None]),
    {"b": 1, "a": 2},
)
"""Some letters are of Unicode 15 and 16, which not every Python knows."""
_PLACES = {
    "pt": ("customers.0.landline", "billing_email", "account_type", "supply_addresses.0.unknown"),
    "dk": ("customers.0.mobile", "date_of_sale", "customers.0.given_name", "notes.0.created_at"),
}


def write_inputs(folder: Path) -> None:
    """Write all files below a folder, which there is."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    lines = [text for bad in (0.0, 0.5) for text in texts(_COUNT, 7, share_bad=bad)]
    put_bytes(folder / "accounts" / "many.ndjson", "\n".join([*lines, ""]).encode())
    odd = _odd_ones()
    put_bytes(folder / "accounts" / "odd.json", json.dumps(odd).encode())
    few = [*lines[-20:], *(json.dumps(each, ensure_ascii=False) for each in odd[::13])]
    put_bytes(folder / "few.ndjson", "\n".join(few).encode("utf-8", "surrogatepass"))
    put_bytes(folder / "accounts" / "Ærø" / "one.json", json.dumps(good_account("dk"), indent=1).encode())
    put_bytes(folder / "accounts" / "packed.json.gz", gzip.compress(f"[{','.join(lines[:9])}]".encode(), mtime=0))
    put_bytes(folder / "accounts" / "as.yaml", b"- " + b"\n- ".join(line.encode() for line in lines[-9:]) + b"\n")
    for name, content in _UNSOUND.items():
        put_bytes(folder / "broken" / name, content)
    put_bytes(folder / "recorded.json", json.dumps(differing()).encode())
    put_bytes(folder / "shuffled.ndjson", "\n".join(map(_shuffled, lines)).encode() + b"\n")
    put_bytes(folder / "tenant.yml", (ROOT / "tests" / "vectors" / "tenant.yml").read_bytes())
    put_bytes(folder / "wrong.toml", b'[market]\nextends = "pt"\n[object.x]\nabout = 3\n[[rule]]\nid = "a"\n[odd]\n')


def write_packed(folder: Path) -> None:
    """Write the files that only extras can read."""
    import pyarrow as pa
    from backports import zstd
    from pyarrow import parquet

    lines = (folder / "accounts" / "many.ndjson").read_bytes().splitlines()[-60:]
    put_bytes(folder / "extras" / "many.ndjson.zst", zstd.compress(b"\n".join(lines)))
    parquet.write_table(pa.table({"payload": [line.decode() for line in lines]}), folder / "extras" / "many.parquet")


def put_bytes(path: Path, content: bytes) -> None:
    """Write a file, and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _odd_ones() -> list[Any]:
    """Put each odd value at one place after the other of good accounts; some of these are wrapped."""
    places = [(market, place) for market, some in _PLACES.items() for place in some]
    made = [put(good_account(market), place, odd) for odd in _ODD for market, place in places]
    return [{"payload": each} if number % 7 == 0 else each for number, each in enumerate(made)]


def _shuffled(line: str) -> str:
    return json.dumps(_other_order(json.loads(line), random.Random(line)), ensure_ascii=False)  # noqa: S311


def _other_order(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: _other_order(value[key], rng) for key in rng.sample(list(value), len(value))}
    return [_other_order(each, rng) for each in value] if isinstance(value, list) else value
