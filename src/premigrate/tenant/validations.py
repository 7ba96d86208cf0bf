"""Matches the validations of a document with the rules of a ruleset, by code and place."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, Protocol, TypeAlias

from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Rulebook
from premigrate.tenant.match_objects import Pairing
from premigrate.tenant.model import Known, Validated
from premigrate.tenant.shapes import LearnedField, LearnedObject, Validation


class Ground(Protocol):
    """The fields a rule reads, as object and key, and why it can't hold with the tenant's fields (else empty)."""

    @property
    def fields(self) -> frozenset[tuple[str, str]]: ...  # noqa: D102 - see the class
    @property
    def dead_end(self) -> str: ...  # noqa: D102 - see the class


Grounds: TypeAlias = Mapping[str, Ground]
"""Footprints by rule id."""


class Place(NamedTuple):
    """An object, or a field of one (``key``), and the object in that field (``target``), if any."""

    name: str
    key: str = ""
    target: str = ""


class Standing(NamedTuple):
    """A validation, the places of the ruleset that it validates, and the objects directly below those."""

    validation: Validation
    places: tuple[Place, ...]
    below: frozenset[str] = frozenset()


class Switches(NamedTuple):
    """The ids of the rules to switch off and on, each with the reason."""

    off: dict[str, str]
    on: dict[str, str]


def find_standing(pairing: Pairing, objects: Mapping[str, LearnedObject]) -> list[Standing]:
    """Return the validations of all matched objects and their fields."""
    found: dict[Validation, dict[Place, None]] = {}
    around = {name: owner for owner, pair in pairing.pairs.items() for name in pair.variants.values()}
    for name, pair in pairing.pairs.items():
        for learned in (objects[at] for at in pair.at):
            names = [name, *([around[name]] if name in around else [])]
            for validation in learned.validations:
                found.setdefault(validation, {}).update(dict.fromkeys(map(Place, names)))
            for key, each in learned.fields.items():
                for validation in each.validations:
                    found.setdefault(validation, {}).update(dict.fromkeys(_places(pairing, names, key, each)))
    return [
        Standing(validation, tuple(places), frozenset(_below(pairing, places))) for validation, places in found.items()
    ]


def _below(pairing: Pairing, places: Iterable[Place]) -> Iterator[str]:
    names = {place.name for place in places if not place.key}
    return (target for (owner, _), target in pairing.targets.items() if owner in names)


def _places(pairing: Pairing, names: list[str], key: str, learned: LearnedField) -> Iterator[Place]:
    for name in names:
        yield Place(name, key, pairing.targets.get((name, key), "") if learned.part else "")


def decide(
    book: Rulebook, grounds: Grounds, standing: list[Standing], other_kind: Mapping[tuple[str, str], str]
) -> Switches:
    """Return the rules to switch off because they don't hold for the tenant, and those to switch on.

    A document that names validations is assumed to name all, so an error rule of the basis ``published`` or
    ``inferred`` whose code is missing is switched off. A ``documented`` rule stays: the API documentation shows it.
    """
    switches = Switches({}, {})
    codes = {code for each in standing for code in each.validation.codes}
    holding: tuple[Rule | CohortRule, ...] = (*book.rules, *book.cohort)
    for rule in holding:
        if reason := _why_not_applicable(grounds[rule.id], other_kind):
            switches.off[rule.id] = reason
        elif codes and isinstance(rule, Rule) and _is_overridable(rule) and rule.code not in codes:
            switches.off[rule.id] = f"The document names no validation with the code {rule.code}."
    for rule in book.idle:
        match = next((each for each in standing if _implements(rule, grounds[rule.id], each)), None)
        if match and rule.level == "error" and not _why_not_applicable(grounds[rule.id], other_kind):
            switches.on[rule.id] = f"The document names it: {match.validation.at}"
    return switches


def _is_overridable(rule: Rule) -> bool:
    """Return whether the tenant's document overrides a rule: its basis is weaker than documentation."""
    return rule.level == "error" and rule.basis in {"published", "inferred"}


def _why_not_applicable(ground: Ground, other_kind: Mapping[tuple[str, str], str]) -> str:
    if ground.dead_end:
        return f"Looks at what the document doesn't have: {ground.dead_end}"
    touched = sorted(ground.fields & other_kind.keys())
    if touched:
        name, key = touched[0]
        return f"Looks at {name}.{key}, which is of another kind in the document: {other_kind[name, key]}"
    return ""


def _implements(rule: Rule, ground: Ground, standing: Standing) -> bool:
    """Return whether a rule implements a validation: it has one of the codes, and reads one of the places."""
    if rule.code not in standing.validation.codes:
        return False
    homes = set(map(_object_of, rule.places))
    for place in standing.places:
        if place.key and ((place.name, place.key) in ground.fields or place.target in homes):
            return True
        if not place.key and (place.name in homes or any(name == place.name for name, _ in ground.fields)):
            return True
    return False


def judge(book: Rulebook, grounds: Grounds, standing: list[Standing]) -> list[Validated]:
    """Return how each code of each validation is covered."""
    elsewhere = {code: each.why for each in book.elsewhere for codes in each.validations.values() for code in codes}
    return [_cover(book, grounds, each, code, elsewhere) for each in standing for code in each.validation.codes]


def _cover(book: Rulebook, grounds: Grounds, standing: Standing, code: str, elsewhere: Mapping[str, str]) -> Validated:
    validation, places = standing.validation, tuple(".".join(filter(None, place[:2])) for place in standing.places)
    validated = partial(Validated, validation.at, validation.name, places, code)
    holding = list(_rules_for(book.rules, grounds, standing, code)) or list(_rules_below(book.rules, standing, code))
    for known, rules in _by_coverage(book, holding):
        if rules:
            return validated(known, tuple(rule.id for rule in rules))
    idle = list(_rules_for(book.idle, grounds, standing, code)) or list(_rules_below(book.idle, standing, code))
    if idle:
        return validated("off", tuple(rule.id for rule in idle), book.off[idle[0].id])
    if code in elsewhere:
        return validated("off", (), elsewhere[code])
    return validated("unknown")


def _rules_for(rules: Iterable[Rule], grounds: Grounds, standing: Standing, code: str) -> Iterator[Rule]:
    for rule in rules:
        if rule.code == code and rule.level == "error" and _implements(rule, grounds[rule.id], standing):
            yield rule


def _rules_below(rules: Iterable[Rule], standing: Standing, code: str) -> Iterator[Rule]:
    """Yield the rules that check, one level below, what the document validates in the object above."""
    for rule in rules:
        if rule.code == code and rule.level == "error" and standing.below.intersection(map(_object_of, rule.places)):
            yield rule


def _object_of(place: str) -> str:
    return place.partition(".")[0]


def _by_coverage(book: Rulebook, rules: list[Rule]) -> Iterator[tuple[Known, list[Rule]]]:
    """Group rules by what they need, those that need nothing first."""
    lacking = [rule for rule in rules if _lacks_list(book, rule)]
    on_platform = [rule for rule in rules if rule.platform]
    yield "covered", [rule for rule in rules if rule not in lacking and rule not in on_platform]
    yield "list", lacking
    yield "platform", on_platform


def _lacks_list(book: Rulebook, rule: Rule) -> bool:
    return any(book.lists[name].values is None for name, *_ in rule.lists())
