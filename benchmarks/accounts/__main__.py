"""Writes generated accounts to a file, one per line: ``python -m benchmarks.accounts FILE --count 1000 --seed 1``."""

import argparse
from pathlib import Path

from benchmarks.accounts.generator import account_texts, example_texts, write_lines


def main() -> None:
    """Write the accounts that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accounts", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share-bad", type=float, default=0.01)
    parser.add_argument("--examples", action="store_true", help="write the example accounts in turn instead")
    args = parser.parse_args()
    varied = account_texts(args.count, args.seed, share_bad=args.share_bad)
    write_lines(args.file, example_texts(args.count) if args.examples else varied)


if __name__ == "__main__":
    main()
