"""Measures the first verdict of the library in a fresh process, which starts, imports, loads rules and reads one file.

The peers read a JSON Schema that was written before; premigrate reads its rules, or the cache.
"""

import json
import sys
import tempfile
from pathlib import Path

import premigrate
from benchmarks.options import Effort, read_effort
from benchmarks.peers.json_schema import bare_schema
from benchmarks.tables import table
from benchmarks.wall_times import HEAD, Command, measure_alternately, row

OURS = """\
import datetime, json, sys
from premigrate.api import {validator}
payload = json.load(open(sys.argv[2], encoding="utf-8"))
result = {validator}(market=sys.argv[1], as_of=datetime.date(2026, 1, 31)).validate(payload)
assert result.response.status == 200
"""
THEIRS = """\
import json, sys
{imports}
payload, schema = (json.load(open(path, encoding="utf-8")) for path in sys.argv[2:])
assert {validator}(schema).is_valid(payload.get("payload", payload))
"""
PEERS = {
    "jsonschema": ("from jsonschema import Draft202012Validator", "Draft202012Validator"),
    "jsonschema-rs": ("import jsonschema_rs", "jsonschema_rs.validator_for"),
}


def commands(folder: Path) -> dict[str, Command]:
    """Return the command of each contender."""
    found = {"python -c pass": Command([sys.executable, "-c", "pass"])}
    for market in premigrate.markets():
        schema = folder / f"{market}.json"
        schema.write_text(json.dumps(bare_schema(market, "2020-12")), "utf-8")
        run = [market, f"examples/{market}/good.json"]
        python = [sys.executable, "-c"]
        cached = [*python, OURS.format(validator="CachedValidator"), *run]
        found[f"{market}: premigrate, warm cache"] = Command(cached, str(folder / "cache"))
        found[f"{market}: premigrate, cold cache"] = Command(cached, None)
        found[f"{market}: premigrate, no cache"] = Command([*python, OURS.format(validator="Validator"), *run])
        for name, (imports, validator) in PEERS.items():
            program = THEIRS.format(imports=imports, validator=validator)
            found[f"{market}: {name}"] = Command([*python, program, *run, str(schema)])
    return found


def main(effort: Effort) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        times = measure_alternately(commands(Path(folder)), effort.starts)
    print(f"## One file\n\nWall time of whole processes, from start to end; {effort.starts} runs of each.\n")
    rows = []
    for name, each in times.items():
        market, _, contender = name.partition(": ")
        rival_times = times[f"{market}: jsonschema"] if contender.startswith("premigrate") else ()
        rows.append(row(name, each, "jsonschema", rival_times))
    print(table(HEAD, rows))


if __name__ == "__main__":
    main(read_effort(__doc__))
