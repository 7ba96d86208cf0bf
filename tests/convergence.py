"""Measures how far two rounds of compare bring a played tenant; ``python -m tests.convergence`` writes docs/compare.md.

Each round records accounts, proposes an overlay and applies it. Agreement is measured on accounts of another seed.
"""

import json
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.command import invoke
from tests.payloads import ROOT
from tests.played_tenant import accounts, recorded, tenant

PAGE = ROOT / "docs" / "compare.md"
COUNT, HELD_OUT = 300, 500
"""The number of accounts recorded in each round, and of those that are measured."""
_VERDICTS = (
    ("accepted by the API, predicted refused", "refused", "valid"),
    ("refused by the API, predicted valid", "valid", "refused"),
)
_BLOCK = re.compile(r"(?<=<!-- python -m tests.convergence -->\n).*?(?=<!-- end -->\n)", re.DOTALL)


class Step(NamedTuple):
    """The agreement on the accounts that were held out: the report of compare as data."""

    name: str
    report: dict[str, Any]

    def share(self, measure: str) -> float:
        """Return the share of a measure, between 0 and 1."""
        found = self.report["agreement"][measure]
        return float(found["count"] / found["of"])

    def verdicts(self, predicted: str, answered: str) -> int:
        """Return the number of accounts with these verdicts."""
        found = {(each["predicted"], each["answered"]): each["accounts"] for each in self.report["verdicts"]}
        return int(found[predicted, answered])


def run(folder: Path) -> list[Step]:
    """Run two rounds in a folder, and measure before the first and after each."""
    for name, count, seed in (("one", COUNT, 1), ("two", COUNT, 2), ("others", HELD_OUT, 3)):
        pairs = recorded(accounts(count, seed), tenant())
        (folder / f"{name}.ndjson").write_text("".join(f"{json.dumps(pair)}\n" for pair in pairs), "utf-8")
    steps = [_measure(folder, "before")]
    _compare(folder, "--write-overlay", "first.toml", "one.ndjson")
    steps.append(_measure(folder, "after the first round", "--overlay", "first.toml"))
    _compare(folder, "--overlay", "first.toml", "--write-overlay", "second.toml", "one.ndjson", "two.ndjson")
    steps.append(_measure(folder, "after the second round", "--overlay", "second.toml"))
    return steps


def _measure(folder: Path, name: str, *options: str) -> Step:
    return Step(name, json.loads(_compare(folder, "--format", "json", *options, "others.ndjson")))


def _compare(folder: Path, *arguments: str) -> str:
    code, out, err = invoke("compare", "--market", "pt", *arguments, cwd=folder)
    assert code in {0, 1}, err
    return out


def render(steps: list[Step]) -> str:
    """Return the table of the page."""
    rows = [["of 100 accounts", *(step.name for step in steps)], ["---"] * (len(steps) + 1)]
    for name in ("accounts_with_the_same_verdict", "accounts_with_the_same_errors"):
        shares = [f"{step.share(name) * 100:.1f}" for step in steps]
        rows.append([name.replace("_", " "), *shares])
    for name, predicted, answered in _VERDICTS:
        counts = [f"{step.verdicts(predicted, answered) * 100 / HELD_OUT:.1f}" for step in steps]
        rows.append([name, *counts])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written_table() -> str:
    """Return the table that stands in the page."""
    found = _BLOCK.search(PAGE.read_text("utf-8"))
    assert found
    return found[0]


def main() -> None:
    """Write the table into the page."""
    with tempfile.TemporaryDirectory() as folder:
        table = render(run(Path(folder)))
    PAGE.write_text(_BLOCK.sub(lambda _: table, PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
