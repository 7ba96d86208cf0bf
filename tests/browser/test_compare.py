"""The HTML report of compare in a browser."""

from pathlib import Path

from selenium.webdriver.common.by import By

from tests.browser.conftest import Open
from tests.command import invoke
from tests.recordings import differing
from tests.scenarios.test_command import Write, write

__all__ = ["write"]  # a fixture of test_command


def test_page_is_readable_and_as_wide_as_the_window(open_page: Open, write: Write, tmp_path: Path) -> None:
    write("recorded.json", differing())
    options = ["--write-overlay", "overlay.toml", "--check-overlay", "recorded.json"]
    _, page, _ = invoke("compare", "--format", "html", *options, cwd=tmp_path)
    browser = open_page(page)
    assert browser.find_element(By.CSS_SELECTOR, ".big").text == "9.0 %"
    titles = [title.text for title in browser.find_elements(By.TAG_NAME, "h2")]
    assert titles[:2] == ["Agreement", "Next steps"]
    assert any(title.startswith("The proposed overlay, learned from") for title in titles)
    wide, window = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window
