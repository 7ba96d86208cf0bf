"""The same bytes come out whatever the hash seed, locale, time zone, number of jobs, cache or order of keys.

Other Pythons, and other releases of the libraries, are for `python -m tests.same`.
"""

import subprocess
from pathlib import Path
from shutil import which

import pytest

from tests.same.batch import ALL, QUICK, WITH_EXTRAS, Commands, Place, Told, ask
from tests.same.inputs import write_inputs, write_packed


def place(*more: str, **variables: str) -> Place:
    return Place(variables=variables, more=more)


USUAL = place(PYTHONHASHSEED="0", PREMIGRATE_CACHE_DIR="cache")
UTF8_OFF = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
MIXED = {
    "one": place("--jobs", "2", LC_ALL="C", TZ="Pacific/Kiritimati", PYTHONOPTIMIZE="2", **UTF8_OFF),
    "other": place(LC_ALL="C.UTF-8", TZ="Asia/Kathmandu", PYTHONIOENCODING="utf-16", PREMIGRATE_CACHE_DIR="cache"),
}
"""Two places in which everything is different at once."""

PLACES = {
    **{f"hash seed {seed}": place(PYTHONHASHSEED=seed) for seed in ("1", "random")},
    **{f"locale {name}": place(LC_ALL=name, **UTF8_OFF) for name in ("C", "tr_TR.UTF-8", "de_DE.ISO-8859-1")},
    **{f"encoding {name}": place(PYTHONIOENCODING=name) for name in ("latin-1:strict", "utf-16")},
    **{f"time zone {name}": place(TZ=name) for name in ("UTC", "Pacific/Kiritimati", "Asia/Kathmandu", "<-12>12")},
    "UTF-8 mode": place(PYTHONUTF8="1"),
    "without docstrings": place(PYTHONOPTIMIZE="2"),
    "development mode": place(PYTHONDEVMODE="1", PYTHONWARNINGS="error", PYTHONWARNDEFAULTENCODING="1"),
    **{f"{jobs} jobs": place("--jobs", str(jobs)) for jobs in (2, 3)},
    "cached plans": place(PYTHONHASHSEED="1", PREMIGRATE_CACHE_DIR="cache"),
    "a narrow terminal": place(COLUMNS="30", LINES="5"),
    "no home": place(HOME="/nowhere"),
    "colours": place(FORCE_COLOR="1", CLICOLOR_FORCE="1", TERM="xterm-256color"),
}
LESS = {"without docstrings": {"grammar"}}
"""Python takes away there what the grammar says for editors: that is what it is asked to do."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    write_inputs(folder)
    return folder


def ask_at(where: Place, commands: Commands, inputs: Path, work: Path, locales: str = "") -> Told:
    """Run commands; a cache, where there is one, is the same for all of these inputs."""
    variables = {"LOCPATH": locales, **where.variables}
    if "PREMIGRATE_CACHE_DIR" in variables:
        variables["PREMIGRATE_CACHE_DIR"] = str(inputs.with_name("cache"))
    return ask(commands, where._replace(variables=variables), inputs, work)


def test_everything_different_changes_nothing(inputs: Path, tmp_path: Path) -> None:
    first = ask_at(USUAL, QUICK, inputs, tmp_path / "usual")
    assert all(len(told) > 5_000 for told in first.values()), "there is something to tell"
    for name, where in MIXED.items():
        assert ask_at(where, QUICK, inputs, tmp_path / name) == first, name


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Folder of locales in which letters and numbers are written otherwise; empty where none can be made."""
    folder = tmp_path_factory.mktemp("locales")
    if command := which("localedef"):
        for name, charset in (("tr_TR", "UTF-8"), ("de_DE", "ISO-8859-1")):
            made = folder / f"{name}.{charset}"
            subprocess.run([command, "-i", name, "-f", charset, made], capture_output=True, check=False)
    return str(folder)


@pytest.fixture(scope="module")
def usual(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    write_packed(inputs)
    return ask_at(USUAL, {**ALL, **WITH_EXTRAS}, inputs, tmp_path_factory.mktemp("usual") / "work")


@pytest.mark.slow
@pytest.mark.parametrize("name", PLACES)
def test_no_place_changes_anything(name: str, usual: Told, inputs: Path, tmp_path: Path, locales: str) -> None:
    told = ask_at(PLACES[name], {**ALL, **WITH_EXTRAS}, inputs, tmp_path / "work", locales)
    differing = {command for command in told if told[command] != usual[command]}
    assert differing - LESS.get(name, set()) == set()


@pytest.mark.slow
def test_every_command_does_something(usual: Told) -> None:
    for name, told in usual.items():
        assert b"Traceback" not in told, name
        assert b"mistake of premigrate's own" not in told, name
        assert b"IN ANOTHER ORDER" not in told, "the order of keys changes nothing"
        assert told.startswith((b"exit code 0", b"exit code 1", b"exit code 4")) == (name != "check wrong rules"), name
