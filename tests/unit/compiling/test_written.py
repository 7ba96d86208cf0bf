"""What is written for objects and rules of every sort, to the letter: code that gives up too often is right, and slow.

Where another text is meant, ``python -m tests.unit.compiling.test_written`` writes it down.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from premigrate.compiling import compile_plan
from premigrate.formats.pattern import Pattern
from premigrate.plan import Check, FieldNode, Written
from tests.books import make_book
from tests.payloads import ROOT

RULES, GOLDEN = (ROOT / "tests" / "golden" / f"written.{kind}" for kind in ("toml", "txt"))
SHOWN = 3


def text_of(written: Written) -> str:
    """Write down functions, what they mention, and shapes."""
    told = "\n".join([*written.functions.values(), *_constants(written), "", *_shapes(written), ""])
    return labelled(told, written)


def labelled(text: str, written: Written) -> str:
    """Name constants by what they are, and number only those that have no name: then a new one changes little."""
    labels: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name, value in written.constants.items():
        hint = name.rpartition("_")[0]
        counts[hint] += 1
        match value:
            case FieldNode(name=field):
                labels[name] = f"{hint}_{field}"
            case Check():
                labels[name] = hint
            case _:
                labels[name] = f"{hint}_{counts[hint]}"
    return re.sub(r"\b[a-z_]+_[0-9]+\b", lambda found: labels.get(found[0], found[0]), text)


def _constants(written: Written) -> Iterator[str]:
    for name, value in written.constants.items():
        match value:
            case frozenset():
                said = ", ".join(sorted(value)[:SHOWN])
            case dict():
                said = ", ".join(sorted(value))
            case tuple() if all(isinstance(check, Check) for check in value):
                said = ", ".join(check.rule for check in value)
            case Pattern():
                said = str(value.__reduce__()[1])
            case Decimal():
                said = str(value)
            case _:
                said = type(value).__name__
        yield f"{name}: {said}"


def _shapes(written: Written) -> Iterator[str]:
    for name, shape in written.shapes.items():
        yield f"{name}: is_open={shape.is_open}, tag={shape.tag}"
        for member in shape.members:
            yield f"    {member.name}: {member.kind}, required={member.required}, nullable={member.nullable}"


def written_now() -> Written:
    written = compile_plan(make_book(tomllib.loads(RULES.read_text("utf-8")))).written
    assert written is not None
    return written


def test_to_the_letter() -> None:
    assert text_of(written_now()) == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(text_of(written_now()), "utf-8")
