"""Generates the OpenAPI document of the mock server: requests from the rules, responses from the API models."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from premigrate import __version__
from premigrate.api_models import Accepted, AlreadyImported, Detail, ImportStatus, NotValid, Refused
from premigrate.mock_server.paths import PROCESS, STATUS, VALIDATE

_PREFIX = "#/components/schemas/"
_MODELS: tuple[type[BaseModel], ...] = (Accepted, Refused, NotValid, AlreadyImported, ImportStatus, Detail)
_ERROR_DESCRIPTIONS = {
    404: "There is nothing at this path.",
    406: "The client does not take JSON.",
    413: "The request is too large.",
    415: "The request is not said to be JSON.",
    429: "Too many requests, if a script says so.",
    500: "The server failed, if a script says so.",
}


def render_openapi(payload: Mapping[str, Any], *, needs_token: bool) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document of the three endpoints; ``payload`` is the JSON Schema of the posted payload."""
    defined = {name: _rebase(schema) for name, schema in payload.get("$defs", {}).items()}
    account = {key: _rebase(part) for key, part in payload.items() if key not in {"$defs", "$schema"}}
    schemas = {**defined, "Payload": account, **_response_schemas()}
    paths = {
        VALIDATE: {"post": _post("validateAccount", "Validate an account.", {200: [Accepted], 400: [Refused, Detail]})},
        PROCESS: {
            "post": _post(
                "scheduleAccount",
                "Schedule the creation of an account.",
                {201: [Accepted], 400: [NotValid, AlreadyImported, Detail]},
            )
        },
        STATUS: {"get": _get_status()},
    }
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Account import, as premigrate stands in for it", "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    if needs_token:
        scheme = {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token, and the token"}
        described["components"]["securitySchemes"] = {"token": scheme}
        described["security"] = [{"token": []}]
    return described


def _response_schemas() -> dict[str, Any]:
    written: dict[str, Any] = {}
    for model in _MODELS:
        schema = TypeAdapter(model).json_schema(ref_template=f"{_PREFIX}{{model}}", mode="serialization")
        written |= schema.pop("$defs", {})
        written[model.__name__] = schema
    return written


def _post(name: str, summary: str, answers: dict[int, list[type[BaseModel]]]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": f"{_PREFIX}Payload"}}}}
    return {"operationId": name, "summary": summary, "requestBody": body, "responses": _responses(answers, 413, 415)}


def _get_status() -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in ("import_supplier_code", "external_identifier")
    ]
    answers: dict[int, list[type[BaseModel]]] = {200: [ImportStatus]}
    return {
        "operationId": "importStatus",
        "summary": "Tell how far an import is.",
        "parameters": parameters,
        "responses": _responses(answers, 404),
    }


def _responses(answers: dict[int, list[type[BaseModel]]], *errors: int) -> dict[str, Any]:
    by_status = answers | {status: [Detail] for status in (401, 406, *errors, 429, 500)}
    return {str(status): _response(status, models) for status, models in sorted(by_status.items())}


def _response(status: int, models: list[type[BaseModel]]) -> dict[str, Any]:
    references = [{"$ref": f"{_PREFIX}{model.__name__}"} for model in models]
    schema = references[0] if len(references) == 1 else {"anyOf": references}
    about = _ERROR_DESCRIPTIONS.get(status) or " or ".join((model.__doc__ or "").partition("\n")[0] for model in models)
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _rebase(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Rewrite references from ``$defs`` to ``components/schemas``."""
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", _PREFIX) if key == "$ref" and isinstance(value, str) else _rebase(value)
            for key, value in schema.items()
        }
    return [_rebase(item) for item in schema] if isinstance(schema, list) else schema
