"""Provides the small documents in ``small/``: each has the notations of one construct."""

import json
from collections.abc import Iterable
from typing import Any

from tests.documents.yaml_reader import read_document
from tests.payloads import ROOT

SMALL_DOCUMENTS = {
    path.stem: path.read_text("utf-8") for path in sorted((ROOT / "tests" / "documents" / "small").glob("*.yml"))
}
ALONE = ("anchors", "at_the_account", "known_kinds", "known_object", "lists", "other_names", "path_reference")
"""Documents about the whole, or about objects that the rules know."""


def combined(names: Iterable[str], version: str) -> str:
    """Return one document with the fields of several, because it takes a second to learn from a document."""
    properties: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name in names:
        if not (text := SMALL_DOCUMENTS[name]).startswith(f"openapi: {version}"):
            continue
        renamed = json.loads(json.dumps(read_document(text)).replace("#/components/schemas/", f"{_REFERENCE}{name}."))
        found = renamed["components"]["schemas"]
        fields = found.pop("Account")["properties"]
        properties |= {key: fields.pop(key) for key in ("import_supplier", "external_account_number")}
        properties |= {f"{name}_{key}": field for key, field in fields.items()}
        schemas |= {f"{name}.{key}": schema for key, schema in found.items()}
    schemas["Account"] = {"type": "object", "required": ["import_supplier"], "properties": properties}
    content = {"application/json": {"schema": {"$ref": f"{_REFERENCE}Account"}}}
    return json.dumps(
        {
            "openapi": version,
            "info": {"title": "A tenant", "version": "1"},
            "paths": {"/v2/data-import/accounts/validate/": {"post": {"requestBody": {"content": content}}}},
            "components": {"schemas": schemas},
        }
    )


_REFERENCE = "#/components/schemas/"
