"""Runs the example client, which uses all three endpoints."""

import subprocess
import sys

from premigrate.testing import run_mock_server
from tests.payloads import AS_OF, ROOT

EXPECTED = """\
validate, with an invalid telephone number
  customers.0.landline: invalid_phone_number
validate, corrected
  200
process
  429, again in 0 s
  500, again in 0.2 s
  500, again in 0.4 s
  201
  PENDING
  IN_PROGRESS
  PROCESSED
  has an account number: True
process, again
  imported already, with the same account number: True
process another account: its first import fails, its second does not
  201
  PENDING
  IN_PROGRESS
  ERRORED
  tariff_gone
  201
  PENDING
  IN_PROGRESS
  PROCESSED
status of an account that was never sent
  404 not_found
"""


def test_walk_through() -> None:
    with run_mock_server(market="dk", as_of=AS_OF, speed=20) as mock_server:
        command = [sys.executable, str(ROOT / "examples" / "walk_through.py"), mock_server.url]
        completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.stderr == ""
    assert without_transient_statuses(completed.stdout) == without_transient_statuses(EXPECTED)


def without_transient_statuses(output: str) -> list[str]:
    """Remove the statuses that pass: a slow machine may miss one."""
    return [line for line in output.splitlines() if line not in {"  PENDING", "  IN_PROGRESS"}]
