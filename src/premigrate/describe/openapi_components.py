"""Converts the objects of a ruleset to components of an OpenAPI 3.1 document, for generators of clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.describe.object_schemas import ObjectSchemas, SchemaDialect
from premigrate.describe.openapi_values import DECIMAL, DECIMAL_SCHEMA, typed_value

if TYPE_CHECKING:
    from premigrate.describe.json_schema_values import Schema
    from premigrate.ruleset.model.ruleset import Ruleset

_OPENAPI = SchemaDialect("#/components/schemas/", typed_value, has_discriminator=True)


class PayloadComponents(NamedTuple):
    """The components of a payload: a reference to the account, and all schemas by name."""

    account: Schema
    schemas: dict[str, Schema]


def render_components(ruleset: Ruleset) -> PayloadComponents:
    """Return the components of an account payload, with the types in which clients should send values."""
    objects = ObjectSchemas(ruleset, _OPENAPI)
    account = objects.reference(ruleset.root)
    return PayloadComponents(account, {**objects.schemas, DECIMAL: DECIMAL_SCHEMA})
