"""Prints what the library finds in accounts, and says if it finds anything else once their keys are in another order.

The places of findings are left out: the order of keys changes them, and nothing else.
"""

import json
import sys
from datetime import date
from pathlib import Path

import premigrate

sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # what is compared is not how Python prints


def told(validator: premigrate.Validator, line: bytes) -> str:
    """Validate an account, and write all that is found but the places."""
    result = validator.validate(json.loads(line))
    errors = [(each.code, each.attr, each.detail, each.rule, each.stage) for each in result.errors]
    advice = [(each.code, each.attr, each.detail, each.rule) for each in result.advice]
    return json.dumps([result.response.status, result.response.body, errors, advice, sorted(result.not_checked)])


validators = [premigrate.Validator(market=market, as_of=date(2026, 1, 31)) for market in premigrate.markets()]
for pair in zip(*(Path(name).read_bytes().splitlines() for name in sys.argv[1:]), strict=True):
    for validator in validators:
        first, *others = (told(validator, line) for line in pair)
        print(first, *(f"IN ANOTHER ORDER: {other}" for other in others if other != first))
