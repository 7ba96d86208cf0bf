"""What every room may speak of: predicted errors, answers, and our own exceptions."""

from premigrate.errors.answers import Advice, Error, Place, Response, Result, Stage, advice_id
from premigrate.errors.clashes import Clash, Holder, Origin
from premigrate.errors.failures import (
    BadArgument,
    BadDocument,
    BadPayloadText,
    BadRules,
    MarketUnknown,
    OutOfRoom,
    PremigrateError,
    Problem,
    WorkerLost,
)
from premigrate.errors.imports import ImportStatus, LatestError, LatestEvent

__all__ = [
    "Advice",
    "BadArgument",
    "BadDocument",
    "BadPayloadText",
    "BadRules",
    "Clash",
    "Error",
    "Holder",
    "ImportStatus",
    "LatestError",
    "LatestEvent",
    "MarketUnknown",
    "Origin",
    "OutOfRoom",
    "Place",
    "PremigrateError",
    "Problem",
    "Response",
    "Result",
    "Stage",
    "WorkerLost",
    "advice_id",
]
