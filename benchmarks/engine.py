"""Measures the engine on the example payloads, side by side with reading their JSON, in one run.

Prints the median microseconds a payload, and the ratio to json.loads; nothing is asserted.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import premigrate

EXAMPLES = Path(__file__).parents[1] / "examples"
ROUNDS, REPEATS = 15, 40


def median_microseconds(task: Callable[[], object]) -> float:
    """Run a task in rounds; the median round counts, because the machine is shared."""
    task()
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(REPEATS):
            task()
        rounds.append((time.perf_counter() - started) / REPEATS * 1e6)
    return statistics.median(rounds)


def main() -> None:
    """Print one row for each market and kind of payload."""
    print(f"Python {sys.version.split()[0]}, premigrate {premigrate.__version__}; median microseconds a payload")
    print(f"{'payload':12}{'json.loads':>12}{'validate':>12}{'ratio':>8}")
    for market in premigrate.markets():
        validator = premigrate.Validator(market=market, as_of=date(2026, 1, 31))
        for kind in ("good", "bad"):
            text = (EXAMPLES / market / f"{kind}.json").read_text("utf-8")
            payload = json.loads(text)
            reading = median_microseconds(lambda text=text: json.loads(text))  # type: ignore[misc]
            checking = median_microseconds(lambda p=payload, v=validator: v.validate(p))  # type: ignore[misc]
            print(f"{market + ' ' + kind:12}{reading:12.1f}{checking:12.1f}{checking / reading:8.0f}")


if __name__ == "__main__":
    main()
