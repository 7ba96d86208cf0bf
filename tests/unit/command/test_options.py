"""The option types work with the oldest supported release of click."""

import subprocess
import sys


def test_option_types_need_no_subscriptable_param_type() -> None:
    """Before click 8.4, ParamType takes no type arguments."""
    script = "import click; click.ParamType.__class_getitem__ = None; import premigrate.command.options as o; o.Jobs()"
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (completed.returncode, completed.stderr) == (0, "")
