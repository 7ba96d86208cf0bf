"""Puts off the import of modules until something is asked of them, so that a short command need not pay for them."""

import sys
from importlib import import_module
from types import ModuleType


class _Deferred(ModuleType):
    """Stands for a module; the first look inside imports it, while with importlib's LazyLoader any ``import`` does."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)


def defer(*names: str) -> None:
    """Let ``import`` of these modules be a promise."""
    for name in names:
        sys.modules.setdefault(name, _Deferred(name))
