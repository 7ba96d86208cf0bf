"""Keeps the last requests to the three endpoints, so that a test can query them."""

import json
import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Self, get_args

from premigrate.api_models import ENDPOINTS, Endpoint
from premigrate.exceptions import BadArgument

DEFAULT_LIMIT = 10_000
"""The number of requests that a journal remembers."""
MAX_PAYLOADS = 64 * 1024 * 1024
"""The characters of payloads, as JSON, that a journal remembers at most."""
_MAX_TEXT = 200  # characters of a supplier, account number or method
_LISTED = 1000


class RequestRecord(NamedTuple):
    """A request and how it was answered.

    Attributes:
        number: the position among all requests since the start or the last reset, from 1.
        at: the time, by the clock of the mock server.
        endpoint: ``validate``, ``process`` or ``status``.
        method: the HTTP method.
        import_supplier: the supplier that the request named; empty if it was refused before it was read.
        external_account_number: likewise the account number.
        status: the HTTP status of the response; 0 if the connection was dropped.
        payload: the body as sent; None unless the journal keeps payloads, or if it was not read.

    """

    number: int
    at: datetime
    endpoint: Endpoint
    method: str
    import_supplier: str
    external_account_number: str
    status: int
    payload: Any = None

    def __str__(self) -> str:
        """Describe the request without its payload."""
        account = f"{self.import_supplier}/{self.external_account_number}"
        status = self.status or "dropped"
        return f"#{self.number} {self.at.isoformat()} {self.method} {self.endpoint} {account} {status}"


class RequestQuery(NamedTuple):
    """A query for requests in a journal; None matches any value."""

    endpoint: str | None = None
    import_supplier: str | None = None
    external_account_number: str | None = None
    status: int | None = None

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """Read the parameters of a query string.

        Raises:
            BadArgument: a parameter is unknown, or its value is not valid.

        """
        if unknown := texts.keys() - set(cls._fields):
            raise BadArgument(f"unknown parameter {min(unknown)!r}; the parameters are {', '.join(cls._fields)}")
        status = texts.get("status")
        if status is not None and not (status.isascii() and status.isdecimal() and len(status) <= 3):
            raise BadArgument("status must be an HTTP status such as 201, or 0 for dropped connections")
        return cls(**{**texts, "status": None if status is None else int(status)}).checked()  # type: ignore[arg-type]

    def checked(self) -> Self:
        """Return this query.

        Raises:
            BadArgument: there is no such endpoint.

        """
        if self.endpoint is not None and self.endpoint not in ENDPOINTS:
            raise BadArgument(f"endpoint must be one of {', '.join(get_args(Endpoint))}; it is {self.endpoint!r}")
        return self

    def matches(self, record: RequestRecord) -> bool:
        """Return whether a request matches the query."""
        found = (record.endpoint, record.import_supplier, record.external_account_number, record.status)
        wanted = (self.endpoint, _shorten(self.import_supplier), _shorten(self.external_account_number), self.status)
        return all(value is None or value == actual for value, actual in zip(wanted, found, strict=True))

    def __str__(self) -> str:
        """Describe the query."""
        return ", ".join(f"{name}={value!r}" for name, value in self._asdict().items() if value is not None)


class Journal:
    """The last requests, at most ``limit``, and at most 64 MiB of payloads. Thread-safe.

    Payloads are personal data: they are kept only with ``keep_payloads``.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT, *, keep_payloads: bool = False) -> None:
        self._limit, self._keep_payloads = limit, keep_payloads
        self._records: deque[tuple[RequestRecord, str]] = deque()
        self._lock = threading.Lock()
        self._added = self._characters = 0

    def add(self, request: RequestRecord) -> None:
        """Add a request, whose number is set, and forget the oldest beyond the limits."""
        text = _to_json(request.payload) if self._keep_payloads else ""
        with self._lock:
            self._added += 1
            record = request._replace(
                number=self._added,
                method=request.method[:_MAX_TEXT],
                import_supplier=request.import_supplier[:_MAX_TEXT],
                external_account_number=request.external_account_number[:_MAX_TEXT],
                payload=None,
            )
            self._records.append((record, text))
            self._characters += len(text)
            while len(self._records) > self._limit or self._characters > MAX_PAYLOADS:
                self._characters -= len(self._records.popleft()[1])

    def find(self, query: RequestQuery) -> list[RequestRecord]:
        """Return the requests that a query matches, the oldest first."""
        with self._lock:
            found = [each for each in self._records if query.matches(each[0])]
        return [record._replace(payload=json.loads(text) if text else None) for record, text in found]

    @property
    def forgotten(self) -> int:
        """The number of requests that are no longer in the journal."""
        with self._lock:
            return self._added - len(self._records)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._records.clear()
            self._added = self._characters = 0

    def render(self, query: RequestQuery) -> dict[str, Any]:
        """Return the number of requests that a query matches, and the last 1,000 of them, as JSON values."""
        found = self.find(query)
        hidden = set() if self._keep_payloads else {"payload"}
        listed = [
            {key: value for key, value in record._asdict().items() if key not in hidden} | {"at": record.at.isoformat()}
            for record in found[-_LISTED:]
        ]
        return {"count": len(found), "forgotten": self.forgotten, "requests": listed}


def explain_calls(journal: Journal, query: RequestQuery, times: int | None) -> str | None:
    """Return why requests are not as expected, or None if they are.

    Args:
        journal: the journal.
        query: the requests to count.
        times: how many are expected; None for at least one.

    """
    found, forgotten = journal.find(query), journal.forgotten
    is_expected = len(found) == times if times is not None else bool(found)
    if is_expected and not (forgotten and times is not None):
        return None
    expected = "at least 1 request" if times is None else f"{times} request{'s' if times != 1 else ''}"
    lines = [f"expected {expected} with {query}" if str(query) else f"expected {expected}", f"there were {len(found)}"]
    if forgotten:
        lines.append(f"{forgotten} older requests are no longer in the journal; make it larger, or clear it earlier")
    others = [] if found else journal.find(RequestQuery())
    shown = found or others
    if others:
        lines[1] += f", and {len(others)} others"
    return "\n  ".join([*lines, *map(str, shown[-10:])])


def _shorten(text: str | None) -> str | None:
    return text if text is None else text[:_MAX_TEXT]


def _to_json(payload: object) -> str:
    """Return a payload as JSON text; empty if it has a number that JSON does not have, such as 1e999."""
    try:
        return json.dumps(payload, allow_nan=False)
    except ValueError:
        return ""
