"""Predict, offline, what the Kraken account-import API will answer to a customer migration payload."""

TYPE_CHECKING = False  # that of typing takes time to import, in which an interrupt would be a traceback

if TYPE_CHECKING:
    from premigrate.api import Validator, markets, validate
    from premigrate.bulk.files import Checked, check_files
    from premigrate.cohort import Cohort, CohortReader
    from premigrate.errors import (
        Advice,
        BadArgument,
        BadDocument,
        BadPayloadText,
        BadRules,
        Clash,
        Error,
        Holder,
        ImportStatus,
        LatestError,
        LatestEvent,
        MarketUnknown,
        Origin,
        PremigrateError,
        Problem,
        Response,
        Result,
        WorkerLost,
    )
    from premigrate.rulebook.lesson import Learned
    from premigrate.tenant import learn_tenant

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "BadArgument",
    "BadDocument",
    "BadPayloadText",
    "BadRules",
    "Checked",
    "Clash",
    "Cohort",
    "CohortReader",
    "Error",
    "Holder",
    "ImportStatus",
    "LatestError",
    "LatestEvent",
    "Learned",
    "MarketUnknown",
    "Origin",
    "PremigrateError",
    "Problem",
    "Response",
    "Result",
    "Validator",
    "WorkerLost",
    "check_files",
    "learn_tenant",
    "markets",
    "validate",
]

_HOMES = {
    **dict.fromkeys(("Validator", "markets", "validate"), "api"),
    **dict.fromkeys(("Checked", "check_files"), "bulk.files"),
    **dict.fromkeys(("Cohort", "CohortReader"), "cohort"),
    "Learned": "rulebook.lesson",
    "learn_tenant": "tenant",
}
"""The modules of what is not an answer or an exception."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: whoever needs the errors only does not pay for the rules."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'premigrate' has no attribute {name!r}")
    return getattr(import_module(f"premigrate.{_HOMES.get(name, 'errors')}"), name)
