"""Measures the complete response to an account with six errors, beside that of DRF.

The errors are in six objects and concern single fields only, so that both return the same list: detail, code and attr
of each error, in the same order. premigrate also checks its rules.
"""

import premigrate
from benchmarks.options import Effort, read_effort
from benchmarks.payloads import AS_OF, SIX_ERRORS, account_with_six_errors
from benchmarks.peers.drf import build_response_body
from benchmarks.tables import NO_TARGET, format_number, table, target_cells
from benchmarks.targets import target_of
from benchmarks.timing import Contenders, Times, measure_in_processes

OURS, FRAMEWORK = "premigrate", "DRF and drf-standardized-errors"
HEAD = ("contender", "microseconds", "lowest-highest", "ratio", "at least", "goal", "result")


def contenders(market: str) -> Contenders:
    """Return the contenders for a market, after asserting that both return the same six errors."""
    account = account_with_six_errors(market)
    validate, answer = premigrate.Validator(market=market, as_of=AS_OF).validate, build_response_body(market)
    ours, theirs = validate(account).response.body["errors"], answer(account)["errors"]
    assert len(ours) == 6
    assert ours == theirs, (ours, theirs)
    return {OURS: lambda: validate(account).response.body, FRAMEWORK: lambda: answer(account)}


def rows(market: str, times: dict[str, Times]) -> list[tuple[str, ...]]:
    """Return the table rows of a market."""
    ours, theirs = times[OURS], times[FRAMEWORK]
    ratio = theirs.ratio_to(ours)
    return [
        (f"{market}: {OURS}", format_number(ours.median), ours.spread, "", *NO_TARGET),
        (
            f"{market}: {FRAMEWORK}",
            format_number(theirs.median),
            theirs.spread,
            f"{format_number(ratio)} x ours",
            *target_cells(target_of("six errors"), ratio),
        ),
    ]


def main(effort: Effort) -> None:
    """Print the table."""
    print("## Errors\n\nThe response to an account with six errors, as a dict; CPU time for each account.\n")
    by_market = [rows(each, measure_in_processes("benchmarks.errors", [each], effort)) for each in SIX_ERRORS]
    print(table(HEAD, [row for lines in by_market for row in lines]))


if __name__ == "__main__":
    main(read_effort(__doc__))
