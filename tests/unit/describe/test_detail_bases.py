"""How the texts of the error codes are known, counted in the catalogue."""

from typing import get_args

from premigrate.describe.catalogue import catalogue_data, count_detail_bases
from premigrate.describe.catalogue_page import render_catalogue
from premigrate.describe.detail_bases import DETAIL_BASES
from premigrate.describe.market import ruleset_of
from premigrate.ruleset.model.table import Basis
from tests.books import platform_book

RULESETS = [ruleset_of(market) for market in ("dk", "pt")]


def test_every_basis_has_a_sentence() -> None:
    assert set(DETAIL_BASES) == set(get_args(Basis))


def test_every_code_is_counted_once() -> None:
    codes = {code for ruleset in RULESETS for code in ruleset.codes}
    assert sum(count_detail_bases(RULESETS).values()) == len(codes)


def test_page_and_data_have_the_counts() -> None:
    assert catalogue_data(RULESETS)["detail_bases"] == count_detail_bases(RULESETS)
    page = list(render_catalogue(platform_book()))
    for basis, count in count_detail_bases([platform_book()]).items():
        assert f"| {basis} | {count} | {DETAIL_BASES[basis]} |" in page


def test_texts_of_the_api_pages_are_documented() -> None:
    documented = {code for code, spec in RULESETS[0].codes.items() if spec.detail_basis == "documented"}
    assert documented == {
        "account_failed_validation",
        "account_import_process_already_imported",
        "import_process_failed_validation",
        "invalid_phone_number",
        "not_found",
    }
