"""Every output format, compared with golden files and parsed by independent readers."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml
from sarif_pydantic import Sarif

from premigrate.documents.source_map import LineRange
from premigrate.report.findings import Finding, RelatedPlace, SourceExcerpt
from premigrate.report.outputs import FORMATS, format_of_file, make_output
from premigrate.report.run import AccountReport, RunInfo, Tally, UnreadableInput
from premigrate.results import Response
from tests.payloads import ROOT
from tests.reports import write

BOM = "\ufeff"
HOSTILE = "\x1b[31m<b>&\"',%\r\n::error::##[error]]]>[a](b)\ud800\u202e\x7f\x9b\x85\U000e0041"
EXPLAIN = {"code_a": "What code a means.", "rule-a": "Why rule a is."}


def finding(level: Any = "error", number: int = 0, detail: str = "Wrong.", **more: Any) -> Finding:
    attr = f"customers.{number}.email"
    place = ("customers", number, "email")
    return Finding(level, detail, "code_a", attr, "rule-a", place, **more)


SPOT, EXCERPT = LineRange(3, 14, 3, 19), SourceExcerpt('"email": "***"', 9, 5)
RESPONSE = Response(400, {"detail": "No.", "code": "no", "errors": []})


def run_of(accounts: list[AccountReport], unreadable: list[UnreadableInput], name: str, **options: Any) -> str:
    not_checked: dict[str, tuple[str, ...]] = {"rule-p": (), "rule-q": ("list_q",), "rule-r": ("[tenant] fact_r",)}
    return write(make_output(name, **options), accounts, unreadable, not_checked)


ACCOUNTS = [
    AccountReport("a.json", 0, 1, "", Response(200, {}), ()),
    AccountReport(
        "folder/many.json",
        0,
        2,
        "ACC-1",
        RESPONSE,
        (
            finding(
                spot=SPOT,
                excerpt=EXCERPT,
                expected="look here",
                detail_basis="published",
                related=(RelatedPlace("customers.1.mobile", (), SPOT),),
            ),
            finding("follow-on", 1),
            finding("advice", 2, spot=SPOT),
        ),
    ),
    AccountReport("folder/many.json", 1, 2, "", RESPONSE, (finding("advice", 3),)),
]
UNREADABLE = [UnreadableInput("x.json", 2, 5, "not JSON: no"), UnreadableInput("y.json", 0, 0, "gone")]
GOLDEN_FORMATS = sorted(set(FORMATS) - {"html"})


@pytest.mark.parametrize("name", GOLDEN_FORMATS)
def test_golden_file(name: str) -> None:
    golden = ROOT / "tests" / "golden" / f"run.{name}.txt"
    assert run_of(ACCOUNTS, UNREADABLE, name, explanations=lambda: EXPLAIN) == golden.read_text("utf-8")


@pytest.mark.parametrize("name", GOLDEN_FORMATS)
def test_empty_run_is_valid_output(name: str) -> None:
    out = run_of([], [], name)
    if name in {"json", "sarif", "gitlab"}:
        json.loads(out)
    elif name == "junit":
        ET.fromstring(out)  # noqa: S314 - our own output


def hostile_run(name: str) -> str:
    account = AccountReport(
        HOSTILE,
        0,
        2,
        HOSTILE,
        RESPONSE,
        (
            finding(
                detail=HOSTILE,
                expected=HOSTILE,
                related=(RelatedPlace(HOSTILE, (), SPOT),),
                spot=SPOT,
                excerpt=SourceExcerpt(HOSTILE, 1, 3),
            ),
        ),
    )
    return run_of([account], [UnreadableInput(HOSTILE, 1, 1, HOSTILE)], name)


@pytest.mark.parametrize("name", FORMATS)
def test_control_characters_are_written_as_escapes(name: str) -> None:
    text = hostile_run(name).encode("utf-8", "strict").decode().removeprefix(BOM if name == "csv-bom" else "")
    for line in text.split("\n"):
        assert line.isprintable()


def test_github_values_do_not_become_commands() -> None:
    lines = hostile_run("github").splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert [line.split("::")[1].split(" ")[0] for line in commands] == ["group", "endgroup", "error", "error"]
    assert not [line for line in lines if "##[" in line]


def many(count: int, kinds: int) -> Iterator[AccountReport]:
    for number in range(count):
        single = Finding("error", "Wrong.", f"code_{number % kinds}", f"a.{number}", "rule-a", ("a", number), spot=SPOT)
        yield AccountReport("f.json", number, count, f"ACC-{number}", RESPONSE, (single,))


@pytest.mark.parametrize(
    ("kinds", "unreadable_count"), [(3, 0), (10, 0), (11, 0), (40, 0), (40, 1), (3, 30), (40, 30), (1, 8)]
)
def test_github_annotations_lose_nothing_silently(kinds: int, unreadable_count: int) -> None:
    broken = [UnreadableInput(f"u{number}.json", 1, 1, "broken") for number in range(unreadable_count)]
    lines = run_of(list(many(400, kinds)), broken, "github").splitlines()
    annotations = [line for line in lines if line.startswith("::error")]
    assert len(annotations) <= 10
    assert sum(line.startswith("- f.json") for line in lines) == 400
    accounted = 0
    for line in annotations:
        if "not shown" in line:
            fields = line.split("::")[2].split(" ")
            accounted += int(fields[0]) if "findings of" in line else 0
        elif "unreadable" not in line:
            accounted += int(line.split("%0A")[1].split(" ")[0]) if "%0A" in line else 1
    assert accounted == 400
    shown = sum("unreadable::" in line for line in annotations)
    assert shown == unreadable_count or f"{unreadable_count - shown} more unreadable input" in " ".join(annotations)


def walk(model: Any) -> Iterator[Any]:
    yield model
    for value in vars(model).values():
        for each in value if isinstance(value, list) else [value]:
            if hasattr(each, "model_extra"):
                yield from walk(each)


@pytest.mark.parametrize(
    "out", [run_of(ACCOUNTS, UNREADABLE, "sarif", explanations=lambda: EXPLAIN), hostile_run("sarif")]
)
def test_sarif_is_valid(out: str) -> None:
    log = Sarif.model_validate_json(out)
    extra = {name for each in walk(log) if type(each).__name__ != "PropertyBag" for name in each.model_extra or ()}
    assert extra == {"columnKind", "toolExecutionNotifications"}, "the standard has both, sarif_pydantic does not"
    (run,) = json.loads(out)["runs"]
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["help"]["text"]
    assert not run["invocations"][0]["executionSuccessful"]
    assert len({result["partialFingerprints"]["premigrate/v1"] for result in run["results"]}) == len(run["results"])


@pytest.mark.parametrize(
    ("file", "uri"),
    [("a b/ü.json", "a%20b/%C3%BC.json"), ("/x/y.json", "file:///x/y.json"), ("C:\\x\\y.json", "file:///C:/x/y.json")],
)
def test_sarif_names_files_by_uri(file: str, uri: str) -> None:
    out = run_of([AccountReport(file, 0, 1, "", RESPONSE, (finding(),))], [], "sarif")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("name", FORMATS)
def test_output_does_not_depend_on_the_unicode_version(name: str) -> None:
    """Use a letter that Python 3.12 reports as printable, and 3.11 does not."""
    old, new = (
        run_of([AccountReport("a", 0, 1, "", RESPONSE, (finding(detail=f"<{each}>"),))], [], name)
        for each in "ø\U00011f02"
    )
    assert ("\U00011f02" in new) == ("ø" in old)


def test_junit_is_valid() -> None:
    for out in (run_of(ACCOUNTS, UNREADABLE, "junit"), hostile_run("junit")):
        suites = JUnitXml.fromstring(out.encode())
        assert sum(suite.tests for suite in suites) == suites.tests
        assert sum(suite.failures for suite in suites) == suites.failures == 1
        assert sum(suite.errors for suite in suites) == suites.errors
        cases = [case for suite in suites for case in suite]
        assert len(cases) == suites.tests


def csv_of(detail: str) -> str:
    return run_of([AccountReport("f", 0, 1, "", RESPONSE, (finding(detail=detail),))], [], "csv")


def test_sarif_messages_contain_no_injected_links() -> None:
    """In a message, ``[words](address)`` is a link, unless a backslash precedes the bracket."""
    escaped = {"[a](b)": r"\[a](b)", r"\[a](b)": r"\\\[a](b)", "[a] (b)": "[a] (b)", "[[a](b)]": r"[\[a](b)]"}
    for text, written in escaped.items():
        out = run_of(
            [AccountReport("f", 0, 1, "", RESPONSE, (finding(detail=text),))],
            [UnreadableInput("f", 1, 1, text)],
            "sarif",
        )
        (run,) = json.loads(out)["runs"]
        (notice,) = run["invocations"][0]["toolExecutionNotifications"]
        assert written in run["results"][0]["message"]["text"]
        assert notice["message"]["text"] == written


def test_junit_values_round_trip() -> None:
    text = "a\r\n\tb\x7f\x85\x9b\u202e\u2028\U000e0041<&>]]>"
    root = ET.fromstring(run_of([AccountReport(text, 0, 1, "", RESPONSE, (finding(detail=text),))], [], "junit"))  # noqa: S314
    (failure,) = root.iter("failure")
    assert text in failure.get("message", "")
    assert text in (failure.text or "")
    assert [case.get("file") for case in root.iter("testcase")] == [text]


def test_csv_cells_are_not_formulas() -> None:
    for text, cell in {"a;=1": "a;'=1", 'a; "@x"': 'a;\' "@x"', " +1": "' +1", "a=1;b": "a=1;b", "a;": "a;"}.items():
        assert next(csv.DictReader(io.StringIO(csv_of(text))))["detail"] == cell
    for start in ("=1+1", "+1", "-1", "@x", "\uff1d1"):
        out = run_of([AccountReport(start, 0, 1, start, RESPONSE, (finding(detail=start),))], [], "csv")
        header, row = csv.reader(io.StringIO(out))
        for cell in (row[header.index(column)] for column in ("file", "account", "detail")):
            assert cell == f"'{start}"
    _, row, broken = csv.reader(io.StringIO(hostile_run("csv")))
    assert all(cell.isprintable() for cell in (*row, *broken))


def test_ndjson_lines_are_json() -> None:
    lines = [json.loads(line) for line in hostile_run("ndjson").splitlines()]
    assert [line["level"] for line in lines] == ["error", "unreadable"]
    assert lines[0]["detail"] == HOSTILE.replace("\ud800", "\\ud800")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("a.sarif", "sarif"),
        ("A.XML", "junit"),
        ("x/y.jsonl", "ndjson"),
        ("a.json", "json"),
        ("a.htm", "html"),
        ("a", None),
    ],
)
def test_file_name_selects_the_format(file: str, expected: str | None) -> None:
    assert format_of_file(file) == expected


class TestText:
    def test_three_findings_of_a_kind_are_shown(self) -> None:
        out = run_of(list(many(50, 2)), [], "text")
        assert out.count(": error: ") == 6
        assert "44 findings not shown. All findings by kind (--show-all shows each):" in out
        assert "     25 error     code_0 at a.*" in out
        assert run_of(list(many(50, 2)), [], "text", show_all=True).count(": error: ") == 50

    def test_max_findings(self) -> None:
        out = run_of(list(many(50, 50)), [], "text", max_findings=5)
        assert out.count(": error: ") == 5
        assert "45 findings not shown" in out
        assert run_of(list(many(3, 3)), [], "text", max_findings=0).count(": error: ") == 0

    @pytest.mark.parametrize(("width", "most"), [(40, 40), (80, 80), (None, 240)])
    def test_excerpts_fit_a_terminal(self, width: int | None, most: int) -> None:
        wide = SourceExcerpt(f'"{"k" * 60}": "{"v" * 400}"', 64, 402)
        far = SourceExcerpt(f'"{"k" * 300}": "v"', 304, 3)
        findings = (finding(spot=SPOT, excerpt=wide), finding(number=1, spot=SPOT, excerpt=far))
        out = run_of([AccountReport("f.json", 0, 1, "", RESPONSE, findings)], [], "text", width=width)
        excerpt_lines = [line for line in out.splitlines() if " | " in line]
        assert max(map(len, excerpt_lines)) == most
        assert "^^^" in excerpt_lines[1]
        assert excerpt_lines[2].endswith('"v"')
        assert excerpt_lines[3].endswith("^^^")
        assert len(excerpt_lines[2]) == len(excerpt_lines[3])

    def test_interrupted_run_is_marked(self) -> None:
        output = make_output("text")
        list(output.begin(RunInfo("1", date(2026, 1, 31))))
        assert "interrupted: not all inputs were checked" in "".join(output.end(Tally(interrupted=True)))
