"""The fingerprint differs between installations whose compiled programs may differ."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from premigrate.ruleset import fingerprint
from tests.payloads import ROOT


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that contains its rules, as in a wheel."""
    copy = tmp_path / "premigrate"
    shutil.copytree(ROOT / "src" / "premigrate", copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "rules", copy / "rules")
    monkeypatch.setattr(fingerprint, "PACKAGE_DIR", str(copy))
    return copy


def current_fingerprint() -> str | None:
    return fingerprint.installation_fingerprint.__wrapped__()


def test_fingerprint_is_stable(package: Path) -> None:
    first = current_fingerprint()
    assert first == current_fingerprint()
    (package / "rules" / "note.txt").write_text("nothing that counts", "utf-8")
    assert current_fingerprint() == first


def test_fingerprint_ignores_the_constraints_of_the_catalogue(package: Path) -> None:
    first = current_fingerprint()
    (package / "rules" / "constraints" / "account.toml").unlink()
    assert current_fingerprint() == first


def test_fingerprint_depends_on_the_contents_of_rule_files(package: Path) -> None:
    first = current_fingerprint()
    rule = package / "rules" / "pt" / "market.toml"
    state = rule.stat()
    rule.write_text(rule.read_text("utf-8").replace("Portugal", "Lagutrop"), "utf-8")
    os.utime(rule, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert current_fingerprint() != first


def test_fingerprint_depends_on_the_names_of_rule_files(package: Path) -> None:
    fingerprints = {current_fingerprint()}
    new = package / "rules" / "pt" / "new.toml"
    new.write_text("", "utf-8")
    fingerprints.add(current_fingerprint())
    new.rename(new.with_name("newer.toml"))
    fingerprints.add(current_fingerprint())
    (package / "rules" / "pt" / "supply.toml").unlink()
    fingerprints.add(current_fingerprint())
    assert len(fingerprints) == 4


def test_fingerprint_depends_on_versions(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fingerprints = {current_fingerprint()}
    monkeypatch.setattr(sys, "version", "99")
    fingerprints.add(current_fingerprint())
    (package / "api.py").write_text("", "utf-8")
    fingerprints.add(current_fingerprint())
    assert len(fingerprints) == 3


def test_fingerprint_depends_on_libraries_and_is_none_without(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert package.is_dir()
    site = tmp_path / "site"
    names = [f"{name}-1.0.dist-info" for name in ("phonenumbers", "pycountry", "python_stdnum", "premigrate")]
    for name in names:
        (site / name).mkdir(parents=True)
    monkeypatch.setattr(sys, "path", ["/nowhere", str(site)])
    first = current_fingerprint()
    assert first
    (site / names[0]).rename(site / "phonenumbers-1.0.1.dist-info")
    assert current_fingerprint() not in {None, first}
    (site / names[1]).rmdir()
    assert current_fingerprint() is None, "a library is not installed"


def test_rules_version_depends_on_rules_only(package: Path) -> None:
    first = fingerprint.rules_version()
    (package / "api.py").write_text("", "utf-8")
    assert fingerprint.rules_version() == first
    rule = package / "rules" / "pt" / "market.toml"
    rule.write_text(rule.read_text("utf-8") + "# more\n", "utf-8")
    assert fingerprint.rules_version() != first
