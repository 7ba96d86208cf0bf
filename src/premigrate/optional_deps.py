"""Installation hints for optional libraries."""

import os


def install_hint(library: str, extra: str) -> str:
    """Return a hint on how to install a missing library.

    In a pre-commit hook, the hint names ``additional_dependencies``: pre-commit installs a hook's libraries itself.

    Args:
        library: the name of the library on the package index.
        extra: the extra of premigrate that includes it.

    """
    if is_pre_commit_hook():
        return f"add this line to the hook in .pre-commit-config.yaml: additional_dependencies: [{library}]"
    return f"install it with: pip install 'premigrate[{extra}]'"


def is_pre_commit_hook() -> bool:
    """Return whether this process runs as a pre-commit hook."""
    return bool(os.environ.get("PRE_COMMIT"))
