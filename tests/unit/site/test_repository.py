"""The Markdown files of a repository as pages of the site: what becomes of links and blocks of code."""

from pathlib import Path

import pytest

from docs.site.repository import RepositoryPages


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "docs/guide.md": "# Guide\n",
        "rules/README.md": "# Rules\n",
        "rules/CATALOGUE.md": "# Committed\n",
        "rules/one.toml": "a = 1\n",
        "examples/a.json": "{}\n",
        "examples/more/b.py": "print()\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def read(root: Path, text: str, path: str = "README.md") -> dict[str, str]:
    (root / path).write_text(text, "utf-8")
    return dict(RepositoryPages(root, {"rules/CATALOGUE.md"}).texts())


@pytest.mark.parametrize(
    "link",
    ["docs/guide.md", "docs/guide.md#part", "rules/CATALOGUE.md", "https://example.org/a", "#part", "docs/missing.md"],
)
def test_links_to_pages_and_elsewhere_stay(root: Path, link: str) -> None:
    assert read(root, f"See [this]({link}).")["README.md"] == f"See [this]({link})."


def test_a_link_to_a_folder_leads_to_its_readme(root: Path) -> None:
    assert (
        read(root, "[rules](rules) [rules](rules/)")["README.md"] == "[rules](rules/README.md) [rules](rules/README.md)"
    )


def test_a_link_to_a_file_leads_to_a_page_that_shows_it(root: Path) -> None:
    texts = read(root, "[one](../rules/one.toml)", "docs/more.md")
    assert texts["docs/more.md"] == "[one](../files/rules/one.toml.md)"
    assert "# `rules/one.toml`" in texts["files/rules/one.toml.md"]
    assert "```toml\na = 1\n```" in texts["files/rules/one.toml.md"]


def test_a_link_to_a_folder_without_readme_leads_to_a_list_of_its_files(root: Path) -> None:
    texts = read(root, "[examples](examples)")
    assert texts["README.md"] == "[examples](files/examples.md)"
    assert "- [`examples/a.json`](examples/a.json.md)" in texts["files/examples.md"]
    assert "- [`examples/more/b.py`](examples/more/b.py.md)" in texts["files/examples.md"]
    assert "```python\nprint()\n```" in texts["files/examples/more/b.py.md"]


def test_code_is_left_alone(root: Path) -> None:
    text = "`[a](rules)`\n\n```text\n[a](rules)\n```\n\n[a](rules/README.md)\n"
    assert read(root, text)["README.md"] == text


def test_the_name_of_a_file_is_the_title_of_its_block(root: Path) -> None:
    text = "```toml ours.toml\na = 1\n```\n\n  ```ndjson b.ndjson\n  {}\n  ```\n\n```console\n$ c d\n```\n"
    titled = text.replace("toml ours.toml", 'toml title="ours.toml"').replace(
        "ndjson b.ndjson", 'json title="b.ndjson"'
    )
    assert read(root, text)["README.md"] == titled


def test_generated_pages_replace_files(root: Path) -> None:
    texts = read(root, "# Home\n")
    assert texts.keys() == {"README.md", "docs/guide.md", "rules/README.md"}
