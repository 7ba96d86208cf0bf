"""The page distinguishes accounts refused only by findings that are set aside from those that pass."""

import pytest
from selenium.webdriver.common.by import By

from premigrate.report.html_output import HtmlOutput
from premigrate.report.run import AccountReport
from premigrate.results import Response
from tests.browser.conftest import Open
from tests.reports import account, finding, write

pytestmark = pytest.mark.browser

ASIDE = AccountReport("in/d.json", 0, 1, "D-1", Response(400, {}), ())


def test_totals_count_them_separately(open_page: Open) -> None:
    accounts = [account(), account(finding(), file="in/b.json"), ASIDE, ASIDE]
    browser = open_page(write(HtmlOutput(), accounts, ignored=5))
    totals = " ".join(browser.find_element(By.ID, "totals").text.split())
    assert "pass 1 25 % refused 3 75 %" in totals
    assert "2 of the 3 refused only by findings that are set aside" in totals
    bar = browser.find_element(By.CSS_SELECTOR, ".bar.thick")
    assert bar.get_attribute("aria-label") == (
        "1 of 4 accounts pass, 3 refused, 2 of them only by findings that are set aside"
    )
    parts = {
        (part.get_attribute("class") or "").split()[-1]: part.size["width"]
        for part in bar.find_elements(By.TAG_NAME, "span")
    }
    assert list(parts) == ["pass", "refused", "aside"]
    assert parts["aside"] > 1.8 * parts["pass"]


@pytest.mark.parametrize(("ignored", "known"), [(5, 0), (0, 5)])
def test_page_with_only_set_aside_findings(open_page: Open, ignored: int, known: int) -> None:
    browser = open_page(write(HtmlOutput(), [ASIDE], ignored=ignored, in_baseline=known))
    assert (
        browser.find_element(By.ID, "clean").text
        == "All findings are set aside: ignored, not selected, or in the baseline."
    )
    assert "100 %" not in browser.find_element(By.CSS_SELECTOR, ".big.pass").text


def test_page_of_accounts_that_pass(open_page: Open) -> None:
    browser = open_page(write(HtmlOutput(), [account()]))
    assert browser.find_element(By.ID, "clean").text == "There are no findings."
    assert not browser.find_elements(By.CSS_SELECTOR, ".part.aside")
