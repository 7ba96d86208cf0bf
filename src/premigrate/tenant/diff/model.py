"""The differences between two documents: changes with their places, rules and payloads that they touch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from premigrate.tenant.model import DocumentNote

Effect: TypeAlias = Literal["stricter", "looser", "both", "neither"]
EFFECTS: tuple[Effect, ...] = Effect.__args__  # type: ignore[attr-defined]
"""What a change does to payloads: some that were valid may be refused now, the reverse, both, or neither."""

ObjectPair: TypeAlias = tuple[str, str]
"""The pointers of an object in the old document and in the new one."""

Definition: TypeAlias = tuple[tuple[str, Any], ...]
"""The type of a field and its limits, as pairs of a word of the rule language and a value that can be hashed."""


class Change(NamedTuple):
    """A change of a field, or of an object if ``key`` is empty.

    ``kinds`` are the values that select the kinds which change, the outer ones first; empty if all kinds change alike.
    ``old`` and ``new`` are values that can be hashed: texts, numbers, tuples, or a `Definition`.
    """

    key: str
    what: str
    old: Any
    new: Any
    effect: Effect
    kinds: tuple[str, ...] = ()
    old_key: str = ""
    """The key in the old document if it is another one."""


class PlacedChange(NamedTuple):
    """A change, and the objects of the documents in which it was found."""

    change: Change
    pairs: frozenset[ObjectPair]


class ObjectChanges(NamedTuple):
    """The changes of an object that occurs at some places of a payload.

    ``places`` are dotted paths, the first one in document order first; the account itself is empty. ``more_places`` is
    the number of further ones.
    """

    places: tuple[str, ...]
    more_places: int
    changes: tuple[PlacedChange, ...]


class SwitchedRule(NamedTuple):
    """A rule that is on for one of the documents only, with the reason of its new state."""

    rule: str
    is_on: bool
    reason: str


class ReadingRule(NamedTuple):
    """A rule that holds for both documents and reads fields that changed, which are paths of the payload."""

    rule: str
    fields: tuple[str, ...]


class ListChange(NamedTuple):
    """A reference list of the overlay with the values that only the new or only the old document gives."""

    name: str
    added: tuple[Any, ...]
    removed: tuple[Any, ...]


class RuleChanges(NamedTuple):
    """The rules and reference lists that are touched."""

    switched: tuple[SwitchedRule, ...]
    reading: tuple[ReadingRule, ...]
    lists: tuple[ListChange, ...]


ErrorKey: TypeAlias = tuple[str, str]
"""The code and the attr of an error, without keys that may be data."""


class TouchedAccount(NamedTuple):
    """An account whose errors differ: those that are new, and those that are gone.

    ``position`` is its position in the file, and ``line`` the line where it begins; 0 if it is the only account of the
    file (``is_only``), or the file has no lines. ``number`` is the account number.
    """

    file: str
    line: int
    position: int
    number: str
    new: tuple[ErrorKey, ...]
    gone: tuple[ErrorKey, ...]
    is_only: bool = False


@dataclass(slots=True)
class PayloadChanges:
    """The payloads that were checked for both documents: counts, and the accounts that are touched."""

    accounts: int = 0
    unreadable: int = 0
    is_interrupted: bool = False
    touched: list[TouchedAccount] = field(default_factory=list)


class DocumentSide(NamedTuple):
    """One of the two documents: the name of its file, its title, and the path of the request."""

    file: str
    title: str
    path: str


class DocumentDiff(NamedTuple):
    """All differences. ``new_notes`` and ``gone_notes`` are on what is not checked, in one document only."""

    old: DocumentSide
    new: DocumentSide
    market: str
    objects: tuple[ObjectChanges, ...]
    rules: RuleChanges
    new_notes: tuple[DocumentNote, ...]
    gone_notes: tuple[DocumentNote, ...]
    payloads: PayloadChanges | None = None

    @property
    def changes(self) -> list[Change]:
        """All changes, in document order."""
        return [placed.change for each in self.objects for placed in each.changes]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        touched = self.payloads.touched if self.payloads else ()
        return self.old.path == self.new.path and not any(
            (self.objects, *self.rules, self.new_notes, self.gone_notes, touched)
        )


def effect_of(*, stricter: bool, looser: bool) -> Effect:
    """Return the word for what a change does."""
    if stricter and looser:
        return "both"
    return "stricter" if stricter else "looser" if looser else "neither"
