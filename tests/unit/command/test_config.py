"""Configuration files with mistakes, and the agreement of the two ways to check one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from premigrate.command.baseline import load_baseline
from premigrate.command.config import SETTINGS, _is_right, load_config
from premigrate.command.config_model import config_schema, find_mistakes
from premigrate.exceptions import BadArgument


@pytest.mark.parametrize("text", ["tool = 'premigrate'\n", "tool = []  # premigrate\n"])
def test_pyproject_without_our_table_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert not load_config(str(tmp_path / "pyproject.toml"), tmp_path).values


@pytest.mark.parametrize("value", ["1", "[]", "'x'"])
def test_tool_entry_must_be_a_table(tmp_path: Path, value: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool]\npremigrate = {value}\n")
    with pytest.raises(BadArgument, match=r"\[tool.premigrate\] must be a table of settings"):
        load_config(None, tmp_path)


@pytest.mark.parametrize("value", ["[" * 100_000, "9" * 5_000, "0x" + "f" * 5_000])
def test_hostile_toml_is_refused(tmp_path: Path, value: str) -> None:
    file = tmp_path / "premigrate.toml"
    file.write_text(f"jobs = {value}\n")
    with pytest.raises(BadArgument, match=r"nested too deeply|more than 64 bits"):
        load_config(None, tmp_path)
    with pytest.raises(BadArgument, match=r"nested too deeply|more than 64 bits"):
        load_baseline(str(file))


def test_circular_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "premigrate.toml").symlink_to("premigrate.toml")
    with pytest.raises(BadArgument, match=r"premigrate.toml: the configuration cannot be read: Too many levels"):
        load_config(None, tmp_path)


SCALARS = st.one_of(st.sampled_from(["", "text", "error", "pt", "a*"]), st.integers(-2, 3), st.booleans(), st.floats())
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["paths", "select", "ignore", "other"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SETTINGS, "other"]), VALUES, max_size=3))
def test_quick_check_agrees_with_the_model(settings: dict[str, object]) -> None:
    is_valid = all(_is_right(key, value) for key, value in settings.items())
    assert is_valid == (not find_mistakes("x", settings))


def test_schema_describes_every_setting_and_is_as_strict_as_the_check() -> None:
    schema = config_schema()
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == list(SETTINGS)
    for table in (schema, *schema["$defs"].values()):
        assert table["additionalProperties"] is False
        assert [key for key, setting in table["properties"].items() if not setting.get("description")] == []


@given(st.dictionaries(st.sampled_from([*SETTINGS, "other"]), VALUES, max_size=3))
def test_schema_accepts_what_is_right(settings: dict[str, object]) -> None:
    if not find_mistakes("x", settings):
        Draft202012Validator(config_schema()).validate(settings)
