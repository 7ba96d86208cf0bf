"""Explains how the texts of error codes are known."""

from premigrate.ruleset.model.table import Basis

DETAIL_BASES: dict[Basis, str] = {
    "documented": "The text is shown on an API page.",
    "published": "The text is in a document of another tenant.",
    "framework": "The text is the one of Django REST Framework.",
    "inferred": "No source shows the text of this code: the words are a guess, and the API may use others.",
    "observed": "The text was in a response of the API.",
}
