"""Builds the peers that read the JSON Schema which premigrate writes of a market's payload.

None of them checks a format; the schema writes those of the fields as patterns. Accounts are bare, so the choice
between a bare and a wrapped one is taken out of the schema.
"""

import json
from collections.abc import Callable
from typing import Any

from premigrate.describe.json_schema import Draft
from premigrate.describe.market import payload_schema


def bare_schema(market: str, draft: Draft) -> dict[str, Any]:
    """Write the schema of a bare account."""
    schema = payload_schema(market, draft=draft)
    kept = {key: part for key, part in schema.items() if key not in {"if", "then", "else"}}
    return {**kept, **schema["else"]}


def build_jsonschema(market: str) -> Callable[[Any], bool]:
    """Make a check with jsonschema, written in Python."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(bare_schema(market, "2020-12")).is_valid  # type: ignore[no-any-return]


def build_jsonschema_rs(market: str) -> Callable[[Any], bool]:
    """Make a check with jsonschema-rs, written in Rust."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(bare_schema(market, "2020-12")).is_valid


def build_fastjsonschema(market: str) -> Callable[[Any], bool]:
    """Make a check with fastjsonschema, which writes Python source."""
    import fastjsonschema

    # It writes every dollar as the end of the text, inside of brackets, too.
    schema = json.loads(json.dumps(bare_schema(market, "7")).replace("#$%", "#\\\\x24%"))
    check = fastjsonschema.compile(schema)

    def accepts(account: Any) -> bool:
        try:
            check(account)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return accepts
