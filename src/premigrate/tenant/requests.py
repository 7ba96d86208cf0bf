"""Finds the requests of an OpenAPI document whose body is an account, and their examples."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from premigrate.exceptions import BadDocument
from premigrate.tenant.merge_allof import flatten, is_object
from premigrate.tenant.openapi_document import OpenApiDocument, extend_pointer

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


def find_request(document: OpenApiDocument, path: str | None) -> tuple[AccountRequest, list[AccountRequest]]:
    """Return the request to learn from (by its path, or the newest), and all requests with an account.

    Raises:
        BadDocument: no request has an account, or none with the path ``path``.

    """
    found = list(_requests(document))
    if not found:
        raise BadDocument(
            "this OpenAPI document has no account import: no request whose body is an account, or holds one as its "
            f"{WRAPPER}; looked for a path that ends in data-import/accounts/validate/"
        )
    if path is None:
        return max(found, key=lambda request: request.rank), found
    chosen = [request for request in found if request.path.strip("/") == path.strip("/")]
    if not chosen:
        known = ", ".join(dict.fromkeys(request.path for request in found))
        raise BadDocument(f"no account is sent to the path {path!r}; accounts are sent to {known}")
    return chosen[0], found


def _requests(document: OpenApiDocument) -> Iterator[AccountRequest]:
    for path, item in document.data["paths"].items():
        operations = item if isinstance(item, Mapping) else {}
        for method in _METHODS:
            if isinstance(operations.get(method), Mapping):
                at = extend_pointer("/paths", str(path), method, "requestBody")
                yield from _request(document, str(path), operations[method].get("requestBody"), at)


def _request(document: OpenApiDocument, path: str, body: object, at: str) -> Iterator[AccountRequest]:
    if body is None:
        return
    found = document.resolve(body, at)
    content = found.schema.get("content") if found else None
    for media, media_object in content.items() if found and isinstance(content, Mapping) else ():
        if "json" in str(media) and isinstance(media_object, Mapping) and "schema" in media_object:
            place = extend_pointer(found.at, "content", str(media)) if found else at
            account = _account(document, path, media_object["schema"], extend_pointer(place, "schema"))
            if account:
                schema, where, target = account
                examples = tuple(_examples(document, path, media_object, place))
                yield AccountRequest(path, schema, where, target, _rank(path), examples)
            return


def _account(document: OpenApiDocument, path: str, schema: object, at: str) -> tuple[object, str, str] | None:
    """Find the account in a body: the body itself, or its payload.

    Returns its schema, the pointer of that, and the pointer after references are resolved; None if there is no account.
    """
    flat = flatten(document, schema, at)
    if flat is None:
        return None
    properties = flat.schema.get("properties")
    if not isinstance(properties, Mapping):
        return None
    if WRAPPER in properties and not _is_account(properties, path):
        place = extend_pointer(flat.at, "properties", WRAPPER)
        inner = flatten(document, properties[WRAPPER], place)
        within = inner.schema.get("properties") if inner else None
        if inner is None or not isinstance(within, Mapping) or not _is_account(within, path):
            return None
        return (properties[WRAPPER], place, inner.at) if is_object(inner) else None
    return (schema, at, flat.at) if is_object(flat) and _is_account(properties, path) else None


def _is_account(properties: Mapping[str, Any], path: str) -> bool:
    signs = sum(sign in properties for sign in _ACCOUNT_FIELDS)
    return signs >= (2 if _VALIDATE.search(path) or _LEGACY_VALIDATE.search(path) else 4)


def _rank(path: str) -> tuple[int, int]:
    version = _VERSION.search(path)
    kind = 2 if _VALIDATE.search(path) else 1 if _LEGACY_VALIDATE.search(path) else 0
    return kind, int(version[1][:9]) if version else 0


def _examples(
    document: OpenApiDocument, path: str, media_object: Mapping[str, Any], at: str
) -> Iterator[DocumentExample]:
    if "example" in media_object:
        yield DocumentExample(extend_pointer(at, "example"), path, _unwrap(media_object["example"]))
    several = media_object.get("examples")
    for name, example in several.items() if isinstance(several, Mapping) else ():
        found = document.resolve(example, extend_pointer(at, "examples", str(name)))
        if found and "value" in found.schema:
            yield DocumentExample(extend_pointer(found.at, "value"), path, _unwrap(found.schema["value"]))
    flat = flatten(document, media_object["schema"], extend_pointer(at, "schema"))
    for key in ("example", "examples"):
        shown = flat.schema.get(key) if flat else None
        for value in shown if isinstance(shown, list) else [] if shown is None else [shown]:
            yield DocumentExample(extend_pointer(flat.at if flat else at, key), path, _unwrap(value))


def _unwrap(payload: object) -> object:
    """Return an account without its wrapper."""
    if isinstance(payload, Mapping) and WRAPPER in payload and not any(sign in payload for sign in _ACCOUNT_FIELDS):
        return payload[WRAPPER]
    return payload
