"""Finds the requests of an OpenAPI document whose body is an account, and their examples."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from premigrate.exceptions import BadDocument
from premigrate.tenant.document.flatten import FlatSchema, Flattener, is_object
from premigrate.tenant.document.merge_keywords import mapping_of
from premigrate.tenant.document.openapi_document import OpenApiDocument, extend_pointer

WRAPPER = "payload"

_VALIDATE = re.compile(r"/data-import/accounts/validate/?$")
_LEGACY_VALIDATE = re.compile(r"/data-import/validate-account/?$")
_VERSION = re.compile(r"/v(\d+)/")
_ACCOUNT_FIELDS = ("import_supplier", "external_account_number", "account_type", "customers", "supply_addresses")
"""Fields of an account; a schema that has most of them is one."""
_METHODS = ("post", "put", "patch")


class DocumentExample(NamedTuple):
    """An example of an account: its JSON pointer, the path of its request, and the payload."""

    at: str
    path: str
    payload: object


class AccountRequest(NamedTuple):
    """A request whose body is an account.

    ``schema`` is the schema of the account and ``at`` its pointer; ``resolved_at`` is the pointer after references are
    resolved. By default, the request with the greatest ``rank`` is used.
    """

    path: str
    schema: object
    at: str
    resolved_at: str
    rank: tuple[int, int]
    examples: tuple[DocumentExample, ...]


def find_request(
    document: OpenApiDocument, flattener: Flattener, path: str | None
) -> tuple[AccountRequest, list[AccountRequest]]:
    """Return the request to learn from (by its path, or the newest), and all requests with an account.

    Raises:
        BadDocument: no request has an account, or none with the path ``path``.

    """
    found = list(_requests(document, flattener))
    if not found:
        raise BadDocument(
            f"this OpenAPI document has no account import: no request has an account as its body or as its {WRAPPER}; "
            "the path usually ends in data-import/accounts/validate/"
        )
    if path is None:
        return max(found, key=lambda request: request.rank), found
    chosen = [request for request in found if request.path.strip("/") == path.strip("/")]
    if not chosen:
        known = ", ".join(dict.fromkeys(request.path for request in found))
        raise BadDocument(f"the path {path!r} has no request with an account; choose one of: {known}")
    return chosen[0], found


def _requests(document: OpenApiDocument, flattener: Flattener) -> Iterator[AccountRequest]:
    for path, item in document.data["paths"].items():
        found = document.resolve(item, extend_pointer("/paths", str(path))) if isinstance(item, Mapping) else None
        if found is None:
            continue
        for method in _METHODS:
            operation = document.resolve(found.schema.get(method, {}), extend_pointer(found.at, method))
            if operation and "requestBody" in operation.schema:
                at = extend_pointer(operation.at, "requestBody")
                yield from _request(document, flattener, str(path), operation.schema["requestBody"], at)


def _request(
    document: OpenApiDocument, flattener: Flattener, path: str, body: object, at: str
) -> Iterator[AccountRequest]:
    found = document.resolve(body, at)
    content = found.schema.get("content") if found else None
    for media, media_object in content.items() if found and isinstance(content, Mapping) else ():
        if "json" in str(media) and isinstance(media_object, Mapping) and "schema" in media_object:
            place = extend_pointer(found.at, "content", str(media)) if found else at
            account = _account(flattener, path, media_object["schema"], extend_pointer(place, "schema"))
            if account:
                schema, where, target = account
                examples = tuple(_examples(document, flattener, path, media_object, place))
                yield AccountRequest(path, schema, where, target, _rank(path), examples)
            return


def _account(flattener: Flattener, path: str, schema: object, at: str) -> tuple[object, str, str] | None:
    """Find the account in a body: the body itself, or its payload.

    Returns its schema, the pointer of that, and the pointer after references are resolved; None if there is no account.
    """
    flat = flattener.flatten(schema, at)
    if flat is None:
        return None
    properties = mapping_of(flat.schema.get("properties"))
    if WRAPPER in properties and not _is_account(properties, path):
        schema, at = properties[WRAPPER], extend_pointer(flat.at, "properties", WRAPPER)
        flat = flattener.flatten(schema, at)
    return (schema, at, flat.at) if flat and is_object(flat) and _is_account(_all_properties(flat), path) else None


def _all_properties(flat: FlatSchema) -> dict[str, Any]:
    """Return the fields of an object, or of all its kinds."""
    kinds = flat.alternatives or ()
    return {
        **mapping_of(flat.schema.get("properties")),
        **{key: schema for kind in kinds for key, schema in _all_properties(kind).items()},
    }


def _is_account(properties: Mapping[str, Any], path: str) -> bool:
    signs = sum(sign in properties for sign in _ACCOUNT_FIELDS)
    return signs >= (2 if _VALIDATE.search(path) or _LEGACY_VALIDATE.search(path) else 4)


def _rank(path: str) -> tuple[int, int]:
    version = _VERSION.search(path)
    kind = 2 if _VALIDATE.search(path) else 1 if _LEGACY_VALIDATE.search(path) else 0
    return kind, int(version[1][:9]) if version else 0


def _examples(
    document: OpenApiDocument, flattener: Flattener, path: str, media_object: Mapping[str, Any], at: str
) -> Iterator[DocumentExample]:
    if "example" in media_object:
        yield DocumentExample(extend_pointer(at, "example"), path, _unwrap(media_object["example"]))
    several = media_object.get("examples")
    for name, example in several.items() if isinstance(several, Mapping) else ():
        found = document.resolve(example, extend_pointer(at, "examples", str(name)))
        if found and "value" in found.schema:
            yield DocumentExample(extend_pointer(found.at, "value"), path, _unwrap(found.schema["value"]))
    flat = flattener.flatten(media_object["schema"], extend_pointer(at, "schema"))
    for key in ("example", "examples"):
        shown = flat.schema.get(key) if flat else None
        for value in shown if isinstance(shown, list) else [] if shown is None else [shown]:
            yield DocumentExample(extend_pointer(flat.at if flat else at, key), path, _unwrap(value))


def _unwrap(payload: object) -> object:
    """Return an account without its wrapper."""
    if isinstance(payload, Mapping) and WRAPPER in payload and not any(sign in payload for sign in _ACCOUNT_FIELDS):
        return payload[WRAPPER]
    return payload
