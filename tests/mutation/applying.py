"""Puts a mutant in the place of a module, in this process: into functions that are there, or as it is imported."""

from __future__ import annotations

import functools
import gc
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.mutation.mutants import Mutant

SRC = Path(__file__).parents[2] / "src"


class Functions:
    """All functions there are, by where they were written; made before any mutant is put in.

    To give functions that exist another body takes no time, and whoever holds them has the mutant: no module is
    imported again, no test collected.
    """

    def __init__(self) -> None:
        self._there: dict[tuple[str, int], list[FunctionType]] = defaultdict(list)
        for each in gc.get_objects():
            if type(each) is FunctionType and each.__code__.co_filename.startswith(str(SRC)):
                self._there[each.__code__.co_filename, each.__code__.co_firstlineno].append(each)

    def swap(self, mutant: Mutant) -> bool:
        """Give the function that holds the change its new body; False if that can't be done here."""
        path = SRC / mutant.file
        held = self._there.get((str(path), mutant.function or 0), [])
        made = compile(mutant.source(path.read_bytes()), str(path), "exec", dont_inherit=True)
        news = [code for code in _functions(made) if code.co_firstlineno == mutant.function]
        if not held or len(news) != 1 or any(each.__code__.co_freevars != news[0].co_freevars for each in held):
            return False
        for each in held:
            each.__code__ = news[0]
        return True


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the functions of a module and its classes, not those within functions."""
    for part in code.co_consts:
        if isinstance(part, CodeType):
            if part.co_flags & 0x02:  # it has fast locals, so it is a function and not the body of a class
                yield part
            else:
                yield from _functions(part)


def forget() -> None:
    """Empty all that functions keep of earlier calls, for what was made without the mutant is not made by it."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and each.__module__.startswith(("premigrate", "tests")):
            each.cache_clear()


class Importer(MetaPathFinder):
    """Imports one module as the mutant of it."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = module_name(mutant.file)
        self._mutant = mutant

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - the signature is Python's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Find the one module."""
        if fullname != self._name:
            return None
        file = str(SRC / self._mutant.file)
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self._mutant))

    def install(self) -> None:
        """Have every import ask here first."""
        sys.meta_path.insert(0, self)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, file: str, mutant: Mutant) -> None:
        super().__init__(name, file)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the signature is Python's
        made = self._mutant.source(Path(self.path).read_bytes())
        return compile(made, self.path, "exec", dont_inherit=True)


def module_name(file: str) -> str:
    """Tell the name of the module that a file below src is."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
