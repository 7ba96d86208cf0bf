"""Of the fixes that fit, those are selected that resolve their findings and cause no other ones."""

from collections.abc import Callable, Sequence

from premigrate.engine.fixes.candidates import Candidate
from premigrate.engine.fixes.propose import MAX_RUNS, select_fixes
from premigrate.engine.settle import Findings
from premigrate.results import Advice, Error, Fix

Check = Callable[[Sequence[Fix]], Findings]


def _error(key: str, code: str = "invalid") -> Error:
    return Error("", code, key, "field", (key,))


def _advice(key: str, code: str = "look") -> Advice:
    return Advice("", code, key, "look", (key,))


def _candidate(key: str, name: str = "a", *, is_safe: bool = True, is_error: bool = True) -> Candidate:
    target = (True, (key,), "invalid", "field") if is_error else (False, (key,), "look", "look")
    return Candidate(Fix((key,), "replace", 1, name, "", is_safe), target, (key,))


def _check(keys: Sequence[str], found_for: Callable[[dict[str, str]], Sequence[Error | Advice]]) -> Check:
    """Return a check that finds an error for each key without a fix, and what is found with these fixes by key."""

    def check(fixes: Sequence[Fix]) -> Findings:
        names = {str(fix.path[0]): fix.name for fix in fixes}
        found = [*(_error(key) for key in keys if key not in names), *found_for(names)]
        errors = tuple(each for each in found if isinstance(each, Error))
        return Findings(errors, tuple(each for each in found if isinstance(each, Advice)))

    return check


def _select(candidates: Sequence[Candidate], check: Check) -> list[tuple[str, str]]:
    return [(str(fix.path[0]), fix.name) for fix in select_fixes(candidates, check(()), check)]


def test_one_bad_candidate_does_not_keep_the_others() -> None:
    keys = [f"k{number}" for number in range(40)]
    runs = []

    def found_for(names: dict[str, str]) -> list[Error]:
        runs.append(names)
        return [_error("k7")] if "k7" in names else []

    candidates = [_candidate(key) for key in keys]
    assert _select(candidates, _check(keys, found_for)) == [(key, "a") for key in keys if key != "k7"]
    assert len(runs) < 20


def test_the_number_of_runs_is_limited() -> None:
    keys = [f"k{number}" for number in range(1000)]
    runs = []

    def found_for(names: dict[str, str]) -> list[Error]:
        runs.append(names)
        return [_error(key) for key in names]

    assert _select([_candidate(key) for key in keys], _check(keys, found_for)) == []
    assert len(runs) == MAX_RUNS + 1


def test_a_safe_candidate_is_selected_before_others_of_the_path() -> None:
    candidates = [_candidate("x", "unsafe", is_safe=False), _candidate("x", "safe"), _candidate("x", "also-safe")]
    assert _select(candidates, _check("x", lambda _: [])) == [("x", "safe")]


def test_the_next_candidate_is_tried_if_the_first_resolves_nothing() -> None:
    candidates = [_candidate("x", "first"), _candidate("x", "second", is_safe=False)]
    assert _select(candidates, _check("x", lambda names: [_error("x")] if names.get("x") == "first" else [])) == [
        ("x", "second")
    ]


def test_a_safe_fix_of_an_error_may_have_advice_and_no_error() -> None:
    for is_safe, finding, expected in (
        (True, _advice("x"), [("x", "a")]),
        (True, _error("x", "other"), []),
        (False, _advice("x"), []),
    ):
        check = _check("x", lambda names, finding=finding: [finding] if names else [])  # type: ignore[misc]
        assert _select([_candidate("x", is_safe=is_safe)], check) == expected


def test_findings_elsewhere_may_come_only_from_values_that_could_not_be_read() -> None:
    elsewhere = Findings((_error("other"),), ())
    found = Findings((_error("x"),), (_advice("y"),))

    def check(fixes: Sequence[Fix]) -> Findings:
        return elsewhere if fixes else found

    assert _select([_candidate("x")], check) == [("x", "a")]
    assert _select([_candidate("y", is_error=False)], check) == []


def test_no_fix_may_cause_an_error_of_another_fixed_value() -> None:
    def found_for(names: dict[str, str]) -> list[Error]:
        return [_error("x", "needed")] if names.keys() >= {"x", "y"} else []

    assert _select([_candidate("x"), _candidate("y", is_safe=False)], _check("xy", found_for)) == [("x", "a")]


def test_fixes_that_can_not_be_applied_together_are_separated() -> None:
    def check(fixes: Sequence[Fix]) -> Findings:
        if len(fixes) > 1:
            raise LookupError
        return Findings(tuple(_error(key) for key in "xy" if key not in {fix.path[0] for fix in fixes}), ())

    assert _select([_candidate("x"), _candidate("y")], check) == [("x", "a")]
