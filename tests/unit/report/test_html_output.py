"""The HTML page: its content, its safety against hostile values, and its size."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.source_map import LineRange
from premigrate.report.comparison import Comparison, KindChange
from premigrate.report.finding_fixes import FindingFix
from premigrate.report.findings import FindingKind, RelatedPlace
from premigrate.report.html_output import HtmlOutput
from premigrate.report.outputs import format_of_file, make_output
from premigrate.report.run import UnreadableInput
from premigrate.results import Fix
from tests.reports import account, finding, write

HOSTILE = [
    "</script><script>window.broken=1</script>",
    "<!--<script>",
    "]]>&amp;&lt;img src=x onerror=alert(1)>",
    "\u2028\u2029\x00\x1b[31m\u202e",
    "\ud800 \udfff",
    "{{script}} {{data}}",
    '"\\u003c/script>\\',
    "\U0001f600\r\n\t",
]


class Elements(HTMLParser):
    """Collects the elements of a page, with their attributes and texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.is_open = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        self.is_open = True

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.found[-1][2].append(data)

    def texts(self, tag: str) -> list[str]:
        return ["".join(parts) for name, _, parts in self.found if name == tag]


def data_of(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(text)
    return data


def rows_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows, with indices resolved to their values."""
    columns = data["rows"]
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for row in rows:
        level, code, pattern, *_ = data["kinds"][row["kind"]]
        file, index, _, reference = data["accounts"][row["account"]]
        names = ("attr", "detail", "rule", "expected", "fix", "related", "excerpt")
        row |= {name: data["texts"][row[name]] for name in names}
        row |= {"level": data["levels"][level], "code": data["texts"][code], "pattern": data["texts"][pattern]}
        row |= {"file": data["texts"][file], "index": index, "reference": data["texts"][reference]}
    return rows


def test_html_is_selected_by_file_name_or_option() -> None:
    assert format_of_file("report.html") == format_of_file("REPORT.HTM") == "html"
    assert isinstance(make_output("html", explanations={}, paint=None, max_findings=3), HtmlOutput)


def test_row_holds_all_of_a_finding() -> None:
    full_finding = finding(
        "taken",
        "a.3.b.0",
        level="follow-on",
        expected="mind it",
        related=(RelatedPlace("a.0", ("a", 0), LineRange(1, 2, 1, 3)),),
        fixes=(FindingFix(Fix(("a",), "remove", None, "mend", "Mend it.", is_safe=False), hides_value=False),),
        detail="Taken.",
        rule="unique-b",
    )
    page = write(HtmlOutput(), [account(), account(full_finding, file="x/b.json", index=4, count=9, reference="R")])
    (row,) = rows_of(data_of(page))
    del row["kind"], row["account"]
    assert row == {
        "level": "follow-on",
        "code": "taken",
        "pattern": "a.*.b.*",
        "attr": "a.3.b.0",
        "detail": "Taken.",
        "rule": "unique-b",
        "expected": "mind it",
        "fix": "Mend it (unsafe: review the change)",
        "related": "a.0 (line 1)",
        "line": 12,
        "column": 15,
        "excerpt": '"mobile": "1"',
        "mark": 10,
        "length": 3,
        "is_new": 0,
        "file": "x/b.json",
        "index": 4,
        "reference": "R",
    }


def test_finding_without_a_position_is_on_line_0() -> None:
    (row,) = rows_of(data_of(write(HtmlOutput(), [account(finding(spot=None, excerpt=None))])))
    assert (row["line"], row["column"], row["excerpt"], row["mark"], row["length"]) == (0, 0, "", 0, 0)


def test_findings_are_in_the_order_of_the_file() -> None:
    spots = [finding(spot=finding().spot._replace(line=line)) for line in (9, 2, 5)]  # type: ignore[union-attr]
    assert data_of(write(HtmlOutput(), [account(*spots)]))["rows"]["line"] == [2, 5, 9]


def test_run_totals() -> None:
    page = write(
        HtmlOutput(),
        [account(), account(finding(), finding(level="advice"))],
        [UnreadableInput("c.json", 3, 4, "no comma")],
        {"a": (), "b": ("lists", "[tenant] fact", "more")},
        ignored=7,
        in_baseline=2,
        interrupted=True,
    )
    data = data_of(page)
    assert (data["version"], data["as_of"], data["is_today"]) == ("1.2.3", "2026-01-31", False)
    assert data["totals"] == {
        "accounts": 2, "refused": 1, "refused_set_aside": 0, "unreadable": 1, "error": 1, "follow-on": 0, "advice": 1,
        "ignored": 7, "known": 2, "interrupted": True,
    }  # fmt: skip
    assert data["unreadable"] == [["c.json", 3, 4, "no comma"]]
    assert data["not_checked"] == [["a", [], [], 2], ["b", ["lists", "more"], ["fact"], 2]]


def test_totals_without_script() -> None:
    page = write(HtmlOutput(), [account(), account(finding())], not_checked={"a": ()}, interrupted=True, in_baseline=2)
    (noscript,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    for expected in (
        "2 accounts checked: 1 pass, 1 refused.",
        "1 error, 0 follow-on errors",
        "interrupted",
        "2 in the baseline",
        "1 rule ",
    ):
        assert expected in noscript
    assert "<title>2 accounts checked, 1 refused - premigrate</title>" in page


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_breaks_out_of_the_page(value: str) -> None:
    harmless = write(HtmlOutput(), [account(finding())], [UnreadableInput("u", 0, 0, "m")], {"rule": ("list",)})
    hostile = finding(value, f"{value}.0", detail=value, rule=value, expected=value, excerpt=finding().excerpt)
    page = write(
        HtmlOutput(explanations={value: value}),
        [account(hostile, file=value, reference=value)],
        [UnreadableInput(value, 1, 1, value)],
        {value: (value,)},
    )
    assert page.isascii()
    assert [(tag, attrs) for tag, attrs, _ in Elements(page).found] == [
        (tag, attrs) for tag, attrs, _ in Elements(harmless).found
    ]
    (row,) = rows_of(data_of(page))
    assert {row[name] for name in ("code", "detail", "rule", "expected", "file", "reference")} == {value}
    assert data_of(page)["explain"] == {value: value}


@given(st.text(st.characters(codec=None)))
def test_data_contains_no_markup_characters(value: str) -> None:
    page = write(HtmlOutput(), [account(finding(detail=value))])
    (text,) = re.findall(r'id="data">(.*?)</script>\n<script>', page, re.DOTALL)
    assert not set("<>&\u2028\u2029\x00") & set(text)
    assert rows_of(json.loads(text))[0]["detail"] == value


def test_security_policy_allows_only_the_own_style_and_script() -> None:
    page = Elements(write(HtmlOutput(), [account(finding())]))
    (policy,) = [attrs["content"] or "" for _, attrs, _ in page.found if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for text in (page.texts("style")[0], page.texts("script")[-1]):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert not [attrs for _, attrs, _ in page.found if {"src", "style", "onclick"} & set(attrs)]
    assert {attrs["href"] for _, attrs, _ in page.found if "href" in attrs} == {"#findings"}


def test_findings_beyond_the_limit_are_only_counted() -> None:
    accounts = [
        account(*[finding(f"code_{n % 3}", f"a.{m}") for m in range(4)], file=f"{n}.json", reference=f"R{n}")
        for n in range(6)
    ]
    data = data_of(write(HtmlOutput(max_findings=6), accounts))
    assert {len(column) for column in data["rows"].values()} == {6}
    assert len(data["accounts"]) == 2
    assert "R4" not in data["texts"]
    assert data["totals"]["error"] == sum(kind[3] for kind in data["kinds"]) == 24
    assert {data["texts"][code]: count for _, code, _, count, _ in data["kinds"]} == {
        "code_0": 8,
        "code_1": 8,
        "code_2": 8,
    }


def test_frequent_advice_leaves_room_for_errors() -> None:
    advice = [account(*[finding("old", level="advice")] * 5, index=n, reference=f"A{n}") for n in range(100)]
    errors = [account(finding("bad"), finding(f"rare_{n}"), index=n, reference=f"E{n}") for n in range(9)]
    data = data_of(write(HtmlOutput(max_findings=100), [*advice, *errors]))
    codes = [row["code"] for row in rows_of(data)]
    assert codes.count("old") == 45
    assert codes.count("bad") == 9
    assert {f"rare_{n}" for n in range(9)} <= {*codes}


def test_first_findings_of_each_kind_are_listed() -> None:
    frequent = [account(*[finding("bad")] * 5, index=n) for n in range(100)]
    rare = [account(*[finding("rare")] * 2, file="b.json"), account(*[finding("late")] * 9, file="c.json")]
    data = data_of(write(HtmlOutput(max_findings=100), [*frequent, *rare]))
    codes = [row["code"] for row in rows_of(data)]
    assert [codes.count(code) for code in ("bad", "rare", "late")] == [90, 2, 3]
    assert [kind[3:] for kind in data["kinds"]] == [[500, 100], [2, 1], [9, 1]]


def test_changes_since_an_earlier_report() -> None:
    kinds: dict[FindingKind, KindChange] = {
        ("error", "gone", "a.*"): KindChange(gone=4),
        ("error", "invalid", "customers.*.mobile"): KindChange(new=1, left=2),
    }
    since = Comparison("old.json", "2026-01-15", 1, 4, 2, 3, kinds)
    page = write(HtmlOutput(), [account(finding(is_new=True)), account(finding(is_new=False))], since=since)
    data = data_of(page)
    assert data["rows"]["is_new"] == [1, 0]
    assert data["since"] == {
        "file": "old.json", "as_of": "2026-01-15", "new": 1, "gone": 4, "left": 2, "not_checked": 3,
        "kinds": [[0, "invalid", "customers.*.mobile", 1, 0, 2], [0, "gone", "a.*", 0, 4, 0]],
    }  # fmt: skip
    assert (
        "since old.json (as of 2026-01-15): 1 new, 4 gone, 2 remaining, 3 in accounts that were not checked again"
        in page
    )
    assert data_of(write(HtmlOutput(), [account(finding())]))["since"] is None


def test_unreadable_inputs_beyond_the_limit_are_only_counted() -> None:
    data = data_of(write(HtmlOutput(), [], [UnreadableInput(f"{n}.json", 0, 0, "empty") for n in range(1_200)]))
    assert len(data["unreadable"]) == 1_000
    assert data["totals"]["unreadable"] == 1_200


def test_files_with_most_errors_are_listed() -> None:
    accounts = [
        account(
            *[finding()] * many,
            *[finding(level="follow-on")] * later,
            *[finding(level="advice")] * 9,
            file=file,
            count=2,
        )
        for file, many, later in [("a", 1, 0), ("a", 1, 0), ("b", 1, 2), ("c", 0, 0), ("d", 0, 2)]
    ]
    assert data_of(write(HtmlOutput(), accounts))["worst"] == [
        ["b", -1, "", 1, 2],
        ["a", -1, "", 2, 0],
        ["d", -1, "", 0, 2],
    ]


def test_accounts_with_most_errors_are_listed_for_one_file() -> None:
    accounts = [account(*[finding()] * (n % 60), index=n, count=200, reference=f"R{n}") for n in range(200)]
    worst = data_of(write(HtmlOutput(), accounts))["worst"]
    assert worst[:2] == [["a.json", 59, "R59", 59, 0], ["a.json", 119, "R119", 59, 0]]
    assert len(worst) == 50


def test_only_codes_and_rules_of_findings_are_explained() -> None:
    explain = {"invalid": "Wrong form.", "phone-valid": "Bills go there.", "blank": "Empty."}
    data = data_of(write(HtmlOutput(explanations=explain), [account(finding())]))
    assert data["explain"] == {"invalid": "Wrong form.", "phone-valid": "Bills go there."}


def test_texts_are_stored_once() -> None:
    data = data_of(write(HtmlOutput(), [account(*[finding()] * 50, file="f", index=n, count=9) for n in range(9)]))
    assert len(data["rows"]["detail"]) == 450
    assert sorted(data["texts"]) == sorted(set(data["texts"]))


def test_output_is_deterministic() -> None:
    accounts = [account(finding("b"), finding("a"), file=f"{n}.json") for n in range(5)]
    explain = {"a": "A.", "b": "B."}
    first, second = (write(HtmlOutput(explanations=explain), accounts, not_checked={"x": ("l",)}) for _ in range(2))
    assert first == second
