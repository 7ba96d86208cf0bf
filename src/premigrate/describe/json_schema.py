"""Converts the objects of a ruleset to a JSON Schema of the account payload, for editors and other tools.

The schema accepts everything that the framework's checks of single fields accept, and as little else as JSON Schema can
express. It does not include the rules between fields. Every property has a description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from premigrate.describe.json_schema_values import Schema, value_schema
from premigrate.describe.object_schemas import ObjectSchemas, SchemaDialect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from premigrate.ruleset.model.ruleset import Ruleset

# The models of the rule language are slow to import, and help texts need only the names of the drafts.

SchemaDraft: TypeAlias = Literal["2020-12", "7"]

WRAPPER = "payload"
_WRAPPED = "wrapped"

_URIS: Mapping[SchemaDraft, str] = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "7": "http://json-schema.org/draft-07/schema#",
}
_DIALECTS: Mapping[SchemaDraft, SchemaDialect] = {
    "2020-12": SchemaDialect("#/$defs/", value_schema),
    "7": SchemaDialect("#/definitions/", value_schema, has_deprecated=False, has_reference_siblings=False),
}
DRAFTS: tuple[SchemaDraft, ...] = tuple(_DIALECTS)
"""The supported drafts of JSON Schema, the default first."""


def render_schema(ruleset: Ruleset, draft: SchemaDraft = "2020-12") -> Schema:
    """Return the schema of one account of a market, bare or wrapped in an object with the key ``payload``.

    An object that has fields of the account is taken as the account itself, even if it also has that key.
    """
    from premigrate.ruleset.path_resolver import PathResolver

    dialect = _DIALECTS[draft]
    objects = ObjectSchemas(ruleset, dialect)
    account = objects.reference(ruleset.root)
    wrapped = f"{_WRAPPED}_{ruleset.root}"
    keys = list(PathResolver(ruleset.objects, ruleset.root).fields_of(ruleset.root))
    schemas = {**objects.schemas, wrapped: _wrapped_account(account, keys)}
    return {
        "$schema": _URIS[draft],
        "title": f"Account payload ({ruleset.title})",
        "anyOf": [account, {"$ref": f"{dialect.definitions}{wrapped}"}],
        dialect.definitions.split("/")[1]: schemas,
    }


def _wrapped_account(account: Schema, keys: list[str]) -> Schema:
    return {
        "description": "The account, wrapped as the request of the API does.",
        "type": "object",
        "required": [WRAPPER],
        "properties": {WRAPPER: {"description": "The account.", "allOf": [account]}},
        "propertyNames": {"not": {"enum": keys}},
    }
