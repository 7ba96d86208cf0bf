"""Control characters in payloads, file names, overlays and documents reach no terminal and break no format."""

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

import pytest

from premigrate.report.outputs import FORMATS
from tests.batch import run_all, show_all
from tests.payloads import ROOT, good_account, put
from tests.recordings import account, recorded
from tests.scenarios.test_command import DAY

Commands: TypeAlias = Callable[[Path], list[list[str | Path]]]

EVIL = "\x1b]0;owned\x07\x9b2J\x7f\b\r\u202e\u2066\u200b\U000e0041\x85\u2028"
"""Sets a title, clears the screen (C1), deletes, moves back, reverses text direction, and hides characters."""

LINES = f"{EVIL}\n::error::forged\n##[error]forged"
NAME = f"a{EVIL.replace('/', '')}.json"
OWN_SEQUENCES = re.compile("\x1b\\[(?:3\\d|0)m|\r\n")


def evil_account() -> Any:
    payload = put(good_account("pt"), "customers.0.mobile", LINES)
    payload = put(payload, f"customers.0.key{LINES}", LINES)
    return put(payload, "external_account_number", f"1{LINES}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files with control characters in their names and contents."""
    (tmp_path / NAME).write_text(json.dumps([evil_account(), evil_account()], ensure_ascii=False), "utf-8")
    (tmp_path / f"bro{EVIL}ken.json").write_text(f'{{"{EVIL}": tru', "utf-8")
    (tmp_path / f"bro{EVIL}ken.yaml").write_text('a: "\\e]0;\\a"\nb: [\x1b\x9b', "utf-8")
    (tmp_path / f"no-{EVIL}-market.json").write_text("{}", "utf-8")
    write_table(tmp_path / f"{EVIL}.parquet")
    text = "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else "" for letter in EVIL)
    overlay = f'[market]\nextends = "pt"\n[disabled]\nblank-text = "{text}"\nreference-unused = "{text}"\n'
    overlay += f'[list.teams_of_ours]\nabout = "{text}"\n[code.invalid_phone_number]\ndetail = "{{value}} {text}"\n'
    (tmp_path / "overlay.toml").write_text(f'{overlay}meaning = "{text}"\nbasis = "inferred"\nsource = "{text}"\n')
    (tmp_path / "wrong.toml").write_text(f'{overlay}meaning = 1\n["{text}"]\nx = "{text}"\n[disabled]\n', "utf-8")
    (tmp_path / "wronger.toml").write_text(f'[market]\nextends = "{text}"\n[code."{text}"]\n"{text}" = 1\n', "utf-8")
    (tmp_path / "config.toml").write_text(f'select = ["*{text}"]\noverlay = "{text}"\n', "utf-8")
    (tmp_path / "wrong-config.toml").write_text(f'"{text}" = ["{text}"]\n', "utf-8")
    (tmp_path / f"lists{EVIL}").mkdir()
    (tmp_path / f"lists{EVIL}" / f"{EVIL}.csv").write_text(f"{EVIL},b\n1,2\n", "utf-8")
    pair = recorded(account(1, external_account_number=f"1{LINES}", customers__0__mobile=f"x{EVIL}"))
    pair["response"]["errors"].append({"detail": LINES, "code": LINES, "attr": LINES})
    (tmp_path / f"recorded{EVIL}.ndjson").write_text(json.dumps(pair), "utf-8")
    document = json.loads((ROOT / "tests" / "vectors" / "tenant-3.1.json").read_text("utf-8"))
    (tmp_path / f"document{EVIL}.json").write_text(
        json.dumps(with_control_characters(document), ensure_ascii=False), "utf-8"
    )
    return tmp_path


def write_table(path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pa.table({f"a{EVIL}": ["x"], f"b{EVIL}": ["y"]}), os.fspath(path))


def with_control_characters(node: Any, key: str = "") -> Any:
    """Add control characters to all prose and choices of an OpenAPI document."""
    if isinstance(node, dict):
        return {name: with_control_characters(below, name) for name, below in node.items()}
    if isinstance(node, list):
        return [with_control_characters(item, key) for item in node]
    return f"{node}{EVIL}" if isinstance(node, str) and key in {"description", "title", "summary", "enum"} else node


def payload_commands(folder: Path) -> list[list[str | Path]]:
    payloads, lists = folder / NAME, folder / f"lists{EVIL}"
    check: list[str | Path] = ["check", *DAY]
    missing = f"{folder}/{EVIL}/{EVIL}"
    formats = ("text", "json", "ndjson", "csv", "junit", "github", "gitlab")  # the other formats are checked below
    commands: list[list[str | Path]] = [[*check, "--show-values", "--format", name, folder] for name in formats]
    commands += [
        [*check, "--overlay", folder / name, payloads] for name in ("overlay.toml", "wrong.toml", f"{EVIL}.toml")
    ]
    commands += [[*check, "--references", lists, payloads], [*check, "--references", missing, payloads]]
    commands += [[*check, option, missing, payloads] for option in ("--baseline", "--config", "--output")]
    commands += [[*check, "--output", f"{missing}.csv", payloads], [*check, "--split", f"/dev/null/{EVIL}", payloads]]
    commands += [
        [*check, option, EVIL, payloads] for option in ("--market", "--format", "--as-of", "--select", "--jobs")
    ]
    commands += [[*check, f"--{EVIL}", payloads], [f"check{EVIL}"], ["explain", "null", EVIL, EVIL]]
    commands += [[*check, "--config", folder / name, payloads] for name in ("config.toml", "wrong-config.toml")]
    commands += [["config", "show", "--config", folder / "config.toml"], ["rules", EVIL], ["schema", "--market", EVIL]]
    baseline = f"{folder}/known{EVIL}.toml"
    commands += [["baseline", "write", *DAY, "--baseline", baseline, each] for each in (payloads, folder)]
    commands += [["cohort", "--format", form, "--show-values", folder] for form in ("text", "ndjson")]
    pairs = folder / f"recorded{EVIL}.ndjson"
    commands += [["compare", "--show-values", "--format", form, pairs, folder] for form in ("text", "json")]
    commands += [["compare", "--write-overlay", folder / "wrong.toml", pairs], ["tenant", "learn", payloads]]
    return commands + [
        ["serve", "--market", "pt", option, f"{folder}/no{EVIL}/{EVIL}"]
        for option in ("--scenario", "--database", "--host")
    ]


def rule_commands(folder: Path) -> list[list[str | Path]]:
    """Return the commands that parse rule files, which takes longer."""
    rules: list[str | Path] = ["rules", "--market", "pt", "--overlay", folder / "overlay.toml"]
    commands: list[list[str | Path]] = [[*rules, "--format", form] for form in ("text", "json", "markdown")]
    commands += [[*rules, "--lists"], ["schema", *rules[1:]], ["explain", EVIL], ["rules", "--overlay", EVIL]]
    proposed, pairs = f"{folder}/proposed{EVIL}.toml", folder / f"recorded{EVIL}.ndjson"
    commands += [["compare", "--write-overlay", proposed, pairs]]
    learn: list[str | Path] = ["tenant", "learn", folder / f"document{EVIL}.json", "--market", "pt", *DAY]
    commands += [[*learn, "--show-all", "--output", folder / "learned.toml"], [*learn, "--format", "json"]]
    commands += [[*learn, "--report", folder / "learned.txt", "--output", "-"], [*learn, "--path", EVIL]]
    return commands


@pytest.mark.parametrize("commands", [payload_commands, pytest.param(rule_commands, marks=pytest.mark.slow)])
def test_terminal_receives_only_printable_text(commands: Commands, folder: Path) -> None:
    output = OWN_SEQUENCES.sub("\n", show_all(commands(folder), folder))
    for line in output.split("\n"):
        assert line.isprintable()
    assert "Traceback" not in output
    assert "internal error" not in output
    assert output.count(r"]0;owned\x") > 10, "it is shown escaped"


def test_files_hold_only_printable_text_and_the_original_values(folder: Path) -> None:
    outputs = [part for name in FORMATS for part in ("--output", f"{name}:{folder / f'report.{name}'}")]
    report: list[str | Path] = ["check", *DAY, "--show-values", "--show-all", *outputs, folder / NAME]
    (result,) = run_all([report], folder)
    assert (result.code, result.err) == (1, "")
    written = {name: (folder / f"report.{name}").read_text("utf-8") for name in FORMATS}
    for text in (text.removeprefix("\ufeff") for text in written.values()):
        assert all(line.isprintable() for line in text.split("\n"))
    detail = f"{LINES} is not a valid phone number"
    reported = json.loads(written["json"])["accounts"][0]
    assert [reported["file"], reported["findings"][0]["detail"]] == [str(folder / NAME), detail]
    assert json.loads(written["ndjson"].splitlines()[0])["detail"] == detail
    (run,) = json.loads(written["sarif"])["runs"]
    assert run["results"][0]["message"]["text"].startswith(f"customers.0.mobile: {detail}")
    case = ET.fromstring(written["junit"])[0][0]  # noqa: S314 - our own output
    control = {"\x1b": "\\u001b", "\x07": "\\u0007", "\b": "\\u0008"}  # XML can't hold them
    expected = "".join(control.get(letter, letter) for letter in detail)
    assert (case.find("failure") or ET.Element("none")).get("message", expected) == expected
    assert expected in "".join(case.itertext())
    row = next(csv.DictReader(io.StringIO(written["csv"])))
    assert row["detail"].startswith("\\x1b]0;owned\\x07")
    workflow_commands = [line for line in written["github"].splitlines() if line.startswith("::")]
    assert {line.split("::")[1].split(" ")[0] for line in workflow_commands} == {"group", "endgroup", "error", "notice"}
    assert "##[" not in written["github"]
