"""Commands take the market from the overlay."""

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

[disabled]
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
def test_market_comes_from_the_overlay(command: list[str], overlay: str) -> None:
    result = invoke(*command, "--overlay", overlay)
    assert result.exit_code == 0, result.output
    assert result.stdout == invoke(*command, "--market", "pt", "--overlay", overlay).stdout


def test_output_reflects_the_overlay(overlay: str) -> None:
    assert (
        "email-not-test does not apply in pt: The tenant takes them."
        in invoke("explain", "email-not-test", "--overlay", overlay).stdout
    )
    assert "holds in pt" not in invoke("explain", "email-not-test", "--overlay", overlay).stdout
    plain = invoke("explain", "email-not-test", "--market", "pt").stdout
    assert "does not apply in pt" not in plain
    assert json.loads(invoke("rules", "--overlay", overlay, "--format", "json").stdout)["validations"]


def test_compare_takes_the_market_from_the_overlay(overlay: str, tmp_path: Path) -> None:
    """The payload itself does not identify the market."""
    pair = recorded({key: value for key, value in account(1).items() if key != "import_supplier"}, tenant())
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps(pair), "utf-8")
    assert invoke("compare", str(file)).exit_code == 4
    result = invoke("compare", "--overlay", overlay, str(file))
    assert (result.exit_code, "1 answer compared" in result.stdout, result.stderr) == (0, True, ""), result.output


def test_compare_reports_payloads_of_another_market(overlay: str, tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps(recorded({**account(1), "import_supplier": "NORLYS"})), "utf-8")
    result = invoke("compare", "--overlay", overlay, str(file))
    assert f"{file}, account 0: import_supplier belongs to the market dk, but pt was chosen" in result.stderr


@pytest.mark.parametrize("command", [["rules"], ["schema"], ["explain", "email-not-test"]])
def test_overlay_without_a_market_is_an_error(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "overlay.toml"
    file.write_text("[disabled]\nemail-not-test = 'x'\n", "utf-8")
    result = invoke(*command, "--overlay", str(file))
    assert isinstance(result.exception, SystemExit | BadArgument)
    assert "--market" in f"{result.exception} {result.stderr}"
