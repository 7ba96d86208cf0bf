"""The needs of rules that cannot be checked: reference lists, and facts that ``[tenant]`` of an overlay may state.

Programs have both in one tuple for each rule, with a prefix before the names of facts.
"""

from collections.abc import Iterable

_FACT_PREFIX = "[tenant] "


def fact_need(name: str) -> str:
    """Return the need for a fact."""
    return f"{_FACT_PREFIX}{name}"


def lists_of(needs: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the reference lists among needs."""
    return tuple(need for need in needs if not need.startswith(_FACT_PREFIX))


def facts_of(needs: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the facts among needs."""
    return tuple(need.removeprefix(_FACT_PREFIX) for need in needs if need.startswith(_FACT_PREFIX))
