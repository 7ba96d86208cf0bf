"""A headless browser for pages that a test writes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip

Open = Callable[[str], Chrome]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests, because starting it is slow."""
    missing = [str(path) for path in (CHROMIUM, DRIVER) if not path.exists()]
    if missing:
        reason = f"there is no {' and no '.join(missing)} (Debian: chromium and chromium-driver)"
        if os.environ.get("PREMIGRATE_NEED_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def open_page(browser: Chrome, tmp_path: Path) -> Iterator[Open]:
    """Open a page from a file at desktop size; at the end of the test, the console must be empty."""

    def open_(page: str) -> Chrome:
        path = tmp_path / "report.html"
        path.write_text(page, "utf-8")
        browser.get(path.as_uri())
        return browser

    resize(browser, 1280, 900)
    browser.get_log("browser")  # type: ignore[no-untyped-call]
    yield open_
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


def resize(browser: Chrome, width: int, height: int) -> None:
    """Set the size of the viewport; a window can't be as narrow as a phone."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
