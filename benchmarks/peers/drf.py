"""Builds the peer Django REST Framework (DRF): serializers with the fields of the ruleset."""

from collections.abc import Callable
from typing import Any

from tests.oracle.serializers import Builder  # configures Django, which later imports rely on

from premigrate.ruleset.load import load_ruleset


def build(market: str) -> Callable[[Any], bool]:
    """Return a check of an account's structure with DRF serializers."""
    serializer = Builder(load_ruleset(market)).root()
    return lambda account: bool(serializer(data=account).is_valid())


def build_response_body(market: str) -> Callable[[Any], Any]:
    """Return a function from an account to the response body: all structural errors, by drf-standardized-errors."""
    from drf_standardized_errors.formatter import ExceptionFormatter
    from rest_framework.exceptions import ValidationError

    serializer = Builder(load_ruleset(market)).root()

    def answer(account: Any) -> Any:
        bound = serializer(data=account)
        if bound.is_valid():
            return {}
        error = ValidationError(bound.errors)
        context: Any = {}  # not used by the default formatter
        return ExceptionFormatter(error, context, error).run()

    return answer
