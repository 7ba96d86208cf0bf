"""Constraints in the texts of fields: each has exactly one answer, and only the catalogue loads them."""

from typing import Any

import pytest

import premigrate
from premigrate.ruleset import constraints as constraints_module
from premigrate.ruleset.constraints import load_constraints
from premigrate.ruleset.load import load_ruleset


def load_text(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Load one file with the text; return its problems."""
    monkeypatch.setattr(constraints_module, "read_constraint_files", lambda: [("constraints/test.toml", text)])
    with pytest.raises(premigrate.BadRules) as caught:
        load_constraints()
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", "a constraint needs exactly one of rules, by_field and reason, not none"),
        ('rules = ["a"]\nreason = "r"', "exactly one of rules, by_field and reason, not rules and reason"),
        ("by_field = false", "exactly one of rules, by_field and reason, not none"),
        ('reason = "r"\nnote = "n"', "a note needs rules or by_field"),
        ('rules = ["Not an id"]', "rules"),
    ],
)
def test_mistake_is_reported(monkeypatch: pytest.MonkeyPatch, answer: str, expected: str) -> None:
    text = f'[[constraint]]\non = "customer.email"\nsays = "s"\nsource = "s"\n{answer}\n'
    (problem,) = load_text(monkeypatch, text)
    assert expected in problem
    assert problem.startswith("constraints/test.toml")


def test_place_without_a_field_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = load_text(monkeypatch, '[[constraint]]\non = "customer"\nsays = "s"\nsource = "s"\nreason = "r"\n')
    assert "on" in problem


def test_defaults_give_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[defaults]\nsource = "A page"\n[[constraint]]\non = "a.b"\nsays = "s"\nreason = "r"\n'
    monkeypatch.setattr(constraints_module, "read_constraint_files", lambda: [("constraints/test.toml", text)])
    assert [each.source for each in load_constraints()] == ["A page"]


def test_overlay_with_constraints_is_reported() -> None:
    constraint = {"on": "customer.email", "says": "s", "source": "s", "by_field": True}
    overlay: dict[str, Any] = {"market": {"extends": "pt"}, "constraint": [constraint]}
    with pytest.raises(premigrate.BadRules) as caught:
        load_ruleset("pt", overlay)
    assert [str(problem) for problem in caught.value.problems] == [
        "overlay: [[constraint]]: constraints are allowed only in the folder rules/constraints"
    ]
