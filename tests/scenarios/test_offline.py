"""Only the mock server opens connections: no other command and no function of the library tries to."""

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
"""Modules that connect, or start processes; xml.sax imports urllib.request."""
ALLOWED = {
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
    """Return, by module, the names that it imports anywhere, and their packages."""
    trees = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}
    return {name: set(names_in(tree)) for name, tree in trees.items()}


def names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                yield from accumulate(f"{before}{alias.name}".split("."), "{}.{}".format)


def test_only_listed_modules_import_networking() -> None:
    found: dict[str, set[str]] = {}
    for name, names in imports().items():
        if matches := names & CONNECTING:
            found.setdefault(name if not name.startswith("mock_server/") else "mock_server", set()).update(matches)
    assert found == ALLOWED


def test_only_testing_imports_the_mock_server() -> None:
    importers = {name for name, names in imports().items() if "premigrate.mock_server" in names}
    assert {name for name in importers if not name.startswith("mock_server/")} == {"testing.py"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Inputs of every format, some with values that look like URLs."""
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


def test_command_and_workers_open_no_connection(folder: Path, tmp_path: Path) -> None:
    log, hooks = tmp_path / "log", tmp_path / "hooks"
    hooks.mkdir()
    script = OWN_WORKERS.format(events=EVENTS, starting=STARTING, log=str(log))
    (hooks / "sitecustomize.py").write_text(script, "utf-8")  # every Python that is started runs it
    env = {**os.environ, "PYTHONPATH": str(hooks)}
    probe = [sys.executable, "-c", "import socket; socket.socket()"]
    assert subprocess.run(probe, capture_output=True, check=False, env=env).returncode == 1, "the hook works"
    assert log.read_text().startswith("socket.__new__")
    log.unlink()
    outputs = [part for name in ("a.html", "a.sarif", "a.xml") for part in ("--output", str(tmp_path / name))]
    command = [sys.executable, "-m", "premigrate", "check", *DAY, "--jobs", "2", *outputs]
    command += ["--split", str(tmp_path / "sorted"), "--references", "examples/references", str(folder)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    assert completed.returncode == 4, completed.stderr
    assert "208 accounts checked" in completed.stdout
    assert not log.exists(), log.read_text()
    assert Path(f"{log}.workers").read_text().count("subprocess.Popen") == 2


@pytest.mark.slow  # test_purity checks a validator alone
def test_library_opens_no_connection(folder: Path) -> None:
    command = [sys.executable, "-c", WATCH % (EVENTS,) + LIBRARY, str(folder)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "[]\n", "")


def test_check_with_cached_rules_imports_no_networking(tmp_path: Path) -> None:
    """Without a cache, pydantic imports networking modules to look for plugins.

    So does python-stdnum, for online services that are not used here; the rules for Denmark don't need it.
    typing_extensions imports _socket for one of its types.
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
        completed = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)
    assert completed.stderr == "[]\n"


@pytest.mark.slow
def test_compare_opens_no_connection(tmp_path: Path) -> None:
    from tests.batch import run_all

    pairs = tmp_path / "recorded.ndjson"
    pairs.write_text("\n".join(json.dumps(recorded(account(number))) for number in range(9)), "utf-8")
    (result,) = run_all([["compare", "--write-overlay", tmp_path / "overlay.toml", pairs]], tmp_path)
    assert result.code == 0
