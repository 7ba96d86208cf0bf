"""Nothing but the mock server opens a connection: no command and no function of the library even tries."""

import ast
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
import yaml

from tests.batch import EVENTS, WATCH
from tests.command import unmeasured
from tests.payloads import ROOT, good_account, put
from tests.recordings import account, recorded
from tests.scenarios.test_command import DAY

SOURCE = ROOT / "src" / "premigrate"
CONNECTING = frozenset({
    "_posixsubprocess", "_socket", "_ssl", "aiohttp", "asyncio", "ctypes", "ftplib", "http", "httpx", "imaplib",
    "multiprocessing", "poplib", "pty", "requests", "select", "selectors", "smtplib", "socket", "socketserver", "ssl",
    "starlette", "subprocess", "telnetlib", "urllib.request", "urllib3", "uvicorn", "webbrowser", "wsgiref", "xmlrpc",
    "xml.sax",
})  # fmt: skip
"""Modules that connect, or start something that could; the last one imports urllib.request."""
MAY = {
    "batch/worker_pool.py": {"subprocess"},  # the workers of --jobs
    "mock_server": {"asyncio", "socket", "starlette", "uvicorn"},
}

OWN_WORKERS = """
import os, sys
def watch(event, args):
    if event.startswith({events!r}) and not (event in {starting!r} and "premigrate.batch.worker" in str(args)):
        with open({log!r}, "a") as log:
            print(event, args, file=log)
        raise RuntimeError(event)
    if event in {starting!r}:
        with open({log!r} + ".workers", "a") as log:
            print(event, file=log)
sys.addaudithook(watch)
"""
STARTING = ("subprocess.Popen", "os.fork", "os.posix_spawn")

LIBRARY = """
import datetime, json, pathlib, sys
import premigrate
from premigrate.describe.market import payload_schema
from premigrate.integrations.arrow import check_batch
import pyarrow as pa

day, folder = datetime.date(2026, 1, 31), pathlib.Path(sys.argv[1])
examples = [f"examples/{market}/{name}.json" for market in premigrate.markets() for name in ("good", "bad")]
texts = [pathlib.Path(example).read_text() for example in examples]
with premigrate.Cohort(memory=1) as cohort:
    for position, text in enumerate(texts * 20):
        cohort.add(json.loads(text), premigrate.Origin("a", position))
    assert list(cohort.clashes())
for market in premigrate.markets():
    validator = premigrate.Validator(market=market, as_of=day)
    assert len({validator.validate_json(text).ok for text in texts}) == 2
    validator.process(json.loads(texts[0]))
    list(validator.validate_many(map(json.loads, texts)))
payload_schema("pt")
assert len(list(premigrate.check_files([folder], as_of=day))) > 5
assert check_batch(pa.record_batch({"payload": texts}), as_of=day).num_rows == 4
print(touched)
"""


@cache
def imports() -> dict[str, set[str]]:
    """By module, all that it imports anywhere in it, and the packages of that."""
    trees = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}
    return {name: set(names_in(tree)) for name, tree in trees.items()}


def names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                yield from accumulate(f"{before}{alias.name}".split("."), "{}.{}".format)


def test_no_module_imports_what_connects_but_those_that_are_named() -> None:
    found: dict[str, set[str]] = {}
    for name, names in imports().items():
        if met := names & CONNECTING:
            found.setdefault(name if not name.startswith("mock_server/") else "mock_server", set()).update(met)
    assert found == MAY


def test_only_the_command_and_the_fixtures_of_the_stand_in_know_it() -> None:
    knowing = {name for name, names in imports().items() if "premigrate.mock_server" in names}
    assert {name for name in knowing if not name.startswith("mock_server/")} == {"testing.py"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Inputs of every kind, in some of which a value looks like an address to fetch."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    good = good_account("dk")
    bad = put(put(good_account("pt"), "customers.0.email", "x@localhost"), "customers.0.mobile", "//localhost/x")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    both = [json.dumps(each) for each in (good, bad)]
    (inputs / "one.json").write_text(both[0], "utf-8")
    (inputs / "array.json").write_text(f"[{', '.join(both)}]", "utf-8")
    (inputs / "lines.ndjson").write_text("\n".join(both * 100), "utf-8")
    (inputs / "packed.ndjson.gz").write_bytes(gzip.compress("\n".join(both).encode()))
    (inputs / "one.yaml").write_text(yaml.safe_dump(json.loads(both[1])), "utf-8")
    (inputs / "broken.json").write_text('{"$ref": "//localhost/x"', "utf-8")
    parquet.write_table(pa.table({"payload": both}), os.fspath(inputs / "table.parquet"))
    return inputs


def test_the_command_and_its_workers_connect_to_nothing(folder: Path, tmp_path: Path) -> None:
    log, hooks = tmp_path / "log", tmp_path / "hooks"
    hooks.mkdir()
    script = OWN_WORKERS.format(events=EVENTS, starting=STARTING, log=str(log))
    (hooks / "sitecustomize.py").write_text(script, "utf-8")  # is run by every Python that is started
    env = {**os.environ, "PYTHONPATH": str(hooks)}
    probe = [sys.executable, "-c", "import socket; socket.socket()"]
    assert subprocess.run(probe, capture_output=True, check=False, env=env).returncode == 1, "the hook holds"
    assert log.read_text().startswith("socket.__new__")
    log.unlink()
    outputs = [part for name in ("a.html", "a.sarif", "a.xml") for part in ("--output", str(tmp_path / name))]
    command = [sys.executable, "-m", "premigrate", "check", *DAY, "--jobs", "2", *outputs]
    command += ["--split", str(tmp_path / "sorted"), "--references", "examples/references", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    assert done.returncode == 4, done.stderr
    assert "208 accounts checked" in done.stdout
    assert not log.exists(), log.read_text()
    assert Path(f"{log}.workers").read_text().count("subprocess.Popen") == 2


@pytest.mark.slow  # test_purity holds the same of a validator alone
def test_the_library_connects_to_nothing(folder: Path) -> None:
    command = [sys.executable, "-c", WATCH % (EVENTS,) + LIBRARY, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_a_check_with_compiled_rules_does_not_even_load_what_connects(tmp_path: Path) -> None:
    """Without them, pydantic loads some of it, to look for plugins.

    So does python-stdnum, for services that are never asked here: the rules for Denmark don't need it. The module
    _socket is loaded by typing_extensions, which wants the type of something in it.
    """
    script = f"""
import sys
from premigrate.cli.main import main
sys.argv[1:] = ["check", "--as-of", "2026-01-31", "--output", {str(tmp_path / "report.xml")!r}, "examples/dk"]
try:
    main()
except SystemExit:
    modules = sys.modules
    loaded = [name for name in {sorted(CONNECTING - {"ctypes", "_socket"})!r} if name in modules]
    print(loaded, file=sys.stderr)
"""
    env = {**unmeasured(), "PREMIGRATE_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)
    assert done.stderr == "[]\n"


@pytest.mark.slow
def test_a_comparison_connects_to_nothing(tmp_path: Path) -> None:
    from tests.batch import run_all

    pairs = tmp_path / "recorded.ndjson"
    pairs.write_text("\n".join(json.dumps(recorded(account(number))) for number in range(9)), "utf-8")
    (done,) = run_all([["compare", "--write-overlay", tmp_path / "overlay.toml", pairs]], tmp_path)
    assert done.code == 0
