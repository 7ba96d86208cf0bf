"""Options that select what a run shows: on the command line, in a configuration and in a baseline."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from premigrate.command.config import SETTINGS
from tests.command import invoke as run
from tests.payloads import GONE, ROOT, good_account, put
from tests.scenarios.test_command import DAY


def bad_account(number: str | None = "ACC-1", email: str = "x") -> dict[str, Any]:
    account = put(put(good_account("pt"), "customers.0.email", email), "customers.0.mobile", "abcde")
    numbered: dict[str, Any] = put(account, "external_account_number", number or GONE)
    return numbered


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, account in (("new/bad.json", bad_account()), ("old/bad.json", bad_account("ACC-2"))):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(json.dumps(account), "utf-8")
    return tmp_path


def codes(*arguments: str | Path, cwd: Path) -> tuple[int, list[str]]:
    code, out, err = run("check", *DAY, "--format", "ndjson", *arguments, cwd=cwd)
    assert "Traceback" not in err
    return code, [json.loads(line)["code"] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ([], 1, ["invalid", "invalid_phone_number"]),
        (["--select", "invalid_phone_number"], 1, ["invalid_phone_number"]),
        (["--select", "phone-number-valid"], 1, ["invalid_phone_number"]),
        (["--select", "customers.*.email"], 1, ["invalid"]),
        (["--select", "customers.0.email,phone-number-valid"], 1, ["invalid", "invalid_phone_number"]),
        (["--ignore", "field"], 1, ["invalid_phone_number"]),
        (["--ignore", "field", "--ignore", "phone-number-valid"], 0, []),
        (["--select", "customers.*", "--ignore", "*.mobile"], 1, ["invalid"]),
    ],
)
def test_selection(folder: Path, arguments: list[str], code: int, expected: list[str]) -> None:
    assert codes(*arguments, "new", cwd=folder) == (code, expected)


def test_ignoring_findings_does_not_change_the_response(folder: Path) -> None:
    code, out, _ = run("check", *DAY, "--format", "json", "--ignore", "*", "new", cwd=folder)
    report = json.loads(out)
    assert (code, report["accounts"][0]["status"], report["accounts"][0]["findings"]) == (0, 400, [])
    assert len(report["accounts"][0]["body"]["errors"]) == 2
    assert report["summary"]["ignored"] == 2


def test_advice_fails_only_with_fail_on(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(put(good_account("pt"), "customers.0.given_name", "Ann ")), "utf-8")
    assert codes("a.json", cwd=tmp_path) == (0, ["trimmed_whitespace"])
    assert codes("--fail-on", "advice", "a.json", cwd=tmp_path) == (1, ["trimmed_whitespace"])
    assert codes("--fail-on", "advice", "--ignore", "trimmed-whitespace", "a.json", cwd=tmp_path) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--ignore", "invalid_phone_numbr"],
            "'invalid_phone_numbr' is not a rule or code; did you mean invalid_phone_number?",
        ),
        (["--select", "zzz"], "'zzz' is not a rule, code or field"),
        (["--select", "customers.*.moble"], "'customers.*.moble' matches no field; did you mean customers.*.mobile?"),
        (["--output", "report.doc"], "--output report.doc: unknown format or suffix; use one of "),
        (["--output", "new/bad.json/x.csv"], "new/bad.json/x.csv: cannot be written: "),
        (["--output", "x.csv", "--output", "new/bad.json/x.csv"], "new/bad.json/x.csv: cannot be written"),
        (["--output", "x.csv", "--market", "xx"], "there is no market 'xx'"),
        (["--format", "yaml"], "'yaml' is not one of"),
        (["--max-errors", "-1"], "-1 is not in the range"),
        (["--baseline", "none.toml"], "none.toml: the baseline cannot be read: No such file or directory; premigrate"),
        (["--config", "none.toml"], "none.toml: the configuration cannot be read"),
    ],
)
def test_usage_errors(folder: Path, arguments: list[str], message: str) -> None:
    code, out, err = run("check", *DAY, *arguments, "new", cwd=folder)
    assert (code, out, "Traceback" in err) == (2, "", False)
    assert message in err
    assert not list(folder.glob(".*.part"))


def test_several_outputs_in_one_run(folder: Path) -> None:
    code, out, _ = run("check", *DAY, "new", "--output", "a.sarif", "--output", "junit:b.txt", cwd=folder)
    assert code == 1
    assert ": error: Enter a valid email address." in out
    assert json.loads((folder / "a.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert (folder / "b.txt").read_text("utf-8").startswith("<?xml")
    assert sorted(path.name for path in folder.iterdir()) == ["a.sarif", "b.txt", "new", "old"]


class TestConfiguration:
    def test_nearest_parent_folder_is_used(self, folder: Path) -> None:
        (folder / "premigrate.toml").write_text('ignore = ["field"]\npaths = ["new"]\n', "utf-8")
        deep = folder / "new" / "deeper"
        deep.mkdir()
        assert codes("../bad.json", cwd=deep) == (1, ["invalid_phone_number"])
        assert codes(cwd=deep) == (1, ["invalid_phone_number"])
        (deep / "pyproject.toml").write_text("[tool.other]\n", "utf-8")
        assert codes(cwd=deep) == (1, ["invalid_phone_number"]), "a pyproject.toml without the table is skipped"
        (deep / "pyproject.toml").write_text('[tool.premigrate]\nselect = ["field"]\n', "utf-8")
        assert codes("../bad.json", cwd=deep) == (1, ["invalid"])
        code, out, err = run("check", *DAY, cwd=deep)
        assert (code, out, "Missing argument 'PATH...'" in err) == (2, "", True)

    def test_command_line_overrides_it(self, folder: Path) -> None:
        (folder / "premigrate.toml").write_text('ignore = ["field"]\nformat = "csv"\nfail-on = "advice"\n', "utf-8")
        assert codes("--ignore", "phone-number-valid", "new", cwd=folder) == (1, ["invalid"])
        _, out, _ = run("check", *DAY, "new", cwd=folder)
        assert out.startswith("file,line,column")

    def test_paths_are_relative_to_its_folder(self, folder: Path) -> None:
        (folder / "lists").mkdir()
        (folder / "lists" / "operations_teams.txt").write_text("Nobody\n", "utf-8")
        text = 'references = "lists"\nselect = ["operations-team-known"]\noutput = ["out.csv", "junit:out.x"]\n'
        (folder / "premigrate.toml").write_text(text, "utf-8")
        assert codes("bad.json", cwd=folder / "new") == (1, ["operations_team_name_does_not_exist"])
        assert {path.name for path in folder.iterdir()} >= {"out.csv", "out.x"}

    def test_per_path(self, folder: Path) -> None:
        text = '[[per-path]]\npaths = ["old", "nowhere/*"]\nignore = ["customers.*"]\n'
        (folder / "premigrate.toml").write_text(text, "utf-8")
        assert codes(".", cwd=folder) == (1, ["invalid", "invalid_phone_number"])
        assert codes("bad.json", cwd=folder / "old") == (0, [])

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('baselin = "x"', "unknown setting 'baselin'; did you mean baseline?"),
            ("market = 5", "market: it must be a string, not 5"),
            ('ignore = "field"', 'ignore: it must be a list, not "field"'),
            ("max-errors = true", "max-errors: it must be a whole number, not true"),
            ('show-values = "yes"', 'show-values: it must be true or false, not "yes"'),
            ('format = "yaml"', "format: it must be 'text', 'concise', 'json', "),
            ('fail-on = "warning"', "fail-on: it must be 'error' or 'advice', not "),
            ("[[per-path]]\npath = []", "per-path.0: unknown setting 'path'; did you mean paths?"),
            ('[[per-path]]\npaths = ["a"]', "per-path.0: select or ignore is missing; add one of them"),
            ('overlay = "a\\u0000b"', "overlay: it must not contain a NUL character"),
            ("per-path = 5", "per-path: write [[per-path]], with two brackets"),
            ("ignore = [", "not TOML"),
            ('ignore = ["nothing-like-it-at-all"]', "is not a rule"),
        ],
    )
    def test_errors(self, folder: Path, text: str, message: str) -> None:
        (folder / "premigrate.toml").write_text(text, "utf-8")
        code, out, err = run("check", *DAY, "new", cwd=folder)
        assert (code, out, "Traceback" in err) == (2, "", False)
        assert message in err

    def test_all_errors_are_shown(self, folder: Path) -> None:
        text = "market = 5\njobs = -1\nbaselin = 'x'\n"
        (folder / "premigrate.toml").write_text(text, "utf-8")
        for arguments in (["check", *DAY, "new"], ["config", "check"]):
            code, out, err = run(*arguments, cwd=folder)
            assert (code, out, len(err.splitlines())) == (2, "", 4)

    def test_messages_are_limited(self, folder: Path) -> None:
        text = "".join(f"k{number} = 1\n" for number in range(500)) + f"market = {[10**9] * 500}\n"
        (folder / "premigrate.toml").write_text(text, "utf-8")
        code, _, err = run("config", "check", cwd=folder)
        assert (code, len(err.splitlines()), "more mistakes" in err) == (2, 22, True)
        assert len(err) < 10_000

    def test_show_writes_toml(self, folder: Path) -> None:
        text = 'market = "\\u0085"\n[[per-path]]\npaths = ["a"]\nignore = ["required"]\n'
        (folder / "premigrate.toml").write_text(text, "utf-8")
        _, out, _ = run("config", "show", cwd=folder)
        shown = tomllib.loads(out)
        assert (shown["market"], shown["per-path"]) == ("\x85", [{"paths": ["a"], "ignore": ["required"]}])

    def test_check(self, folder: Path) -> None:
        code, _, err = run("config", "check", cwd=folder)
        assert (code, "no configuration found" in err) == (2, True)
        (folder / "premigrate.toml").write_text('market = "pt"\nignore = ["field"]\n', "utf-8")
        code, out, _ = run("config", "check", cwd=folder)
        assert (code, out) == (0, f"{folder}/premigrate.toml: 2 settings, all valid\n")

    def test_schema(self, folder: Path) -> None:
        code, out, _ = run("config", "schema", cwd=folder)
        schema = json.loads(out)
        assert (code, set(schema["properties"]) - set(SETTINGS)) == (0, set())
        check = jsonschema.Draft202012Validator(schema).is_valid
        assert check({"market": "pt", "fail-on": "error", "per-path": [{"paths": ["a"], "ignore": ["b"]}]})
        assert not check({"jobs": -1})
        assert not check({"baselin": "x"})

    def test_show(self, folder: Path) -> None:
        code, out, _ = run("config", "show", cwd=folder)
        assert code == 0
        assert "# no premigrate.toml, and no pyproject.toml with [tool.premigrate], was found" in out
        assert 'fail-on = "error"  # default' in out
        (folder / "premigrate.toml").write_text('ignore = ["field"]\n', "utf-8")
        _, out, _ = run("config", "show", cwd=folder / "new")
        assert f'ignore = ["field"]  # from {folder}/premigrate.toml' in out
        assert "# market is not set: the market of all payloads" in out
        code, _, err = run("config", "show", "--config", "none.toml", cwd=folder)
        assert (code, "cannot be read" in err) == (2, True)


def test_rules_and_explain_use_the_overlay_of_the_configuration(folder: Path) -> None:
    field = '[change.supply_point.fields.contracted_power]\ntype = "decimal"\nabout = "Power."\nbecause = "A test."\n'
    (folder / "ours.toml").write_text(f'[market]\nextends = "pt"\n\n{field}', "utf-8")
    topic = ("explain", "supply_point.contracted_power")
    assert run(*topic, cwd=folder).code == 2
    (folder / "premigrate.toml").write_text('overlay = "ours.toml"\n', "utf-8")
    assert "Power." in run(*topic, cwd=folder).out
    assert run("rules", "--test", cwd=folder).out.endswith("0 rules tested with 0 examples, no failures\n")


class TestBaseline:
    def write(self, folder: Path, *arguments: str) -> tuple[int, str, str]:
        return run("baseline", "write", *DAY, *arguments, cwd=folder)

    def test_known_findings_are_hidden_and_do_not_fail(self, folder: Path) -> None:
        code, out, _ = self.write(folder, "new", "--reason", "Mended in March.", "--expires", "2026-03-31")
        assert (code, out) == (0, "premigrate-baseline.toml: 2 findings added, 0 removed, 2 in total\n")
        text = (folder / "premigrate-baseline.toml").read_text("utf-8")
        assert text.count("[[known]]") == 2
        assert 'account = "ACC-1"\ncode = "invalid"\nattr = "customers.0.email"\nreason = "Mended in March."\n' in text
        assert "expires = 2026-03-31\n" in text
        known = ["--baseline", "premigrate-baseline.toml"]
        assert codes(*known, "new", cwd=folder) == (0, [])
        assert codes(*known, ".", cwd=folder) == (1, ["invalid", "invalid_phone_number"])
        _, out, _ = run("check", *DAY, *known, "new", cwd=folder)
        assert "set aside: 0 errors, 0 advice, 2 in the baseline" in out

    def test_it_is_written_where_the_configuration_says(self, folder: Path) -> None:
        (folder / "premigrate.toml").write_text('baseline = "known.toml"\n', "utf-8")
        code, out, _ = self.write(folder, "new")
        assert (code, out) == (0, "known.toml: 2 findings added, 0 removed, 2 in total\n")
        assert codes("new", cwd=folder) == (0, [])

    def test_broken_baseline_is_named_from_the_current_folder(self, folder: Path) -> None:
        (folder / "premigrate.toml").write_text('baseline = "known.toml"\n', "utf-8")
        code, _, err = run("check", *DAY, "bad.json", cwd=folder / "new")
        assert (code, "premigrate: ../known.toml: the baseline cannot be read: " in err) == (2, True)
        (folder / "known.toml").write_text("= 1", "utf-8")
        code, _, err = run("check", *DAY, "bad.json", cwd=folder / "new")
        assert (code, "premigrate: ../known.toml: the baseline is not TOML: " in err) == (2, True)

    def test_expired_entries_are_shown_again(self, folder: Path) -> None:
        self.write(folder, "new", "--expires", "2026-01-30")
        code, out, err = run("check", *DAY, "--baseline", "premigrate-baseline.toml", "new", cwd=folder)
        assert (code, out.count(": error: ")) == (1, 2)
        assert "ACC-1: invalid at customers.0.email: this entry expired on 2026-01-30" in err

    def test_stale_entries_are_reported_and_removed(self, folder: Path) -> None:
        self.write(folder, ".", "--reason", "Old.")
        (folder / "new" / "bad.json").write_text(json.dumps(bad_account(email="x@example.org")), "utf-8")
        (folder / "premigrate.toml").write_text('baseline = "premigrate-baseline.toml"\n', "utf-8")
        stale = "premigrate-baseline.toml: ENIPLENITUDEPT_IMPORT_SUPPLIER ACC-1: invalid at"
        assert f"premigrate: ../{stale}" in run("check", *DAY, "bad.json", cwd=folder / "new").err
        code, _, err = run("check", *DAY, "new", cwd=folder)
        assert code == 0
        assert f"premigrate: {stale}" in err
        assert err.count("this entry matches no finding; premigrate baseline write removes it") == 1
        assert "ACC-1: invalid at customers.0.email: this entry matches no finding" in err
        code, out, _ = self.write(folder, "new", "--reason", "New.")
        assert out == "premigrate-baseline.toml: 0 findings added, 1 removed, 3 in total\n"
        text = (folder / "premigrate-baseline.toml").read_text("utf-8")
        assert text.count('reason = "Old."') == 3
        assert text.count('account = "ACC-2"') == 2

    def test_ignored_findings_are_not_stale(self, folder: Path) -> None:
        self.write(folder, "new")
        ignore = ["--ignore", "field", "--baseline", "premigrate-baseline.toml"]
        code, _, err = run("check", *DAY, *ignore, "new", cwd=folder)
        assert (code, err) == (0, "")

    def test_failed_run_leaves_it_unchanged(self, folder: Path) -> None:
        self.write(folder, "new")
        before = (folder / "premigrate-baseline.toml").read_bytes()
        (folder / "new" / "broken.json").write_text("{", "utf-8")
        code, out, err = self.write(folder, "new")
        assert (code, out, "not changed" in err) == (4, "", True)
        assert (folder / "premigrate-baseline.toml").read_bytes() == before

    def test_it_holds_no_payload_values(self, folder: Path) -> None:
        self.write(folder, ".")
        assert "abcde" not in (folder / "premigrate-baseline.toml").read_text("utf-8")

    def test_accounts_without_a_number_are_known_by_position(self, tmp_path: Path) -> None:
        (tmp_path / "many.json").write_text(json.dumps([bad_account(None), bad_account(None)]), "utf-8")
        self.write(tmp_path, "many.json")
        text = (tmp_path / "premigrate-baseline.toml").read_text("utf-8")
        assert text.count('file = "many.json"\nposition = 0\n') == text.count("\nposition = 1\n") == 2

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                "[[known]]\ncode = 'x'",
                "an entry must have supplier and account, or file and position; and code and attr",
            ),
            ("[[know]]", "a baseline can contain only [[known]] tables"),
            ("known = 5", "a baseline can contain only [[known]] tables"),
            ("[[known]]\naccount='a'\ncode='c'\nattr=''\nuntil=2026-01-01", "unknown key 'until'"),
            ("[[known]]\naccount='a'\ncode='c'\nattr=''\nexpires='2026'", "a date such as 2026-12-31, without quotes"),
            ("[[known", "the baseline is not TOML"),
        ],
    )
    def test_errors(self, folder: Path, text: str, message: str) -> None:
        (folder / "b.toml").write_text(text, "utf-8")
        code, out, err = run("check", *DAY, "--baseline", "b.toml", "new", cwd=folder)
        assert (code, out, "Traceback" in err) == (2, "", False)
        assert message in err


def test_yaml_is_checked_like_json(tmp_path: Path) -> None:
    import yaml

    account = put(good_account("dk"), "customers.0.landline", "abcde")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"payload": account}, sort_keys=False), "utf-8")
    code, out, err = run("check", *DAY, "a.yaml", cwd=tmp_path)
    assert (code, err) == (1, "")
    lines = (tmp_path / "a.yaml").read_text("utf-8").splitlines()
    number, column = next((n, line.index("abcde")) for n, line in enumerate(lines, 1) if "abcde" in line)
    assert out.startswith(f"a.yaml:{number}:{column + 1}: error: *** is not a valid phone number")
    (tmp_path / "b.yml").write_text("a: &x 1\n", "utf-8")
    code, _, err = run("check", "b.yml", cwd=tmp_path)
    assert (code, "b.yml:1:4: not plain YAML: anchors and aliases are not supported" in err) == (4, True)


def test_repository_has_no_configuration() -> None:
    assert not list(ROOT.glob("premigrate*.toml")), "the tests run here and must not be configured"
