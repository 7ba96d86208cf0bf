"""Groups the errors that no rule predicts, and sorts objects into those with such an error and those without."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from premigrate.compare.learn.cases import NON_FIELD_ERRORS, Case, ObjectAt, objects_in, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from premigrate.api import Validator
    from premigrate.compare.model import ReportedError
    from premigrate.engine.program import Object
    from premigrate.results import Place


class ErrorKind(NamedTuple):
    """Errors of the same code in objects of the same name. ``attr`` is relative to the object, empty for itself."""

    code: str
    object: str
    attr: str


class Sample(NamedTuple):
    """An object in the account of a case."""

    value: dict[str, object]
    case: Case


class Labelled(NamedTuple):
    """The objects of one name: those with an error of some kind, those without, and those where it may be hidden.

    An object is without the error if the API reported nothing in it: other errors in an object hide those of its rules.
    """

    spec: Object
    failing: list[Sample]
    passing: list[Sample]
    unknown: list[Sample]
    is_beside_others: bool
    """Whether the error was reported beside errors of fields of the same object."""


class ObjectIndex:
    """The objects in the accounts of some cases, by name."""

    def __init__(self, validator: Validator, cases: Sequence[Case]) -> None:
        self._found: defaultdict[str, list[tuple[ObjectAt, Case]]] = defaultdict(list)
        self._kinds: set[ErrorKind] = set()
        for case in cases:
            objects = list(objects_in(validator, case.account))
            for each in objects:
                self._found[each.spec.name].append((each, case))
            if case.missing:
                names = {each.place: each.spec.name for each in objects}
                self._kinds |= {kind for error in case.missing if (kind := _kind(error, names))}

    @property
    def missing_kinds(self) -> list[ErrorKind]:
        """The kinds of errors that the API reported and that are not predicted, sorted."""
        return sorted(self._kinds)

    def label(self, kind: ErrorKind) -> Labelled | None:
        """Sort all objects of one name by whether the API reported errors of a kind there; None if it reported none."""
        failing: list[Sample] = []
        passing: list[Sample] = []
        unknown: list[Sample] = []
        spec, is_beside_others = None, False
        for each, case in self._found[kind.object]:
            spec = each.spec
            told = [(error, place_of(error)) for error in case.answered]
            inside = [error for error, place in told if place[: len(each.place)] == each.place]
            attr = _full_attr(each.place, kind.attr)
            is_failing = any(error.code == kind.code and error.attr == attr for error in inside)
            (failing if is_failing else unknown if inside else passing).append(Sample(each.value, case))
            is_beside_others |= is_failing and _has_errors_of_fields(each, told, attr)
        return Labelled(spec, failing, passing, unknown, is_beside_others) if spec and failing else None


def _has_errors_of_fields(each: ObjectAt, told: Sequence[tuple[ReportedError, Place]], attr: str) -> bool:
    """Return whether the API reported other errors at fields of an object; then it did not check the object's rules."""
    depth = len(each.place)
    return any(
        len(place) > depth
        and place[:depth] == each.place
        and error.attr != attr
        and error.attr.endswith(str(place[-1]))
        for error, place in told
    )


def _full_attr(place: Place, attr: str) -> str:
    return ".".join([*map(str, place), attr or NON_FIELD_ERRORS])


def _kind(error: ReportedError, names: dict[Place, str]) -> ErrorKind | None:
    """Return the kind of an error; None if no declared object is near its place."""
    place = place_of(error)
    for site, attr in _sites(error, place):
        if site in names:
            return ErrorKind(error.code, names[site], attr)
    return None


def _sites(error: ReportedError, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the object that an error may be about, with the attr from there: itself, or the one that has the field."""
    is_whole = error.attr.rpartition(".")[2] == NON_FIELD_ERRORS
    if is_whole:
        yield place, ""
    if place and isinstance(place[-1], str):
        yield place[:-1], f"{place[-1]}.{NON_FIELD_ERRORS}" if is_whole else place[-1]
