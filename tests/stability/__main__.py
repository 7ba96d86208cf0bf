"""Adds new public names to the list: `make names`. Removes names only with --allow-removal."""

import sys

from release.public_names import LIST, names_only_in, read_names, write_names

from tests.payloads import ROOT
from tests.stability.surface import current_names

REFUSAL = """\
These public names are gone, which breaks what docs/stability.md promises for 1.x:
{names}
Restore them. If no release has them, or the next release has a new major version, run
`python -m tests.stability --allow-removal` and describe the removal in CHANGELOG.md."""


def main(arguments: list[str]) -> str:
    """Write the list. Return why it was not written, or an empty text."""
    file = ROOT / LIST
    listed = read_names(file.read_text("utf-8")) if file.exists() else {}
    current = current_names()
    gone = names_only_in(listed, current)
    if gone and arguments != ["--allow-removal"]:
        return REFUSAL.format(names="\n".join(gone))
    file.write_text(write_names(current), "utf-8")
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or None)
