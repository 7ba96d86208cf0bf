"""The check of a built site finds links that lead nowhere and whatever a page would load from the network."""

from pathlib import Path

import pytest

from docs.site.check_links import find_problems, main

GOOD = """<html><head><link rel="stylesheet" href="a.css"><script src="a.js"></script></head><body id="top">
<a href="#top">1</a> <a href="inner/b.html#part">2</a> <a href="inner/">3</a> <a href="https://example.org">4</a>
<a href="%61.js">5</a> <img src="data:image/png;base64,AA==">
</body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "index.html").write_text(GOOD, "utf-8")
    (tmp_path / "inner" / "index.html").write_text('<a href="../index.html">up</a>', "utf-8")
    (tmp_path / "inner" / "b.html").write_text('<h2 id="part"></h2>', "utf-8")
    (tmp_path / "404.html").write_text('<a href="/index.html">home</a>', "utf-8")
    (tmp_path / "a.css").write_text("a { background: url(a.js) } b { background: url('data:,') }", "utf-8")
    (tmp_path / "a.js").write_text("", "utf-8")
    return tmp_path


def test_a_good_site_has_no_problems(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(find_problems(site)) == []
    assert main(str(site)) == 0
    assert capsys.readouterr().out == f"{site}: 4 pages, no wrong links\n"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ('<a href="c.html">', "there is no such file"),
        ('<a href="inner/b.html#other">', "there is no such place on the page"),
        ('<a href="#other">', "there is no such place on the page"),
        ('<a href="/index.html">', "it does not work from disk, because it starts at the root of a server"),
        ('<script src="https://example.org/a.js">', "a page loads it from the network"),
        ('<link href="//example.org/a.css">', "a page loads it from the network"),
        ('<img src="c.png">', "there is no such file"),
    ],
)
def test_problems(site: Path, html: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "inner" / "wrong.html").write_text(html.replace("inner/", ""), "utf-8")
    (problem,) = find_problems(site)
    assert problem.startswith("inner/wrong.html: ")
    assert problem.endswith(f": {reason}")
    assert main(str(site)) == 1
    assert capsys.readouterr().out.endswith(": 5 pages, 1 wrong links\n")


@pytest.mark.parametrize("style", ["a { background: url(https://example.org/a) }", '@import "https://example.org/a";'])
def test_style_sheets_load_nothing_from_the_network(site: Path, style: str) -> None:
    (site / "a.css").write_text(style, "utf-8")
    (problem,) = find_problems(site)
    assert problem.endswith(": a page loads it from the network")


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert main(str(tmp_path)) == 1
