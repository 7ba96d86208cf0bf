"""Renders the last lines of a text: what was not checked, the counts, and the day of the run."""

from collections.abc import Callable, Iterator

from premigrate.report.run import RunInfo, Tally, pluralize, summarize
from premigrate.report.wrap_text import wrap_lines

LEVEL_COLOURS = {"error": "red", "follow-on": "yellow", "advice": "cyan"}

Paint = Callable[[str, str], str]
"""Colours a text: the text, and the name of the colour."""


def plain_text(text: str, _: str) -> str:
    """Return a text without a colour."""
    return text


def summary_lines(
    tally: Tally, run: RunInfo | None, paint: Paint, *, quiet: bool = False, width: int | None = None
) -> Iterator[str]:
    """Render the summary of a run, each line with its line break.

    ``quiet``: render only the line about an interrupt. ``width`` is that of the terminal; None: lines are not wrapped.
    """
    if tally.not_checked and not quiet:
        yield from wrap_lines([_not_checked(tally)], width)
    if tally.interrupted:
        yield paint("interrupted: not all inputs were checked\n", "yellow")
    if quiet:
        return
    if tally.since:
        yield from wrap_lines([str(tally.since)], width)
    yield from _painted(
        wrap_lines([f"{summarize(tally)}: {_counts(tally)}"], width), len(summarize(tally)), tally, paint
    )
    if run:
        day = " (today on this machine; change it with --as-of)" if run.is_today else ""
        yield from wrap_lines([f"as of {run.as_of}{day}, premigrate {run.version}"], width)


def _painted(lines: Iterator[str], length: int, tally: Tally, paint: Paint) -> Iterator[str]:
    """Colour the first ``length`` characters of the first line, or the whole line if it is wrapped before them."""
    first = next(lines).rstrip("\n")
    yield f"{paint(first[:length], _colour(tally))}{first[length:]}\n"
    yield from lines


def _colour(tally: Tally) -> str:
    """Return the colour of the summary line: green only if the API would accept every account."""
    if tally.refused > tally.refused_set_aside:
        return "red"
    return "yellow" if tally.refused else "green"


def _counts(tally: Tally) -> str:
    parts = [pluralize(tally.errors, "error")]
    parts += [f"{tally.follow_on} follow-on"] if tally.follow_on else []
    parts += [f"{tally.advice} advice"]
    parts += [f"{tally.ignored} ignored"] if tally.ignored else []
    parts += [f"{tally.in_baseline} in the baseline"] if tally.in_baseline else []
    parts += [f"{pluralize(tally.unreadable, 'unreadable input')}"] if tally.unreadable else []
    return ", ".join(parts)


def _not_checked(tally: Tally) -> str:
    unchecked = tally.unchecked_rules()
    server_only = sum(not each.lists and not each.facts for each in unchecked)
    parts = [f"{pluralize(server_only, 'rule')} that only the server can check"] if server_only else []
    if facts := [each.facts for each in unchecked if each.facts]:
        parts.append(_needing(facts, "tenant fact"))
    if lists := [each.lists for each in unchecked if each.lists]:
        parts.append(f"{_needing(lists, 'reference list')} (see premigrate rules --lists)")
    return f"not checked: {', '.join(parts)}"


def _needing(needs: list[tuple[str, ...]], noun: str) -> str:
    """Count the rules, one for each tuple of needs, and the different needs."""
    verb = "needs" if len(needs) == 1 else "need"
    return f"{pluralize(len(needs), 'rule')} that {verb} {pluralize(len(set().union(*needs)), noun)}"
