"""Describes the environment of a measurement: the machine, and the versions of all contenders."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import premigrate
from benchmarks.processes import ROOT
from premigrate.compiled_form import installed_build

PACKAGES = (
    "check-jsonschema", "Django", "djangorestframework", "drf-standardized-errors", "fastjsonschema", "jsonschema",
    "jsonschema-rs", "msgspec", "orjson", "phonenumbers", "pyarrow", "pydantic", "pyspark", "python-stdnum",
)  # fmt: skip


def describe_environment() -> str:
    """Return the machine and the versions as a Markdown list."""
    return "\n".join((
        f"- {_processor()}, {os.cpu_count()} cores, {_memory()} GB; load {os.getloadavg()[0]:.1f} at the start.",
        f"- {platform.system()} {platform.release()}, {platform.python_implementation()} {platform.python_version()}.",
        f"- premigrate {premigrate.__version__}{_commit()}, {installed_build()}; {_versions()}.",
    ))  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


def _versions() -> str:
    return ", ".join(filter(None, map(_version, PACKAGES)))


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f" ({completed.stdout.strip()})"
