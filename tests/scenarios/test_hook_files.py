"""Which files the hooks take, and what the command does with other files under pre-commit."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from premigrate.batch.inputs import PAYLOAD_SUFFIXES
from premigrate.cli.group import commands
from premigrate.cli.pre_commit import may_be_one_part
from tests.payloads import ROOT, good_account

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
FILES = HOOKS[0]["files"]
ACCOUNT = json.dumps(
    {"import_supplier": "NORLYS", "external_account_number": "A-1", "account_type": "DOMESTIC", "supply_addresses": []}
    | {"customers": [{"family_name": "Berg"}], "last_billed_to_date": "2025-12-31"}
)


@pytest.mark.parametrize("ending", PAYLOAD_SUFFIXES)
def test_hooks_take_files_with_every_payload_suffix(ending: str) -> None:
    for name in (f"a{ending}", f"accounts/b c{ending.upper()}", f"x.y{ending.title()}"):
        assert re.search(FILES, name), name


@pytest.mark.parametrize(
    "name",
    ["README.md", "a.json.bz2", "json", "a.jsonc", "a.json~", "a.yaml.txt", "ajson", "a.parquet.gz", "a.gz", "a.har"],
)
def test_hooks_take_no_other_files(name: str) -> None:
    assert not name.endswith(PAYLOAD_SUFFIXES)
    assert not re.search(FILES, name)


def test_hooks_take_the_same_files_and_run_once() -> None:
    assert [hook["id"] for hook in HOOKS] == ["premigrate", "premigrate-all", "premigrate-fix"]
    for hook in HOOKS:
        assert (hook["files"], hook["require_serial"]) == (FILES, True)
        assert not {"types", "types_or"} & hook.keys(), "identify has no type for .ndjson"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the command, with good accounts and other files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PRE_COMMIT", raising=False)
    (tmp_path / "good.json").write_text(json.dumps(good_account("pt")), "utf-8")
    (tmp_path / "account").write_text(json.dumps(good_account("dk")), "utf-8")
    (tmp_path / "README.md").write_text("[Payloads](x) of one market\n", "utf-8")
    (tmp_path / ".gitkeep").touch()
    (tmp_path / "odd").write_text("import_supplier: X\n", "utf-8")
    return tmp_path


def invoke(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(commands, [*arguments], env=env)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [["check", "--as-of", "2026-01-31"], ["cohort"]])
@pytest.mark.parametrize("other", ["README.md", ".gitkeep"])
def test_other_files_are_skipped(command: list[str], other: str) -> None:
    result = invoke(*command, "good.json", other, "account")
    assert (result.exit_code, "2 accounts " in result.stdout) == (0, True), result.output
    message = f"premigrate: {other}: skipped: this is not a payload file; the names of payload files end in .json, "
    assert (result.stderr.startswith(message), result.stderr.rstrip().endswith("after that")) == (True, True)


@pytest.mark.parametrize(
    ("name", "content", "format_name"),
    [
        ("odd", b"import_supplier: X\n", "YAML"),
        ("accounts.csv", b"external_account_number,email\nA-1,a@b.dk\nA-2,c@d.dk\n", "CSV"),
        ("accounts.zip", b"PK\x03\x04\x14\0\0\0\x08\0", "ZIP"),
        ("accounts.json.xz", b"\xfd7zXZ\0\0\x04", "xz"),
    ],
)
def test_foreign_formats_are_errors_but_skipped_in_a_hook(
    name: str, content: bytes, format_name: str, folder: Path
) -> None:
    (folder / name).write_bytes(content)
    result = invoke("check", "--as-of", "2026-01-31", "good.json", name)
    assert (result.exit_code, result.stderr.count(f"premigrate: {name}: ")) == (4, 1)
    assert format_name.lower() in result.stderr.lower()
    result = invoke("check", "--as-of", "2026-01-31", "good.json", name, PRE_COMMIT="1")
    assert (result.exit_code, ": skipped" in result.stderr) == (0, True)


@pytest.mark.parametrize("others", [["README.md"], ["README.md", ".gitkeep"]])
def test_hook_passes_without_payload_files(others: list[str], folder: Path) -> None:
    alone = invoke("check", *others)
    assert (alone.exit_code, "nothing to check" in alone.stderr) == (2, True)
    hook = invoke("check", *others, PRE_COMMIT="1")
    assert (hook.exit_code, hook.stderr.count(": skipped")) == (0, len(others)), hook.output
    (folder / "empty").mkdir()
    assert invoke("check", "empty", PRE_COMMIT="1").exit_code == 2, "an empty folder is an error"


def test_content_that_looks_like_json_is_checked_under_any_name(folder: Path) -> None:
    (folder / "broken").write_text('{"a": ', "utf-8")
    result = invoke("check", "broken", PRE_COMMIT="1")
    assert (result.exit_code, "broken:1:7: not JSON" in result.stderr) == (4, True), result.stderr


ZSTD = ("compression.zstd", "backports.zstd")


@pytest.mark.parametrize(
    ("name", "missing", "library", "extra"),
    [
        ("a.parquet", ("pyarrow",), "pyarrow", "arrow"),
        ("a.json.zst", ZSTD, "backports.zstd", "zstd"),
        ("A.NDJSON.ZST", ZSTD, "backports.zstd", "zstd"),
    ],
)
def test_missing_library_is_reported_with_the_line_to_add(
    name: str, missing: tuple[str, ...], library: str, extra: str, folder: Path
) -> None:
    (folder / name).write_bytes(b"\x28\xb5\x2f\xfd")
    with pytest.MonkeyPatch.context() as patch:
        for module in missing:
            patch.setitem(sys.modules, module, None)
        alone, hook = invoke("check", name), invoke("check", name, PRE_COMMIT="1")
    assert (alone.exit_code, f"pip install 'premigrate[{extra}]'" in alone.stderr) == (4, True), alone.stderr
    line = f"add this line to the hook in .pre-commit-config.yaml: additional_dependencies: [{library}]"
    assert (hook.exit_code, line in hook.stderr) == (4, True), hook.stderr


def test_list_of_files_split_by_pre_commit_is_recognized(monkeypatch: pytest.MonkeyPatch) -> None:
    full = ["premigrate", "check", *["accounts/0123456789.json"] * (2**17 // 25)]
    monkeypatch.delenv("PRE_COMMIT", raising=False)
    assert not may_be_one_part(full)
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert may_be_one_part(full)
    assert not may_be_one_part(full[: len(full) * 9 // 10])
    assert not may_be_one_part(["premigrate", "check", "accounts"])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("options", "code"), [([], 0), (["--output", "r.json"], 2), (["--split", "sorted"], 2)])
def test_split_list_of_files_fails_only_with_outputs(
    options: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["premigrate", "check", "x" * 2**17])
    result = invoke("check", "--as-of", "2026-01-31", *options, "good.json", PRE_COMMIT="1")
    assert (result.exit_code, "use the hook premigrate-all" in result.stderr) == (code, bool(options)), result.stderr


class Repository:
    """A repository of payloads with the hooks of this checkout and the installed command."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "payloads"
        monkeypatch.setenv("PRE_COMMIT_HOME", str(folder / "home"))
        for key, value in {"GIT_AUTHOR": "Somebody", "GIT_COMMITTER": "Somebody"}.items():
            monkeypatch.setenv(f"{key}_NAME", value)
            monkeypatch.setenv(f"{key}_EMAIL", "somebody@example.org")
        self.folder.mkdir()
        self.call("git", "init", "--quiet")

    def configure(self, **changes: dict[str, Any]) -> None:
        """Write the configuration; ``changes`` override keys of hooks, by hook id with underscores."""
        command = f"{sys.executable} -m premigrate"
        hooks = [
            {
                **hook,
                "language": "system",
                "entry": f"{hook['entry'].replace('premigrate', command, 1)} --as-of 2026-01-31",
                **changes[hook["id"].replace("-", "_")],
            }
            for hook in HOOKS
            if hook["id"].replace("-", "_") in changes
        ]
        config = {"repos": [{"repo": "local", "hooks": hooks}]}
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")

    def write(self, name: str, content: str | bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def call(self, *command: str) -> tuple[int, str]:
        completed = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return completed.returncode, completed.stdout + completed.stderr

    def run(self, *arguments: str) -> tuple[int, str]:
        self.call("git", "add", "--all")
        return self.call(sys.executable, "-m", "pre_commit", "run", "--verbose", *arguments)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return Repository(tmp_path, monkeypatch)


def test_commit_of_one_file_is_checked_by_both_hooks(repository: Repository) -> None:
    """The commit holds a .JSONL file, and a README that the ``files`` pattern of the user includes."""
    repository.configure(premigrate={"files": "^accounts/"}, premigrate_all={"args": ["accounts"]})
    repository.call("git", "add", "--all")
    repository.call("git", "commit", "--quiet", "--message", "Configured", "--no-verify")
    repository.write("accounts/A.JSONL", json.dumps(good_account("dk")) + "\n")
    repository.write("accounts/README.md", "# Payloads\n")
    code, out = repository.run()
    assert code == 0, out
    assert out.count("1 account checked, 0 refused") == 2, out
    assert out.count("accounts/README.md: skipped: this is not a payload file") == 1, out
    assert "Skipped" not in out
    repository.call("git", "commit", "--quiet", "--message", "Payloads", "--no-verify")
    repository.write("accounts/README.md", "# Payloads, all good\n")
    code, out = repository.run("premigrate")
    assert (code, ": skipped" in out) == (0, True), out


def test_report_of_a_hook_is_complete_or_the_hook_fails(repository: Repository) -> None:
    repository.configure(premigrate={"files": "^accounts/"}, premigrate_all={"args": ["accounts"]})
    repository.write("premigrate.toml", 'output = ["report.json"]\n')
    repository.write(".gitignore", "report.json\n")
    count = 12
    for number in range(count):
        repository.write(f"accounts/{number}.json", ACCOUNT)
    code, out = repository.run("premigrate")
    report = repository.folder / "report.json"
    assert (code, len(json.loads(report.read_bytes())["accounts"])) == (0, count), out
    for number in range(300):  # more than one command line of pre-commit holds
        repository.write(f"accounts/{'x' * 220}/{'y' * 220}/{number}.json", ACCOUNT)
    code, out = repository.run("premigrate")
    assert (code, out.count("use the hook premigrate-all"), "exit code: 2" in out) == (1, 1, True), out[-2000:]
    code, out = repository.run("premigrate-all")
    assert (code, len(json.loads(report.read_bytes())["accounts"])) == (0, 300 + count), out[-2000:]


def test_hook_that_fixes_fails_once_and_then_passes(repository: Repository) -> None:
    repository.configure(premigrate_fix={"files": "^accounts/"}, premigrate={"files": "^accounts/"})
    account = json.dumps(good_account("dk") | {"external_account_number": " A-1"}, indent=4)
    repository.write("accounts/a.json", account)
    repository.write("accounts/b.json", json.dumps(good_account("dk")))
    code, out = repository.run("premigrate-fix")
    assert (code, "files were modified by this hook" in out) == (1, True), out
    assert "Fixed 1 finding in 1 file; no findings remain." in out
    fixed = (repository.folder / "accounts" / "a.json").read_text("utf-8")
    assert fixed == account.replace(" A-1", "A-1")
    code, out = repository.run("premigrate-fix")
    assert (code, "Nothing to fix; no findings remain." in out) == (0, True), out
