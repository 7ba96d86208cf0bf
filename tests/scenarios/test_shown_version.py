"""The hook configurations in the documents name the current version."""

import yaml

import premigrate
from tests.pages import PAGES, blocks_of


def test_shown_hooks_have_the_current_version() -> None:
    blocks = [block for page in PAGES for block in blocks_of(page) if block.file == ".pre-commit-config.yaml"]
    assert len(blocks) >= 2
    for block in blocks:
        (repository,) = yaml.safe_load(block.text)["repos"]
        assert repository["rev"] == f"v{premigrate.__version__}"
