"""No data is run as code: nothing is evaluated, and pickles come only from premigrate's own processes."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.payloads import ROOT

SOURCE = ROOT / "src" / "premigrate"
EVALUATING = frozenset({"eval", "exec", "compile", "__import__", "execfile"})
UNSAFE_MODULES = frozenset({"code", "codeop", "dill", "joblib", "marshal", "runpy", "shelve", "cPickle", "cloudpickle"})
UNPICKLING = {
    "batch/worker.py",  # from the process that started it, through a pipe
    "batch/worker_pool.py",  # from its workers, through a pipe
    "integrations/worker_setup.py",  # from the Spark driver, which sends code anyway
}
IMPORTING_BY_NAME = {
    "__init__.py",  # public names
    "cli/group.py",  # commands
    "compiled_form.py",  # modules of Python
    "documents/compression.py",  # zstd
    "formats/check_digits.py",  # below `stdnum.`
    "report/outputs.py",  # outputs
}


@cache
def trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))
    }


def calls() -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each call, as ``pickle.loads``."""
    for name, tree in trees().items():
        yield from ((name, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_nothing_is_evaluated() -> None:
    assert [(name, call) for name, call in calls() if call in EVALUATING or call.startswith("builtins.")] == []


def test_only_known_modules_read_pickles() -> None:
    reading = {name for name, call in calls() if call.startswith(("pickle.load", "pickle.Unpickler"))}
    importing = {
        name
        for name, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if "pickle" in {alias.name, getattr(node, "module", None)}
    }
    assert (reading, importing) == (UNPICKLING, UNPICKLING)


def test_no_module_that_loads_code_is_imported() -> None:
    imported = {
        part.partition(".")[0]
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for part in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }
    assert imported & UNSAFE_MODULES == set()
    assert "msgspec" in imported


def test_only_known_modules_import_by_name() -> None:
    assert {name for name, call in calls() if call.endswith("import_module")} == IMPORTING_BY_NAME


def test_yaml_is_parsed_without_loaders_of_objects() -> None:
    assert {call for _, call in calls() if call.startswith("yaml.")} == {"yaml.parse"}
