"""Time zones of a market: looked up in the database of the machine, and checked if there is one."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from premigrate.cli.group import commands
from premigrate.exceptions import BadRules
from premigrate.ruleset.load import load_ruleset, timezones_of
from premigrate.ruleset.timezones import find_timezones


def problems(timezone: object) -> list[str]:
    try:
        load_ruleset("dk", {"market": {"extends": "dk", "timezone": timezone}})
    except BadRules as error:
        return [f"{each.file}: {each.place}: {each.message}" for each in error.problems]
    return []


@pytest.mark.parametrize(
    ("timezone", "expected"),
    [
        ("America/Godthab", ("America/Godthab",)),
        (["Europe/Copenhagen", "Atlantic/Faroe"], ("Europe/Copenhagen", "Atlantic/Faroe")),
        ([], ()),
    ],
)
def test_overlay_replaces_the_time_zone(timezone: Any, expected: tuple[str, ...]) -> None:
    assert timezones_of("dk") == ("Europe/Copenhagen",)
    assert timezones_of("dk", {"market": {"extends": "dk", "timezone": timezone}}) == expected
    assert timezones_of("dk", {"market": {"extends": "dk"}}) == ("Europe/Copenhagen",)
    assert timezones_of("platform", {"market": {"extends": "platform", "timezone": timezone}}) == expected
    assert timezones_of("platform", {"market": {"extends": "platform"}}) == ()
    assert not problems(timezone)


@pytest.mark.parametrize(
    "name", ["Europe/Copenhage", "Europe", "", "../UTC", "/etc/localtime", "zone.tab", "a\0b", "x" * 5000, "CET+1", "é"]
)
def test_unknown_name_is_reported(name: str) -> None:
    for timezone in (name, ["Europe/Copenhagen", name]):
        (problem,) = problems(timezone)
        assert problem.startswith(f"overlay: [market] timezone: there is no time zone {name!r}")


def test_closest_name_is_suggested() -> None:
    (problem,) = problems("Europe/Copenhage")
    assert problem.endswith("; did you mean 'Europe/Copenhagen'?")


@pytest.mark.parametrize("timezone", [1, True, {}, [1], ["Europe/Lisbon", None]])
def test_value_of_wrong_type_is_reported(timezone: object) -> None:
    assert problems(timezone)


def test_command_raises_bad_rules(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[market]\nextends = "dk"\ntimezone = "Mars/Olympus"\n', "utf-8")
    result = CliRunner().invoke(commands, ["check", "--overlay", str(overlay), str(overlay)])
    assert isinstance(result.exception, BadRules)
    assert "there is no time zone 'Mars/Olympus'" in str(result.exception)


def test_any_name_is_valid_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("premigrate.ruleset.timezones.available_timezones", set)
    monkeypatch.setattr("premigrate.ruleset.timezones._find", lambda _: None)
    assert not problems("Europe/Copenhagen")
    assert find_timezones(["Europe/Copenhagen"]) == ()


def test_zones_are_found_all_or_none() -> None:
    assert [zone.key for zone in find_timezones(["Europe/Lisbon", "UTC"])] == ["Europe/Lisbon", "UTC"]
    assert find_timezones(["Europe/Lisbon", "Mars/Olympus"]) == ()
    assert find_timezones([]) == ()
