"""Reads and writes the list of public names: groups under a heading, one name a line, sorted."""

from collections.abc import Mapping

LIST = "tests/stability/public_surface.txt"
Names = Mapping[str, set[str]]
"""The names of each group."""

_TOP = "# What premigrate promises to keep in 1.x: see docs/stability.md. `make names` adds new names to this list.\n"


def write_names(names: Names) -> str:
    """Return the text of a list."""
    return _TOP + "".join("\n".join(["", f"[{group}]", *sorted(each), ""]) for group, each in names.items())


def read_names(text: str) -> Names:
    """Return the names in a list."""
    names: dict[str, set[str]] = {}
    group = ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line[1:-1]
            names[group] = set()
        elif line and not line.startswith("#"):
            names[group].add(line)
    return names


def names_only_in(names: Names, others: Names) -> list[str]:
    """Return the names that are missing in the others, each with its group."""
    return [f"[{group}] {name}" for group, each in names.items() for name in sorted(each - others.get(group, set()))]
