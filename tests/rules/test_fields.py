"""Every field has a description, which the JSON Schema and `premigrate explain` show."""

import pytest

from premigrate.describe.fields_page import render_fields_page
from tests.payloads import ROOT
from tests.rules.test_examples import RULESETS

MAX_LENGTH = 130


@pytest.mark.parametrize("market", RULESETS)
def test_every_field_is_described_in_one_short_sentence_or_two(market: str) -> None:
    for name, spec in RULESETS[market].objects.items():
        texts = {key: field.about for key, field in spec.fields.items()}
        if spec.select:
            texts[spec.select] = spec.select_about
        for key, about in texts.items():
            assert about, f"{name}.{key} has no about"
            assert about.endswith("."), f"{name}.{key}"
            assert len(about) <= MAX_LENGTH, f"{name}.{key}"


@pytest.mark.parametrize("market", RULESETS)
def test_page_of_fields_is_current(market: str) -> None:
    written = (ROOT / "rules" / market / "FIELDS.md").read_text("utf-8")
    assert written == "\n".join(render_fields_page(RULESETS[market])) + "\n", "run make catalogue"
