"""The stamp tells installations apart whose plans would differ."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from premigrate.ruleset import fingerprint as stamp
from tests.payloads import ROOT


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package with its rules inside, as a wheel has them."""
    copy = tmp_path / "premigrate"
    shutil.copytree(ROOT / "src" / "premigrate", copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "rules", copy / "rules")
    monkeypatch.setattr(stamp, "PACKAGE_DIR", str(copy))
    return copy


def now() -> str | None:
    return stamp.installation_fingerprint.__wrapped__()


def test_it_stays_the_same(package: Path) -> None:
    first = now()
    assert first == now()
    (package / "rules" / "note.txt").write_text("nothing that counts", "utf-8")
    assert now() == first


def test_an_edited_rule_shows_even_where_size_and_time_do_not(package: Path) -> None:
    first = now()
    rule = package / "rules" / "pt" / "market.toml"
    state = rule.stat()
    rule.write_text(rule.read_text("utf-8").replace("Portugal", "Lagutrop"), "utf-8")
    os.utime(rule, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert now() != first


def test_a_new_a_removed_and_a_renamed_rule_file_show(package: Path) -> None:
    seen = {now()}
    new = package / "rules" / "pt" / "new.toml"
    new.write_text("", "utf-8")
    seen.add(now())
    new.rename(new.with_name("newer.toml"))
    seen.add(now())
    (package / "rules" / "pt" / "supply.toml").unlink()
    seen.add(now())
    assert len(seen) == 4


def test_another_version_shows(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {now()}
    monkeypatch.setattr(sys, "version", "99")
    seen.add(now())
    (package / "api.py").write_text("", "utf-8")
    seen.add(now())
    assert len(seen) == 3


def test_another_library_shows_and_none_at_all_means_no_cache(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert package.is_dir()
    site = tmp_path / "site"
    names = [f"{name}-1.0.dist-info" for name in ("phonenumbers", "pycountry", "python_stdnum", "premigrate")]
    for name in names:
        (site / name).mkdir(parents=True)
    monkeypatch.setattr(sys, "path", ["/nowhere", str(site)])
    first = now()
    assert first
    (site / names[0]).rename(site / "phonenumbers-1.0.1.dist-info")
    assert now() not in {None, first}
    (site / names[1]).rmdir()
    assert now() is None, "a library that is nowhere to be found"


def test_the_version_of_the_rules_is_theirs_alone(package: Path) -> None:
    first = stamp.rules_version()
    (package / "api.py").write_text("", "utf-8")
    assert stamp.rules_version() == first
    rule = package / "rules" / "pt" / "market.toml"
    rule.write_text(rule.read_text("utf-8") + "# more\n", "utf-8")
    assert stamp.rules_version() != first
