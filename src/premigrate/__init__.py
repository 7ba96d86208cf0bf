"""Predict, offline, what the Kraken account-import API will answer to a customer migration payload."""

TYPE_CHECKING = False  # importing it from typing takes time, and an interrupt meanwhile would show a traceback

if TYPE_CHECKING:
    from premigrate.api import Validator, markets, validate
    from premigrate.batch.check_files import AccountResult, check_files
    from premigrate.cohort.api import Cohort, KeyExtractor
    from premigrate.cohort.clashes import Clash, ClashPlace, Origin
    from premigrate.exceptions import (
        BadArgument,
        BadConfiguration,
        BadDocument,
        BadPayloadText,
        BadRules,
        PremigrateError,
        Problem,
        UnknownMarket,
        WorkerLost,
    )
    from premigrate.fix.apply import apply_fixes
    from premigrate.results import Advice, Error, Fix, ImportStatus, LatestError, LatestEvent, Response, Result
    from premigrate.tenant.learn import learn_tenant
    from premigrate.tenant.model import LearnedTenant

__version__ = "1.0.0"

__all__ = [
    "AccountResult",
    "Advice",
    "BadArgument",
    "BadConfiguration",
    "BadDocument",
    "BadPayloadText",
    "BadRules",
    "Clash",
    "ClashPlace",
    "Cohort",
    "Error",
    "Fix",
    "ImportStatus",
    "KeyExtractor",
    "LatestError",
    "LatestEvent",
    "LearnedTenant",
    "Origin",
    "PremigrateError",
    "Problem",
    "Response",
    "Result",
    "UnknownMarket",
    "Validator",
    "WorkerLost",
    "apply_fixes",
    "check_files",
    "learn_tenant",
    "markets",
    "validate",
]

_MODULES = {
    "api": ("Validator", "markets", "validate"),
    "batch.check_files": ("AccountResult", "check_files"),
    "cohort.api": ("Cohort", "KeyExtractor"),
    "cohort.clashes": ("Clash", "ClashPlace", "Origin"),
    "exceptions": (
        "BadArgument",
        "BadConfiguration",
        "BadDocument",
        "BadPayloadText",
        "BadRules",
        "UnknownMarket",
        "PremigrateError",
        "Problem",
        "WorkerLost",
    ),
    "fix.apply": ("apply_fixes",),
    "results": ("Advice", "Error", "Fix", "ImportStatus", "LatestError", "LatestEvent", "Response", "Result"),
    "tenant.learn": ("learn_tenant",),
    "tenant.model": ("LearnedTenant",),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: a program that needs only the exceptions loads no rules."""
    from importlib import import_module

    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"premigrate.{module}"), name)
    raise AttributeError(f"module 'premigrate' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, for completion in an interactive session."""
    return [*__all__, "__version__"]
