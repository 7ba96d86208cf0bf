"""Sends an account through the three endpoints of the import API, as a migration does.

    premigrate serve --market dk --as-of 2026-01-31 --port 8000
    python examples/walk_through.py http://127.0.0.1:8000

Only `main` uses calls of the mock server. The other functions also work with the URL and token of a tenant.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from premigrate.api_models import AlreadyImported, Detail, ImportStatus, Refused, parse_answer

ACCOUNTS = "/v2/data-import/accounts/"
TRIES = 5
WORTH_ANOTHER_TRY = {429, 500, 502, 503, 504}
ENDS = {"PROCESSED", "ERRORED", "CANCELLED", "DRY_RUN_SUCCEEDED", "DRY_RUN_ERRORED"}


def post(client: httpx.Client, path: str, payload: dict[str, Any]) -> httpx.Response:
    """Post a payload. If the server is busy or fails, try again, with a longer pause each time."""
    for attempt in range(TRIES):
        response = client.post(path, json=payload)
        if response.status_code not in WORTH_ANOTHER_TRY:
            return response
        pause = float(response.headers.get("retry-after", 0.1 * 2**attempt))
        print(f"  {response.status_code}, again in {pause:g} s")
        time.sleep(pause)
    return response


def wait_for(client: httpx.Client, supplier: str, number: str) -> ImportStatus:
    """Request the status of an import until it is final, and return it."""
    last = ""
    while True:
        response = client.get(f"{ACCOUNTS}{supplier}/{number}/")
        answer = parse_answer("status", response.status_code, response.json())
        if not isinstance(answer, ImportStatus):
            raise SystemExit(f"status answered {response.status_code}")
        if answer.status != last:
            last = answer.status
            print(f"  {last}")
        if last in ENDS:
            return answer
        time.sleep(0.05)


def validate(client: httpx.Client, payload: dict[str, Any]) -> None:
    """Validate an account with an error, and again after the error is corrected."""
    customer = payload["payload"]["customers"][0]
    print("validate, with an invalid telephone number")
    good, customer["landline"] = customer["landline"], "abcde"
    response = post(client, f"{ACCOUNTS}validate/", payload)
    answer = parse_answer("validate", response.status_code, response.json())
    if isinstance(answer, Refused):
        for error in answer.errors:
            print(f"  {error.attr}: {error.code}")

    print("validate, corrected")
    customer["landline"] = good
    print(f"  {post(client, f'{ACCOUNTS}validate/', payload).status_code}")


def process(client: httpx.Client, payload: dict[str, Any]) -> None:
    """Process an account and wait for its import; then process another one, whose first import fails."""
    account = payload["payload"]
    supplier, number = account["import_supplier"], account["external_account_number"]

    print("process")
    print(f"  {post(client, ACCOUNTS, payload).status_code}")
    status = wait_for(client, supplier, number)
    print(f"  has an account number: {status.kraken_identifier is not None}")

    print("process, again")
    response = post(client, ACCOUNTS, payload)
    answer = parse_answer("process", response.status_code, response.json())
    if isinstance(answer, AlreadyImported):
        print(f"  imported already, with the same account number: {answer.account_id == status.kraken_identifier}")

    print("process another account: its first import fails, its second does not")
    account["external_account_number"] = f"{number}-2"
    for _ in range(2):
        print(f"  {post(client, ACCOUNTS, payload).status_code}")
        status = wait_for(client, supplier, f"{number}-2")
        if status.latest_error:
            print(f"  {status.latest_error.code}")

    print("status of an account that was never sent")
    response = client.get(f"{ACCOUNTS}{supplier}/{number}-3/")
    missing = parse_answer("status", response.status_code, response.json())
    if isinstance(missing, Detail):
        print(f"  {response.status_code} {missing.code}")


def main(url: str) -> None:
    """Send the example account to a server that is set to fail some requests."""
    payload = json.loads((Path(__file__).parent / "dk" / "good.json").read_text("utf-8"))
    with httpx.Client(base_url=url, headers={"Authorization": "Token any"}) as client:
        client.post("/_premigrate/reset")
        client.delete("/_premigrate/failures")  # those of a scenario, if there is one
        failures: list[dict[str, Any]] = [
            {"answer": "throttled", "times": 1, "retry_after": 0},
            {"answer": "broken", "times": 2},
            {"account": "*-2", "lifecycle": "errored", "code": "tariff_gone", "detail": "No such tariff.", "times": 1},
        ]
        client.post("/_premigrate/failures", json=failures).raise_for_status()
        payload = payload if "payload" in payload else {"payload": payload}
        validate(client, payload)
        process(client, payload)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
