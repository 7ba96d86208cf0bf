"""Predict, offline, what the Kraken account-import API will answer to a customer migration payload."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from premigrate.api import Validator, markets, validate
    from premigrate.cohort import Cohort, CohortReader
    from premigrate.errors import (
        Advice,
        BadArgument,
        BadPayloadText,
        BadRules,
        Clash,
        Error,
        Holder,
        MarketUnknown,
        Origin,
        PremigrateError,
        Problem,
        Response,
        Result,
    )

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "BadArgument",
    "BadPayloadText",
    "BadRules",
    "Clash",
    "Cohort",
    "CohortReader",
    "Error",
    "Holder",
    "MarketUnknown",
    "Origin",
    "PremigrateError",
    "Problem",
    "Response",
    "Result",
    "Validator",
    "markets",
    "validate",
]

_HOMES = {"Cohort": "cohort", "CohortReader": "cohort", "Validator": "api", "markets": "api", "validate": "api"}
"""The modules of what is not an answer or an exception."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: whoever needs the errors only does not pay for the rules."""
    if name not in __all__:
        raise AttributeError(f"module 'premigrate' has no attribute {name!r}")
    return getattr(import_module(f"premigrate.{_HOMES.get(name, 'errors')}"), name)
