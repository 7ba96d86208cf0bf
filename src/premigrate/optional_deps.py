"""Says how to install a library that is optional, where premigrate runs."""

import os


def how_to_install(library: str, extra: str) -> str:
    """Write what to do where a library is missing; pre-commit installs a hook's libraries itself.

    Args:
        library: the name of the library on the package index.
        extra: the extra of premigrate that holds it.

    """
    if runs_in_hook():
        return f"add this line to the hook in .pre-commit-config.yaml: additional_dependencies: [{library}]"
    return f"install it with: pip install 'premigrate[{extra}]'"


def runs_in_hook() -> bool:
    """Tell whether pre-commit runs this process, as a hook."""
    return bool(os.environ.get("PRE_COMMIT"))
