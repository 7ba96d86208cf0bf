"""Pages of the documentation site: the Markdown of links, tables and code."""

from docs.site.page import Page, code, escape


def test_text_is_shown_as_it_is() -> None:
    assert escape("a_b *c* [d] <today>\n  & `e` | {f}") == r"a\_b \*c\* \[d\] &lt;today&gt; &amp; \`e\` \| \{f\}"


def test_code_can_contain_backticks() -> None:
    assert code("a_b") == "`a_b`"
    assert code("a `b`") == "`` a `b` ``"


def test_links_are_relative_to_the_page() -> None:
    page = Page("reference/rules/x.md", "X", "x")
    assert page.link("all", "rules/CATALOGUE.md") == "[all](../../rules/CATALOGUE.md)"
    assert page.link("one", "reference/codes/y.md", "z") == "[one](../codes/y.md#z)"
    assert page.link("here", "reference/rules/x.md", "z") == "[here](#z)"


def test_columns_without_content_are_left_out() -> None:
    page = Page("x.md", "X", "x")
    page.table(("a", "b", "c"), [("1", "", "2"), ("3", "", "")])
    assert page.text == '---\ntitle: "X"\n---\n\n# X\n\n| a | c |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |\n\n'


def test_a_block_ends_where_its_text_ends() -> None:
    page = Page("x.md", "X", "x")
    page.block("toml", 'a = "```"', "a.toml")
    assert page.text.splitlines()[6:9] == ['``````toml title="a.toml"', 'a = "```"', "``````"]


def test_sections_have_anchors_and_may_be_left_out_of_the_search() -> None:
    page = Page("x.md", "X", "x", boost=2)
    page.section("One", anchor="one", in_search=False)
    page.section("Two", level=3)
    assert page.text.startswith('---\ntitle: "X"\nsearch:\n  boost: 2\n---\n\n# X\n')
    assert "\n## One { #one data-search-exclude }\n" in page.text
    assert "\n### Two\n" in page.text
