"""The operations of the mock server as its OpenAPI document describes them; a new one is one entry in `OPERATIONS`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from premigrate.api_models import Accepted, AlreadyImported, Detail, Endpoint, ImportStatus, NotValid, Refused
from premigrate.mock_server.bodies import (
    Description,
    Empty,
    FailuresRequest,
    Health,
    ImportsRequest,
    RequestList,
    State,
    StepAnswer,
    StepRequest,
)
from premigrate.mock_server.paths import ADMIN, HEALTH, IMPORTS, OPENAPI, PROCESS, REQUESTS, STATUS, VALIDATE

ACCOUNT_REQUEST = "AccountRequest"
"""The component of the request that wraps an account."""

Models = tuple[type[BaseModel], ...]
"""The models of the bodies that a response may have."""


class Operation(NamedTuple):
    """An operation of the OpenAPI document.

    Attributes:
        method: the HTTP method.
        path: the path, with its parameters in braces.
        id: the name that generators give to the function of a client.
        summary: what it does.
        responses: the models of the bodies by status, without those of errors that every operation has.
        errors: further statuses whose body is a `Detail`.
        request: the type of the body, or the name of its component; None if there is none.
        needs_body: whether the body is required.
        needs_token: whether the operation needs the token of ``--token``.
        query: the types of the parameters in the query string, which are all optional.

    """

    method: str
    path: str
    id: str
    summary: str
    responses: Mapping[int, Models]
    errors: tuple[int, ...] = ()
    request: Any = None
    needs_body: bool = True
    needs_token: bool = True
    query: Mapping[str, Any] = {}

    @property
    def is_admin(self) -> bool:
        """Whether only the mock server has it, not the real API."""
        return self.path.startswith(ADMIN)


_BODY_ERRORS = (413, 415)

OPERATIONS = (
    Operation(
        "post",
        VALIDATE,
        "validateAccount",
        "Validate an account.",
        {200: (Accepted,), 400: (Refused, Detail)},
        (*_BODY_ERRORS, 429, 500),
        ACCOUNT_REQUEST,
    ),
    Operation(
        "post",
        PROCESS,
        "scheduleAccount",
        "Schedule the creation of an account.",
        {201: (Accepted,), 400: (NotValid, AlreadyImported, Detail)},
        (*_BODY_ERRORS, 429, 500),
        ACCOUNT_REQUEST,
    ),
    Operation(
        "get", STATUS, "importStatus", "Return the status of an import.", {200: (ImportStatus,)}, (404, 429, 500)
    ),
    Operation("get", f"{ADMIN}state", "getState", "Return the time, the imports and the failures.", {200: (State,)}),
    Operation(
        "post",
        f"{ADMIN}step",
        "step",
        "Advance the time.",
        {200: (StepAnswer,), 400: (Detail,)},
        _BODY_ERRORS,
        StepRequest,
        needs_body=False,
    ),
    Operation(
        "post",
        f"{ADMIN}failures",
        "addFailures",
        "Add failures.",
        {200: (Empty,), 400: (Detail,)},
        _BODY_ERRORS,
        FailuresRequest,
    ),
    Operation("delete", f"{ADMIN}failures", "clearFailures", "Remove all failures.", {200: (Empty,)}),
    Operation(
        "post",
        IMPORTS,
        "addImports",
        "Add existing imports.",
        {200: (Empty,), 400: (Detail,)},
        _BODY_ERRORS,
        ImportsRequest,
    ),
    Operation(
        "get",
        REQUESTS,
        "listRequests",
        "List the requests to the API.",
        {200: (RequestList,), 400: (Detail,)},
        query={"endpoint": Endpoint, "import_supplier": str, "external_account_number": str, "status": int},
    ),
    Operation("delete", REQUESTS, "clearRequests", "Clear the journal of requests.", {200: (Empty,)}),
    Operation("post", f"{ADMIN}reset", "reset", "Restore the initial state.", {200: (Empty,)}),
    Operation("get", HEALTH, "getHealth", "Return whether the server is ready.", {200: (Health,)}, needs_token=False),
    Operation(
        "get",
        OPENAPI,
        "getDescription",
        "Return this document, for the tenant of a supplier.",
        {200: (Description,)},
        needs_token=False,
        query={"import_supplier": str},
    ),
)
