"""Command line options of every benchmark: how long to measure, and how many accounts."""

import argparse
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Effort(NamedTuple):
    """How long to measure: ``rounds`` in each process, in each of which a contender runs for ``seconds``."""

    processes: int
    rounds: int
    seconds: float
    starts: int
    """Number of runs of a command whose start is measured."""
    size: int
    """Number of accounts in a big file."""


EFFORTS: Mapping[str, Effort] = {
    "full": Effort(5, 15, 0.005, 21, 1_000_000),
    "quick": Effort(2, 5, 0.002, 5, 10_000),
    "least": Effort(1, 1, 0.0, 1, 40),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    parser.add_argument("--effort", choices=EFFORTS, default="full", help="how long to measure")
    parser.add_argument(
        "--size", type=int, help="the number of accounts in a big file; by default it depends on the effort"
    )


def effort_of(args: argparse.Namespace) -> Effort:
    """Return the effort that the options select."""
    effort = EFFORTS[args.effort]
    return effort._replace(size=args.size) if args.size else effort


def read_effort(about: str | None, arguments: Sequence[str] | None = None) -> Effort:
    """Parse the command line of one benchmark."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    return effort_of(parser.parse_args(arguments))
