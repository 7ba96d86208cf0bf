"""Bulk checks: every input format, one or several processes, --split, interrupted runs, and constant memory."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import premigrate
from premigrate.report.outputs import FORMATS
from tests.command import invoke as run
from tests.payloads import AS_OF, ROOT, good_account, put
from tests.scenarios.test_command import DAY
from tests.scenarios.test_streams import COMMAND, WITH_SIGNALS
from tests.zstandard import zstd


def account(number: int) -> dict[str, Any]:
    """Return an account by number: every third is refused, every fifth is wrapped."""
    payload = good_account("pt" if number % 2 else "dk")
    payload["external_account_number"] = f"ACC-{number}"
    if number % 3 == 0:
        put(payload, "customers.0.email", f"not an address {number}")
    return {"payload": payload} if number % 5 == 0 else payload


def line(number: int) -> bytes:
    """Return an account as JSON; every seventh has a duplicate key."""
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
    accounts = json.loads(out)["accounts"]
    assert (code, err) == (1, "")
    assert [each["index"] for each in accounts] == list(range(60))
    assert [each["index"] for each in accounts if each["status"] == 400] == REFUSED
    return [{key: each[key] for key in ("index", "account", "status", "body")} for each in accounts]


class TestInputFormats:
    """All input formats give the same answers."""

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
    def test_file(self, name: str, content: bytes, tmp_path: Path, expected: list[dict[str, Any]]) -> None:
        path = tmp_path / name
        if content in {b"string", b"struct"}:
            write_table(path, content == b"struct")
        else:
            path.write_bytes(content)
        code, out, err = run("check", *DAY, "--format", "json", path)
        accounts = json.loads(out)["accounts"]
        assert (code, err) == (1, "")
        bom_findings = [finding["code"] for finding in accounts[0]["findings"] if finding["code"] == "byte_order_mark"]
        assert len(bom_findings) == name.startswith("marked")
        assert [{key: each[key] for key in ("index", "account", "status", "body")} for each in accounts] == expected

    def test_standard_input(self, expected: list[dict[str, Any]]) -> None:
        for content in (b"\n".join(LINES), b"[" + b",".join(LINES) + b"]", gzip.compress(b"\n".join(LINES))):
            _, out, _ = run("check", *DAY, "--format", "json", "-", stdin=content)
            accounts = json.loads(out)["accounts"]
            assert [each["body"] for each in accounts] == [each["body"] for each in expected]

    def test_folder_with_all_formats(self, tmp_path: Path) -> None:
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
    bare = [each.get("payload", each) for each in accounts]  # a struct has every key in every row, so also payload
    parquet.write_table(pa.table({"id": other, "s": pa.array([{"x": 1}] * 60), "payload": pa.array(bare)}), path)


class TestPositions:
    """Findings have their position in the file."""

    def test_ndjson(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson"
        path.write_bytes(b"\n" + LINES[1] + b"\r\n\n" + LINES[3] + b"\n")
        _, out, _ = run("check", *DAY, "--format", "ndjson", path)
        finding = json.loads(out)
        column = LINES[3].decode().index('"not an address') + 1
        assert (finding["line"], finding["column"], finding["index"], finding["account"]) == (4, column, 1, "ACC-3")
        _, out, _ = run("check", *DAY, path)
        assert out.startswith(f"{path}:4:{column}: error: ")
        assert "account 1 (ACC-3)" in out

    def test_array(self, tmp_path: Path) -> None:
        for indent in (None, 2):
            text = json.dumps([account(1), "\u00e9", account(3)], indent=indent, ensure_ascii=False)
            path = tmp_path / "x.json"
            path.write_text(text, "utf-8")
            _, out, _ = run(
                "check", *DAY, "--format", "ndjson", "--select", "customers.*.email", "--market", "pt", path
            )
            offset = text.index('"not an address')
            finding = json.loads(out)
            assert (finding["line"], finding["column"]) == (
                text.count("\n", 0, offset) + 1,
                offset - text.rfind("\n", 0, offset),
            )

    def test_array_of_one_account(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_bytes(b"[" + LINES[3] + b"]")
        _, out, _ = run("check", *DAY, path)
        column = LINES[3].decode().index('"not an address') + 2
        assert out.startswith(f"{path}:1:{column}: error: ")
        assert "account 0" not in out


class TestErrors:
    def test_broken_line_is_reported_and_the_rest_is_checked(self, tmp_path: Path) -> None:
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
            assert "4 unreadable inputs" in out

    def test_broken_element_is_reported_and_the_rest_is_checked(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_bytes(b"[\n" + LINES[1] + b',\n{"a": 1,},\n' + LINES[2] + b"]")
        code, out, err = run("check", *DAY, path)
        assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
        assert f"{path}:3:8: not JSON" in err

    @pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
    def test_truncated_stream_is_checked_as_far_as_it_goes(self, pack: Any, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson.gz"
        path.write_bytes(pack(b"\n".join([*LINES, b""])) + pack(b"\n".join(LINES))[:-10])
        code, out, err = run("check", *DAY, path, "examples/pt/good.json")
        checked = int(out[out.rindex("\n", 0, out.index(" accounts checked")) :].split()[0])
        assert code == 4
        assert 61 <= checked <= 121
        assert f"premigrate: {path}: the {'gzip' if pack is gzip.compress else 'zstd'} stream is incomplete" in err

    def test_overlong_line_is_skipped(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ndjson"
        path.write_bytes(LINES[1] + b"\n" + b'{"a": "' + b"x" * (18 << 20) + b'"}\n' + LINES[2])
        code, out, err = run("check", *DAY, path)
        assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
        assert f"{path}:2:1: this line is longer than 16 MiB, the limit for an account; it is skipped" in err

    def test_unusable_parquet_files(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        parquet.write_table(pa.table({"a": [1], "b": ["{}"], "c": ["{}"]}), path)
        code, _, err = run("check", *DAY, path)
        assert (code, "the column 'payload' is missing; choose one with --column: b, c" in err) == (4, True)
        parquet.write_table(pa.table({"a": [LINES[1].decode(), None, LINES[2].decode()]}), path)
        code, out, err = run("check", *DAY, "--column", "a", path)
        assert (code, summary(out)) == (4, "2 accounts checked, 0 refused")
        assert f"{path}: row 1: there is no payload: the cell is null" in err
        path.write_bytes(b"PAR1 or not")
        code, out, err = run("check", *DAY, path, "examples/pt/good.json")
        assert (code, summary(out)) == (4, "1 account checked, 0 refused")
        assert f"{path}: not a Parquet file, or damaged: " in err
        script = "import sys; sys.modules['pyarrow'] = None; import premigrate.cli.main as c; c.main()"
        command = [sys.executable, "-c", script, "check", *DAY, str(path)]
        completed = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (completed.returncode, "pip install 'premigrate[arrow]'" in completed.stderr) == (4, True)

    def test_missing_ndjson_file(self, tmp_path: Path) -> None:
        for jobs in ("1", "2"):
            code, _, err = run("check", *DAY, "--jobs", jobs, tmp_path / "no.ndjson", "examples/pt/good.json")
            assert (code, "no.ndjson: No such file or directory" in err) == (4, True)


class TestJobs:
    """Output does not depend on the number of processes."""

    @pytest.fixture
    def inputs(self, lines: Path) -> list[str]:
        broken = lines.parent / "broken.ndjson"
        broken.write_bytes(b"\n".join([b"{", *LINES[:5], b"{}", *LINES[5:9]]))
        large = lines.parent / "large.ndjson"
        large.write_bytes(b"\n".join(LINES * 4))  # more than one task
        examples = (str(ROOT / "examples" / market) for market in ("dk", "pt"))
        return [*map(str, (lines, broken, large)), *examples, str(lines.parent / "not-there")]

    def written(self, folder: Path, jobs: int, inputs: list[str], *options: str) -> tuple[object, ...]:
        folder.mkdir()
        outputs = [f"--output={name}:{folder}/{name}" for name in FORMATS if name != "text"]
        result = run("check", *DAY, "--jobs", str(jobs), *outputs, "--split", folder / "split", *options, *inputs)
        files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        split = (".premigrate-split", "errors.ndjson", "fail.ndjson", "pass.ndjson", "unchecked.txt")
        assert files.keys() == {*FORMATS} - {"text"} | {f"split/{name}" for name in split}
        return (*result, files)

    def test_all_outputs_are_identical(self, inputs: list[str], tmp_path: Path) -> None:
        first = self.written(tmp_path / "1", 1, inputs)
        assert "313 accounts" in str(first[1])
        assert self.written(tmp_path / "2", 2, inputs) == first
        assert self.written(tmp_path / "3", 3, inputs) == first

    def test_accounts_are_counted_by_what_was_not_checked_and_by_advice(self, lines: Path) -> None:
        payloads = [account(n) for n in range(60)]
        for payload in payloads[::4]:
            payload.get("payload", payload)["customers"][0]["given_name"] = "Ann "
        lines.write_text("".join(f"{json.dumps(payload)}\n" for payload in payloads), "utf-8")
        accounts = [
            premigrate.validate(payload, market="pt" if n % 2 else "dk", as_of=AS_OF)
            for n, payload in enumerate(payloads)
        ]
        names = Counter(name for result in accounts for name in result.not_checked)
        advised = sum(any(each.code == "trimmed_whitespace" for each in result.advice) for result in accounts)
        assert advised == 15
        for jobs in ("1", "2"):
            report = json.loads(run("check", *DAY, "--jobs", jobs, "--format", "json", lines)[1])
            assert {name: each["accounts"] for name, each in report["not_checked"].items()} == names
            assert [tuple(each["not_checked"]) for each in report["accounts"]] == [
                each.not_checked for each in accounts
            ]
            text = run("check", *DAY, "--jobs", jobs, lines)[1]
            assert f"trimmed_whitespace at customers.*.given_name, in {advised} accounts\n" in text
            assert text.count("trimmed_whitespace at customers") == 2, "once in full, once with the number"

    @pytest.mark.parametrize("name", ["json", "ndjson", "csv"])
    def test_outputs_written_by_workers_are_identical(self, name: str, inputs: list[str], tmp_path: Path) -> None:
        """No sink needs the accounts themselves. Both streams go to one pipe, to compare their order."""
        results = []
        for jobs in ("1", "2"):
            options = [f"--output=csv:{tmp_path / jobs}.csv", "--split", str(tmp_path / jobs)]
            command = [*COMMAND, "--format", name, "--jobs", jobs, *options, *inputs]
            completed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=ROOT)
            files = [(tmp_path / f"{jobs}.csv"), *sorted((tmp_path / jobs).iterdir())]
            results.append((completed.returncode, completed.stdout, [file.read_bytes() for file in files]))
        assert results[0] == results[1]
        assert b"this object is empty" in results[0][1]

    def test_outputs_with_baseline_and_filters_are_identical(self, inputs: list[str], tmp_path: Path) -> None:
        baseline = tmp_path / "known.toml"
        texts = []
        for jobs in ("1", "2"):
            code, out, _ = run("baseline", "write", *DAY, "--jobs", jobs, "--baseline", baseline, inputs[0])
            assert (code, "in total" in out) == (0, True)
            texts.append(baseline.read_bytes())
            baseline.unlink()
        assert texts[0] == texts[1]
        baseline.write_bytes(texts[0])
        options = ["--baseline", str(baseline), "--ignore", "duplicate_key", "--max-errors", "5", "--show-all"]
        first = self.written(tmp_path / "1", 1, inputs, *options)
        assert "in the baseline" in str(first[1])
        assert self.written(tmp_path / "2", 2, inputs, *options) == first

    def test_jobs_in_the_configuration(self, lines: Path) -> None:
        (lines.parent / "premigrate.toml").write_text("jobs = 2\n", "utf-8")
        code, out, err = run("check", *DAY, lines, cwd=lines.parent)
        assert (code, err, summary(out)) == (1, "", "60 accounts checked, 20 refused")
        for jobs in ("auto", "0"):
            assert run("check", *DAY, "--jobs", jobs, lines, cwd=lines.parent)[1] == out
        assert run("check", *DAY, "--jobs", "-1", lines)[0] == 2

    def test_usage_errors_are_identical(self, lines: Path) -> None:
        overlay = lines.parent / "mine.toml"
        overlay.write_text('[market]\nextends = "pt"\n[change.account.fields]\nnope = 5\n', "utf-8")
        results = [run("check", *DAY, "--jobs", jobs, "--overlay", overlay, lines) for jobs in ("1", "2")]
        assert results[0] == results[1]
        assert results[0][0] == 3


class TestInterruption:
    """An interrupted run ends and leaves no partial files; a run that loses a worker is finished."""

    @pytest.fixture
    def running(self, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Start a run with two workers that waits for more input."""
        command = [*COMMAND, "--jobs", "2", "--split", str(tmp_path / "split")]
        command += ["--output", str(tmp_path / "report.csv"), "-"]
        command[1:1] = ["-c", WITH_SIGNALS]
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

    def test_work_of_a_killed_worker_is_taken_over(self, running: subprocess.Popen[bytes], tmp_path: Path) -> None:
        os.kill(workers(running.pid)[0], signal.SIGKILL)
        out, err = running.communicate(b"\n" + b"\n".join(LINES * 10), timeout=60)
        message = (
            "a worker process was killed (SIGKILL), possibly because memory ran out; another process repeats its work"
        )
        assert (running.returncode, err.decode()) == (1, f"premigrate: {message}\n")
        assert summary(out.decode()) == "3000 accounts checked, 1000 refused"
        files = {path.name: path.read_bytes() for path in (tmp_path / "split").iterdir()}
        passed, failed = ([LINES[n] for n in range(60) if (n in REFUSED) == is_refused] for is_refused in (False, True))
        assert files["pass.ndjson"].splitlines() == passed * 50
        assert files["fail.ndjson"].splitlines() == failed * 50

    def test_interrupt_ends_all_processes(self, running: subprocess.Popen[bytes], tmp_path: Path) -> None:
        worker_pids = workers(running.pid)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
        assert (running.returncode, b"Traceback" in err) == (130, False)
        assert b"interrupted: not all inputs were checked" in out
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["report.csv", "split"]
        assert not [pid for pid in worker_pids if Path(f"/proc/{pid}").exists()]

    def test_workers_end_with_the_run(self, running: subprocess.Popen[bytes]) -> None:
        worker_pids = workers(running.pid)
        running.kill()
        running.wait()
        deadline = time.monotonic() + 30
        while [pid for pid in worker_pids if alive(pid)] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not [pid for pid in worker_pids if alive(pid)]


def workers(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in children.read_text().split()] if children.exists() else []


def alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


class TestSplit:
    def test_each_account_is_in_one_file_with_its_bytes_unchanged(self, lines: Path, tmp_path: Path) -> None:
        lines.write_bytes(lines.read_bytes() + b'{"a": 1,}\n{"import_supplier": "nobody"}\n')
        code, _, _ = run("check", *DAY, "--split", tmp_path / "out", lines)
        files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
        passed = [LINES[number] for number in range(60) if number % 3]
        assert code == 4
        assert files.keys() == {".premigrate-split", "pass.ndjson", "fail.ndjson", "unchecked.txt", "errors.ndjson"}
        assert files["pass.ndjson"] == b"\n".join([*passed, b""])
        assert files["fail.ndjson"] == b"\n".join([*(LINES[number] for number in REFUSED), b""])
        assert files["unchecked.txt"] == b'{"a": 1,}\n{"import_supplier": "nobody"}\n'
        errors = [json.loads(each) for each in files["errors.ndjson"].splitlines()]
        assert [each["line"] for each in errors] == [*(number + 1 for number in REFUSED), 61, 62]
        assert errors[0]["detail"] == "Enter a valid email address."
        assert {"file", "line", "account", "detail", "code", "attr", "rule", "level"} <= errors[0].keys()
        code, out, _ = run("check", *DAY, tmp_path / "out" / "pass.ndjson")
        assert (code, summary(out)) == (0, "40 accounts checked, 0 refused")

    def test_multiline_accounts_are_written_on_one_line(self, tmp_path: Path) -> None:
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

    def test_refused_accounts_never_pass(self, lines: Path, tmp_path: Path) -> None:
        run("check", *DAY, "--split", tmp_path / "out", "--select", "duplicate_key", lines)
        assert len((tmp_path / "out" / "fail.ndjson").read_bytes().splitlines()) == 20

    def test_folder_that_cannot_be_created_is_reported(self, lines: Path) -> None:
        code, out, err = run("check", *DAY, "--split", lines, lines)
        assert (code, out) == (2, "")
        assert f"premigrate: {lines}: cannot be created: " in err


BAD = put(good_account("dk"), "customers.0.landline", "abcde")


PEAK = """import atexit, re, sys
atexit.register(lambda: print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr))
"""
"""Code that prints the peak memory of its process in kilobytes at exit; rusage would include that of the parent."""


def test_memory_does_not_grow_with_bad_accounts(tmp_path: Path) -> None:
    """Check one format with standard input; tests/scenarios/test_memory.py checks the others."""
    text = json.dumps(BAD).encode() + b"\n"
    peaks = []
    for count in (400, 4000):
        script = PEAK + "sys.stdout = open('/dev/null', 'w'); import premigrate.cli.main as c; c.main()"
        command = [sys.executable, "-c", script, "check", *DAY, "--format", "ndjson", "-"]
        completed = subprocess.run(command, input=text * count, capture_output=True, check=False, cwd=tmp_path)
        assert completed.returncode == 1
        peaks.append(int(completed.stderr.split()[-1]))
    assert peaks[1] < 150 << 10
    assert peaks[1] < peaks[0] + (8 << 10), "ten times as many accounts take no more memory"
