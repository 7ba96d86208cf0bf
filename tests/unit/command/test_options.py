"""The options work with the oldest releases of their library that are declared."""

import subprocess
import sys


def test_types_of_options_need_no_newer_release() -> None:
    """Before 8.4 a type of click's takes no type in brackets."""
    script = "import click; click.ParamType.__class_getitem__ = None; import premigrate.command.options as o; o.Jobs()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
