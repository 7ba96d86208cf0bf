"""Processes the first N lines of a file of accounts: ``python -m benchmarks.loops FUNCTION FILE N``.

Each function runs in its own process and imports only what it needs, so that its memory can be measured.
"""

import sys
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

LineFunction = Callable[[bytes], object]


def _decode() -> LineFunction:
    import orjson

    return orjson.loads


def _structure_by_pydantic() -> LineFunction:
    from benchmarks.peers.pydantic_models import build

    return _by_market(build)


def _structure_by_framework() -> LineFunction:
    from benchmarks.peers.drf import build

    return _by_market(build)


def _premigrate() -> LineFunction:
    import premigrate
    from benchmarks.payloads import AS_OF

    return _by_market(lambda market: premigrate.Validator(market=market, as_of=AS_OF).validate)


def _by_market(build: Callable[[str], Callable[[Any], object]]) -> LineFunction:
    """Return a function that decodes a line and checks it for the market of its import supplier."""
    import orjson

    from benchmarks.payloads import good_account
    from premigrate import markets

    decode, checks = orjson.loads, {good_account(market)["import_supplier"]: build(market) for market in markets()}

    def check(line: bytes) -> object:
        account = decode(line)
        return checks[account["import_supplier"]](account)

    return check


LINE_FUNCTIONS: Mapping[str, Callable[[], LineFunction]] = {
    "orjson.loads": _decode,
    "pydantic BaseModel": _structure_by_pydantic,
    "DRF serializers": _structure_by_framework,
    "premigrate": _premigrate,
}
"""Functions that build a function for lines, by name."""


def main() -> None:
    """Process the first lines of a file."""
    name, path, count = sys.argv[1:]
    process = LINE_FUNCTIONS[name]()
    with Path(path).open("rb") as lines:
        for line in islice(lines, int(count)):
            process(line)


if __name__ == "__main__":
    main()
