"""``premigrate check --fix`` and ``--diff`` on files of all kinds, as a user runs them."""

import gzip
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import ANY

import pytest

from premigrate.documents.compression import BLOCK_SIZE
from premigrate.fix.text_fixer import TextFixer
from premigrate.report.run import INTERRUPTED
from tests.command import CommandResult, invoke
from tests.payloads import good_account, put
from tests.zstandard import zstd

BAD, GOOD = b'" A-1"', b'"A-1"'
PERSONAL = "Søren@Example.dk "
PACKERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.decompress, ".zst": zstd.decompress}


def account(number: str = " A-1", **values: Any) -> dict[str, Any]:
    """Return an account with one advice that is fixed safely: white space around its number."""
    made = good_account("dk") | {"external_account_number": number}
    for path, value in values.items():
        put(made, path.replace("__", "."), value)
    return made


def compact(number: str = " A-1") -> bytes:
    return json.dumps({"payload": account(number)}, separators=(",", ":"), ensure_ascii=False).encode()


def pretty(number: str = " A-1", indent: int | str = 2) -> bytes:
    return json.dumps(account(number), indent=indent, ensure_ascii=False).encode()


TEXTS = {
    "one.json": pretty(),
    "bare.json": compact() + b"\n\n",
    "crlf.json": pretty(indent="\t").replace(b"\n", b"\r\n") + b"\r\n",
    "array.json": b"[\n " + pretty() + b",\n" + pretty(" A-2").replace(b"A-2", b"A-1") + b"\n]\n",
    "packed.json": b"[" + compact() + b" ,\t" + compact("A-0") + b"," + compact() + b"]",
    "lines.ndjson": b"\n" + compact() + b"\r\n  " + compact("A-0") + b" \n\n\t" + compact() + b"\r\n\n",
    "cut.jsonl": compact("A-0") + b"\n" + compact(),
    "broken.ndjson": compact() + b"\n{" + BAD + b": broken\n" + compact(),
    "block.yaml": b"# accounts\n"
    + b"\n".join(b"%b: %b  # note" % (key.encode(), json.dumps(value).encode()) for key, value in account().items()),
}


def check(folder: Path, *arguments: str, stdin: bytes = b"") -> CommandResult:
    return invoke("check", "--as-of", "2026-01-31", *arguments, cwd=folder, stdin=stdin)


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_fixed_files_keep_all_other_bytes(name: str, packer: str, mark: bytes, tmp_path: Path) -> None:
    text = TEXTS[name]
    file = tmp_path / f"{name}{packer}"
    file.write_bytes(PACKERS[packer](mark + text))
    found = check(tmp_path, "--fix", file.name)
    expected = text.replace(BAD + b": broken", b"KEPT").replace(BAD, GOOD).replace(b"KEPT", BAD + b": broken")
    assert UNPACKERS[packer](file.read_bytes()) == expected
    count = text.count(BAD) - (name == "broken.ndjson") + bool(mark)
    findings = "1 finding" if count == 1 else f"{count} findings"
    assert f"Fixed {findings} in 1 file; no findings remain.\n" in found.err
    assert found.code == (4 if name == "broken.ndjson" else 0), found
    before = file.stat()
    again = check(tmp_path, "--fix", file.name)
    assert (again.code, "Nothing to fix; no findings remain." in again.err) == (found.code, True)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_diff_writes_nothing_and_shows_no_personal_value(tmp_path: Path) -> None:
    secrets = {"customers__0__email": PERSONAL, "customers__0__family_name": " Sørensen", "not_known": "secret"}
    payload = account(**secrets)
    assert PERSONAL.strip() in json.dumps(payload, ensure_ascii=False)
    file = tmp_path / "a.json"
    file.write_text(json.dumps([payload, account("A-0")], indent=2, ensure_ascii=False), "utf-8")
    text = file.read_bytes()
    found = check(tmp_path, "--diff", "--unsafe-fixes", "a.json")
    assert (found.code, file.read_bytes()) == (1, text)
    assert found.out.startswith("--- a.json\n+++ a.json\n@@ -")
    assert '-    "external_account_number": " A-1",\n+    "external_account_number": "A-1",\n' in found.out
    assert '"family_name": "*** (old)"' in found.out
    assert not any(secret.strip() in found.out + found.err for secret in secrets.values())
    assert "Would fix " in found.err
    shown = check(tmp_path, "--diff", "--show-values", "a.json")
    assert '-        "family_name": " Sørensen",\n+        "family_name": "Sørensen",\n' in shown.out


def test_shown_diff_is_what_patch_applies(tmp_path: Path) -> None:
    file = tmp_path / "lines.ndjson"
    file.write_bytes(compact() + b"\n" + compact("A-0") + b"\n" + compact())
    patch = check(tmp_path, "--diff", "--show-values", "lines.ndjson").out
    old = file.read_text("utf-8").split("\n")
    assert check(tmp_path, "--fix", "lines.ndjson").code == 0
    new = file.read_text("utf-8").split("\n")
    end = "\\ No newline at end of file\n"
    changes = f"@@ -1 +1 @@\n-{old[0]}\n+{new[0]}\n@@ -3 +3 @@\n-{old[2]}\n{end}+{new[2]}\n{end}"
    assert patch == f"--- lines.ndjson\n+++ lines.ndjson\n{changes}"


def test_git_applies_a_shown_diff(tmp_path: Path) -> None:
    names = ["one.json", "crlf.json", "array.json", "packed.json", "cut.jsonl"]
    for name in names:
        (tmp_path / name).write_bytes(TEXTS[name])
    patch = check(tmp_path, "--diff", "--show-values", *names).out
    command = ["git", "apply", "-p0", "--unidiff-zero", "-"]
    subprocess.run(command, input=patch.encode(), cwd=tmp_path, check=True)
    assert [(tmp_path / name).read_bytes() for name in names] == [TEXTS[name].replace(BAD, GOOD) for name in names]


def test_text_between_accounts_is_hidden_in_a_diff(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" + compact() + b" Homer 1 ,\n" + compact() + b"] Homer 2\nHomer 3\n")
    found = check(tmp_path, "--diff", "a.json")
    assert (found.code, "Homer" in found.out, found.out.endswith("] *** ***\n *** ***\n")) == (4, False, True), found
    assert check(tmp_path, "--diff", "--show-values", "a.json").out.endswith("] Homer 2\n Homer 3\n")


def test_deep_values_are_hidden_in_a_diff(tmp_path: Path) -> None:
    deep = '[{"a":' * 450 + '"Homer"' + "}]" * 450
    text = json.dumps(account() | {"metadata": [{"key": "k", "value": "deep"}]}).replace('"deep"', deep)
    (tmp_path / "a.json").write_text(text, "utf-8")
    found = check(tmp_path, "--diff", "a.json")
    assert (found.code, "Homer" in found.out, '"A-1"' in found.out) == (1, False, True), found


def test_quiet_fixes_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(pretty())
    assert check(tmp_path, "--diff", "--quiet", "a.json").err == ""
    assert check(tmp_path, "--fix", "--quiet", "a.json") == (0, "", "")


def test_comments_of_yaml_are_hidden_in_a_diff(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(TEXTS["block.yaml"].replace(b"# note", b"# call Homer"))
    found = check(tmp_path, "--diff", "a.yaml")
    assert ("Homer" in found.out, '+external_account_number: "A-1"  # ***\n' in found.out) == (False, True), found.out


def test_diff_of_good_files_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(pretty("A-1"))
    assert check(tmp_path, "--diff", ".") == (0, "", "Nothing to fix; no findings remain.\n")


def test_errors_that_remain_fail_a_diff_and_a_fix(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(account(customers__0__landline="abcde")), "utf-8")
    found = check(tmp_path, "--fix", "a.json")
    assert (found.code, "Fixed 1 finding in 1 file; 1 finding remains.\n" in found.err) == (1, True), found
    assert "invalid_phone_number at customers.0.landline" in found.out
    assert "1 account checked, 1 refused: 1 error, 0 advice" in found.out
    found = check(tmp_path, "--diff", "a.json")
    assert (found.code, found.out, found.err) == (1, "", "Nothing to fix; 1 finding remains.\n")


def test_only_findings_that_are_shown_are_fixed(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    text = b"\xef\xbb\xbf[" + json.dumps(account(), indent=1).encode() + b"]"
    file.write_bytes(text)
    for options in (["--select", "phone-number-valid"], ["--ignore", "trimmed_whitespace,byte_order_mark"]):
        assert "Nothing to fix" in check(tmp_path, "--fix", *options, "a.json").err
        assert file.read_bytes() == text
    assert "Fixed 1 finding" in check(tmp_path, "--fix", "--select", "trimmed_whitespace", "a.json").err
    assert file.read_bytes() == text.replace(BAD, GOOD)


def test_findings_in_the_baseline_are_not_fixed(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(account(account_type="domestic"), indent=1), "utf-8")
    text = file.read_bytes()
    invoke("baseline", "write", "--as-of", "2026-01-31", "a.json", cwd=tmp_path)
    found = check(tmp_path, "--fix", "--baseline", "premigrate-baseline.toml", "a.json")
    assert (found.code, "Fixed 1 finding in 1 file; no findings remain." in found.err) == (0, True), found
    assert file.read_bytes() == text.replace(BAD, GOOD)
    assert check(tmp_path, "--fix", "a.json").code == 0
    assert file.read_bytes() == text.replace(BAD, GOOD).replace(b'"domestic"', b'"DOMESTIC"')


def test_baseline_knows_an_account_whose_number_becomes_text(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(account(account_type="domestic") | {"external_account_number": 12345}), "utf-8")
    invoke("baseline", "write", "--as-of", "2026-01-31", "a.json", cwd=tmp_path)
    found = check(tmp_path, "--fix", "--baseline", "premigrate-baseline.toml", "a.json")
    assert (found.code, "Fixed 1 finding in 1 file; no findings remain." in found.err) == (0, True), found
    fixed = json.loads(file.read_bytes())
    assert (fixed["external_account_number"], fixed["account_type"]) == ("12345", "domestic")


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    file, link = tmp_path / "a.json", tmp_path / "link.json"
    file.write_bytes(pretty())
    file.chmod(0o640)
    link.symlink_to(file)
    assert check(tmp_path, "--fix", "link.json").code == 0
    assert (link.is_symlink(), stat.S_IMODE(file.stat().st_mode), file.read_bytes()) == (True, 0o640, pretty("A-1"))


def test_owner_and_group_are_kept(tmp_path: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may give a file to another user")
    file = tmp_path / "a.json"
    file.write_bytes(pretty())
    file.chmod(0o640)
    os.chown(file, 65534, 65533)
    assert check(tmp_path, "--fix", "a.json").code == 0
    state = file.stat()
    assert (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) == (65534, 65533, 0o640)


def test_another_group_may_not_read_a_fixed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(os, "fchown"):
        pytest.skip("files have no groups here")
    file = tmp_path / "a.json"
    file.write_bytes(pretty())
    file.chmod(0o640)
    state = os.fstat

    def of_another(opened: int) -> os.stat_result:
        found = state(opened)
        return os.stat_result((*found[:5], found.st_gid + found.st_size, *found[6:]))

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fstat", of_another)
    monkeypatch.setattr(os, "fchown", refuse)
    assert check(tmp_path, "--fix", "a.json").code == 0
    assert (stat.S_IMODE(file.stat().st_mode), file.read_bytes()) == (0o600, pretty("A-1"))


def test_fixed_standard_input_is_standard_output(tmp_path: Path) -> None:
    found = check(tmp_path, "--fix", "-", stdin=pretty())
    assert (found.code, found.out.encode()) == (0, pretty("A-1")), found
    assert "1 account checked, 0 refused" in found.err
    assert "Fixed 1 finding in 1 file; no findings remain." in found.err
    broken = check(tmp_path, "--fix", "-", stdin=b'{"a": ')
    assert (broken.code, broken.out) == (4, '{"a": ')
    diff = check(tmp_path, "--diff", "--stdin-filename", "a.yaml", "-", stdin=TEXTS["block.yaml"])
    assert (diff.code, diff.out.startswith("--- a.yaml\n")) == (1, True), diff


@pytest.mark.parametrize("packer", PACKERS)
def test_large_standard_input_keeps_all_other_bytes(packer: str, tmp_path: Path) -> None:
    count = 4 * BLOCK_SIZE // len(compact())
    texts = [compact("A-0") if number % 50 else compact() for number in range(count)]
    fixed = [text.replace(BAD, GOOD) for text in texts]
    for between, ends in ((b"\n", (b"", b"")), (b",\n", (b"[", b"]"))):
        text, after = (ends[0] + between.join(each) + ends[1] for each in (texts, fixed))
        (tmp_path / "in").write_bytes(PACKERS[packer](text))
        (tmp_path / "file.json").write_bytes(text)
        with (tmp_path / "in").open("rb") as stdin:
            run = subprocess.run(
                [sys.executable, "-m", "premigrate", "check", "--as-of", "2026-01-31", "--fix", "--quiet", "-"],
                stdin=stdin, capture_output=True, check=False,
            )  # fmt: skip
        assert (run.returncode, run.stderr, UNPACKERS[packer](run.stdout) == after) == (0, b"", True)
        diffs = [
            check(tmp_path, "--diff", "--stdin-filename", "file.json", "-", stdin=text).out,
            check(tmp_path, "--diff", "file.json").out,
        ]
        assert diffs[0] == diffs[1] != ""


def test_parquet_file_is_refused_if_it_has_something_to_fix(tmp_path: Path) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    for name, number in {"a.parquet": " A-1", "b.parquet": "A-1"}.items():
        parquet.write_table(pa.table({"payload": [json.dumps(account(number))]}), tmp_path / name)
    text = (tmp_path / "a.parquet").read_bytes()
    found = check(tmp_path, "--fix", ".")
    assert (found.code, (tmp_path / "a.parquet").read_bytes()) == (2, text)
    message = "premigrate: a.parquet: not fixed: 1 finding in a Parquet table, which --fix cannot write; export "
    assert (message in found.err, "b.parquet" in found.err) == (True, False), found.err


def test_damaged_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson.gz"
    file.write_bytes(gzip.compress(b"\n".join([compact()] * 2000))[:-20])
    text = file.read_bytes()
    found = check(tmp_path, "--fix", "a.ndjson.gz")
    assert (found.code, file.read_bytes(), [*tmp_path.iterdir()]) == (4, text, [file])
    assert "Nothing to fix" in found.err
    assert check(tmp_path, "--diff", "a.ndjson.gz") == (4, "", ANY)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--unsafe-fixes"], "--unsafe-fixes requires --fix"),
        (["--diff", "--output", "r.json"], "--diff writes only the changes; omit --output"),
        (["--diff", "--format", "json"], "--diff writes only the changes; omit --format"),
        (["--diff", "--statistics"], "--diff writes only the changes; omit --statistics"),
        (["--diff", "--since", "r.json"], "--diff writes only the changes; omit --since"),
        (["--diff", "--show-fixes"], "--diff writes only the changes; omit --show-fixes"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(pretty())
    found = check(tmp_path, *options, "a.json")
    assert (found.code, message in found.err, (tmp_path / "a.json").read_bytes()) == (2, True, pretty())


def test_interrupted_run_leaves_a_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fix = TextFixer.fix

    def interrupted(self: TextFixer, part: Any, position: int, mark: bytes = b"") -> Any:
        if position == 2:
            raise KeyboardInterrupt
        return fix(self, part, position, mark)

    monkeypatch.setattr(TextFixer, "fix", interrupted)
    text = b"\n".join([compact()] * 3)
    (tmp_path / "a.json").write_bytes(compact())
    (tmp_path / "b.ndjson").write_bytes(text)
    found = check(tmp_path, "--fix", "--output", "r.json", ".")
    assert (found.code, found.out, (tmp_path / "b.ndjson").read_bytes()) == (130, "", text), found
    assert found.err == f"{INTERRUPTED} Fixed 1 finding in 1 file; no other file was changed.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.ndjson"]
    assert (tmp_path / "a.json").read_bytes() == compact("A-1"), "files before it are fixed"


def test_change_late_in_a_large_file_keeps_what_is_before(tmp_path: Path) -> None:
    texts = [compact("A-0")] * (3 * BLOCK_SIZE // len(compact())) + [compact()]
    for packer, pack in PACKERS.items():
        file = tmp_path / f"a.ndjson{packer}"
        file.write_bytes(pack(b"\r\n".join(texts)))
        assert check(tmp_path, "--fix", "--jobs", "2", file.name).code == 0
        assert UNPACKERS[packer](file.read_bytes()) == b"\r\n".join([*texts[:-1], compact("A-1")])


def test_file_that_cannot_be_written_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(pretty())
    monkeypatch.setattr(os, "access", lambda path, _: not str(path).endswith("a.json"))
    found = check(tmp_path, "--fix", ".")
    assert (found.code, "premigrate: ./a.json: cannot be written: permission denied\n" in found.err) == (2, True), found
    assert "Fixed 1 finding in 1 file; 1 finding remains.\n" in found.err
    assert [(tmp_path / name).read_bytes() for name in ("a.json", "b.json")] == [pretty(), pretty("A-1")]


def test_pipe_is_not_fixed_but_checked(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(tmp_path / "pipe")
    Thread(target=(tmp_path / "pipe").write_bytes, args=(pretty(),), daemon=True).start()
    found = check(tmp_path, "--fix", "pipe")
    assert (found.code, "premigrate: pipe: not fixed: it is a pipe or a device" in found.err) == (2, True), found
    assert "1 account checked" in found.out


@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_a_run_without_accounts_reports_no_fixes(tmp_path: Path, option: str) -> None:
    result = invoke("check", "--as-of", "2026-01-31", option, "missing.json", cwd=tmp_path)
    assert (result.code, "fix" in result.out + result.err) == (4, False)
