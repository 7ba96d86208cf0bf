"""What premigrate learns from a document predicts the errors that an independent reader of it predicts."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from tests.books import shipped_book
from tests.documents.comparison import compare
from tests.documents.random_documents import documents
from tests.documents.small import ALONE, SMALL_DOCUMENTS, combined
from tests.openapi import document_of
from tests.payloads import ROOT

TOGETHER = [name for name in SMALL_DOCUMENTS if name not in ALONE]
DOCUMENTS = {
    **{name: SMALL_DOCUMENTS[name] for name in ALONE},
    "all of 3.0": combined(TOGETHER, "3.0.3"),
    "all of 3.1": combined(TOGETHER, "3.1.0"),
    "tenant.yml": (ROOT / "tests" / "vectors" / "tenant.yml").read_text("utf-8"),
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_learned_rules_say_what_the_document_says(text: str) -> None:
    comparison = compare(text)
    assert comparison.payloads > 20
    assert comparison.unnamed == []


def test_rules_say_what_their_own_document_says(market: str) -> None:
    comparison = compare(json.dumps(document_of(shipped_book(market))), market=market, every=311)
    assert comparison.payloads > 20
    assert comparison.unnamed == []


@settings(max_examples=5, deadline=None, phases=[Phase.generate])  # to learn from one takes a second
@given(document=documents())
def test_random_documents_are_learned(document: dict[str, Any]) -> None:
    comparison = compare(json.dumps(document))
    assert comparison.payloads > 10
    assert comparison.unnamed == []
