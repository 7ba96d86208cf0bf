"""Writes results for people: a block a file, a line a finding, and a line that sums up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from premigrate.errors import Result

_COLOURS = {"error": "red", "next": "yellow", "advice": "cyan"}


@dataclass
class Block:
    """The results of one file; ``size`` is how many payloads it holds."""

    name: str
    size: int
    results: list[tuple[int, Result]] = field(default_factory=list)


@dataclass
class Tally:
    """Counts of a run; ``not_checked`` holds rules and choices with the reference lists they lack."""

    payloads: int = 0
    refused: int = 0
    errors: int = 0
    advice: int = 0
    not_checked: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def count(self, result: Result) -> None:
        """Add one result."""
        self.payloads += 1
        self.refused += not result.ok
        self.errors += len(result.errors)
        self.advice += len(result.advice)


def plain(text: str) -> str:
    """Make a text safe to print: what a terminal might act on is written as an escape."""
    return text if text.isprintable() else "".join(map(_plain_character, text))


def _plain_character(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()


def render_block(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the lines of a file, each with its colour (empty: none)."""
    refused = sum(not result.ok for _, result in block.results)
    verdict = "refused" if refused else "ok"
    if block.size > 1:
        verdict = f"{refused} of {block.size} accounts refused"
    yield f"{plain(block.name)}: {verdict}", "red" if refused else "green"
    for index, result in block.results:
        indent = "  "
        if block.size > 1 and (result.errors or result.advice):
            yield f"  account {index}", ""
            indent = "    "
        yield from ((indent + line, _COLOURS[word]) for word, line in _findings(result))


def _findings(result: Result) -> Iterator[tuple[str, str]]:
    for error in result.errors:
        word = "error" if error.stage == "now" else "next"
        yield word, f"{word:6} {_finding(error.attr, error.detail, error.code)}"
    for advice in result.advice:
        yield "advice", f"advice {_finding(advice.attr, advice.detail, advice.code)}"


def _finding(attr: str, detail: str, code: str) -> str:
    return f"{plain(attr)}: {plain(detail)} [{code}]" if attr else f"{plain(detail)} [{code}]"


def render_summary(tally: Tally, as_of: date, *, is_default: bool) -> Iterator[str]:
    """Yield the last lines: what was not checked, what was, what came of it, and which day counted as today."""
    if tally.not_checked:
        yield _not_checked(tally)
    parts = [
        f"{_number(tally.payloads, 'account')} checked",
        f"{tally.refused} refused",
        _number(tally.errors, "error"),
        f"{tally.advice} advice",
    ]
    day = f"as of {as_of} (today; --as-of sets it)" if is_default else f"as of {as_of}"
    yield f"{', '.join(parts)}; {day}"


def _not_checked(tally: Tally) -> str:
    lacking = [lists for lists in tally.not_checked.values() if lists]
    by_platform = len(tally.not_checked) - len(lacking)
    told = [f"{_number(by_platform, 'rule')} that only the platform can"] if by_platform else []
    if lacking:
        lists = _number(len({name for lists in lacking for name in lists}), "reference list")
        told.append(f"{_number(len(lacking), 'rule')} for want of {lists} (see premigrate rules --lists)")
    return f"not checked: {', '.join(told)}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
