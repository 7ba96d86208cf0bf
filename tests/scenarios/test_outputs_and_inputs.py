"""Outputs are never read as inputs and never overwrite them; paths are shown the same however they are spelled."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from click.testing import CliRunner

from premigrate import check_files
from premigrate.batch.inputs import SPLIT_MARKER
from premigrate.batch.own_reports import is_own_report
from premigrate.cli.group import commands
from premigrate.exceptions import BadArgument
from premigrate.report.outputs import FORMATS
from tests.payloads import AS_OF, good_account, put

DAY = ["--as-of", "2026-01-31"]


@pytest.fixture(autouse=True, scope="module")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile rules once for all commands, not once for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREMIGRATE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


def bad() -> dict[str, Any]:
    account: dict[str, Any] = put(good_account("pt"), "customers.0.email", "x")
    return account


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    project = tmp_path / "project"
    for name, account in (("accounts/bad.json", bad()), ("accounts/good.json", good_account("dk"))):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(account), "utf-8")
    (tmp_path / "link").symlink_to(project)
    monkeypatch.chdir(project)
    before = inputs(project)
    yield project
    assert inputs(project) == before, "an input was changed"


def inputs(project: Path) -> dict[str, bytes]:
    return {name: (project / "accounts" / name).read_bytes() for name in ("bad.json", "good.json")}


def run(*arguments: object, stdin: BinaryIO | None = None) -> tuple[int, str, str]:
    """Return the exit code, standard output and standard error; the message of BadArgument replaces standard error."""
    result = CliRunner().invoke(commands, [*map(str, arguments)], input=stdin)
    if isinstance(result.exception, BadArgument):
        return 2, result.stdout, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def counts(*arguments: object) -> list[str]:
    return [line for line in run("check", *DAY, *arguments)[1].splitlines() if " checked, " in line]


@pytest.fixture
def expected(folder: Path) -> list[str]:  # noqa: ARG001
    lines = counts("accounts")
    assert lines[0].startswith("2 accounts checked, 1 refused: ")
    return lines


class TestReadingOwnOutputs:
    @pytest.mark.parametrize(
        ("form", "name"), [*zip(FORMATS, cycle(["report.json", "sub/r.ndjson", "r.yaml"]), strict=False)]
    )
    def test_a_report_of_every_format(self, folder: Path, expected: list[str], form: str, name: str) -> None:
        (folder / "accounts" / "sub").mkdir()
        for _ in range(2):
            assert counts("accounts", "--output", f"{form}:{folder}/accounts/{name}") == expected
        code, _, err = run("check", *DAY, folder / "accounts")
        skipped = "skipped: this is a report of premigrate; pass its path to check it"
        assert (code, err) == (1, f"premigrate: accounts/{name}: {skipped}\n")

    @pytest.mark.parametrize("form", FORMATS)
    def test_redirected_report(self, folder: Path, expected: list[str], form: str) -> None:
        for number, name in enumerate(("good.json", "none.json")):
            if out := run("check", *DAY, "--format", form, "--ignore", "*", f"accounts/{name}")[1]:
                (folder / "accounts" / f"report{number}.json").write_text(out, "utf-8")
        assert counts("accounts") == expected

    @pytest.mark.parametrize("arguments", [["cohort"], ["cohort", "--format", "ndjson"]])
    def test_a_report_of_cohort(self, folder: Path, expected: list[str], arguments: list[str]) -> None:
        (folder / "copy.json").write_bytes((folder / "accounts" / "good.json").read_bytes())
        code, out, _ = run(*arguments, ".")
        assert (code, bool(out)) == (1, True)
        (folder / "accounts" / "clashes.ndjson").write_text(out, "utf-8")
        assert counts("accounts") == expected
        assert run(*arguments, ".")[:2] == (code, out)

    @pytest.mark.parametrize("form", ["text", "json"])
    @pytest.mark.parametrize("name", ["report.json", "report.har"])
    def test_a_report_of_compare(self, folder: Path, form: str, name: str) -> None:
        (folder / "recorded").mkdir()
        pair = {"payload": bad(), "status": 200, "response": {}}
        (folder / "recorded" / "a.json").write_text(json.dumps(pair), "utf-8")
        first = run("compare", *DAY, "--format", form, "recorded")
        (folder / "recorded" / name).write_text(first[1], "utf-8")
        code, out, err = run("compare", *DAY, "--format", form, "recorded")
        assert (code, out) == first[:2]
        assert (
            err == f"premigrate: recorded/{name}: skipped: this is a report of premigrate; pass its path to check it\n"
        )

    def test_baseline_and_report_without_accounts(self, folder: Path, expected: list[str]) -> None:
        assert run("baseline", "write", *DAY, "--baseline", "accounts/known.json", "accounts")[0] == 0
        (folder / "accounts" / "broken.json").write_text("{", "utf-8")
        run("check", *DAY, "accounts/broken.json", "--output", "accounts/report.ndjson")
        (folder / "accounts" / "broken.json").unlink()
        assert counts("accounts") == expected

    def test_report_given_by_name_is_read(self, folder: Path) -> None:
        run("check", *DAY, "accounts", "--output", "accounts/report.ndjson")
        lines = len((folder / "accounts" / "report.ndjson").read_text("utf-8").splitlines())
        for paths in (["accounts", "accounts/report.ndjson"], ["accounts/report.ndjson", "accounts"]):
            code, out, err = run("check", *DAY, "--format", "json", *paths)
            assert (code, err.count("accounts/report.ndjson[")) == (4, lines)
            assert len(json.loads(out)["accounts"]) == 2

    @pytest.mark.parametrize(
        "head", ['{"premigrate": 1}', '{"file": "a"}', '{"level": "unreadable"}', "a: error\n", '{"code": "x"}']
    )
    def test_payloads_are_not_taken_for_reports(self, head: str) -> None:
        assert not is_own_report(head.encode())

    def test_check_files(self, folder: Path) -> None:
        run("check", *DAY, "accounts", "--output", "accounts/report.json")
        found = [each.file for each in check_files(["./accounts", folder / "accounts"], as_of=AS_OF)]
        assert found == ["accounts/bad.json", "accounts/good.json"]


class TestSplit:
    def split(self, folder: Path) -> list[bytes]:
        return [(folder / "sorted" / name).read_bytes() for name in ("pass.ndjson", "fail.ndjson", "errors.ndjson")]

    @pytest.mark.parametrize("path", [".", "{folder}", "../link"])
    def test_second_run_over_the_same_folder(self, folder: Path, path: str) -> None:
        paths = path.format(folder=folder)
        run("check", *DAY, "--split", "sorted", ".")
        first = self.split(folder)
        assert first[0].count(b"\n") == first[1].count(b"\n") == 1
        for jobs in ("1", "2"):
            code, out, err = run("check", *DAY, "--jobs", jobs, "--split", "sorted", paths)
            assert (code, "2 accounts checked" in out, self.split(folder)) == (1, True, first)
            assert "sorted: skipped: premigrate check --split wrote this folder; pass its path" in err
        assert run("cohort", paths)[0] == 0
        assert (folder / "sorted" / SPLIT_MARKER).read_text("utf-8").startswith("premigrate check --split wrote this")

    @pytest.mark.usefixtures("folder")
    def test_folder_given_by_name_is_read(self) -> None:
        run("check", *DAY, "--split", "sorted", "accounts")
        code, out, err = run("check", *DAY, "sorted")
        assert (code, "2 accounts checked, 1 refused" in out) == (1, True)
        assert (
            err
            == "premigrate: sorted/errors.ndjson: skipped: this is a report of premigrate; pass its path to check it\n"
        )
        assert "1 account checked, 0 refused" in run("check", *DAY, "sorted/pass.ndjson")[1]

    @pytest.mark.parametrize(
        ("split", "paths"),
        [
            (".", ["."]),
            (".", ["accounts"]),
            ("accounts", ["accounts/bad.json"]),
            ("../link", ["accounts/bad.json"]),
            ("..", ["."]),
            ("accounts/..", ["accounts"]),
            ("accounts", ["."]),
        ],
    )
    def test_folder_with_inputs_is_refused(self, folder: Path, split: str, paths: list[str]) -> None:
        before = sorted(folder.rglob("*"))
        code, out, err = run("check", *DAY, "--split", split, *paths)
        assert (code, out) == (2, "")
        assert f"--split {split}: the folder contains the input " in err
        assert sorted(folder.rglob("*")) == before

    def test_pipe_in_a_folder_is_not_opened(self, folder: Path) -> None:
        (folder / "sorted").mkdir()
        os.mkfifo(folder / "sorted" / "pipe.json")
        code, _, err = run("check", *DAY, "--split", "sorted", "accounts", "sorted/..")
        assert (code, "pipe.json: a pipe or a device" in err) == (4, True)

    def test_own_earlier_output_is_refused_as_input(self, folder: Path) -> None:
        run("check", *DAY, "--split", "sorted", ".")
        code, _, err = run("check", *DAY, "--split", "sorted", "sorted/pass.ndjson")
        assert (code, "the folder contains the input sorted/pass.ndjson" in err or "would overwrite" in err) == (
            2,
            True,
        )
        (folder / "accounts" / "linked.ndjson").symlink_to("../sorted/pass.ndjson")
        code, _, err = run("check", *DAY, "--split", "sorted", "accounts")
        assert (
            code,
            "--split sorted/pass.ndjson: would overwrite the input accounts/linked" in err,
        ) == (
            2,
            True,
        )


SPELLINGS = [
    "./accounts//good.json",
    "{folder}/accounts/good.json",
    "../link/accounts/good.json",
    "soft.json",
    "hard.json",
]


class TestOverwriting:
    def refuse(self, *arguments: object, message: str = "") -> None:
        project = Path.cwd()
        before = {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert message in err
        assert {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()} == before

    @pytest.fixture(params=SPELLINGS)
    def spelling(self, request: pytest.FixtureRequest, folder: Path) -> str:
        (folder / "soft.json").symlink_to("accounts/good.json")
        os.link(folder / "accounts" / "good.json", folder / "hard.json")
        return str(request.param).format(folder=folder)

    @pytest.mark.parametrize("named", ["accounts/good.json", "accounts", "."])
    def test_input(self, spelling: str, named: str) -> None:
        message = f"--output {spelling}: would overwrite the input "
        self.refuse("check", *DAY, "--output", spelling, named, message=message)
        self.refuse("check", *DAY, "--output", f"csv:{spelling}", named, message=message)

    @pytest.mark.parametrize(
        "command", [["baseline", "write", *DAY, "--baseline"], ["compare", *DAY, "--write-overlay"]]
    )
    def test_other_commands(self, spelling: str, command: list[str]) -> None:
        self.refuse(
            *command,
            spelling,
            "accounts",
            message=f"{spelling}: would overwrite the input accounts/good",
        )

    @pytest.mark.parametrize("option", ["--output", "--report"])
    def test_tenant_learn(self, spelling: str, option: str) -> None:
        self.refuse(
            "tenant", "learn", "accounts/good.json", option, spelling, message=f"{option} {spelling}: would overwrite"
        )

    @pytest.mark.usefixtures("folder")
    def test_input_that_does_not_exist_yet(self) -> None:
        self.refuse("check", *DAY, "--output", "new.json", "./new.json", message="would overwrite the input ./new.json")

    def test_settings(self, folder: Path) -> None:
        (folder / "lists").mkdir()
        (folder / "lists" / "operations_teams.txt").write_text("Nobody\n", "utf-8")
        (folder / "premigrate.toml").write_text(
            'references = "lists"\noverlay = "overlay.toml"\nmarket = "dk"\n', "utf-8"
        )
        (folder / "overlay.toml").write_text('[market]\nextends = "dk"\n', "utf-8")
        (folder / "soft.txt").symlink_to("lists/operations_teams.txt")
        check = ["check", *DAY, "accounts", "--output"]
        self.refuse(*check, "text:premigrate.toml", message="the configuration ")
        self.refuse(*check, "text:./overlay.toml", message="--overlay ")
        self.refuse(*check, "soft.txt", message="--references ")
        self.refuse(
            *check, "lists/report.csv", message="the next run would read it, as it is in the folder of --references "
        )
        self.refuse(
            "check", *DAY, "accounts", "--split", "lists/sorted", message="as it is in the folder of --references "
        )
        self.refuse(
            *check, "text:known.toml", "--baseline", "known.toml", message="would overwrite --baseline known.toml"
        )
        self.refuse("compare", *DAY, "accounts", "--write-overlay", "overlay.toml", message="--overlay ")
        self.refuse("baseline", "write", *DAY, "accounts", "--baseline", "overlay.toml", message="--overlay ")

    @pytest.mark.parametrize("other", ["./r.json", "../link/r.json", "soft.json"])
    def test_two_outputs(self, folder: Path, other: str) -> None:
        (folder / "soft.json").symlink_to("r.json")
        outputs = ["--output", "r.json", "--output", f"csv:{other}"]
        self.refuse(
            "check", *DAY, *outputs, "accounts/bad.json", message=f"--output r.json and --output {other} are the same"
        )
        outputs = ["--split", "sorted", "--output", "sorted/../sorted/errors.ndjson"]
        self.refuse("check", *DAY, *outputs, "accounts/bad.json", message="are the same file")

    @pytest.mark.usefixtures("folder")
    def test_device_may_be_written_twice(self) -> None:
        nowhere = ["--output", "json:/dev/null", "--output", "csv:/dev/null"]
        assert run("check", *DAY, *nowhere, "accounts/good.json")[0] == 0

    def test_new_files_beside_inputs(self, folder: Path, expected: list[str]) -> None:
        for _ in range(2):
            assert counts("--output", "accounts/report.json", "accounts") == expected
            assert counts("--output", "accounts/empty.ndjson", "--select", "zzz.*", "accounts")
            assert run("baseline", "write", *DAY, "--baseline", "accounts/known.toml", "accounts")[0] == 0
        assert (folder / "accounts" / "empty.ndjson").read_bytes() == b""


class TestRedirecting:
    """Standard output is a file, so the command runs in a child process."""

    def redirect(self, file: str, *arguments: str, mode: str = "a") -> tuple[int, str]:
        with Path(file).open(mode) as out:
            command = [sys.executable, "-m", "premigrate", *arguments]
            completed = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False)
        return completed.returncode, completed.stderr.decode()

    def test_into_a_folder_of_inputs(self, folder: Path) -> None:
        for _ in range(2):
            code, err = self.redirect("accounts/report.json", "check", *DAY, "--format", "json", "accounts", mode="w")
            assert (code, err) == (1, "premigrate: accounts/report.json: skipped: this run writes to this file\n")
            report = json.loads((folder / "accounts" / "report.json").read_text("utf-8"))
            assert report["summary"]["accounts"] == 2

    @pytest.mark.usefixtures("folder")
    @pytest.mark.parametrize("command", [["check", *DAY], ["check", *DAY, "--jobs", "2"], ["cohort"]])
    def test_into_an_input(self, command: list[str]) -> None:
        code, err = self.redirect("./accounts/good.json", *command, "accounts/good.json")
        message = "standard output: would overwrite the input accounts/good.json"
        assert (code, message in err) == (2, True)


class TestShownPaths:
    def shown(self, *arguments: object) -> set[str]:
        out = run("check", *DAY, "--format", "json", *arguments)[1]
        return {each["file"] for each in json.loads(out)["accounts"]}

    EXPECTED = frozenset({"accounts/bad.json", "accounts/good.json"})

    def test_relative_to_the_folder_of_the_configuration(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "premigrate.toml").write_text('paths = ["accounts"]\n', "utf-8")
        (folder / "sub").mkdir()
        for current in (folder, folder / "sub", folder / "accounts", folder.parent / "link" / "sub"):
            monkeypatch.chdir(current)
            assert self.shown() == self.shown(folder / "accounts") == self.EXPECTED

    @pytest.mark.parametrize("form", FORMATS)
    def test_no_report_holds_a_path_of_this_machine(self, folder: Path, form: str) -> None:
        (folder / "premigrate.toml").write_text('paths = ["accounts"]\n', "utf-8")
        (folder / "accounts" / "broken.json").write_text("{", "utf-8")
        code, out, err = run("check", *DAY, "--format", form)
        assert (code, str(folder) in out + err, "file:///" in out) == (4, False, False)
        (folder / "accounts" / "broken.json").unlink()

    def test_a_configuration_elsewhere(self, folder: Path) -> None:
        (folder.parent / "ci").mkdir()
        (folder.parent / "ci" / "premigrate.toml").write_text("", "utf-8")
        config = ["--config", "../ci/premigrate.toml"]
        assert self.shown(*config, "accounts") == self.shown(*config, folder / "accounts") == self.EXPECTED

    def test_other_commands_show_the_same(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "premigrate.toml").write_text("", "utf-8")
        (folder / "copy.json").write_bytes((folder / "accounts" / "good.json").read_bytes())
        (folder / "recorded.json").write_text(json.dumps({"payload": bad(), "status": 200}), "utf-8")
        monkeypatch.chdir(folder / "accounts")
        _, out, _ = run("cohort", "--format", "ndjson", "good.json", "../copy.json")
        places = [place["file"] for line in out.splitlines() for place in json.loads(line)["places"]]
        assert set(places) == {"accounts/good.json", "copy.json"}
        _, out, _ = run("compare", *DAY, "--format", "json", folder.parent / "link" / "recorded.json")
        assert [each["file"] for each in json.loads(out)["worst"]] == ["recorded.json"]

    def test_standard_input_with_the_name_of_a_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "premigrate.toml").write_text('[[per-path]]\npaths = ["accounts"]\nignore = ["*"]\n', "utf-8")
        monkeypatch.chdir(folder / "accounts")
        for name in ("new.json", "../accounts/new.json", folder / "accounts" / "new.json"):
            with Path("bad.json").open("rb") as stdin:
                code, out, _ = run("check", *DAY, "--format", "json", "--stdin-filename", name, "-", stdin=stdin)
            assert (code, [each["file"] for each in json.loads(out)["accounts"]]) == (0, ["accounts/new.json"])

    @pytest.mark.parametrize(
        "paths", [".", "accounts", "{folder}/accounts", "acc*//bad.json", "../link/accounts", "**"]
    )
    @pytest.mark.parametrize("named", ["accounts/bad.json", "accounts", "{folder}", "../link/accounts"])
    def test_settings_for_paths(self, folder: Path, paths: str, named: str) -> None:
        pattern = paths.format(folder=folder)
        (folder / "premigrate.toml").write_text(f'[[per-path]]\npaths = ["{pattern}"]\nignore = ["*"]\n', "utf-8")
        assert run("check", *DAY, named.format(folder=folder))[0] == 0


def test_cohort_never_compares_an_account_with_itself(folder: Path) -> None:
    (folder / "accounts" / "again.json").symlink_to("good.json")
    os.link(folder / "accounts" / "good.json", folder / "hard.json")
    paths = ["accounts/good.json", folder / "accounts", "../link", "hard.json", "accounts/../accounts/good.json"]
    assert run("cohort", *paths)[0] == 0
    (folder / "copy.json").write_bytes((folder / "accounts" / "good.json").read_bytes())
    assert run("cohort", *paths)[0] == 1, "a copy is another file"
