"""Every document that names a version of premigrate names the current one."""

import re
from itertools import pairwise

import yaml
from release.notes import latest_version

import premigrate
from tests.pages import PAGES, blocks_of
from tests.payloads import ROOT

VERSION = premigrate.__version__
NAMED = re.compile(r"(?:premigrate[@-]v?|\brev: v|\bpremigrate )(\d+\.\d+\.\d+)\b")
"""Matches a version as ``@v1.0.0`` in CI, ``rev: v1.0.0`` of a hook, or ``premigrate-1.0.0`` of a wheel."""


def test_shown_hooks_have_the_current_version() -> None:
    blocks = [block for page in PAGES for block in blocks_of(page) if block.file == ".pre-commit-config.yaml"]
    assert len(blocks) >= 2
    for block in blocks:
        (repository,) = yaml.safe_load(block.text)["repos"]
        assert repository["rev"] == f"v{VERSION}"


def test_documents_name_the_current_version() -> None:
    found = [(page.name, version) for page in PAGES for version in NAMED.findall(page.read_text("utf-8"))]
    assert len(found) >= 4
    assert {name: version for name, version in found if version != VERSION} == {}


def test_changelog_has_the_current_version_first() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert latest_version(changelog) == VERSION
    dates = re.findall(r"^## \d+\.\d+\.\d+ - (\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    assert all(later >= earlier for later, earlier in pairwise(dates))


def test_classifiers_name_the_pythons_of_the_release() -> None:
    from release.build import PYTHONS

    project = (ROOT / "pyproject.toml").read_text("utf-8")
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    assert [f"python{version}" for version in named] == list(PYTHONS)
