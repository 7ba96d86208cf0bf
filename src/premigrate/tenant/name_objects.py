"""Names the objects of a document that are not in a ruleset."""

import re
from collections.abc import Mapping

from premigrate.ruleset.model.fields import SCALAR_TYPES
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.tenant.document.learned import LearnedObject
from premigrate.tenant.document.object_signatures import ObjectSignatures

_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]++")


class ObjectNames:
    """The names of new objects.

    ``learned`` holds the objects of the document by their new names, and ``copies`` the objects of the ruleset that new
    ones are like.
    """

    def __init__(self, ruleset: Ruleset, objects: Mapping[str, LearnedObject], signatures: ObjectSignatures) -> None:
        self.learned: dict[str, LearnedObject] = {}
        self.copies: dict[str, str] = {}
        self._ruleset, self._objects, self._signatures = ruleset, objects, signatures
        self._reserved: set[str] = set()
        self._by_signature: dict[tuple[str, int], str] = {}

    def new(self, at: str, key: str, owner: str = "") -> str:
        """Return the name of a new object: that of its schema, or the key of a field with it.

        Schemas with the same content are one object, but a kind is that of one ``owner``, which has some of its fields.
        """
        signature = owner, self._signatures.of(at)
        if signature not in self._by_signature:
            self._by_signature[signature] = self._add(at, key)
        return self._by_signature[signature]

    def copy(self, original: str, at: str) -> str:
        """Return the name of a new object that is like an object of the ruleset."""
        name = self._add(at, original)
        self.copies[name] = original
        return name

    def reserve(self, wanted: str) -> str:
        """Return a name that no object has, and take it."""
        taken = {*self._ruleset.objects, *self._reserved, *SCALAR_TYPES}
        count = next(count for count in range(1, len(taken) + 2) if _numbered(wanted, count) not in taken)
        name = _numbered(wanted, count)
        self._reserved.add(name)
        return name

    def _add(self, at: str, key: str) -> str:
        name = self.reserve(_snake(self._objects[at].name) or _snake(key) or "object")
        self.learned[name] = self._objects[at]
        return name


def _snake(name: str) -> str:
    """Convert a name to snake case, as the rule language requires."""
    words = _WORD_BOUNDARY.sub("_", name).lower()
    return _NOT_IN_NAMES.sub("_", words).strip("_").lstrip("0123456789_")


def _numbered(name: str, count: int) -> str:
    return name if count == 1 else f"{name}_{count}"
