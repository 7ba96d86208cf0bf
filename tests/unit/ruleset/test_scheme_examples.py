"""The placeholders of examples stand for the values of a scheme."""

from typing import Any

import pytest

from premigrate.ruleset.model.rule_file import FormatArguments
from premigrate.ruleset.scheme_examples import expand_scheme_values

FORM = FormatArguments(good=("A", "B"), bad=("1", "2"))


@pytest.mark.parametrize(
    ("example", "expanded"),
    [
        ("x", ["x"]),
        ({"a": "x", "b": [1]}, [{"a": "x", "b": [1]}]),
        ({"a": "x", "b": "<valid>"}, [{"a": "x", "b": "A"}, {"a": "x", "b": "B"}]),
        ({"a": "<invalid>", "b": None}, [{"a": "1", "b": None}, {"a": "2", "b": None}]),
        (
            {"a": "<valid>", "b": "<invalid>"},
            [{"a": "A", "b": "1"}, {"a": "A", "b": "2"}, {"a": "B", "b": "1"}, {"a": "B", "b": "2"}],
        ),
        ({"a": "<valid>", "b": "<valid>"}, [{"a": "A", "b": "A"}, {"a": "B", "b": "B"}]),
    ],
)
def test_each_placeholder_stands_for_every_value(example: Any, expanded: list[Any]) -> None:
    assert expand_scheme_values([example], FORM) == expanded


def test_examples_stay_in_their_order() -> None:
    assert expand_scheme_values([{"a": "<valid>"}, {"a": 1}], FORM) == [{"a": "A"}, {"a": "B"}, {"a": 1}]
