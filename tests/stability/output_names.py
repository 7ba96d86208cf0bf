"""Lists the keys and columns of outputs that programs read, from outputs of the command."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from premigrate.command.parquet_sink import findings_schema
from premigrate.command.split_sink import ERRORS, FAILED, PASSED, UNCHECKED
from tests.command import invoke
from tests.payloads import ROOT, good_account
from tests.recordings import account, recorded

DAY = ("--as-of", "2026-01-31")
EXAMPLES = ("examples/dk", "examples/gb", "examples/pt")
TENANT = "tests/vectors/tenant.yml"
KEYED = frozenset({
    *("not_checked", "markets", "validations[].states", "constraints[].rules", "constraints[].rules.*", "lists.*"),
    *("cohort_rules[].states", "choices", "not_applicable", "lists", "validations.counts", "cohort_rules", "facts"),
})  # fmt: skip
"""Paths whose keys are data, such as rule ids."""
OPAQUE = frozenset({
    *("accounts[].body", "changes[].old", "changes[].new", "fields.added", "fields.dropped", "fields.changed"),
    *("objects", "rules.disabled", "rules.enabled", "rules.lists", "fixes[].value"),
    "accounts[].findings[].fixes[].value",
})  # fmt: skip
"""Paths below which there is data: values of payloads, the API's own responses, keys of the rule language."""


def output_names(folder: Path) -> Iterator[str]:
    """Yield each key and column with the command that writes it. The folder is for files."""
    for command, texts in _texts(folder):
        keys = {key for text in texts for key in _keys(json.loads(text), "")}
        yield from (f"{command}: {key}" for key in keys)
    for options in (["--format", "csv"], ["--statistics", "--format", "csv"]):
        header = next(csv.reader(_run("check", *DAY, *options, *EXAMPLES).splitlines()))
        yield from (f"check {' '.join(options)}: column {column}" for column in header)
    yield from (f"check --output findings.parquet: column {column}" for column in findings_schema().names)
    yield from (f"check --split: file {name}" for name in (PASSED, FAILED, UNCHECKED, ERRORS))


def _texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the JSON documents of each command."""
    files = {name: folder / name for name in ("old.json", "pairs.json", "cohort.json", "split", "bad.json")}
    files["bad.json"].write_text("{", "utf-8")
    inputs = (*EXAMPLES, files["bad.json"])
    files["pairs.json"].write_text(
        json.dumps([recorded(account(n, billing_email="x", date_of_sale="soon")) for n in range(4)]), "utf-8"
    )
    files["cohort.json"].write_text(json.dumps([good_account("pt")] * 2), "utf-8")
    report = _run("check", *DAY, "--format", "json", "--show-fixes", *inputs)
    files["old.json"].write_text(_run("check", *DAY, "--format", "json", "examples/dk"), "utf-8")
    yield "check --format json", [report]
    yield (
        "check --since --format json",
        [_run("check", *DAY, "--format", "json", "--since", files["old.json"], *inputs)],
    )
    yield "check --format ndjson", _run("check", *DAY, "--format", "ndjson", "--show-fixes", *inputs).splitlines()
    yield "check --statistics --format json", [_run("check", *DAY, "--statistics", "--format", "json", *inputs)]
    _run("check", *DAY, "--split", files["split"], *inputs)
    yield f"check --split: {ERRORS}", (files["split"] / ERRORS).read_text("utf-8").splitlines()
    yield "cohort --format ndjson", _run("cohort", "--format", "ndjson", files["cohort.json"]).splitlines()
    yield "compare --format json", [_run("compare", "--market", "pt", "--format", "json", files["pairs.json"])]
    yield "rules --format json", [_run("rules", "--format", "json")]
    learn = ("tenant", "learn", TENANT, "--territory", "DK", *DAY, "--format", "json")
    yield "tenant learn --format json", [_run(*learn)]
    yield (
        "tenant diff --format json",
        [_run("tenant", "diff", TENANT, "tests/vectors/tenant-3.1.json", "--format", "json")],
    )
    yield "market check --format json", [_run("market", "check", "dk", "--format", "json")]


def _run(*arguments: str | Path) -> str:
    result = invoke(*arguments, cwd=ROOT)
    assert result.code in {0, 1, 4}, result.err
    return result.out


def _keys(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _keys(item, f"{at}[]")
    elif isinstance(value, dict) and at not in OPAQUE:
        for key, below in value.items():
            path = f"{at}.{'*' if at in KEYED else key}".removeprefix(".")
            yield path
            yield from _keys(below, path)
