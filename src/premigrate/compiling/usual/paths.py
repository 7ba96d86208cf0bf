"""Writes the expressions by which written code reaches what the paths of a rule stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.compiling.paths import split_path
from premigrate.compiling.usual.kinds import says_something
from premigrate.compiling.usual.words import DICTS, NoShortcutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from premigrate.compiling.usual.kinds import Fields, Kinds
    from premigrate.compiling.usual.memory import Memory
    from premigrate.compiling.usual.words import Manner

_EACH, _UP = "[]", "up"
_TEXTS = frozenset({"string", "email", "choice"})
_NEVER_EMPTY = frozenset({"date", "datetime", "decimal", "integer", "boolean"})


class View:
    """What a rule sees of the values that were read.

    A path without ``[]`` is one value, and None stands for all that says there is none; a path with ``[]`` is a
    list of those that say something. ``WRONG`` is found like any value.

    Args:
        here: the expression of the value that the rule is about.
        field: makes the expression of a key of it.
        fields: the tables of the fields of the value.
        root: the name of the root object, with which paths may begin.
        kinds: knows all objects.
        memory: what the code around keeps.
        manner: what the values are.

    """

    def __init__(  # noqa: PLR0913
        self,
        here: str,
        field: Callable[[str], str],
        fields: Fields,
        *,
        root: str,
        kinds: Kinds,
        memory: Memory,
        manner: Manner = DICTS,
    ) -> None:
        self._here, self._field, self._fields = here, field, fields
        self._root, self._kinds, self._memory = root, kinds, memory
        self.manner = manner
        self.top: View | None = None
        """The view of the root object, if it can be seen from here."""

    def at(self, variable: str, path: str, memory: Memory) -> View:
        """Make the view of an object that stands in a variable, and was found at a path that ends in ``[]``."""
        owner, steps = self._resolve(path)
        fields = owner._fields
        for step in steps:
            fields = fields if step == _EACH else self._kinds.inside(fields, step)

        def field(key: str) -> str:
            return memory.keep(key, self.manner.reach(variable, key))

        inner = View(variable, field, fields, root=self._root, kinds=self._kinds, memory=memory, manner=self.manner)
        inner.top = self.top
        return inner

    def is_one(self, path: str) -> bool:
        """Whether a path stands for one value."""
        return _EACH not in split_path(path)

    def kinds(self, path: str) -> frozenset[str]:
        """Tell the kinds of values at a path."""
        view, steps = self._resolve(path)
        return self._kinds.at(view._fields, steps) if steps else frozenset({"json"})

    def one(self, path: str) -> str:
        """Write the one value at a path."""
        view, steps = self._resolve(path)
        if _EACH in steps:
            raise NoShortcutError
        return view._walk(steps)  # noqa: SLF001

    def tested(self, path: str) -> tuple[str, str]:
        """Write the one value at a path, once as it is first mentioned and once for all later mentions."""
        first = self.one(path)
        if first.isidentifier():
            return first, first
        name = self._memory.temporary()
        return f"({name} := {first})", name

    def temporary(self) -> str:
        """Name a variable that nobody else uses."""
        return self._memory.temporary()

    def is_sure_text(self, path: str) -> bool:
        """Whether there can be nothing but a text at a path, or nothing at all."""
        return self.manner.is_sure and self.kinds(path) <= _TEXTS

    def given(self, path: str) -> str:
        """Write the test of whether there is anything at a path that says something."""
        if not self.is_one(path):
            return self.all(path)
        return says_something(*self.tested(path), self.kinds(path))

    def items(self, path: str) -> str:
        """Write the list of the items at a path that ends in ``[]``."""
        view, steps = self._resolve(path)
        return view._walk(steps)  # noqa: SLF001

    def all(self, path: str) -> str:
        """Write the list of the values at a path that say something."""
        view, steps = self._resolve(path)
        if _EACH not in steps:
            return f"listed({view._walk(steps)})"  # noqa: SLF001
        if steps[-1] == _EACH:
            return f"filled({view._walk(steps)})"  # noqa: SLF001
        word = "parts" if self.kinds(path) <= _NEVER_EMPTY else "filled_parts"
        holders = view._walk(steps[:-1])  # noqa: SLF001
        found = f"{word}({holders}, {steps[-1]!r})"
        return f"({holders} and {found})" if holders.isidentifier() else found

    def holders(self, path: str) -> str:
        """Write the list of the items that hold the values at a path; nothing, if an item may hold several."""
        view, steps = self._resolve(path)
        return view._walk(steps[:-1]) if steps[-2:-1] == (_EACH,) else ""  # noqa: SLF001

    def _resolve(self, path: str) -> tuple[View, tuple[str, ...]]:
        steps = split_path(path)
        if steps[:1] == (_UP,) or (steps[:1] == (self._root,) and self.top is None):
            raise NoShortcutError
        return (self.top, steps[1:]) if self.top and steps[:1] == (self._root,) else (self, steps)

    def _walk(self, steps: tuple[str, ...]) -> str:
        found, is_list, at = self._here, False, 0
        while at < len(steps):
            step, at = steps[at], at + 1
            if step == _EACH:
                found = self._keep(f"items_of({found})" if is_list else self._items(found), steps[:at])
                is_list = True
            elif at == 1:
                found = self._field(step)
            elif is_list and steps[at : at + 1] == (_EACH,):
                at += 1
                found = self._keep(f"items_below({found}, {step!r})", steps[:at])
            else:
                found = f"parts({found}, {step!r})" if is_list else f"part({found}, {step!r})"
        return found

    def _keep(self, expression: str, steps: tuple[str, ...]) -> str:
        words = [step for step in steps if step != _EACH]
        base = self._field(words[0]) if steps[0] != _EACH else ""
        return self._memory.keep("_".join(("all", *words)), expression, base if base.isidentifier() else "")

    def _items(self, value: str) -> str:
        if self.manner.is_sure:
            return f"({value} or ())"
        return f"({value} if type({value}) is list else items({value}))" if value.isidentifier() else f"items({value})"
