"""The public names are those of the list; docs/stability.md says what is promised about them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from release.public_names import LIST, names_only_in, read_names, write_names

from tests.payloads import ROOT
from tests.stability import __main__ as command
from tests.stability.surface import current_names

ADDED = "New public names: run `make names`, and describe them in CHANGELOG.md:\n{}"
GONE = "Public names are gone, which breaks what docs/stability.md promises for 1.x. Restore them:\n{}"


@pytest.fixture(scope="module")
def current() -> Mapping[str, set[str]]:
    return current_names()


@pytest.fixture(scope="module")
def listed() -> Mapping[str, set[str]]:
    return read_names((ROOT / LIST).read_text("utf-8"))


def test_no_public_name_is_gone(current: Mapping[str, set[str]], listed: Mapping[str, set[str]]) -> None:
    gone = names_only_in(listed, current)
    assert not gone, GONE.format("\n".join(gone))


def test_new_public_names_are_listed(current: Mapping[str, set[str]], listed: Mapping[str, set[str]]) -> None:
    added = names_only_in(current, listed)
    assert not added, ADDED.format("\n".join(added))


def test_every_group_has_names(current: Mapping[str, set[str]]) -> None:
    assert not [group for group, names in current.items() if not names]
    assert not [name for names in current.values() for name in names if name != name.strip() or name[0] in "[#"]


def test_list_is_read_as_it_was_written() -> None:
    names = {"commands": {"premigrate", "premigrate check"}, "codes": {"required"}}
    assert read_names(write_names(names)) == names


def test_names_are_removed_only_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "LIST", "list.txt")
    monkeypatch.setattr(command, "current_names", lambda: {"codes": {"kept", "new"}})
    file = tmp_path / "list.txt"
    file.write_text(write_names({"codes": {"kept", "old"}}), "utf-8")
    assert "[codes] old" in command.main([])
    assert read_names(file.read_text("utf-8")) == {"codes": {"kept", "old"}}, "nothing is written"
    assert not command.main(["--allow-removal"])
    assert read_names(file.read_text("utf-8")) == {"codes": {"kept", "new"}}
