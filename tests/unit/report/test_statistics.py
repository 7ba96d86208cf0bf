"""Statistics: the findings of a run by code and attr, with counts, accounts and one place each."""

import csv
import io
import json
import re
from collections import Counter
from typing import Any

import pytest

from premigrate.report.findings import MAX_KINDS, Finding, FindingKind, Level
from premigrate.report.outputs import FORMATS, STATISTICS, make_output
from premigrate.report.run import AccountReport, Output, Tally, UnreadableInput
from tests.reports import RUN, account, finding, write


def output_of(name: str) -> Output:
    return make_output(name, statistics=True)


def rows_of(accounts: list[AccountReport], **counts: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(write(output_of("json"), accounts, **counts))["statistics"]
    return rows


def phone(position: int, level: Level = "error") -> Finding:
    return finding("invalid_phone_number", f"customers.{position}.landline", level=level)


ACCOUNTS = [
    account(phone(0), phone(7), finding("blank", "name", spot=None), file="a.json", reference="A"),
    account(phone(1), *[finding("odd", f"notes.{n}", level="advice") for n in range(5)], file="b.json", index=3),
    account(finding("later", "ledgers.0", level="follow-on"), file="c.json"),
    account(file="d.json"),
]


def test_rows_count_findings_and_accounts_errors_first() -> None:
    rows = rows_of(ACCOUNTS)
    assert [[*row.values()][:6] for row in rows] == [
        ["error", "invalid_phone_number", "customers.*.landline", 3, 2, 0.5],
        ["error", "blank", "name", 1, 1, 0.25],
        ["follow-on", "later", "ledgers.*", 1, 1, 0.25],
        ["advice", "odd", "notes.*", 5, 1, 0.25],
    ]
    assert rows[0]["example"] == {"file": "a.json", "line": 12, "column": 15, "index": 0, "account": "A"}
    assert rows[1]["example"] == {"file": "a.json", "line": None, "column": None, "index": 0, "account": "A"}


def test_text_is_an_aligned_table_with_the_summary() -> None:
    text = write(output_of("text"), ACCOUNTS)
    assert text == (
        "count  accounts   share  level      code                  attr                  example\n"
        "    3         2  50.0 %  error      invalid_phone_number  customers.*.landline  a.json:12:15\n"
        "    1         1  25.0 %  error      blank                 name                  a.json[0]\n"
        "    1         1  25.0 %  follow-on  later                 ledgers.*             c.json:12:15\n"
        "    5         1  25.0 %  advice     odd                   notes.*               b.json:12:15\n"
        "\n"
        "4 accounts checked, 3 refused: 4 errors, 1 follow-on, 5 advice\n"
        "as of 2026-01-31, premigrate 1.2.3\n"
    )


def test_table_wider_than_the_terminal_is_a_list() -> None:
    text = write(make_output("text", statistics=True, width=48, quiet=True), ACCOUNTS)
    assert text == (
        "3  error invalid_phone_number at\n"
        "   customers.*.landline\n"
        "   2 accounts (50.0 %), such as a.json:12:15\n"
        "1  error blank at name\n"
        "   1 account (25.0 %), such as a.json[0]\n"
        "1  follow-on later at ledgers.*\n"
        "   1 account (25.0 %), such as c.json:12:15\n"
        "5  advice odd at notes.*\n"
        "   1 account (25.0 %), such as b.json:12:15\n"
    )
    wide = write(make_output("text", statistics=True, width=92, quiet=True), ACCOUNTS)
    assert wide == write(make_output("text", statistics=True, quiet=True), ACCOUNTS)


def test_text_without_findings_is_the_summary() -> None:
    assert write(output_of("text"), [account()]).startswith("1 account checked, 0 refused: 0 errors, 0 advice\n")


@pytest.mark.parametrize(("accounts", "refused", "share"), [(1000, 999, "99.9 %"), (10_000, 9_999, "99.9 %")])
def test_a_share_of_100_percent_means_all(accounts: int, refused: int, share: str) -> None:
    kind: FindingKind = ("error", "blank", "name")
    tally = Tally(accounts=accounts, kinds=Counter({kind: refused}), accounts_by_kind=Counter({kind: refused}))
    text = "".join(output_of("text").end(tally))
    assert f"  {share}  error" in text


def test_csv_has_a_row_for_each_kind() -> None:
    header, *rows = csv.reader(io.StringIO(write(output_of("csv"), ACCOUNTS)))
    assert ",".join(header) == "level,code,attr,count,accounts,share,file,line,column,index,account"
    assert rows[0] == [
        "error",
        "invalid_phone_number",
        "customers.*.landline",
        "3",
        "2",
        "0.5",
        "a.json",
        "12",
        "15",
        "0",
        "A",
    ]
    assert len(rows) == 4
    assert write(output_of("csv-bom"), ACCOUNTS) == "\ufeff" + write(output_of("csv"), ACCOUNTS)


def test_csv_has_no_formulas() -> None:
    text = write(output_of("csv"), [account(finding(attr="=1+1"), file="@a.json", reference="+3")])
    assert "'=1+1" in text
    assert "'@a.json" in text
    assert "'+3" in text


def test_interrupted_and_unreadable_inputs_are_marked() -> None:
    marked = write(output_of("csv"), ACCOUNTS, [UnreadableInput("u", 0, 0, "m")] * 2, interrupted=True)
    assert "\nunreadable,,,2," in marked
    assert marked.splitlines()[-1].startswith("interrupted,The run was interrupted")
    assert "interrupted: not all inputs were checked\n" in write(output_of("text"), ACCOUNTS, interrupted=True)
    assert json.loads(write(output_of("json"), ACCOUNTS, interrupted=True))["summary"]["complete"] is False


def test_accounts_that_are_only_counted_are_added() -> None:
    kind: FindingKind = ("error", "invalid_phone_number", "customers.*.landline")
    output = output_of("json")
    pieces = [*output.begin(RUN), *output.render_account(ACCOUNTS[0])]
    tally = Tally(accounts=10, kinds=Counter({kind: 20}), accounts_by_kind=Counter({kind: 9}))
    row = json.loads("".join([*pieces, *output.end(tally)]))["statistics"][0]
    assert (row["count"], row["accounts"], row["share"]) == (22, 10, 1.0)


def test_kinds_beyond_the_limit_are_counted_as_one() -> None:
    accounts = [
        account(finding("unknown_field", f"k{n}", level="advice"), finding("unknown_field", f"j{n}"))
        for n in range(600)
    ]
    rows = rows_of(accounts)
    assert len(rows) == MAX_KINDS + 2
    merged = {row["level"]: row for row in rows if row["attr"] == "..."}
    assert [(merged[level]["count"], merged[level]["accounts"]) for level in ("error", "advice")] == [(100, None)] * 2
    text = write(output_of("text"), accounts)
    assert re.search(r"\n  100 {19}advice  unknown_field  \.\.\. +a\.json:12:15\n", text)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(STATISTICS)))
def test_other_formats_show_findings_as_ever(name: str) -> None:
    options = {"explanations": dict}
    shown, wanted = (make_output(name, statistics=statistics, **options) for statistics in (True, False))
    assert write(shown, ACCOUNTS) == write(wanted, ACCOUNTS)


def test_output_is_deterministic_whatever_the_order_of_kinds() -> None:
    one, two = finding("b", "x"), finding("a", "x")
    assert [row["code"] for row in rows_of([account(one, two)])] == ["a", "b"]
    assert [row["code"] for row in rows_of([account(two, one)])] == ["a", "b"]
