"""Generates the OpenAPI document of the mock server: requests from the rules, responses from the models of bodies."""

import re
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, WithDefaultSchema

from premigrate import __version__
from premigrate.api_models import Detail
from premigrate.describe.openapi_components import PayloadComponents
from premigrate.mock_server.bodies import TaskParams
from premigrate.mock_server.operations import ACCOUNT_REQUEST, OPERATIONS, Models, Operation

_PREFIX = "#/components/schemas/"
_PATH_PARAMETER = re.compile(r"\{(\w+)\}")
_STATUS = "ImportStatusValue"  # one inside the payload would clash with the names that generators make
_ABOUT = """\
Responds as the account-import API does, without a tenant. Each value has one type here, which clients should send. The
API also accepts other types, such as a number for a string, and an account without the object around it.
"""
_TAGS = [
    {"name": "accounts", "description": "The account-import API."},
    {"name": "mock server", "description": "Calls of the mock server only; the real API does not have them."},
]
_SHARED_ERRORS = (401, 406)
_ERROR_DESCRIPTIONS = {
    401: "The token is missing or wrong.",
    404: "There is nothing at this path.",
    406: "The client does not accept JSON.",
    413: "The request is too large.",
    415: "The content type of the request is not JSON.",
    429: "Too many requests, if the scenario has such a failure.",
    500: "The server failed, if the scenario has such a failure.",
}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer"}}},
}


class _BodySchema(GenerateJsonSchema):
    """Leaves out what generators misread: titles of fields as names of types, and defaults as values that are there."""

    def field_title_should_be_set(self, schema: CoreSchema) -> bool:  # noqa: ARG002
        return False

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def render_openapi(payload: PayloadComponents, statuses: Sequence[str], *, needs_token: bool) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document of all operations, without ``servers``.

    Args:
        payload: the components of the payload.
        statuses: the statuses that an import can have.
        needs_token: whether requests need a token.

    """
    references, bodies = _body_schemas(statuses)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _describe(operation, references)
    schemas = {ACCOUNT_REQUEST: _account_request(payload), **payload.schemas, **bodies}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Account import (mock server)", "version": __version__, "description": _ABOUT},
        "tags": _TAGS,
        "paths": paths,
        "components": {"schemas": schemas},
    }
    if needs_token:
        scheme = {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a space, and the token",
        }
        document["components"]["securitySchemes"] = {"token": scheme}
        document["security"] = [{"token": []}]
    return document


def _body_schemas(statuses: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schemas of bodies and their components.

    The former are references to the latter. A body of a response has the name of its model, that of a request the id of
    its operation.
    """
    models: set[type[BaseModel]] = {Detail}
    for operation in OPERATIONS:
        models.update(*operation.responses.values())
    ordered = sorted(models, key=attrgetter("__name__"))
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        *((model.__name__, "serialization", TypeAdapter(model)) for model in ordered),
        *((each.id, "validation", TypeAdapter(each.request)) for each in OPERATIONS if _has_own_request(each)),
        (TaskParams.__name__, "validation", TypeAdapter(TaskParams)),
    ]
    template = f"{_PREFIX}{{model}}"
    bodies, rest = TypeAdapter.json_schemas(inputs, ref_template=template, schema_generator=_BodySchema)
    components = rest["$defs"]
    for component in components.values():
        if "kraken_identifier" in component.get("properties", ()):
            component["properties"]["status"] = {"$ref": f"{_PREFIX}{_STATUS}"}
    components[_STATUS] = {"description": "The status of an import.", "type": "string", "enum": [*statuses]}
    return {name: schema for (name, _), schema in bodies.items()}, components


def _has_own_request(operation: Operation) -> bool:
    return operation.request is not None and operation.request != ACCOUNT_REQUEST


def _account_request(payload: PayloadComponents) -> dict[str, Any]:
    return {
        "description": "An account to validate or to import.",
        "type": "object",
        "required": ["payload"],
        "properties": {
            "payload": {"description": "The account.", **payload.account},
            "task_params": {"description": "How to import it.", "$ref": f"{_PREFIX}{TaskParams.__name__}"},
        },
    }


def _describe(operation: Operation, references: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [_TAGS[operation.is_admin]["name"]],
    }
    schema = {"type": "string", "minLength": 1}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in _PATH_PARAMETER.findall(operation.path)
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": TypeAdapter(kind).json_schema()}
        for name, kind in operation.query.items()
    ]
    if parameters:
        described["parameters"] = parameters
    if operation.request is not None:
        own = references.get(operation.id, {"$ref": f"{_PREFIX}{ACCOUNT_REQUEST}"})
        described["requestBody"] = {"required": operation.needs_body, "content": _json(own)}
    if not operation.needs_token:
        described["security"] = []
    errors = dict.fromkeys((*_SHARED_ERRORS, *operation.errors), (Detail,))
    by_status: dict[int, Models] = {**operation.responses, **errors}
    described["responses"] = {
        str(status): _response(status, models, [references[model.__name__] for model in models])
        for status, models in sorted(by_status.items())
    }
    return described


def _response(status: int, models: Models, references: list[Any]) -> dict[str, Any]:
    about = _ERROR_DESCRIPTIONS.get(status) or " or ".join((model.__doc__ or "").partition("\n")[0] for model in models)
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    schema = references[0] if len(references) == 1 else {"anyOf": references}
    return {"description": about, **headers, "content": _json(schema)}


def _json(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"application/json": {"schema": schema}}
