"""Selects the items of lists that operators look at."""

from __future__ import annotations

from msgspec import Struct

from premigrate.engine import rule_data
from premigrate.engine.conditions import make_when
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import INVALID, Scope


class ItemSelector:
    """Selects the items at a path that satisfy ``where``."""

    __slots__ = ("_where", "_with_parents", "path")

    def __init__(
        self,
        path: rule_data.Path,
        where: rule_data.When,
        make_path: PathMaker,
        other_paths: tuple[rule_data.Path, ...] = (),
    ) -> None:
        self.path, self._where = make_path(path), make_when(where, make_path)
        self._with_parents = uses_parent_paths((where, other_paths))

    @property
    def is_selective(self) -> bool:
        """Whether there is a ``where``, so that only some of the items are selected."""
        return self._where is not None

    def anchor_id(self, scope: Scope) -> int | None:
        """Return `Path.anchor_id` for use in cache keys; None if the items depend on more than that object."""
        return None if self._with_parents else self.path.anchor_id(scope)

    def select(self, scope: Scope) -> list[tuple[Scope, bool | None]]:
        """Return the scope of each item, and whether ``where`` holds for it (None if unknown)."""
        return [
            (item, self._evaluate_where(item)) for item in self.path.item_scopes(scope, with_parents=self._with_parents)
        ]

    def places(self, scope: Scope) -> list[tuple[str | int, ...]]:
        """Return the places of the items."""
        return self.path.places(scope)

    def _evaluate_where(self, item: Scope) -> bool | None:
        if item.current is INVALID:
            return None
        if self._where is None:
            return True
        return self._where.evaluate(item)


def uses_parent_paths(spec: object) -> bool:
    """Return whether part of a program contains a path that starts at a parent object."""
    if isinstance(spec, rule_data.Path):
        return spec.up > 0
    if isinstance(spec, Struct):
        return any(uses_parent_paths(getattr(spec, name)) for name in spec.__struct_fields__)
    if isinstance(spec, dict):
        return any(map(uses_parent_paths, spec.values()))
    return isinstance(spec, tuple) and any(map(uses_parent_paths, spec))
