"""Builds the peer that is the framework itself: its serializers, field for field as the rulebook has them."""

from collections.abc import Callable
from typing import Any

from tests.oracle.serializers import Builder  # sets the framework up, so what needs that is imported later

from premigrate.ruleset.load import load_rulebook


def build(market: str) -> Callable[[Any], bool]:
    """Make a check of accounts' structure with Django REST Framework."""
    serializer = Builder(load_rulebook(market)).root()
    return lambda account: bool(serializer(data=account).is_valid())


def build_answer(market: str) -> Callable[[Any], Any]:
    """Make what gives the body of the answer to an account: all errors of structure, by drf-standardized-errors."""
    from drf_standardized_errors.formatter import ExceptionFormatter
    from rest_framework.exceptions import ValidationError

    serializer = Builder(load_rulebook(market)).root()

    def answer(account: Any) -> Any:
        bound = serializer(data=account)
        if bound.is_valid():
            return {}
        error = ValidationError(bound.errors)
        context: Any = {}  # the default formatter looks at none of it
        return ExceptionFormatter(error, context, error).run()

    return answer
