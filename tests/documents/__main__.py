"""Compares a document with what premigrate learns from it: ``python -m tests.documents FILE [EVERY]``."""

import sys
from collections import Counter
from pathlib import Path

from tests.documents.comparison import compare


def main() -> None:
    text = Path(sys.argv[1]).read_text("utf-8")
    comparison = compare(text, every=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    unnamed = comparison.unnamed
    print(
        f"{comparison.payloads} payloads, {len(comparison.differences)} differences, {len(unnamed)} that no note names"
    )
    for line in unnamed[:200]:
        print(line)
    named = Counter((*each.notes, each.is_exact) for each in comparison.differences if each.notes)
    for notes, number in named.items():
        print(number, "named:", *notes)


if __name__ == "__main__":
    main()
