"""The nodes of a plan: what each place of a payload must be, and the checks that look at it."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from premigrate.errors import Place
from premigrate.formats import Reader, Spotter, ValueCheck
from premigrate.plan.answers import Answers
from premigrate.plan.values import Scope
from premigrate.plan.written import Written

Texts: TypeAlias = Mapping[str, str]
"""Detail templates by code, for one kind of field."""


DOUBT = "doubtful_value"
"""The advice code of a value that a rule lets pass with a doubt."""


class Blame(NamedTuple):
    """What a check found: the place relative to the value it looked at, the value there, and why if it can tell."""

    place: Place
    value: object = None
    why: str = ""
    doubt: bool = False


class Check(NamedTuple):
    """One rule at one place. ``find`` yields nothing when all is well.

    ``attr`` is the place the API blames, relative to the value looked at, or to what is so many objects ``up``; None
    means the place found. Checks of the same ``part_of`` on one value are one validation of the platform: the first
    that fails speaks. ``needs``: of each of these sets, an object that the check can speak of has at least one key.
    """

    rule: str
    code: str
    detail: str
    find: Callable[[Scope], Iterable[Blame]]
    attr: Place | None = None
    part_of: str = ""
    is_advice: bool = False
    doubt_detail: str = ""
    needs: tuple[frozenset[str], ...] = ()
    up: int = 0


class LeafNode(NamedTuple):
    """A single value: ``read`` turns it into what the platform works with, then ``checks`` look at that.

    ``advise`` names the advice codes for a raw value that passes but looks unintended. ``choices`` are all there are,
    if there is a list of them.
    """

    read: Reader
    texts: Texts
    checks: tuple[ValueCheck, ...] = ()
    advise: Spotter | None = None
    choices: tuple[str, ...] = ()


class ListNode(NamedTuple):
    """A list field: every item is ``item``."""

    item: "Node"
    texts: Texts
    min_items: int = 0


class Told(NamedTuple):
    """An advice, but for its place."""

    detail: str
    code: str
    rule: str


class FieldNode(NamedTuple):
    """A key of an object. ``advice`` is told wherever the field is there.

    ``personal`` values, and all below them, are hidden in reports.
    """

    name: str
    node: "Node"
    required: bool = False
    nullable: bool = False
    advice: Told | None = None
    rules: tuple[Check, ...] = ()
    personal: bool = False


class ObjectNode(NamedTuple):
    """An object: its fields in declared order, then the checks of the object as a whole."""

    name: str
    fields: tuple[FieldNode, ...]
    texts: Texts
    rules: tuple[Check, ...] = ()
    open: bool = False
    known: frozenset[str] = frozenset()


class SelectNode(NamedTuple):
    """An object whose fields depend on the choice in its ``key`` field."""

    key: FieldNode
    variants: Mapping[str, ObjectNode]
    texts: Texts


Node: TypeAlias = LeafNode | ListNode | ObjectNode | SelectNode


class Plan(NamedTuple):
    """All the engine needs of one market: the account, texts of advice that is on, and what is not checked.

    ``refusal`` is code and detail of the answer that lists errors. ``missing`` holds the rules (by id) and the choices
    (by ``object.field``) that can't be checked, with the reference lists they lack; none, if only the platform can.
    ``written`` is code that reads usual payloads faster; without it all answers are the same. ``answers`` are those
    besides the list of errors.
    """

    root: ObjectNode
    refusal: tuple[str, str]
    advice_texts: Texts
    missing: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    written: Written | None = None
    answers: Answers = Answers()

    def compiled(self) -> "Plan":
        """Compile what was written, to be kept."""
        return self._replace(written=self.written.compiled()) if self.written else self
