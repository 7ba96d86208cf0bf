"""The cohort command as a user runs it, and the Python example of docs/cohort.md."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

import premigrate
from premigrate.batch import worker_pool
from tests.command import invoke as run
from tests.command import run_process
from tests.payloads import ROOT, good_account
from tests.scenarios.test_command import Write, write
from tests.scenarios.test_private import payload_of
from tests.scenarios.test_streams import WITH_SIGNALS

__all__ = ["write"]  # a fixture of test_command

CANARY = "Kanarienvogel"


def account(number: str, market: str = "pt", **more: Any) -> dict[str, Any]:
    return {"import_supplier": good_account(market)["import_supplier"], "external_account_number": number, **more}


def people(*names: str) -> dict[str, Any]:
    details = [{"namespace": "member", "value": f"{CANARY} 77"}]
    return {"customers": [{"given_name": name, "user_details": details} for name in names]}


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_accounts_of_all_files_are_compared(write: Write, tmp_path: Path) -> None:
    write("in/many.json", [account("1"), {"payload": account("2")}, account("2 ", "dk")])
    write("in/below/one.yaml", b"import_supplier: NORLYS\nexternal_account_number: '2'\n")
    code, out, err = run("cohort", "in", "-", stdin=json.dumps(account("1")).encode(), cwd=tmp_path)
    assert (code, err) == (1, "")
    assert out.endswith("5 accounts compared: 2 clashes\n")
    code, out, _ = run("cohort", "--format", "ndjson", "in", "-", stdin=json.dumps(account("1")).encode(), cwd=tmp_path)
    assert code == 1
    assert [[(each["file"], each["index"]) for each in clash["places"]] for clash in lines(out)] == [
        [("in/below/one.yaml", 0), ("in/many.json", 2)],
        [("in/many.json", 0), ("standard input", 0)],
    ]
    assert all(clash["accounts"] == 2 and clash["code"] == "cohort:account_number_shared" for clash in lines(out))


def test_good_accounts_do_not_clash() -> None:
    code, out, err = run("cohort", "examples/pt/good.json", "examples/dk/good.json", "examples/pt/good.json")
    assert (code, err) == (0, "")
    assert out.endswith("2 accounts compared: 0 clashes\n"), "a file that is given twice is read once"


def test_order_of_paths_does_not_matter(write: Write, tmp_path: Path) -> None:
    names = [write(f"{name}.json", [account(str(n), **people(f"x{n % 3}")) for n in range(20)]).name for name in "abcd"]
    lists = write("lists.toml", b'unique_user_detail_namespaces = ["member"]')
    outputs = [
        run("cohort", "--references", lists, "--format", "ndjson", "--memory", "1", *order, cwd=tmp_path)[1]
        for order in (names, names[::-1])
    ]
    assert outputs[0] == outputs[1]
    clashes = lines(outputs[0])
    assert len(clashes) == 21
    assert max(len(clash["places"]) for clash in clashes) == 80
    code, out, _ = run("cohort", "--references", lists, *names, cwd=tmp_path)
    assert (code, "\n  70 more places (--show-all shows each)\n" in out) == (1, True)
    _, out, _ = run("cohort", "--references", lists, "--show-all", *names, cwd=tmp_path)
    assert out.count("customers.0.user_details.0.value") == 80


@pytest.mark.parametrize("form", ["text", "ndjson"])
def test_personal_values_are_hidden_by_default(write: Write, form: str) -> None:
    file = write("two.json", [account("1", **people("Ana")), account("2", **people(f"{CANARY} 78"))])
    lists = write("lists.toml", b'unique_user_detail_namespaces = ["member"]')
    code, out, err = run("cohort", "--references", lists, "--format", form, file)
    assert (code, "member ***" in out, CANARY in out + err) == (1, True, False)
    _, out, _ = run("cohort", "--references", lists, "--format", form, "--show-values", file)
    assert f"member {CANARY} 77" in out
    assert f"{CANARY} 78" not in out, "only the key is shown"


def test_exit_codes(write: Write, tmp_path: Path) -> None:
    fine = write("fine.json", account("1"))
    assert run("cohort", fine)[0] == 0
    assert run("cohort")[0] == 2
    assert run("cohort", "--memory", "0", fine)[0] == 2
    assert run("cohort", "--format", "html", fine)[0] == 2
    (tmp_path / "empty").mkdir()
    code, _, err = run("cohort", tmp_path / "empty")
    assert (code, "nothing to compare" in err) == (2, True)
    code, out, err = run("cohort", write("nobody.json", [account("1"), {"import_supplier": "X"}]), fine)
    assert (code, 'nobody.json, account 1: import_supplier "X" is unknown' in err) == (4, True)
    assert out.endswith("2 accounts compared: 1 clash\n"), "what can be compared is compared"
    code, out, err = run("cohort", write("broken.json", b"[1,\n2"), tmp_path / "nowhere.json", fine)
    assert (code, "broken.json:2" in err, "nowhere.json: No such file" in err) == (4, True, True)
    assert out.endswith("1 account compared: 0 clashes\n")
    code, _, err = run("cohort", "--market", "pt", "--overlay", write("o.toml", b"[[cohort]]\nid = 'x'\n"), fine)
    assert (code, "[[cohort]] x key: this key is missing" in err) == (3, True)


def test_market_option(write: Write) -> None:
    file = write("a.json", [{"external_account_number": "1", "references": [{"namespace": "n", "value": "v"}]}] * 2)
    code, out, err = run("cohort", "--market", "dk", file)
    assert (code, "The account reference n v is in 2 accounts." in out, err) == (1, True, "")


def test_configuration_gives_paths_and_references(write: Write, tmp_path: Path) -> None:
    write("premigrate.toml", b'paths = ["in"]\nreferences = "lists.toml"\nformat = "html"\nfail-on = "advice"\n')
    write("lists.toml", b'imported_account_numbers = ["1"]')
    write("in/a.json", account("1"))
    code, out, err = run("cohort", cwd=tmp_path)
    assert (code, err) == (1, "")
    assert "cohort:account_imported_already" in out
    assert run("cohort", "--config", tmp_path / "no.toml", cwd=tmp_path)[0] == 2


def test_control_characters_are_escaped(write: Write) -> None:
    file = write("a.json", [account("1\x1b[2J\u202e")] * 2)
    for form in ("text", "ndjson"):
        _, out, _ = run("cohort", "--format", form, file)
        assert "\x1b" not in out
    assert "\\x1b[2J\\u202e" in run("cohort", file)[1]


def test_interrupted_run_leaves_no_temporary_files(write: Write, tmp_path: Path) -> None:
    """Interrupt a run that has exceeded its memory limit and waits for standard input."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    file = write("many.json", [account(str(n), **people("x" * 50)) for n in range(20_000)])
    lists = write("lists.toml", b'unique_user_detail_namespaces = ["member"]')
    options: list[str | Path] = ["--memory", "1", "--references", lists, file, "-"]
    command = [sys.executable, "-c", WITH_SIGNALS, "-m", "premigrate", "cohort", *options]
    env = {**os.environ, "SQLITE_TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:
        fd_folder = Path(f"/proc/{process.pid}/fd")
        if fd_folder.is_dir():
            deadline = time.monotonic() + 60
            while not _has_open_file(fd_folder, temporary) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert _has_open_file(fd_folder, temporary), "data beyond the memory limit is in a file in this folder"
        assert not list(temporary.iterdir()), "that file has no name"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")
    assert b"\ninterrupted: not all accounts were compared\n" in b"\n" + out
    assert re.search(rb"\n[1-9]\d+ accounts compared: 0 clashes\n$", out)
    assert not list(temporary.iterdir())


def _has_open_file(fd_folder: Path, folder: Path) -> bool:
    return any(str(each.readlink()).startswith(str(folder)) for each in fd_folder.iterdir() if each.is_symlink())


def test_closed_pipe_is_no_error(write: Write) -> None:
    file = write("a.json", [account(str(n // 2)) for n in range(20_000)])
    command = [sys.executable, "-m", "premigrate", "cohort", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize("market", premigrate.markets())
def test_personal_fields_are_never_printed(market: str, write: Write) -> None:
    """Every personal field holds a canary; the accounts clash in every key, and their customers differ in name."""
    one, other = payload_of(market), payload_of(market)
    for number, payload in enumerate((one, other)):
        for customer in payload["customers"]:
            customer["user_details"][0]["namespace"] = "member"
            customer["given_name"] += str(number)
        payload["references"] = [{"namespace": "n", "value": "v"}]
    file = write("two.json", [one, other])
    lists = write("lists.toml", b'unique_user_detail_namespaces = ["member"]')
    code, out, err = run("cohort", "--references", lists, file)
    assert (code, err) == (1, "")
    assert {"cohort:account_number_shared", "cohort:account_reference_shared", "cohort:person_told_differently"} <= set(
        re.findall(r"^(\S+): ", out, re.MULTILINE)
    )
    assert CANARY not in out


def test_output_is_the_same_with_any_number_of_processes(write: Write, tmp_path: Path) -> None:
    """Clashes, problems, notices and counts, with more chunks than processes, of every kind of input."""
    number = {"count": 0}

    def some(count: int) -> list[dict[str, Any]]:
        number["count"] += 1
        return [account(f"{n}-{number['count'] // 2}", **people(f"x{n % 3}", "y")) for n in range(count)]

    write("in/a.ndjson", "".join(f"{json.dumps(each)}\n" for each in some(2_500)).encode() + b"{\n\n[1, \n")
    write("in/b.json", [*some(2_500), {"import_supplier": "X"}, 7])
    for name in range(30):
        write(f"in/c{name}.json", some(1)[0])
    write("in/d.yaml", b"import_supplier: NORLYS\nexternal_account_number: '1-0'\n")
    write("in/broken.json", b"{")
    write("notes.txt", b"Not a payload.\n")
    lists = write("lists.toml", b'unique_user_detail_namespaces = ["member"]\nimported_account_numbers = ["1-0"]\n')
    for form in (["text"], ["ndjson", "--show-values"]):
        options: list[str | Path] = ["--references", lists, "--memory", "1", "--format", *form]
        results = [
            run("cohort", "--jobs", jobs, *options, "in", "notes.txt", "nowhere.json", cwd=tmp_path)
            for jobs in ("1", "2", "auto")
        ]
        assert results[0].code == 4
        assert "notes.txt: skipped: this is not a payload file" in results[0].err
        assert all(part in results[0].err for part in ("in/a.ndjson:2501: ", "account 2500: ", "in/broken.json:1: "))
        assert results[0].out.count("cohort:person_told_differently") == 1
        assert results[1:] == results[:1] * 2


def test_mistakes_are_the_same_with_several_processes(write: Write, tmp_path: Path) -> None:
    file = write("a.json", [account("1")] * 3)
    wrong = write("lists.toml", b"no_such_list = [1]\n")
    results = [run("cohort", "--jobs", jobs, "--references", wrong, file, cwd=tmp_path) for jobs in ("1", "2")]
    assert results[0] == results[1]
    assert results[0].code == 3
    assert run("cohort", "--jobs", "none", file).code == 2


def test_configuration_gives_the_number_of_processes(write: Write, tmp_path: Path) -> None:
    write("premigrate.toml", b'paths = ["in"]\njobs = 2\n')
    write("in/a.json", [account("1"), account("1")])
    with pytest.MonkeyPatch.context() as patch:
        run_tasks = Mock(wraps=worker_pool.run_tasks)
        patch.setattr(worker_pool, "run_tasks", run_tasks)
        code, out, _ = run("cohort", cwd=tmp_path)
    assert (code, out.endswith("2 accounts compared: 1 clash\n")) == (1, True)
    assert [call.args[2] for call in run_tasks.call_args_list] == [2]


def test_account_that_kills_a_worker_is_reported(write: Write, tmp_path: Path) -> None:
    write("a.ndjson", "".join(f"{json.dumps(account(str(n)))}\n" for n in range(20)).encode())
    script = (
        "import os, signal\n"
        "import premigrate.cohort.api as api\n"
        "from premigrate.accounts.identity import external_account_number_of as number_of\n"
        "original = api.KeyExtractor.extract\n"
        "def extract(self, payload, origin, market=None):\n"
        "    number_of(payload) == '7' and os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return original(self, payload, origin, market)\n"
        "api.KeyExtractor.extract = extract\n"
    )
    write("sitecustomize.py", script.encode())
    code, out, err = run_process("cohort", "--jobs", "2", "a.ndjson", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert code == 4
    assert "a.ndjson:8: not checked: a worker process was killed (SIGKILL)" in err
    assert out.endswith("19 accounts compared: 0 clashes\n")
