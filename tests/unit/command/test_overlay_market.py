"""An overlay says which market it extends, and no command needs to be told once more."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from premigrate.cli.group import commands
from premigrate.exceptions import BadArgument
from tests.recordings import account, recorded, tenant

OVERLAY = """\
[market]
extends = "pt"

[off]
email-not-test = "The tenant takes them."
"""


@pytest.fixture
def overlay(tmp_path: Path) -> str:
    file = tmp_path / "overlay.toml"
    file.write_text(OVERLAY, "utf-8")
    return str(file)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(commands, [*arguments])


@pytest.mark.parametrize(
    "command",
    [["rules"], ["rules", "--lists"], ["rules", "--format", "json"], ["schema"], ["explain", "email-not-test"]],
)
def test_the_overlay_says_the_market(command: list[str], overlay: str) -> None:
    done = invoke(*command, "--overlay", overlay)
    assert done.exit_code == 0, done.output
    assert done.stdout == invoke(*command, "--market", "pt", "--overlay", overlay).stdout


def test_what_is_shown_is_as_the_overlay_has_it(overlay: str) -> None:
    assert (
        "email-not-test does not hold in pt: The tenant takes them."
        in invoke("explain", "email-not-test", "--overlay", overlay).stdout
    )
    assert "holds in pt" not in invoke("explain", "email-not-test", "--overlay", overlay).stdout
    plain = invoke("explain", "email-not-test", "--market", "pt").stdout
    assert "does not hold in pt" not in plain
    assert json.loads(invoke("rules", "--overlay", overlay, "--format", "json").stdout)["validations"]


def test_compare_takes_it_too(overlay: str, tmp_path: Path) -> None:
    """Nothing in the payload tells the market."""
    pair = recorded({key: value for key, value in account(1).items() if key != "import_supplier"}, tenant())
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps(pair), "utf-8")
    assert invoke("compare", str(file)).exit_code == 4
    done = invoke("compare", "--overlay", overlay, str(file))
    assert (done.exit_code, "1 answer compared" in done.stdout, done.stderr) == (0, True, ""), done.output


def test_compare_says_where_payloads_are_of_another_market(overlay: str, tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps(recorded({**account(1), "import_supplier": "NORLYS"})), "utf-8")
    done = invoke("compare", "--overlay", overlay, str(file))
    assert f"{file}, account 0: import_supplier tells of the market dk, not pt" in done.stderr


@pytest.mark.parametrize("command", [["rules"], ["schema"], ["explain", "email-not-test"]])
def test_an_overlay_that_does_not_say_it_is_a_mistake(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "overlay.toml"
    file.write_text("[off]\nemail-not-test = 'x'\n", "utf-8")
    done = invoke(*command, "--overlay", str(file))
    assert isinstance(done.exception, SystemExit | BadArgument)
    assert "--market" in f"{done.exception} {done.stderr}"
