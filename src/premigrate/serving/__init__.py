"""A local stand-in for the account-import API: requests in, the answers of the rules out, imports kept in SQLite."""

import premigrate.serving.needing  # noqa: F401 - says what to install
from premigrate.serving.clock import Clock
from premigrate.serving.script import Failure, read_script
from premigrate.serving.stand_in import StandIn
from premigrate.serving.store import Store

__all__ = ["Clock", "Failure", "StandIn", "Store", "read_script"]
