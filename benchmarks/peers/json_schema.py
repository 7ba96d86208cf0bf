"""Builds the peers that use the JSON Schema of a market's payload, as exported by premigrate.

None of them checks ``format``; the schema expresses the formats of fields as patterns. Accounts are bare, so the choice
between bare and wrapped payloads is removed from the schema.
"""

import json
from collections.abc import Callable
from typing import Any

from premigrate.describe.json_schema import SchemaDraft
from premigrate.describe.market import payload_schema


def bare_schema(market: str, draft: SchemaDraft) -> dict[str, Any]:
    """Return the schema of a bare account."""
    schema = payload_schema(market, draft=draft)
    bare, _ = schema.pop("anyOf")
    return {**schema, "allOf": [bare]}  # draft 7 ignores what stands beside a reference


def build_jsonschema(market: str) -> Callable[[Any], bool]:
    """Return a check with jsonschema, which is written in Python."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(bare_schema(market, "2020-12")).is_valid  # type: ignore[no-any-return]


def build_jsonschema_rs(market: str) -> Callable[[Any], bool]:
    """Return a check with jsonschema-rs, which is written in Rust."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(bare_schema(market, "2020-12")).is_valid


def build_fastjsonschema(market: str) -> Callable[[Any], bool]:
    """Return a check with fastjsonschema, which generates Python source."""
    import fastjsonschema

    # fastjsonschema replaces every unescaped dollar sign of a pattern by \Z, even in a character set.
    schema = json.loads(json.dumps(bare_schema(market, "7")).replace("#$%", "#\\\\x24%"))
    check = fastjsonschema.compile(schema)

    def accepts(account: Any) -> bool:
        try:
            check(account)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return accepts
