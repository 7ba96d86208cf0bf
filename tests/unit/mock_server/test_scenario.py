"""Failure scripts are parsed, and mistakes in them are reported with their position."""

from contextlib import closing
from pathlib import Path

import pytest

from premigrate import BadArgument
from premigrate.engine.import_key import ImportKey
from premigrate.mock_server.scenario import ScriptedFailure, load_scenario, parse_failures
from premigrate.mock_server.server import MockServer
from premigrate.mock_server.store import Store
from tests.conftest import tenant_of


def test_load_scenario(tmp_path: Path) -> None:
    path = tmp_path / "script.toml"
    path.write_text('[[failure]]\naccount = "A-*"\nanswer = "broken"\ntimes = 2\n[[failure]]\nwait = 1\n', "utf-8")
    first, second = load_scenario(str(path))
    assert first == ScriptedFailure(account="A-*", answer="broken", times=2)
    assert first.matches("process", ImportKey("X", "A-1"))
    assert not first.matches("process", ImportKey("X", "B-1"))
    assert not first.matches("status", ImportKey("X", "A-1"))
    assert second.matches("process", ImportKey("X", "B-1"))
    path.write_text("", "utf-8")
    assert load_scenario(str(path)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\xff", "not UTF-8"),
        (b"[[failure]", "not TOML"),
        (b"failure = " + b"[" * 100_000, "not TOML: nested too deeply"),
        (b"[[failure]]\ntimes = " + b"9" * 5000, "not TOML: contains an integer"),
        (b"[[fialure]]\n", "there is no table 'fialure'"),
        (b"[failure]\n", "with two brackets"),
        (b'[[failure]]\nanswer = "broken"\n[[failure]]\ntims = 1\n', "failure 2 tims: unknown key"),
        (b'[[failure]]\nanswer = "broken"\ntimes = 0\n', "failure 1 times: Input should be greater"),
        (b'[[failure]]\nanswer = "broken"\ntimes = 9999999999\n', "failure 1 times: Input should be less"),
        (b"[[failure]]\n", "failure 1: answer, connection, lifecycle or wait is missing"),
        (b'[[failure]]\nanswer = "broken"\nlifecycle = "errored"\n', "answer and lifecycle together require"),
        (b'[[failure]]\nendpoint = "status"\nlifecycle = "errored"\n', "lifecycle requires endpoint"),
        (b"[[failure]]\nwait = 1e9\n", "failure 1 wait"),
        (b'[[failure]]\ncourse = "errored"\n', "failure 1 course: this key was renamed to lifecycle"),
    ],
)
def test_invalid_scripts_are_refused(text: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "script.toml").write_bytes(text)
    with pytest.raises(BadArgument, match=f"script.toml: .*{message}"):
        load_scenario(str(tmp_path / "script.toml"))


def test_missing_script(tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="cannot be read"):
        load_scenario(str(tmp_path / "script.toml"))


UNENCODABLE = {"lifecycle": "errored", "detail": "\ud800"}
"""JSON may contain a lone surrogate, which UTF-8 cannot encode."""


@pytest.mark.parametrize(
    "failures", [{"answer": "scheduled"}, {"answer": "x"}, {"lifecycle": "x"}, 7, None, [[]], UNENCODABLE]
)
def test_unknown_failures_are_refused(failures: object) -> None:
    with closing(Store()) as store:
        mock_server = MockServer([tenant_of("dk")], store)
        with pytest.raises(BadArgument):
            mock_server.failures.add(failures)
        with pytest.raises(BadArgument):
            MockServer([tenant_of("dk")], store, parse_failures(failures, "here"))


def test_script_resumes_and_another_one_starts_anew() -> None:
    store, first = Store(), [ScriptedFailure(answer="broken", times=2)]
    mock_server = MockServer([tenant_of("dk")], store, first)
    assert mock_server.process({}).response.status == 500
    restarted = MockServer([tenant_of("dk")], store, first)
    assert [restarted.process({}).response.status for _ in range(2)] == [500, 400]
    other = MockServer([tenant_of("dk")], store, [ScriptedFailure(answer="throttled", times=1)])
    assert [other.process({}).response.status for _ in range(2)] == [429, 400]
    other.reset()
    assert other.process({}).response.status == 429
    store.close()
