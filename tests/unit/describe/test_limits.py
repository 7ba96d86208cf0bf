"""The words for the limits of fields."""

from typing import Any

import pytest

from premigrate.describe.constraints import describe_field
from premigrate.describe.explain_field import describe_value
from premigrate.ruleset.model.fields import FieldSpec


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"type": "string", "min_length": 2, "max_length": 5}, "at least 2 characters; at most 5 characters"),
        ({"type": "email", "patterns": ["a.*", "b"]}, "matches a.* or b"),
        ({"type": "decimal", "min": "0.01", "below": 9}, "at least 0.01; less than 9"),
        ({"type": "integer", "above": 0, "max": 5}, "greater than 0; at most 5"),
        ({"list": "date", "min_items": 1, "max_items": 3}, "at least 1 items; at most 3 items"),
    ],
)
def test_limits_in_words(keys: dict[str, Any], words: str) -> None:
    field = FieldSpec.model_validate(keys)
    assert f"; {words}; optional" in describe_value(field)
    assert describe_field(field).endswith(f", {words.replace('; ', ', ')}")


def test_items_that_may_be_null() -> None:
    assert describe_value(FieldSpec(list="date", nullable_items=True)).endswith("; items may be null")
