"""Compares objects of a document by their content, whatever their names and places."""

from collections.abc import Mapping
from dataclasses import replace

from premigrate.tenant.document.learned import LearnedField, LearnedObject
from premigrate.tenant.document.unite_fields import unite_fields


class ObjectSignatures:
    """Signatures of the objects of a document, by pointer; objects with the same content have the same one."""

    def __init__(self, objects: Mapping[str, LearnedObject]) -> None:
        self._objects = objects
        self._known: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def of(self, at: str) -> int:
        """Return the signature of the object at a pointer."""
        if at not in self._known:
            learned = self._objects[at]
            fields = sorted((key, self._of_field(each)) for key, each in learned.fields.items())
            kinds = sorted((value, self.of(kind)) for value, kind in learned.kinds.items())
            select = (learned.select, learned.select_required, learned.select_default, learned.select_nullable)
            content = repr((fields, select, kinds, learned.is_open))
            self._known[at] = self._numbers.setdefault(content, len(self._numbers))
        return self._known[at]

    def comparable(self, fields: Mapping[str, LearnedField]) -> dict[str, LearnedField]:
        """Return fields in which the pointers of objects are replaced by signatures."""
        return {
            key: replace(each, object_at=f"{self.of(each.object_at)}") if each.object_at else each
            for key, each in fields.items()
        }

    def innermost_kinds(self, at: str) -> list[str]:
        """Return the pointers of the kinds of an object that have no kinds of their own; or of the object itself."""
        kinds = dict.fromkeys(self._objects[at].kinds.values())
        return list(dict.fromkeys(inner for kind in kinds for inner in self.innermost_kinds(kind))) if kinds else [at]

    def all_fields(self, at: str) -> dict[str, LearnedField]:
        """Return the fields of an object, or the union of those of its kinds."""
        return unite_fields([self._objects[kind].fields for kind in self.innermost_kinds(at)])

    def _of_field(self, field: LearnedField) -> str:
        inner = self.of(field.object_at) if field.object_at else field.kind
        limits = sorted(field.constraints.items(), key=lambda item: item[0])
        return repr((inner, field.is_list, field.required, limits, field.is_known))
