"""What is written for objects and rules of every sort, to the letter: code that gives up too often is right, and slow.

Where another text is meant, ``python -m tests.unit.compiling.test_written`` writes it down.
"""

import tomllib
from collections.abc import Iterator
from decimal import Decimal

from premigrate.compiling import compile_plan
from premigrate.formats.pattern import Pattern
from premigrate.plan import Check, Written
from tests.books import make_book
from tests.payloads import ROOT

RULES, GOLDEN = (ROOT / "tests" / "golden" / f"written.{kind}" for kind in ("toml", "txt"))
SHOWN = 3


def text_of(written: Written) -> str:
    """Write down functions, what they mention, and shapes."""
    return "\n".join([*written.functions.values(), *_constants(written), "", *_shapes(written), ""])


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


def written_now() -> str:
    written = compile_plan(make_book(tomllib.loads(RULES.read_text("utf-8")))).written
    return text_of(written) if written else ""


def test_to_the_letter() -> None:
    assert written_now() == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(written_now(), "utf-8")
