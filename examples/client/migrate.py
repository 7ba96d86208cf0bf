"""Imports many accounts, each exactly once, whatever fails in between. It needs nothing but Python.

    premigrate serve --market dk --port 8000 --database imports.db
    python examples/client/migrate.py --url http://127.0.0.1:8000 --journal journal.ndjson accounts.ndjson

Started again with the same journal it continues, after a crash of its own or of the server. What makes that safe:

- The API takes an account once, by its supplier and number. Whoever sends it again is told that it is imported already.
- "sent" is written to the journal before an account is sent. Without an answer (an error, a lost connection, a crash)
  nobody knows whether the account was taken, so its status is asked for before it is sent again.
- An account is done when its status is PROCESSED, not when it was sent. One whose import failed is sent again, a few
  times.

Exit code: 0 all accounts are imported, 1 some are not (the journal says why), 2 the server did not answer for too long.
"""

import argparse
import http.client
import json
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeAlias
from urllib.parse import quote, urlsplit

ACCOUNTS = "/v2/data-import/accounts/"
WORTH_ANOTHER_TRY = {0, 429, 500, 502, 503, 504}
UNDER_WAY = {"PENDING", "IN_PROGRESS"}
SENT, ERRORED, IMPORTED, FAILED = "sent", "errored", "imported", "failed"  # the events of a journal
MAX_ERRORED = 5
"""An account whose import failed so often is not sent again."""
POLL, FIRST_PAUSE, LONGEST_PAUSE = 0.5, 0.05, 5.0  # seconds

Key: TypeAlias = tuple[str, str]
"""The supplier and the external number of an account."""


class ServerGoneError(Exception):
    """The server did not answer for too long."""


class Journal:
    """Events of accounts in a file, one on each line, and what follows from them. Thread-safe.

    A process that is killed leaves at most one line that is not complete; it is ignored, as if it had not been written.
    """

    def __init__(self, path: Path) -> None:
        self.ends, self.sent, self.errored = dict[Key, str](), set[Key](), defaultdict[Key, set[str]](set)
        self._lock = threading.Lock()
        text = path.read_bytes() if path.exists() else b""
        for line in text.split(b"\n"):
            try:
                event = json.loads(line)
            except ValueError:
                continue
            self._remember(event["event"], (event["supplier"], event["number"]), event.get("at", ""))
        self._file = path.open("ab", buffering=0)
        if text and not text.endswith(b"\n"):
            self._file.write(b"\n")

    def write(self, event: str, key: Key, **facts: str) -> None:
        """Append an event; it is on the disk when this returns."""
        line = json.dumps({"event": event, "supplier": key[0], "number": key[1], **facts})
        with self._lock:
            self._file.write(f"{line}\n".encode())
            os.fsync(self._file.fileno())
            self._remember(event, key, facts.get("at", ""))

    def _remember(self, event: str, key: Key, at: str) -> None:
        if event in {IMPORTED, FAILED}:
            self.ends[key] = event
        elif event == SENT:
            self.sent.add(key)
        elif event == ERRORED:
            self.errored[key].add(at)

    def __enter__(self) -> Self:
        """Return the journal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()


class Answer(NamedTuple):
    """An answer of the API; status 0 if there was none, or only a part of one."""

    status: int
    body: Any = None
    retry_after: float = 0.0


class Api(threading.local):
    """The API. Each thread has a connection of its own, which is opened again after each failure."""

    def __init__(self, url: str, token: str) -> None:
        self._url = urlsplit(url)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Token {token}"}
        self._connection: http.client.HTTPConnection | None = None

    def post(self, payload: object) -> Answer:
        """Send an account."""
        return self._request("POST", ACCOUNTS, json.dumps(payload))

    def status(self, key: Key) -> Answer:
        """Ask how far an import is."""
        supplier, number = (quote(part, safe="") for part in key)
        return self._request("GET", f"{ACCOUNTS}{supplier}/{number}/")

    def _request(self, method: str, path: str, body: str | None = None) -> Answer:
        try:
            if self._connection is None:
                kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
                self._connection = kind(self._url.netloc, timeout=30)
            self._connection.request(method, path, body, self._headers)
            response = self._connection.getresponse()
            answered, wait = json.loads(response.read()), response.headers.get("Retry-After", "")
            return Answer(response.status, answered, float(wait) if wait.isdecimal() else 0.0)
        except (OSError, http.client.HTTPException, ValueError):  # refused, lost, or not all of it
            if self._connection:
                self._connection.close()
            self._connection = None
            return Answer(0)


class Migration:
    """Imports accounts, and writes what becomes of them to a journal."""

    def __init__(self, api: Api, journal: Journal, patience: float) -> None:
        self._api, self._journal, self._patience = api, journal, patience
        self._last_answer = time.monotonic()

    def run(self, payloads: dict[Key, object], workers: int) -> None:
        """Import accounts, each under its key.

        Raises:
            ServerGoneError: there was no answer for longer than the patience allows.

        """
        keys = [key for key in payloads if key not in self._journal.ends]
        with ThreadPoolExecutor(workers) as pool:
            while keys:
                is_under_way = pool.map(lambda key: self._advance(key, payloads[key]), keys)
                keys = [key for key, is_open in zip(keys, is_under_way, strict=True) if is_open]
                if keys:
                    time.sleep(POLL)

    def _advance(self, key: Key, payload: object) -> bool:
        """Send an account, or ask for its status, until its import is under way (True) or has ended (False)."""
        may_be_there = key in self._journal.sent
        for failures in count():
            answer = self._api.status(key) if may_be_there else self._send(key, payload)
            if answer.status in WORTH_ANOTHER_TRY:
                may_be_there = True
                self._pause(answer, failures)
                continue
            self._last_answer = time.monotonic()
            if not may_be_there:
                is_taken = answer.status == 201 or _is_imported_already(answer)
                return is_taken or self._end(FAILED, key, reason=_code_of(answer))
            if answer.status == 200:
                is_open = self._read_status(key, answer.body)
                if is_open is not None:
                    return is_open
            elif answer.status != 404:
                return self._end(FAILED, key, reason=_code_of(answer))
            may_be_there = False  # it was not taken, or its import failed
        raise AssertionError

    def _read_status(self, key: Key, body: Any) -> bool | None:  # noqa: ANN401 - any JSON
        """Return whether an import is under way; None if it failed and can be sent again."""
        status = body["status"]
        if status in UNDER_WAY:
            return True
        if status == "PROCESSED":
            return self._end(IMPORTED, key, kraken_identifier=body["kraken_identifier"])
        reason, known = (body.get("latest_error") or {}).get("code", status), self._journal.errored[key]
        if body["modified_at"] not in known:  # otherwise the account could not be sent since: it is the same failure
            self._journal.write(ERRORED, key, reason=reason, at=body["modified_at"])
        return self._end(FAILED, key, reason=reason) if len(known) >= MAX_ERRORED else None

    def _send(self, key: Key, payload: object) -> Answer:
        self._journal.write(SENT, key)
        return self._api.post(payload)

    def _end(self, event: str, key: Key, **facts: str) -> bool:
        self._journal.write(event, key, **facts)
        return False

    def _pause(self, answer: Answer, failures: int) -> None:
        """Wait as long as the server asks, or longer after each failure."""
        if answer.status:
            self._last_answer = time.monotonic()
        elif time.monotonic() - self._last_answer > self._patience:
            raise ServerGoneError
        time.sleep(max(answer.retry_after, min(FIRST_PAUSE * 2.0**failures, LONGEST_PAUSE)))


def _is_imported_already(answer: Answer) -> bool:
    errors = answer.body.get("non_field_errors") if isinstance(answer.body, dict) else None
    return answer.status == 400 and isinstance(errors, dict) and str(errors.get("code")).endswith("already_imported")


def _code_of(answer: Answer) -> str:
    return str(answer.body.get("code", answer.status)) if isinstance(answer.body, dict) else str(answer.status)


def _read_accounts(path: Path) -> dict[Key, object]:
    """Read a file with one account on each line, bare or wrapped in an object with the key ``payload``."""
    payloads = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    accounts = [payload.get("payload", payload) for payload in payloads]
    keys = [(account["import_supplier"], account["external_account_number"]) for account in accounts]
    return dict(zip(keys, payloads, strict=True))


def main() -> int:
    """Import the accounts of a file, and return the exit code."""
    parser = argparse.ArgumentParser(description="Import accounts, each exactly once.")
    parser.add_argument("accounts", type=Path, help="a file with one account, as JSON, on each line")
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", default="any")
    parser.add_argument("--journal", type=Path, required=True, help="what became of each account")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--patience", type=float, default=120.0, help="seconds without any answer")
    options = parser.parse_args()
    payloads = _read_accounts(options.accounts)
    with Journal(options.journal) as journal:
        try:
            Migration(Api(options.url, options.token), journal, options.patience).run(payloads, options.workers)
        except ServerGoneError:
            print("the server does not answer; start again with the same journal", file=sys.stderr)
            return 2
        ends = Counter(journal.ends[key] for key in payloads)
    print(f"{ends[IMPORTED]} imported, {ends[FAILED]} failed")
    return 0 if ends[IMPORTED] == len(payloads) else 1


if __name__ == "__main__":
    sys.exit(main())
