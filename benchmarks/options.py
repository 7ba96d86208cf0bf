"""Reads what every benchmark's command line may say: how long to measure, and how many accounts."""

import argparse
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Effort(NamedTuple):
    """How long to measure: ``rounds`` in each of several processes, in which each contender runs for some seconds."""

    processes: int
    rounds: int
    seconds: float
    starts: int
    """How often a whole command is started, to measure its start."""
    size: int
    """How many accounts a big file has."""


EFFORTS: Mapping[str, Effort] = {
    "full": Effort(5, 15, 0.005, 21, 1_000_000),
    "quick": Effort(2, 5, 0.002, 5, 10_000),
    "least": Effort(1, 1, 0.0, 1, 40),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command line."""
    parser.add_argument("--effort", choices=EFFORTS, default="full", help="how long to measure")
    parser.add_argument("--size", type=int, help="how many accounts a big file has, if not what the effort says")


def effort_of(said: argparse.Namespace) -> Effort:
    """Put together what was said."""
    effort = EFFORTS[said.effort]
    return effort._replace(size=said.size) if said.size else effort


def read_effort(about: str | None, arguments: Sequence[str] | None = None) -> Effort:
    """Read the command line of one benchmark."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    return effort_of(parser.parse_args(arguments))
