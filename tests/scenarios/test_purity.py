"""Validation opens no file, no socket and no process."""

import subprocess
import sys

from tests.payloads import ROOT

SCRIPT = """
import copy, datetime, json, sys
import premigrate
from pathlib import Path

payloads = {m: json.loads(Path(f"examples/{m}/good.json").read_text()) for m in premigrate.markets()}
validators = {m: premigrate.Validator(market=m, as_of=datetime.date(2026, 1, 31)) for m in payloads}
reader = premigrate.KeyExtractor()
for payload in payloads.values():
    reader.extract(payload, "first")
watched = ("socket.", "open", "subprocess.", "os.", "urllib.", "http.", "import")
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith(watched) else None)
for number in ("+4587654321", "+34612345678", "+16502530000", "+8613812345678", "+551155256325", "abcde", "", None, []):
    for m, payload in payloads.items():
        payload = copy.deepcopy(payload)
        account = payload.get("payload", payload)
        account["customers"][0]["landline"] = number
        account["billing_email"] = number
        validators[m].validate(payload)
        validators[m].validate([number])
        reader.extract(payload, "a file that is not there")
print(sorted(set(seen)))
assert len(seen) == 0
"""


def test_validation_opens_nothing() -> None:
    completed = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, cwd=ROOT)
    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_exceptions_import_neither_pydantic_nor_click() -> None:
    script = (
        "import sys, premigrate; premigrate.BadRules; print([m for m in ('pydantic', 'click') if m in sys.modules])"
    )
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert completed.stdout == "[]\n"
