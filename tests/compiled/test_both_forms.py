"""Tests of the compiled engine: it writes the same bytes as pure Python. Run by `make test-compiled`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.accounts import account_texts

from premigrate.compiled_form import installed_build
from premigrate.engine import readers
from tests.payloads import ROOT

FOLDER = os.environ.get("PREMIGRATE_COMPILED", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="make test-compiled compiles the engine for it")

SCRIPT = """
import copy, random
from premigrate.engine.engine import Engine
from premigrate.compiler.program import compile_program
from tests.oracle.mutations import payload
from tests.payloads import AS_OF, good_account
from tests.property.test_everything_on import everything_on
from tests.shaken import shaken

for market in ("dk", "pt"):
    ruleset = everything_on(market)
    engine = Engine(compile_program(ruleset))
    rng = random.Random(f"forms {market}")
    for _ in range(400):
        account = shaken(payload(ruleset, good_account(market), rng), rng, 0.1)
        print(ascii(engine.run(account, AS_OF)))
"""
"""Prints the results of the engine for random accounts with all rules on, with values that JSON can't express."""


def run_in(folder: str | Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (folder, ROOT))), "PREMIGRATE_CACHE_DIR": ""}
    return subprocess.run([sys.executable, *arguments], capture_output=True, check=False, cwd=ROOT, env=environment)


def test_compiled_engine_is_imported() -> None:
    assert installed_build() == "compiled"
    assert Path(str(readers.__file__)).is_relative_to(FOLDER)


@pytest.mark.parametrize("output", ["text", "json", "ndjson", "sarif"])
def test_both_builds_write_the_same_bytes(output: str, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.ndjson"
    lines = [json.dumps(json.loads(text)) for text in account_texts(200, 7, share_bad=0.5, markets=("dk", "pt"))]
    accounts.write_text("\n".join(lines), "utf-8")
    command = ("-m", "premigrate", "check", "--as-of", "2026-01-31", "--format", output, str(accounts))
    pure, compiled = run_in(ROOT / "src", *command), run_in(FOLDER, *command)
    assert pure.returncode == 1
    assert pure.stdout
    assert (compiled.returncode, compiled.stdout, compiled.stderr) == (pure.returncode, pure.stdout, pure.stderr)


SUBINTERPRETER = """
try:
    import _interpreters as interpreters  # from Python 3.13 on
except ImportError:
    import _xxsubinterpreters as interpreters
number = interpreters.create()
script = '''
try:
    import premigrate.api
except ImportError as error:
    print(error)
else:
    print("imported")
'''
interpreters.run_string(number, script)
"""


@pytest.mark.parametrize(("folder", "message"), [("src", b""), (FOLDER, b"cannot be loaded in a subinterpreter")])
def test_only_the_compiled_build_refuses_a_subinterpreter(folder: str, message: bytes) -> None:
    result = run_in(ROOT / folder, "-c", SUBINTERPRETER)
    assert (result.returncode, result.stderr) == (0, b"")
    assert message in result.stdout if message else result.stdout == b"imported\n"


def test_both_builds_give_the_same_results_for_random_accounts() -> None:
    pure, compiled = run_in(ROOT / "src", "-c", SCRIPT), run_in(FOLDER, "-c", SCRIPT)
    assert (pure.returncode, pure.stderr) == (0, b"")
    assert pure.stdout.count(b"\n") == 800
    assert compiled.stdout == pure.stdout
