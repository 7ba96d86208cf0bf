"""Predict, offline, what the Kraken account-import API will answer to a customer migration payload."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from premigrate.api import Validator, markets, validate
    from premigrate.errors import (
        Advice,
        BadArgument,
        BadPayloadText,
        BadRules,
        Error,
        MarketUnknown,
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
    "Error",
    "MarketUnknown",
    "PremigrateError",
    "Problem",
    "Response",
    "Result",
    "Validator",
    "markets",
    "validate",
]

_FROM_API = {"Validator", "markets", "validate"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: whoever needs the errors only does not pay for the rules."""
    if name not in __all__:
        raise AttributeError(f"module 'premigrate' has no attribute {name!r}")
    room = "premigrate.api" if name in _FROM_API else "premigrate.errors"
    return getattr(import_module(room), name)
