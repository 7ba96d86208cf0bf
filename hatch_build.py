"""Compiles performance-critical modules with mypyc; without a C compiler, the wheel is pure Python.

Hatchling runs this hook when it builds a wheel, unless HATCH_BUILD_NO_HOOKS is set. pyproject.toml lists the modules.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileHook(BuildHookInterface):  # type: ignore[type-arg] # the type argument is Hatchling's configuration class
    """Adds compiled modules to a wheel; none to an editable install, where edits must take effect."""

    PLUGIN_NAME = "custom"
    _folder: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile a temporary copy of the package, so that the source tree stays clean."""
        if version == "editable":
            return
        self._folder = mkdtemp(prefix="premigrate-build-")
        copy = Path(self._folder, "package")
        shutil.copytree(Path(self.root, "src"), copy, ignore=shutil.ignore_patterns("__pycache__"))
        reason = self._compile(copy)
        if reason:
            self.app.display_warning(f"premigrate is built as pure Python, which is slower: {reason}")
            return
        suffix = sysconfig.get_config_var("EXT_SUFFIX")
        compiled = [path for path in copy.rglob(f"*{suffix}") if "build" not in path.relative_to(copy).parts]
        for path in compiled:
            build_data["force_include"][str(path)] = path.relative_to(copy).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        self.app.display_info(f"premigrate is built with {len(self.config['modules'])} compiled modules")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the temporary copy."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _compile(self, folder: Path) -> str:
        """Compile the modules of a copy of the package; return the reason for a failure, or an empty text."""
        if platform.python_implementation() != "CPython":
            return "only CPython can load compiled modules"
        command = [sys.executable, "-m", "mypyc", "--config-file=", "--ignore-missing-imports", *self.config["modules"]]
        environment = {**os.environ, "MYPYPATH": ".", "MYPYC_DEBUG_LEVEL": "0", "MYPY_CACHE_DIR": ".mypy_cache"}
        environment["CFLAGS"] = f"{environment.get('CFLAGS', '')} -ffile-prefix-map={folder}=."
        completed = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if completed.returncode == 0:
            return ""
        lines = [line for line in (completed.stdout + completed.stderr).splitlines() if "error" in line.lower()]
        return lines[0] if lines else f"mypyc ended with code {completed.returncode}"
