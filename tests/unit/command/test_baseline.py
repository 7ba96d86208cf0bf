"""A baseline entry matches one finding of one account, however the file of the account is reached."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from premigrate.batch.display_paths import display_paths_from
from premigrate.cli.group import commands
from premigrate.command.baseline import (
    AccountKey,
    Baseline,
    BaselineEntry,
    FindingKey,
    load_baseline,
    parse_baseline,
    render_baseline,
)
from premigrate.exceptions import BadArgument
from premigrate.report.run import escape_lines
from tests.payloads import GONE, good_account, put

DAY = ["--as-of", "2026-01-31"]
JSON_TEXTS = st.text(st.characters(), max_size=30).filter(lambda text: json.loads(json.dumps(text)) == text)
"""Texts that survive JSON, whose readers join a pair of surrogates into one character."""
TEXTS = JSON_TEXTS | st.sampled_from(['"', "\\u0041", "\ud800", "\udfff\ud800x", "a\r\n\tb"])
ACCOUNTS = st.one_of(
    st.builds(AccountKey, TEXTS, TEXTS.filter(bool), st.just(""), st.just(0)),
    st.builds(AccountKey, st.just(""), st.just(""), TEXTS, st.integers(0, 2**40)),
)
ENTRIES = st.builds(
    BaselineEntry, st.builds(FindingKey, ACCOUNTS, TEXTS, TEXTS), st.just("Why."), st.none() | st.dates()
)


@given(st.lists(ENTRIES, max_size=5, unique_by=lambda entry: entry.key))
@settings(max_examples=100)
def test_round_trip(entries: list[BaselineEntry]) -> None:
    text = "".join(render_baseline(entries))
    assert escape_lines(text) == text, "no control character is written"
    assert text.encode("utf-8")
    assert parse_baseline("b.toml", text, display_paths_from()).entries == {entry.key: entry for entry in entries}


@pytest.fixture(autouse=True, scope="module")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREMIGRATE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


def bad_account(number: object = "A-1", market: str = "pt") -> dict[str, Any]:
    account = put(good_account(market), "external_account_number", number)
    changed: dict[str, Any] = put(account, "customers.0.mobile", "abcde")
    return changed


def save(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(commands, [*map(str, arguments)])
    if isinstance(result.exception, BadArgument):
        return 2, result.stdout, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def write(*arguments: object) -> str:
    code, out, err = run("baseline", "write", *DAY, "--baseline", "b.toml", *arguments)
    assert (code, err) == (0, "")
    return out


def check(*arguments: object, baseline: object = "b.toml") -> int:
    return run("check", *DAY, "--baseline", baseline, *arguments)[0]


def test_account_of_another_supplier(project: Path) -> None:
    save(project / "pt.json", bad_account())
    save(project / "dk.json", put(bad_account(market="dk"), "customers.0.landline", "abcde"))
    write("dk.json")
    assert (check("dk.json"), check("pt.json")) == (0, 1)
    write("pt.json")
    assert check(".") == 0


@pytest.mark.parametrize(
    "number",
    ["A\x1b[31m", 'A"B\\', "\ud800", "\U0001f600\U000e0001", "A\u202eB", "x" * 99, "x" * 100 + "1", 5, GONE, ""],
)
def test_written_baseline_matches(project: Path, number: object) -> None:
    unknown = {"new \x07\u2028\ud800": 1, 'a"b\\c.d': {"e": 2}}
    save(project / "a.json", [{**bad_account(number), **unknown}, bad_account("A-2")])
    write("a.json", "--fail-on", "advice")
    assert check("a.json", "--fail-on", "advice") == 0


def test_truncated_numbers_stay_distinct(project: Path) -> None:
    save(project / "a.json", [bad_account("x" * 100 + "1")])
    write("a.json")
    save(project / "b.json", [bad_account("x" * 100 + "2")])
    assert (check("a.json"), check("b.json")) == (0, 1)


@pytest.mark.parametrize("content", [bad_account(GONE), [bad_account(GONE), bad_account(GONE)]])
def test_accounts_without_a_number(project: Path, content: object, monkeypatch: pytest.MonkeyPatch) -> None:
    save(project / "accounts" / "a.json", content)
    (project.parent / "link").symlink_to(project)
    (project / "sub").mkdir()
    write("./accounts")
    for paths in ("accounts", project / "accounts", "accounts//a.json", "../link/accounts", "sub/../accounts"):
        assert check(paths) == 0
    assert check("accounts", baseline="../link/b.toml") == 0
    for here, up in (
        (project / "sub", ".."),
        (project / "accounts", ".."),
        (project.parent, "project"),
        (Path("/"), project),
    ):
        monkeypatch.chdir(here)
        assert check(Path(up, "accounts"), baseline=Path(up, "b.toml")) == 0
    monkeypatch.chdir(project)
    save(project / "other" / "a.json", content)
    assert check("other") == 1, "the file is part of the key"


def test_project_may_be_moved(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(project / "accounts" / "a.json", bad_account(GONE))
    save(project.parent / "outside" / "b.json", bad_account(GONE))
    (project / "elsewhere").symlink_to("../outside")
    write("accounts", "elsewhere")
    moved = project.parent / "moved"
    project.rename(moved)
    monkeypatch.chdir(moved)
    assert check("accounts", "elsewhere") == 0
    shutil.copytree(moved, project.parent / "copy", symlinks=True)
    assert check("../copy/accounts", baseline="../copy/b.toml") == 0


def test_file_reached_through_a_link(project: Path) -> None:
    save(project / "accounts" / "a.json", bad_account(GONE))
    (project / "today.json").symlink_to("accounts/a.json")
    write("today.json")
    assert check("accounts") == check("today.json") == 0


class TestOldEntries:
    """Entries without a supplier, as earlier versions wrote them."""

    OLD = '[[known]]\naccount = "{}"\ncode = "invalid_phone_number"\nattr = "customers.0.mobile"\nreason = "Old."\n'

    def test_they_are_refused(self, project: Path) -> None:
        save(project / "a.json", bad_account())
        (project / "b.toml").write_text(self.OLD.format("A-1"), "utf-8")
        code, _, err = run("check", *DAY, "--baseline", "b.toml", "a.json")
        message = "b.toml: entry 1 of [[known]]: supplier is missing; run premigrate baseline write again to add it"
        assert (code, err) == (2, message)

    @pytest.mark.parametrize(("number", "old"), [("A-1", "A-1"), (GONE, "accounts/a.json"), ("A\x07", "A\\\\x07")])
    def test_they_are_rewritten_with_their_reasons(self, project: Path, number: object, old: str) -> None:
        save(project / "accounts" / "a.json", bad_account(number))
        (project / "b.toml").write_text(f"{self.OLD.format(old)}expires = 2026-12-31\n", "utf-8")
        assert write("accounts", "--reason", "New.").startswith("b.toml: 0 findings added, 0 removed, 1 in total")
        (entry,) = load_baseline("b.toml").entries.values()
        assert (entry.reason, entry.expires) == ("Old.", date(2026, 12, 31))
        assert check("accounts") == 0

    def test_fixed_finding_is_removed(self, project: Path) -> None:
        save(project / "a.json", good_account("pt"))
        (project / "b.toml").write_text(self.OLD.format(good_account("pt")["external_account_number"]), "utf-8")
        assert write("a.json").startswith("b.toml: 0 findings added, 1 removed, 0 in total")

    def test_they_are_kept_if_their_accounts_are_missing(self, project: Path) -> None:
        save(project / "a.json", bad_account())
        before = self.OLD.format("A-1") + self.OLD.format("A-2")
        (project / "b.toml").write_text(before, "utf-8")
        code, out, err = run("baseline", "write", *DAY, "--baseline", "b.toml", "a.json")
        assert (code, out, (project / "b.toml").read_text("utf-8")) == (2, "", before)
        assert "b.toml: 1 account in entries without a supplier is not among the inputs: A-2" in err


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('supplier = "S"\naccount = "A"\nfile = "f"\nposition = 0', "an entry must have supplier and account, or file"),
        ('file = "f"', "an entry must have supplier and account, or file and position"),
        ('supplier = "S"', "an entry must have supplier and account, or file and position"),
        ('file = "f"\nposition = -1', "position must be a whole number of at least 0"),
        ('file = "f"\nposition = true', "position must be a whole number of at least 0"),
        ('supplier = "S"\naccount = { json = "5" }', "account must be a string"),
        ('supplier = { json = "[" }\naccount = "A"', "supplier must be a string"),
        ('supplier = "S"\naccount = 5', "account must be a string"),
    ],
)
def test_invalid_entries_are_refused(project: Path, entry: str, message: str) -> None:
    (project / "b.toml").write_text(f'[[known]]\ncode = "c"\nattr = "a"\n{entry}\n', "utf-8")
    with pytest.raises(BadArgument, match=message):
        load_baseline("b.toml")


def test_account_of_standard_input(project: Path) -> None:
    baseline = Baseline(str(project / "b.toml"), display_paths_from())
    assert baseline.account_key("standard input", 3, "S", "") == AccountKey(file="standard input", position=3)
