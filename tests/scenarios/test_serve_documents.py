"""Runs the commands, the test and the Python example of docs/serve.md, and checks that its tables are complete."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import httpx

from premigrate import Validator
from premigrate.api import engine_of
from premigrate.mock_server.command import serve
from premigrate.mock_server.existing_imports import load_imports
from premigrate.mock_server.scenario import ScriptedFailure
from premigrate.testing import run_mock_server
from tests.command import invoke as run
from tests.pages import blocks_of
from tests.payloads import AS_OF, ROOT, good_account

FILE = ROOT / "docs" / "serve.md"
PAGE = FILE.read_text("utf-8")
BLOCKS = blocks_of(FILE)
SHELL = [[shlex.split(line) for line in block.text.splitlines()] for block in BLOCKS if block.language == "shell"]
LOCAL = "http://127.0.0.1:8000"


def test_commands_work(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (script,) = [block for block in BLOCKS if block.file == "failures.toml"]
    (tmp_path / script.file).write_text(script.text, "utf-8")
    (install, start), (post,), (install_client, client), (asking,) = SHELL[:4]
    assert (install, install_client) == (["pip", "install", ".[serve]"], ["pip", "install", "httpx"])
    assert (start[0], client[0], asking[0]) == ("premigrate", "python", "curl")
    assert (post[0], post[1::2][:2]) == ("curl", ["--header", "--data"])
    (shown,) = [json.loads(block.text) for block in BLOCKS if block.language == "json" and not block.file]
    more = ["--speed", "50", "--database", "imports.db", "--scenario", script.file]
    start = [sys.executable, "-m", *("0" if word == "8000" else word for word in start), *more]
    with subprocess.Popen(start, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            url = server.stdout.readline().strip()
            httpx.delete(f"{url}/_premigrate/failures")  # the page shows the first request without failures
            headers = dict([post[2].split(": ")])
            content = (tmp_path / post[4].removeprefix("@")).read_bytes()
            imported = httpx.post(post[5].replace(LOCAL, url), headers=headers, content=content)
            command = [sys.executable, *client[1:-1], url]
            completed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            found = httpx.get(asking[1].replace(LOCAL, url)).json()
        finally:
            server.kill()
    assert (imported.status_code, imported.text) == (201, "{}")
    assert (completed.returncode, completed.stderr) == (0, "")
    assert completed.stdout.endswith("404 not_found\n")
    assert found["count"] == len(found["requests"]) > 1, "the walk-through is refused some times"
    assert (found.keys(), found["requests"][0].keys()) == (shown.keys(), shown["requests"][0].keys())
    assert (tmp_path / "imports.db").exists()


def test_recording_is_compared(tmp_path: Path) -> None:
    start, compare = SHELL[4]
    assert start[:2] == ["premigrate", "serve"]
    command = [sys.executable, "-m", *start, "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout
            url = server.stdout.readline().strip()
            httpx.post(f"{url}/v2/data-import/accounts/validate/", json=good_account("dk"))
        finally:
            server.kill()
    code, out, _ = run(*compare[1:], cwd=tmp_path)
    assert (code, out.splitlines()[-1]) == (0, "1 answer compared: 0 not as predicted")


def test_shown_client_imports_accounts(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    lines = [json.dumps({**good_account("dk"), "external_account_number": number}) for number in "ABC"]
    (tmp_path / "accounts.ndjson").write_text("\n".join(lines), "utf-8")
    with run_mock_server(market="dk", as_of=AS_OF, speed=100) as mock_server:
        words = [word.replace(LOCAL, mock_server.url) for word in SHELL[5][0]]
        assert words[0] == "python"
        completed = subprocess.run(
            [sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "3 imported, 0 failed\n", "")


def test_shown_imports_exist(tmp_path: Path) -> None:
    (shown,) = [block for block in BLOCKS if block.file == "imports.ndjson"]
    (tmp_path / shown.file).write_text(shown.text, "utf-8")
    existing = load_imports(str(tmp_path / shown.file))
    assert [(each.external_account_number, each.status) for each in existing] == [
        ("EXTERNAL-7", "PROCESSED"),
        ("EXTERNAL-8", "ERRORED"),
    ]


def test_shown_test_passes(tmp_path: Path) -> None:
    (test,) = [block for block in BLOCKS if block.file == "test_import.py"]
    (tmp_path / test.file).write_text(test.text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
        "-W",
        "error",
        str(tmp_path),
    ]
    completed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in completed.stdout, completed.stdout


def test_all_options_keys_and_lifecycles_are_documented() -> None:
    options = set(re.findall(r"`(--[\w-]+)", PAGE))
    assert {option for parameter in serve.params for option in parameter.opts} <= options
    words = set(re.findall(r"`(\w+)`", PAGE))
    assert set(ScriptedFailure.model_fields) <= words
    assert set(engine_of(Validator(market="dk", as_of=AS_OF)).program.responses.lifecycles) <= words
