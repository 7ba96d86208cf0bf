"""Compiles paths of the rule language."""

from premigrate.engine.rule_data import Path
from premigrate.engine.steps import EACH

PARENT_PREFIX = "up."
_FROM_ROOT = -1


def split_path(path: str) -> tuple[str, ...]:
    """Split ``a[].b`` into ``("a", "[]", "b")``; ``.`` has no steps."""
    return tuple(step for step in path.replace(EACH, f".{EACH}").split(".") if step)


def compile_path(path: str, root: str) -> Path:
    """Compile a path; it starts at the root if it begins with the root's name, and one object up for each ``up.``."""
    up = 0
    while path.startswith(PARENT_PREFIX):
        up, path = up + 1, path.removeprefix(PARENT_PREFIX)
    if path == root or path.startswith(f"{root}."):
        return Path(_FROM_ROOT, split_path(path.removeprefix(root)))
    return Path(up, split_path(path))
