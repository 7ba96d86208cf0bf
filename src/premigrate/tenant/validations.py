"""Matches the validations of a document with the rules of a ruleset, by code and place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, TypeAlias

from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.rule_footprints import Footprint
from premigrate.tenant.document.learned import LearnedField, LearnedObject, Validation
from premigrate.tenant.match_objects import ObjectMatcher
from premigrate.tenant.model import Coverage, ValidationCoverage
from premigrate.tenant.spelled_out_lists import is_skipped

Footprints: TypeAlias = Mapping[str, Footprint]
"""Footprints by rule id."""


class ValidatedPlace(NamedTuple):
    """An object, or a field of one (``key``), and the object in that field (``target``), if any."""

    name: str
    key: str = ""
    target: str = ""


class PlacedValidation(NamedTuple):
    """A validation, the places of the ruleset that it validates, and the objects directly below those."""

    validation: Validation
    places: tuple[ValidatedPlace, ...]
    below: frozenset[str] = frozenset()


class RuleSwitches(NamedTuple):
    """The ids of the rules to switch off and on, each with the reason."""

    off: dict[str, str]
    on: dict[str, str]


def place_validations(matcher: ObjectMatcher, objects: Mapping[str, LearnedObject]) -> list[PlacedValidation]:
    """Return the validations of all matched objects and their fields."""
    found: dict[Validation, dict[ValidatedPlace, None]] = {}
    names_of = matcher.names_in_rules()
    for name, match in matcher.matches.items():
        names = names_of[name]
        for learned in (objects[at] for at in match.pointers):
            for validation in learned.validations:
                found.setdefault(validation, {}).update(dict.fromkeys(map(ValidatedPlace, names)))
            rule_keys = {key: rule_key for rule_key, key in match.keys.items()}
            for key, each in learned.fields.items():
                for validation in each.validations:
                    places = _places(matcher, names, rule_keys.get(key, key), key, each)
                    found.setdefault(validation, {}).update(dict.fromkeys(places))
    return [
        PlacedValidation(validation, tuple(places), frozenset(_below(matcher, names_of, places)))
        for validation, places in found.items()
    ]


def _below(
    matcher: ObjectMatcher, names_of: Mapping[str, list[str]], places: Iterable[ValidatedPlace]
) -> Iterator[str]:
    names = {place.name for place in places if not place.key}
    for (owner, _), target in matcher.targets.items():
        if owner in names and target:
            yield from names_of[target]


def _places(
    matcher: ObjectMatcher, names: list[str], rule_key: str, key: str, learned: LearnedField
) -> Iterator[ValidatedPlace]:
    for name in names:
        target = matcher.targets.get((name, rule_key), "") if learned.object_at else ""
        yield ValidatedPlace(name, key, matcher.copies.get(target, target))


def choose_switches(
    ruleset: Ruleset,
    footprints: Footprints,
    validations: list[PlacedValidation],
    other_kind: Mapping[tuple[str, str], str],
) -> RuleSwitches:
    """Return the rules to switch off because they do not hold for the tenant, and those to switch on.

    A document that names validations is assumed to name all, so an error rule of the basis ``published`` or
    ``inferred`` whose code is missing is disabled. A ``documented`` rule stays: the API documentation shows it.
    """
    switches = RuleSwitches({}, {})
    performed = [each for each in validations if not is_skipped(each.validation)]
    codes = {code for each in performed for code in each.validation.codes}
    skipped = {code: each.validation.at for each in validations for code in each.validation.codes if code not in codes}
    holding: tuple[Rule | CohortRule, ...] = (*ruleset.rules, *ruleset.cohort_rules)
    for rule in holding:
        if reason := _why_not_applicable(footprints[rule.id], other_kind):
            switches.off[rule.id] = reason
        elif rule.code in skipped and isinstance(rule, Rule):
            switches.off[rule.id] = f"The document says that the validation is skipped: {skipped[rule.code]}"
        elif codes and isinstance(rule, Rule) and _is_overridable(rule) and rule.code not in codes:
            switches.off[rule.id] = f"The document names no validation with the code {rule.code}."
    checked = {rule.validation for rule in ruleset.rules if rule.validation and rule.level == "error"}
    for rule in ruleset.disabled:
        if (rule.validation or rule.id) in checked and ruleset.off_reasons[rule.id] != rule.disabled:
            continue  # the market has other rules in its place
        match = next((each for each in performed if _implements(rule, footprints[rule.id], each)), None)
        if match and rule.level == "error" and not _why_not_applicable(footprints[rule.id], other_kind):
            switches.on[rule.id] = f"The document names it: {match.validation.at}"
    return switches


def _is_overridable(rule: Rule) -> bool:
    """Return whether the tenant's document overrides a rule: its basis is weaker than documentation."""
    return rule.level == "error" and rule.basis in {"published", "inferred"}


def _why_not_applicable(footprint: Footprint, other_kind: Mapping[tuple[str, str], str]) -> str:
    if footprint.unresolved:
        return f"Reads fields that the document does not have: {footprint.unresolved}"
    touched = sorted(footprint.fields & other_kind.keys())
    if touched:
        name, key = touched[0]
        return f"Looks at {name}.{key}, which has another type in the document: {other_kind[name, key]}"
    return ""


def _implements(rule: Rule, footprint: Footprint, validations: PlacedValidation) -> bool:
    """Return whether a rule implements a validation: it has one of the codes, and reads one of the places."""
    if rule.code not in validations.validation.codes:
        return False
    homes = set(map(_object_of, rule.places))
    for place in validations.places:
        if place.key and ((place.name, place.key) in footprint.fields or place.target in homes):
            return True
        if not place.key and (place.name in homes or any(name == place.name for name, _ in footprint.fields)):
            return True
    return False


def rules_of_validations(
    ruleset: Ruleset, footprints: Footprints, validations: list[PlacedValidation]
) -> Iterator[tuple[Validation, Rule]]:
    """Yield the validations with each rule that checks one of their codes, whether it is on or off."""
    for each in validations:
        for code in each.validation.codes:
            for rule in _rules_for((*ruleset.rules, *ruleset.disabled), footprints, each, code):
                yield each.validation, rule


class ValidationClassifier:
    """Tells how the codes of validations are covered.

    ``can_fail`` returns whether the tenant's accounts can violate a rule; a rule that they cannot covers nothing.
    """

    def __init__(self, ruleset: Ruleset, footprints: Footprints, can_fail: Callable[[Rule], bool]) -> None:
        self._ruleset, self._footprints, self._can_fail = ruleset, footprints, can_fail
        self._not_applicable = {
            code: each.why for each in ruleset.not_applicable for codes in each.validations.values() for code in codes
        }

    def classify(self, validations: list[PlacedValidation]) -> Iterator[ValidationCoverage]:
        """Yield how each code of each validation is covered."""
        for each in validations:
            for code in each.validation.codes:
                yield self._cover(each, code)

    def _cover(self, validations: PlacedValidation, code: str) -> ValidationCoverage:
        validation = validations.validation
        places = tuple(".".join(filter(None, place[:2])) for place in validations.places)
        validated = partial(ValidationCoverage, validation.at, validation.name, places, code)
        holding = self._rules(self._ruleset.rules, validations, code)
        failing = [rule for rule in holding if rule.server_only or self._can_fail(rule)]
        for known, rules in _by_coverage(self._ruleset, failing):
            if rules:
                return validated(known, tuple(rule.id for rule in rules))
        if holding:
            why = "No account that the document allows violates it."
            return validated("off", tuple(rule.id for rule in holding), why)
        if disabled := self._rules(self._ruleset.disabled, validations, code):
            why = self._ruleset.off_reasons[disabled[0].id]
            return validated("off", tuple(rule.id for rule in disabled), why)
        if code in self._not_applicable:
            return validated("off", (), self._not_applicable[code])
        return validated("unknown")

    def _rules(self, rules: Iterable[Rule], validations: PlacedValidation, code: str) -> list[Rule]:
        """Return the rules that check a validation where the document names it, or else one level below."""
        at_place = list(_rules_for(rules, self._footprints, validations, code))
        return at_place or list(_rules_below(rules, validations, code))


def _rules_for(
    rules: Iterable[Rule], footprints: Footprints, validations: PlacedValidation, code: str
) -> Iterator[Rule]:
    for rule in rules:
        if rule.code == code and rule.level == "error" and _implements(rule, footprints[rule.id], validations):
            yield rule


def _rules_below(rules: Iterable[Rule], validations: PlacedValidation, code: str) -> Iterator[Rule]:
    """Yield the rules that check, one level below, what the document validates in the object above."""
    for rule in rules:
        if rule.code == code and rule.level == "error" and validations.below.intersection(map(_object_of, rule.places)):
            yield rule


def _object_of(place: str) -> str:
    return place.partition(".")[0]


def _by_coverage(ruleset: Ruleset, rules: list[Rule]) -> Iterator[tuple[Coverage, list[Rule]]]:
    """Group rules by what they need, those that need nothing first."""
    lacking = [rule for rule in rules if _lacks_list(ruleset, rule)]
    on_platform = [rule for rule in rules if rule.server_only]
    conditional = [rule for rule in rules if ruleset.unstated_facts(rule) or ruleset.contradicting_facts(rule)]
    yield "covered", [rule for rule in rules if rule not in (*lacking, *on_platform, *conditional)]
    yield "list", [rule for rule in lacking if rule not in conditional]
    yield "fact", conditional
    yield "platform", on_platform


def _lacks_list(ruleset: Ruleset, rule: Rule) -> bool:
    return any(ruleset.lists[name].values is None for name, *_ in rule.lists())
