"""Many accounts: every form they come in, in one process or several, sorted, stopped, and in constant memory."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from backports import zstd
from pyarrow import parquet

from premigrate.report.outputs import FORMATS
from tests.command import invoke as run
from tests.payloads import ROOT, good_account, put
from tests.scenarios.test_command import DAY
from tests.scenarios.test_streams import COMMAND, HEARING


def account(number: int) -> dict[str, Any]:
    """Every third account is refused, every fifth is wrapped, every seventh gives a key twice."""
    made = good_account("pt" if number % 2 else "dk")
    made["external_account_number"] = f"ACC-{number}"
    if number % 3 == 0:
        put(made, "customers.0.email", f"not an address {number}")
    return {"payload": made} if number % 5 == 0 else made


def line(number: int) -> bytes:
    text = json.dumps(account(number), ensure_ascii=number % 2 == 0)
    return (text.replace('"email": ', '"email": "x", "email": ') if number % 7 == 0 else text).encode()


LINES = [line(number) for number in range(60)]
REFUSED = [number for number in range(60) if number % 3 == 0]


def summary(out: str) -> str:
    return next(each for each in out.splitlines() if " checked, " in each).partition(":")[0]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.ndjson"
    path.write_bytes(b"\n".join([*LINES, b""]))
    return path


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    lines = tmp_path_factory.mktemp("lines") / "accounts.ndjson"
    lines.write_bytes(b"\n".join([*LINES, b""]))
    code, out, err = run("check", *DAY, "--format", "json", lines)
    told = json.loads(out)["accounts"]
    assert (code, err) == (1, "")
    assert [each["index"] for each in told] == list(range(60))
    assert [each["index"] for each in told if each["status"] == 400] == REFUSED
    return [{key: each[key] for key in ("index", "account", "status", "body")} for each in told]


class TestForms:
    """The same accounts get the same answers, whatever they come in."""

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("crlf.jsonl", b"\r\n".join([b"", *LINES, b" "])),
            ("spaced.ndjson", b"\n\n \n".join(LINES)),
            ("marked.ndjson", b"\xef\xbb\xbf" + b"\n".join(LINES)),
            ("really-lines.json", b"\n".join(LINES)),
            ("array.json", b"[" + b",".join(LINES) + b"]"),
            ("really-an-array.ndjson", b"[\n" + b",\n".join(LINES) + b"\n]\n"),
            ("pretty.json", json.dumps([json.loads(each) for each in LINES], indent=2).encode()),
            ("a.json.gz", gzip.compress(b"[" + b",".join(LINES) + b"]")),
            ("b.ndjson.gz", gzip.compress(b"\n".join(LINES[:30])) + gzip.compress(b"\n" + b"\n".join(LINES[30:]))),
            ("c.ndjson.zst", zstd.compress(b"\n".join(LINES))),
            ("packed-in-secret.json", zstd.compress(b"\n".join(LINES))),
            ("table.parquet", b"string"),
            ("table.PARQUET", b"struct"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_of_files(self, name: str, content: bytes, tmp_path: Path, expected: list[dict[str, Any]]) -> None:
        path = tmp_path / name
        if content in {b"string", b"struct"}:
            write_table(path, content == b"struct")
        else:
            path.write_bytes(content)
        code, out, err = run("check", *DAY, "--format", "json", path)
        told = json.loads(out)["accounts"]
        assert (code, err) == (1, "")
        marks = [finding["code"] for finding in told[0]["findings"] if finding["code"] == "byte_order_mark"]
        assert len(marks) == name.startswith("marked")
        assert [{key: each[key] for key in ("index", "account", "status", "body")} for each in told] == expected

    def test_of_standard_input(self, expected: list[dict[str, Any]]) -> None:
        for content in (b"\n".join(LINES), b"[" + b",".join(LINES) + b"]", gzip.compress(b"\n".join(LINES))):
            _, out, _ = run("check", *DAY, "--format", "json", "-", stdin=content)
            told = json.loads(out)["accounts"]
            assert [each["body"] for each in told] == [each["body"] for each in expected]

    def test_folders_hold_all_of_them(self, tmp_path: Path) -> None:
        folder = tmp_path / "all"
        folder.mkdir()
        for number, name in enumerate(["a.json", "b.JSONL", "c.ndjson.gz", "d.json.zst", "e.txt", "f.gz"]):
            pack = gzip.compress if name.endswith("gz") else zstd.compress if name.endswith("zst") else bytes
            (folder / name).write_bytes(pack(LINES[number]))
        write_table(folder / "g.parquet", is_struct=False)
        _, out, _ = run("check", *DAY, folder)
        assert summary(out) == "64 accounts checked, 22 refused"


def write_table(path: Path, is_struct: bool) -> None:
    texts = [each.decode() for each in LINES]
    accounts = [json.loads(each) for each in texts]
    other = pa.array(range(len(texts)))
    if not is_struct:
        parquet.write_table(pa.table({"id": other, "body": texts}), path, row_group_size=7)
        return
    bare = [each.get("payload", each) for each in accounts]  # a struct has every key in every row: payload too
    parquet.write_table(pa.table({"id": other, "s": pa.array([{"x": 1}] * 60), "payload": pa.array(bare)}), path)


class TestPlaces:
    """A finding stands where it stands in its file."""

    def test_in_lines(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson"
        path.write_bytes(b"\n" + LINES[1] + b"\r\n\n" + LINES[3] + b"\n")
        _, out, _ = run("check", *DAY, "--format", "ndjson", path)
        told = json.loads(out)
        column = LINES[3].decode().index('"not an address') + 1
        assert (told["line"], told["column"], told["index"], told["account"]) == (4, column, 1, "ACC-3")
        _, out, _ = run("check", *DAY, path)
        assert out.startswith(f"{path}:4:{column}: error: ")
        assert "account 1 (ACC-3)" in out

    def test_in_arrays(self, tmp_path: Path) -> None:
        for indent in (None, 2):
            text = json.dumps([account(1), "\u00e9", account(3)], indent=indent, ensure_ascii=False)
            path = tmp_path / "x.json"
            path.write_text(text, "utf-8")
            _, out, _ = run(
                "check", *DAY, "--format", "ndjson", "--select", "customers.*.email", "--market", "pt", path
            )
            at = text.index('"not an address')
            told = json.loads(out)
            assert (told["line"], told["column"]) == (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))

    def test_in_an_array_of_one(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_bytes(b"[" + LINES[3] + b"]")
        _, out, _ = run("check", *DAY, path)
        column = LINES[3].decode().index('"not an address') + 2
        assert out.startswith(f"{path}:1:{column}: error: ")
        assert "account 0" not in out


class TestMistakes:
    def test_a_broken_line_is_told_with_its_number_and_the_rest_goes_on(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson"
        path.write_bytes(b"\n".join([LINES[1], b'{"a": 1,}', b"\xff", LINES[2], b'{"a": NaN}', b'{"a": 1']))
        for jobs in ("1", "2"):
            code, out, err = run("check", *DAY, "--jobs", jobs, path)
            assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
            assert [each.split(": ")[1].removeprefix(str(path)) for each in err.splitlines()] == [
                ":2:8",
                ":3:1",
                ":5:7",
                ":6:8",
            ]
            assert "4 inputs not readable" in out

    def test_a_broken_element_is_told_and_the_rest_goes_on(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_bytes(b"[\n" + LINES[1] + b',\n{"a": 1,},\n' + LINES[2] + b"]")
        code, out, err = run("check", *DAY, path)
        assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
        assert f"{path}:3:8: not JSON" in err

    @pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
    def test_what_was_read_of_a_stream_that_is_cut_short_counts(self, pack: Any, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson.gz"
        path.write_bytes(pack(b"\n".join([*LINES, b""])) + pack(b"\n".join(LINES))[:-10])
        code, out, err = run("check", *DAY, path, "examples/pt/good.json")
        checked = int(out[out.rindex("\n", 0, out.index(" accounts checked")) :].split()[0])
        assert code == 4
        assert 61 <= checked <= 121
        assert f"premigrate: {path}: the {'gzip' if pack is gzip.compress else 'zstd'} stream ends before it" in err

    def test_a_line_without_end_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson"
        path.write_bytes(LINES[1] + b"\n" + b'{"a": "' + b"x" * (18 << 20) + b'"}\n' + LINES[2])
        code, out, err = run("check", *DAY, path)
        assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
        assert f"{path}:2:1: this line is longer than 16 MiB, which no account is; it is skipped" in err

    def test_tables(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        parquet.write_table(pa.table({"a": [1], "b": ["{}"], "c": ["{}"]}), path)
        code, _, err = run("check", *DAY, path)
        assert (code, "no column 'payload' of payloads; texts, structs or maps are in b, c; " in err) == (4, True)
        parquet.write_table(pa.table({"a": [LINES[1].decode(), None, LINES[2].decode()]}), path)
        code, out, err = run("check", *DAY, "--column", "a", path)
        assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
        assert f"{path}: row 1: there is no payload: the cell is null" in err
        path.write_bytes(b"PAR1 or not")
        code, out, err = run("check", *DAY, path, "examples/pt/good.json")
        assert (code, summary(out)) == (4, "1 account checked, 0 refused")
        assert f"{path}: not Parquet, or damaged: " in err
        script = "import sys; sys.modules['pyarrow'] = None; import premigrate.cli.main as c; c.main()"
        command = [sys.executable, "-c", script, "check", *DAY, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, "pip install 'premigrate[arrow]'" in done.stderr) == (4, True)

    def test_lists_of_payloads_that_are_not_there(self, tmp_path: Path) -> None:
        for jobs in ("1", "2"):
            code, _, err = run("check", *DAY, "--jobs", jobs, tmp_path / "no.ndjson", "examples/pt/good.json")
            assert (code, "no.ndjson: No such file or directory" in err) == (4, True)


class TestJobs:
    """What is written does not depend on how many processes there are."""

    @pytest.fixture
    def inputs(self, lines: Path) -> list[str]:
        broken = lines.parent / "broken.ndjson"
        broken.write_bytes(b"\n".join([b"{", *LINES[:5], b"{}", *LINES[5:9]]))
        large = lines.parent / "large.ndjson"
        large.write_bytes(b"\n".join(LINES * 4))  # more than one piece of work
        return [*map(str, (lines, broken, large)), str(ROOT / "examples"), str(lines.parent / "not-there")]

    def written(self, folder: Path, jobs: int, inputs: list[str], *options: str) -> tuple[object, ...]:
        folder.mkdir()
        outputs = [f"--output={name}:{folder}/{name}" for name in FORMATS if name != "text"]
        done = run("check", *DAY, "--jobs", str(jobs), *outputs, "--split", folder / "split", *options, *inputs)
        files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        split = (".premigrate-split", "errors.ndjson", "fail.ndjson", "pass.ndjson", "unchecked.txt")
        assert files.keys() == {*FORMATS} - {"text"} | {f"split/{name}" for name in split}
        return (*done, files)

    def test_all_outputs_are_the_same(self, inputs: list[str], tmp_path: Path) -> None:
        first = self.written(tmp_path / "1", 1, inputs)
        assert "313 accounts" in str(first[1])
        assert self.written(tmp_path / "2", 2, inputs) == first
        assert self.written(tmp_path / "3", 3, inputs) == first

    @pytest.mark.parametrize("name", ["json", "ndjson", "csv"])
    def test_so_they_are_when_workers_write_the_text(self, name: str, inputs: list[str], tmp_path: Path) -> None:
        """No target needs the accounts themselves; the error stream goes where the output goes, so order counts."""
        found = []
        for jobs in ("1", "2"):
            more = [f"--output=csv:{tmp_path / jobs}.csv", "--split", str(tmp_path / jobs)]
            command = [*COMMAND, "--format", name, "--jobs", jobs, *more, *inputs]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=ROOT)
            files = [(tmp_path / f"{jobs}.csv"), *sorted((tmp_path / jobs).iterdir())]
            found.append((done.returncode, done.stdout, [file.read_bytes() for file in files]))
        assert found[0] == found[1]
        assert b"this object is empty" in found[0][1]

    def test_so_they_are_with_all_that_leaves_findings_out(self, inputs: list[str], tmp_path: Path) -> None:
        baseline = tmp_path / "known.toml"
        texts = []
        for jobs in ("1", "2"):
            code, out, _ = run("baseline", "write", *DAY, "--jobs", jobs, "--baseline", baseline, inputs[0])
            assert (code, "in all" in out) == (0, True)
            texts.append(baseline.read_bytes())
            baseline.unlink()
        assert texts[0] == texts[1]
        baseline.write_bytes(texts[0])
        options = ["--baseline", str(baseline), "--ignore", "duplicate_key", "--max-errors", "5", "--show-all"]
        first = self.written(tmp_path / "1", 1, inputs, *options)
        assert "in the baseline" in str(first[1])
        assert self.written(tmp_path / "2", 2, inputs, *options) == first

    def test_settings_name_them_too(self, lines: Path) -> None:
        (lines.parent / "premigrate.toml").write_text("jobs = 2\n", "utf-8")
        code, out, err = run("check", *DAY, lines, cwd=lines.parent)
        assert (code, err, summary(out)) == (1, "", "60 accounts checked, 20 refused")
        for jobs in ("auto", "0"):
            assert run("check", *DAY, "--jobs", jobs, lines, cwd=lines.parent)[1] == out
        assert run("check", *DAY, "--jobs", "-1", lines)[0] == 2

    def test_mistakes_of_the_call_are_told_as_ever(self, lines: Path) -> None:
        overlay = lines.parent / "mine.toml"
        overlay.write_text('[market]\nextends = "pt"\n[change.account.fields]\nnope = 5\n', "utf-8")
        told = [run("check", *DAY, "--jobs", jobs, "--overlay", overlay, lines) for jobs in ("1", "2")]
        assert told[0] == told[1]
        assert told[0][0] == 3


class TestEnds:
    """A run that is stopped hangs nowhere and leaves nothing half-written; one that loses a worker is finished."""

    @pytest.fixture
    def running(self, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
        """A run with two workers in the middle of its work: there is more to read, but it doesn't come."""
        command = [*COMMAND, "--jobs", "2", "--split", str(tmp_path / "split")]
        command += ["--output", str(tmp_path / "report.csv"), "-"]
        command[1:1] = ["-c", HEARING]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin
            process.stdin.write(b"\n".join(LINES * 40))
            process.stdin.flush()
            deadline = time.monotonic() + 60
            while len(workers(process.pid)) < 2 and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.3)
            yield process
            process.kill()

    def test_what_a_killed_worker_had_is_checked_by_another(
        self, running: subprocess.Popen[bytes], tmp_path: Path
    ) -> None:
        os.kill(workers(running.pid)[0], signal.SIGKILL)
        out, err = running.communicate(b"\n" + b"\n".join(LINES * 10), timeout=60)
        told = (
            "a worker process was killed (SIGKILL), perhaps because memory ran out; another process takes over its work"
        )
        assert (running.returncode, err.decode()) == (1, f"premigrate: {told}\n")
        assert summary(out.decode()) == "3000 accounts checked, 1000 refused"
        found = {path.name: path.read_bytes() for path in (tmp_path / "split").iterdir()}
        passed, failed = ([LINES[n] for n in range(60) if (n in REFUSED) == is_refused] for is_refused in (False, True))
        assert found["pass.ndjson"].splitlines() == passed * 50
        assert found["fail.ndjson"].splitlines() == failed * 50

    def test_an_interrupt_ends_all_of_it(self, running: subprocess.Popen[bytes], tmp_path: Path) -> None:
        ours = workers(running.pid)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert (running.returncode, b"Traceback" in err) == (130, False)
        assert b"interrupted: this is not all" in out
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["report.csv", "split"]
        assert not [pid for pid in ours if Path(f"/proc/{pid}").exists()]

    def test_workers_end_with_the_run(self, running: subprocess.Popen[bytes]) -> None:
        ours = workers(running.pid)
        running.kill()
        running.wait()
        deadline = time.monotonic() + 30
        while [pid for pid in ours if alive(pid)] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not [pid for pid in ours if alive(pid)]


def workers(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in children.read_text().split()] if children.exists() else []


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


class TestSplit:
    def test_every_account_is_in_one_file_with_its_bytes_unchanged(self, lines: Path, tmp_path: Path) -> None:
        lines.write_bytes(lines.read_bytes() + b'{"a": 1,}\n{"import_supplier": "nobody"}\n')
        code, _, _ = run("check", *DAY, "--split", tmp_path / "out", lines)
        found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
        passed = [LINES[number] for number in range(60) if number % 3]
        assert code == 4
        assert found.keys() == {".premigrate-split", "pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"}
        assert found["pass.ndjson"] == b"\n".join([*passed, b""])
        assert found["fail.ndjson"] == b"\n".join([*(LINES[number] for number in REFUSED), b""])
        assert found["unchecked.txt"] == b'{"a": 1,}\n{"import_supplier": "nobody"}\n'
        errors = [json.loads(each) for each in found["errors.ndjson"].splitlines()]
        assert [each["line"] for each in errors] == [*(number + 1 for number in REFUSED), 61, 62]
        assert errors[0]["detail"] == "Enter a valid email address."
        assert {"file", "line", "account", "detail", "code", "attr", "rule", "level"} <= errors[0].keys()
        code, out, _ = run("check", *DAY, tmp_path / "out" / "pass.ndjson")
        assert (code, summary(out)) == (0, "40 accounts checked, 0 refused")

    def test_what_takes_several_lines_is_put_on_one(self, tmp_path: Path) -> None:
        accounts = [account(1), account(3)]
        (tmp_path / "pretty.json").write_text(json.dumps(accounts, indent=2).replace("\n", "\r\n"), "utf-8")
        (tmp_path / "marked.json").write_text("\ufeff" + json.dumps(account(7), indent=1), "utf-8")
        (tmp_path / "one.yaml").write_text(json.dumps(account(2), indent=1), "utf-8")
        run(
            "check",
            *DAY,
            "--split",
            tmp_path / "out",
            tmp_path / "pretty.json",
            tmp_path / "one.yaml",
            tmp_path / "marked.json",
        )
        passed = (tmp_path / "out" / "pass.ndjson").read_text("utf-8").splitlines()
        assert [json.loads(each) for each in passed] == [account(1), account(2)]
        failed = (tmp_path / "out" / "fail.ndjson").read_text("utf-8").splitlines()
        assert [json.loads(each) for each in failed] == [account(3), account(7)], "without the byte order mark"

    def test_what_the_api_refuses_never_passes(self, lines: Path, tmp_path: Path) -> None:
        run("check", *DAY, "--split", tmp_path / "out", "--select", "duplicate_key", lines)
        assert len((tmp_path / "out" / "fail.ndjson").read_bytes().splitlines()) == 20

    def test_a_folder_that_cannot_be_made_is_told(self, lines: Path) -> None:
        code, out, err = run("check", *DAY, "--split", lines, lines)
        assert (code, out) == (2, "")
        assert f"premigrate: {lines}: can't be made: " in err


BAD = put(good_account("dk"), "customers.0.landline", "abcde")


PEAK = """import atexit, re, sys
atexit.register(lambda: print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr))
"""
"""Has a process say at its end how many kilobytes it held at most: its own, while rusage counts who started it too."""


def test_memory_does_not_grow_with_bad_accounts(tmp_path: Path) -> None:
    """Of one format and of standard input; tests/scenarios/test_memory.py asks it of all the others."""
    text = json.dumps(BAD).encode() + b"\n"
    peaks = []
    for count in (400, 4000):
        script = PEAK + "sys.stdout = open('/dev/null', 'w'); import premigrate.cli.main as c; c.main()"
        command = [sys.executable, "-c", script, "check", *DAY, "--format", "ndjson", "-"]
        done = subprocess.run(command, input=text * count, capture_output=True, check=False, cwd=tmp_path)
        assert done.returncode == 1
        peaks.append(int(done.stderr.split()[-1]))
    assert peaks[1] < 150 << 10
    assert peaks[1] < peaks[0] + (8 << 10), "ten times as many take no more"
