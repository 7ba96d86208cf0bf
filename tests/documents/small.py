"""Provides the small documents in ``small/``: each has the notations of one construct."""

from tests.payloads import ROOT

SMALL_DOCUMENTS = {
    path.stem: path.read_text("utf-8") for path in sorted((ROOT / "tests" / "documents" / "small").glob("*.yml"))
}
