"""Nox sessions: the tests on each Python version with pinned, lowest and newest dependencies (``nox --list``).

tests/scenarios/test_golden.py checks that the output of the command has the same bytes in all of them.
"""

from pathlib import Path

import nox
from packaging.requirements import Requirement

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
RECIPES = "tests/scenarios/test_recipes.py"
GOLDEN = "tests/scenarios/test_golden.py"
UNAVAILABLE = {("lowest", "3.14")}
TESTS = (
    *("tests/rules", "tests/cases", "tests/unit", "tests/property", GOLDEN),
    "--ignore=tests/unit/benchmarks",  # needs development dependencies
)


@nox.session(python=PYTHONS)
@nox.parametrize("libraries", ["pinned", "lowest", "newest"])
def tests(session: nox.Session, libraries: str) -> None:
    """Run the rules, cases, unit and property tests, or those given after ``--``."""
    if (libraries, session.python) in UNAVAILABLE:
        session.skip("the lowest releases of msgspec, PyYAML and pyarrow have no wheels for this Python")
    constraints = ["--constraint", str(_constraints(session, libraries))] if libraries != "newest" else []
    session.install(".[arrow,serve,zstd]", "--group", "test", *constraints)
    session.run("pytest", "-n", "auto", *(session.posargs or TESTS))


@nox.session(python=PYTHONS)
def no_extras(session: nox.Session) -> None:
    """Run the golden tests without any extras."""
    session.install(".", "pytest", "hypothesis", "--constraint", "constraints.txt")
    session.run("pytest", GOLDEN)


@nox.session(python=PYTHONS[0], default=False)
@nox.parametrize("release", ["3.5", "4"])
def spark(session: nox.Session, release: str) -> None:
    """Run the tests of Spark with a release of it; they need Java."""
    libraries = ("hatchling", f"pyspark[sql,connect]=={release}.*", "pandas<3")
    session.install("--editable", ".[spark]", "--group", "test", *libraries)
    session.run("pytest", "-m", "slow", "tests/scenarios/test_spark.py")


@nox.session(python=PYTHONS[0], default=False)
def engines(session: nox.Session) -> None:
    """Run the recipes of docs/engines.md that need Polars and Dask."""
    session.install("--editable", ".[arrow]", "--group", "test", "polars", "dask[dataframe]")
    session.run("pytest", "-m", "slow or not slow", RECIPES)


@nox.session(python=PYTHONS[0], default=False)
def dbt(session: nox.Session) -> None:
    """Run the recipe of docs/engines.md that needs dbt, whose releases in source form fetch a parser when built."""
    session.install("--editable", ".[arrow]", "--group", "test")
    session.install("--only-binary", ":all:", "dbt-duckdb")
    session.run("pytest", "-m", "slow", "-k", "dbt", RECIPES)


def _constraints(session: nox.Session, libraries: str) -> Path:
    """Return a constraints file: constraints.txt, or one with the lower bounds in pyproject.toml."""
    if libraries == "pinned":
        return Path("constraints.txt")
    project = PYPROJECT["project"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    declared = map(Requirement, [*project["dependencies"], *extras])
    lowest = Path(session.create_tmp()) / "lowest.txt"
    pins = [f"{requirement.name}=={bound.version}" for requirement in declared for bound in requirement.specifier]
    lowest.write_text("\n".join(pins))
    return lowest
