"""Measures the whole answer to an account with six errors beside the framework's own.

The six are in different objects, and are all errors of single fields, so that both give the same list: detail, code
and attr of each, in the same order. premigrate asks its rules besides.
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
    """Make what is measured for a market; both tell the same six errors."""
    account = account_with_six_errors(market)
    validate, answer = premigrate.Validator(market=market, as_of=AS_OF).validate, build_answer(market)
    ours, theirs = validate(account).response.body["errors"], answer(account)["errors"]
    assert len(ours) == 6
    assert ours == theirs, (ours, theirs)
    return {OURS: lambda: validate(account).response.body, FRAMEWORK: lambda: answer(account)}


def rows(market: str, times: dict[str, Times]) -> list[tuple[str, ...]]:
    """Set the times of a market side by side."""
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
    told = [rows(each, side_by_side("benchmarks.errors", [each], effort)) for each in premigrate.markets()]
    print(table(HEAD, [row for some in told for row in some]))


if __name__ == "__main__":
    main(read_effort(__doc__))
