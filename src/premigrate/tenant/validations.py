"""Matches the validations that a document names with the rules of a rulebook, by code and by place."""

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
    """What a rule looks at, as object and key, and why it can't hold with the tenant's fields, if it can't."""

    @property
    def fields(self) -> frozenset[tuple[str, str]]: ...  # noqa: D102 - told above
    @property
    def dead_end(self) -> str: ...  # noqa: D102 - told above


Grounds: TypeAlias = Mapping[str, Ground]
"""By the id of the rule."""


class Place(NamedTuple):
    """An object, or a field of one, and the object that stands in the field."""

    name: str
    key: str = ""
    target: str = ""


class Standing(NamedTuple):
    """A validation with all places where it stands, in the words of the rules, and the objects right below those."""

    validation: Validation
    places: tuple[Place, ...]
    below: frozenset[str] = frozenset()


class Switches(NamedTuple):
    """The rules to switch off and on, each with the reason."""

    off: dict[str, str]
    on: dict[str, str]


def find_standing(pairing: Pairing, objects: Mapping[str, LearnedObject]) -> list[Standing]:
    """Collect the validations of all objects that were paired."""
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
    """Choose the rules that can't or don't hold for the tenant, and those that were off and do.

    A document that names validations names all that there are, so a rule that nobody documents is off if its code is
    not among them. A rule that is documented stays: a page that users read has shown it.
    """
    switches = Switches({}, {})
    codes = {code for each in standing for code in each.validation.codes}
    holding: tuple[Rule | CohortRule, ...] = (*book.rules, *book.cohort)
    for rule in holding:
        if reason := _why_it_cannot(grounds[rule.id], other_kind):
            switches.off[rule.id] = reason
        elif codes and isinstance(rule, Rule) and _is_doubtful(rule) and rule.code not in codes:
            switches.off[rule.id] = f"The document names no validation with the code {rule.code}."
    for rule in book.idle:
        told = next((each for each in standing if _speaks_of(rule, grounds[rule.id], each)), None)
        if told and rule.level == "error" and not _why_it_cannot(grounds[rule.id], other_kind):
            switches.on[rule.id] = f"The document names it: {told.validation.at}"
    return switches


def _is_doubtful(rule: Rule) -> bool:
    """Whether the tenant's own document overrules what we know of a rule."""
    return rule.level == "error" and rule.basis in {"published", "inferred"}


def _why_it_cannot(ground: Ground, other_kind: Mapping[tuple[str, str], str]) -> str:
    if ground.dead_end:
        return f"Looks at what the document doesn't have: {ground.dead_end}"
    touched = sorted(ground.fields & other_kind.keys())
    if touched:
        name, key = touched[0]
        return f"Looks at {name}.{key}, which is of another kind in the document: {other_kind[name, key]}"
    return ""


def _speaks_of(rule: Rule, ground: Ground, standing: Standing) -> bool:
    """Whether a rule is about a validation: it has one of its codes, and looks at one of its places."""
    if rule.code not in standing.validation.codes:
        return False
    homes = set(map(_home, rule.places))
    for place in standing.places:
        if place.key and ((place.name, place.key) in ground.fields or place.target in homes):
            return True
        if not place.key and (place.name in homes or any(name == place.name for name, _ in ground.fields)):
            return True
    return False


def judge(book: Rulebook, grounds: Grounds, standing: list[Standing]) -> list[Validated]:
    """Tell of each code of each validation what is known."""
    elsewhere = {code: each.why for each in book.elsewhere for codes in each.validations.values() for code in codes}
    return [_judge(book, grounds, each, code, elsewhere) for each in standing for code in each.validation.codes]


def _judge(book: Rulebook, grounds: Grounds, standing: Standing, code: str, elsewhere: Mapping[str, str]) -> Validated:
    validation, places = standing.validation, tuple(".".join(filter(None, place[:2])) for place in standing.places)
    told = partial(Validated, validation.at, validation.name, places, code)
    holding = list(_about(book.rules, grounds, standing, code)) or list(_about_below(book.rules, standing, code))
    for known, rules in _by_kind(book, holding):
        if rules:
            return told(known, tuple(rule.id for rule in rules))
    idle = list(_about(book.idle, grounds, standing, code)) or list(_about_below(book.idle, standing, code))
    if idle:
        return told("off", tuple(rule.id for rule in idle), book.off[idle[0].id])
    if code in elsewhere:
        return told("off", (), elsewhere[code])
    return told("unknown")


def _about(rules: Iterable[Rule], grounds: Grounds, standing: Standing, code: str) -> Iterator[Rule]:
    for rule in rules:
        if rule.code == code and rule.level == "error" and _speaks_of(rule, grounds[rule.id], standing):
            yield rule


def _about_below(rules: Iterable[Rule], standing: Standing, code: str) -> Iterator[Rule]:
    """Find the rules that look, one level down, at what the document says of all together."""
    for rule in rules:
        if rule.code == code and rule.level == "error" and standing.below.intersection(map(_home, rule.places)):
            yield rule


def _home(place: str) -> str:
    return place.partition(".")[0]


def _by_kind(book: Rulebook, rules: list[Rule]) -> Iterator[tuple[Known, list[Rule]]]:
    """Sort rules by what they need, those that need nothing first."""
    lacking = [rule for rule in rules if _lacks(book, rule)]
    asking = [rule for rule in rules if rule.platform]
    yield "covered", [rule for rule in rules if rule not in lacking and rule not in asking]
    yield "list", lacking
    yield "platform", asking


def _lacks(book: Rulebook, rule: Rule) -> bool:
    return any(book.lists[name].values is None for name, *_ in rule.lists())
