"""Puts the valid and invalid values of a market's scheme into the examples of a rule."""

from collections.abc import Sequence
from itertools import product
from typing import Any

from premigrate.ruleset.model.rule_file import FormatArguments


def expand_scheme_values(examples: Sequence[Any], form: FormatArguments) -> list[Any]:
    """Return the examples, each with ``<valid>`` or ``<invalid>`` once for every such value of a scheme."""
    values = {"<valid>": form.good, "<invalid>": form.bad}
    expanded: list[Any] = []
    for example in examples:
        if not isinstance(example, dict):
            expanded.append(example)
            continue
        names = [name for name in values if name in example.values()]
        for chosen in product(*[values[name] for name in names]):
            replacements = dict(zip(names, chosen, strict=True))
            expanded.append(
                {key: replacements.get(each, each) if isinstance(each, str) else each for key, each in example.items()}
            )
    return expanded
