"""Measures the complete response to an account with six errors, beside that of DRF.

The errors are in six objects and concern single fields only, so that both return the same list: detail, code and attr
of each error, in the same order. premigrate also checks its rules.
"""

import premigrate
from benchmarks.goals import goal
from benchmarks.measuring import Contenders, Times, side_by_side
from benchmarks.options import Effort, read_effort
from benchmarks.payloads import AS_OF, account_with_six_errors
from benchmarks.peers.drf import build_answer
from benchmarks.tables import NO_TARGET, figure, table, target_cells

OURS, FRAMEWORK = "premigrate", "DRF and drf-standardized-errors"
HEAD = ("contender", "microseconds", "lowest-highest", "ratio", "at least", "goal", "says")


def contenders(market: str) -> Contenders:
    """Return the contenders for a market, after asserting that both return the same six errors."""
    account = account_with_six_errors(market)
    validate, answer = premigrate.Validator(market=market, as_of=AS_OF).validate, build_answer(market)
    ours, theirs = validate(account).response.body["errors"], answer(account)["errors"]
    assert len(ours) == 6
    assert ours == theirs, (ours, theirs)
    return {OURS: lambda: validate(account).response.body, FRAMEWORK: lambda: answer(account)}


def rows(market: str, times: dict[str, Times]) -> list[tuple[str, ...]]:
    """Return the table rows of a market."""
    ours, theirs = times[OURS], times[FRAMEWORK]
    ratio = theirs.over(ours)
    return [
        (f"{market}: {OURS}", figure(ours.median), ours.spread, "", *NO_TARGET),
        (
            f"{market}: {FRAMEWORK}",
            figure(theirs.median),
            theirs.spread,
            f"{figure(ratio)} x ours",
            *target_cells(goal("six errors"), ratio),
        ),
    ]


def main(effort: Effort) -> None:
    """Print the table."""
    print("## Errors\n\nThe answer to an account with six errors, as a dict ready to be sent; CPU time an account.\n")
    by_market = [rows(each, side_by_side("benchmarks.errors", [each], effort)) for each in premigrate.markets()]
    print(table(HEAD, [row for lines in by_market for row in lines]))


if __name__ == "__main__":
    main(read_effort(__doc__))
