"""Mutants change one thing and keep its line; one that goes into a process does what it says, and only there."""

import os
import time

import pytest

import premigrate.formats.email
from tests.mutation.applying import SRC, Functions, Importer
from tests.mutation.explained import listed
from tests.mutation.judging import ENDED, in_copy
from tests.mutation.mutants import Mutant, mutants_of

EMAIL = "premigrate/formats/email.py"


def changed(source: str) -> list[str]:
    """Write the changed lines of all mutants."""
    return [mutant.lines(source.encode())[1] for mutant in mutants_of("m.py", source.encode())]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = a < b", ["x = a <= b", "x = a >= b"]),
        ("x = a < b is c", ["x = a < b is not c", "x = a <= b is c", "x = a >= b is c"]),
        ("x = a not in b", ["x = a in b"]),
        ("x = (a or b) and c", ["x = ((a and b)) and c", "x = ((a or b) or c)"]),
        ("x = not a", ["x = (a)"]),
        ("x = 7", ["x = 6", "x = 8"]),
        ("x = -1", ["x = -0", "x = -2"]),
        ("x = True", ["x = False"]),
        ("x = ''", ["x = 'X'"]),
        ("x = b'a'", ["x = b'aX'"]),
        ("x = a + b", ["x = (a - b)"]),
        ("x = a // (b)", ["x = (a / (b))"]),
        ("x += a", ["pass", "x -= a"]),
        ("x = b if a else c", ["x = b if (not (a)) else c"]),
        ("x = [a for a in b if a]", ["x = [a for a in b if (not (a))]"]),
        ("f(a)", ["pass"]),
        ("a[b] = c", ["pass"]),
        ("raise a", ["pass"]),
        ("del a", ["pass"]),
        ("x = f'{a + 1}'", []),
        ("x: 'int' = a", []),
        ("T = TypeVar('T')", []),
        ("'text'", []),
        ("if TYPE_CHECKING: import a", []),
        ("@f(1)\ndef g(a=1): pass", []),
        ("__all__ = ['a']", []),
        ("def f(): return a", ["def f(): return None"]),
        ("def f(): return None", []),
    ],
)
def test_what_is_changed(line: str, expected: list[str]) -> None:
    assert sorted(changed(line)) == expected


def test_a_change_keeps_the_lines() -> None:
    source = b"x = f(\n    a\n    and b\n    and 'one' 'two'\n)\nf(\n    a\n)\ny = (1\n     + 2)\n"
    found = mutants_of("m.py", source)
    assert {mutant.line for mutant in found} == {2, 4, 6, 9, 10}
    for mutant in found:
        made = mutant.source(source)
        assert made.count(b"\n") == source.count(b"\n")
        compile(made, "m.py", "exec")


def test_it_is_known_what_runs_on_import() -> None:
    nested = b"@f\ndef g():\n    def h(): return a\n    return h\n"
    source = b"x = a < b\n" + nested + b"class C:\n    y = 1\n    def i(self): return a\n"
    found = {(mutant.line, mutant.function) for mutant in mutants_of("m.py", source)}
    assert found == {(1, None), (4, 2), (5, 2), (7, None), (8, 8)}


def _mutant(line: str) -> Mutant:
    source = (SRC / EMAIL).read_bytes()
    return next(mutant for mutant in mutants_of(EMAIL, source) if mutant.lines(source)[1] == line)


def test_a_function_that_is_there_gets_another_body() -> None:
    mutant = _mutant("if not at or len(text) > LONGEST or (_LOCAL.fullmatch(local)):")
    functions = Functions()

    def run() -> str:
        assert functions.swap(mutant)
        return str(premigrate.formats.email.check("a@example.org"))

    assert "invalid" in str(in_copy(run, 10))
    assert premigrate.formats.email.check("a@example.org") is None


def test_what_runs_on_import_is_not_swapped_but_imported() -> None:
    mutant = _mutant("LONGEST = 319  # characters")
    assert not Functions().swap(mutant)

    def run() -> str:
        from importlib import reload

        Importer(mutant).install()
        return str(reload(premigrate.formats.email).LONGEST)

    assert in_copy(run, 10) == "319"
    assert premigrate.formats.email.LONGEST == 320


def _never_end() -> str:
    while True:
        pass


def test_whatever_ends_a_copy_is_told() -> None:
    assert in_copy(lambda: "", 10) == ""
    assert in_copy(lambda: None, 10) is None
    assert in_copy(lambda: str(1 / 0), 10) == "raised ZeroDivisionError"
    assert in_copy(lambda: os._exit(3), 10) == ENDED
    assert in_copy(lambda: time.sleep(600), 10, patience=0.2) == ENDED
    assert in_copy(_never_end, 1) == ENDED


def test_what_is_explained_is_there() -> None:
    assert len({each[:3] for each in listed()}) == len(listed())
    assert all(each.why for each in listed())
    for file in {each.file for each in listed()}:
        source = (SRC / file).read_bytes()
        found = {mutant.lines(source) for mutant in mutants_of(file, source)}
        assert {(each.was, each.becomes) for each in listed() if each.file == file} <= found, file
