"""Runs the tests on several Pythons, with the pinned, the lowest and the newest libraries: ``nox --list``.

Everything that the command writes has to have the same bytes in each of them: tests/scenarios/test_golden.py.
"""

from pathlib import Path

import nox
from packaging.requirements import Requirement

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
GOLDEN = "tests/scenarios/test_golden.py"
TESTS = (
    *("tests/rules", "tests/cases", "tests/unit", "tests/property", GOLDEN),
    "--ignore=tests/unit/benchmarks",  # its peers are installed for development only
)


@nox.session(python=PYTHONS)
@nox.parametrize("libraries", ["pinned", "lowest", "newest"])
def tests(session: nox.Session, libraries: str) -> None:
    """Run the rules, cases, unit and property tests, or those that are named after ``--``."""
    constraints = ["--constraint", str(_constraints(session, libraries))] if libraries != "newest" else []
    session.install(".[arrow,serve,zstd]", "--group", "test", *constraints)
    session.run("pytest", "-n", "auto", *(session.posargs or TESTS))


@nox.session(python=PYTHONS)
def no_extras(session: nox.Session) -> None:
    """Check the examples with nothing but the package, and compare what is written."""
    session.install(".", "pytest", "hypothesis", "--constraint", "constraints.txt")
    session.run("pytest", GOLDEN)


def _constraints(session: nox.Session, libraries: str) -> Path:
    """Give a file that pins the libraries: constraints.txt, or one of the lower bounds in pyproject.toml."""
    if libraries == "pinned":
        return Path("constraints.txt")
    project = PYPROJECT["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    declared = map(Requirement, [*project["dependencies"], *extras])
    lowest = Path(session.create_tmp()) / "lowest.txt"
    lowest.write_text("\n".join(f"{each.name}=={bound.version}" for each in declared for bound in each.specifier))
    return lowest
