"""Finds rule files, inside the installed package or in the checkout that an editable install runs from."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from premigrate.exceptions import BadRules, Problem

MARKET_FILE = "market.toml"


@cache
def rules_root() -> Traversable:
    """Return the folder of rule files.

    A wheel contains it inside the package. An editable install reads it at the top of the repository, so that edited
    rules take effect at once.

    Raises:
        BadRules: there is no such folder.

    """
    packaged = files("premigrate") / "rules"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[3] / "rules"
    if checkout.is_dir():
        return checkout
    raise BadRules([Problem("rules", "", "the rule files are missing; install premigrate again")])


def market_names() -> tuple[str, ...]:
    """Return the names of the markets with rules, sorted."""
    folders = (folder for folder in rules_root().iterdir() if folder.is_dir())
    return tuple(sorted(folder.name for folder in folders if (folder / MARKET_FILE).is_file()))


def read_market_files(folder: Traversable) -> Iterator[tuple[str, str]]:
    """Yield name and text of the files in a market's folder, ``market.toml`` first."""
    others = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml") and file.name != MARKET_FILE)
    for name in (MARKET_FILE, *others):
        yield f"{folder.name}/{name}", (folder / name).read_text("utf-8")


def read_topic(topic: str) -> str | None:
    """Return the text of a topic, a path without ``.toml``; None if there is no such file."""
    file = rules_root().joinpath(*f"{topic}.toml".split("/"))
    return file.read_text("utf-8") if file.is_file() else None


def common_topics() -> list[str]:
    """Return the topics of every market: codes, advice, fixes, responses, lists, facts, inapplicable validations."""
    codes = sorted(f"codes/{file.name.removesuffix('.toml')}" for file in (rules_root() / "codes").iterdir())
    return [*codes, "advice", "fixes", "answers", "lists", "tenant_facts", "not_applicable"]


def topic_names() -> list[str]:
    """Return the names of all topics that a market may include."""
    folder = rules_root() / "platform"
    return sorted(f"platform/{file.name.removesuffix('.toml')}" for file in folder.iterdir())


def read_constraint_files() -> Iterator[tuple[str, str]]:
    """Yield name and text of the files that list the constraints in the texts of fields."""
    folder = rules_root() / "constraints"
    for name in sorted(file.name for file in folder.iterdir()):
        yield f"constraints/{name}", (folder / name).read_text("utf-8")
