"""Learns what fields require: presence, null, blank, lengths, bounds, choices and types."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.compare.learn.cases import FIELD_RULE, Case, account_count, evidence_text, objects_in, place_of
from premigrate.compare.learn.codes import MIN_ACCOUNTS
from premigrate.compare.learn.field_types import learn_type
from premigrate.compare.learn.limits import learn_limit
from premigrate.compare.proposals import ProposedChange
from premigrate.formats.printable import is_printable
from premigrate.ruleset.kinds import selecting_objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from premigrate.api import Validator
    from premigrate.ruleset.model.fields import FieldSpec
    from premigrate.ruleset.model.ruleset import Ruleset

ABSENT = object()
"""Stands for the value of a key that is missing."""
_SWITCHES = {"required": "required", "null": "nullable", "blank": "blank"}
"""The key of a field that says whether a value may be missing, null or blank, by the code of the error."""
_LIMITS = ("max_length", "min_length", "max_value", "min_value")
LEARNED_CODES = frozenset({*_SWITCHES, *_LIMITS, "invalid_choice", "invalid"})


class Seen(NamedTuple):
    """A field in an object of an account: its value, and the errors that the API reported there, by code."""

    value: Any
    details: Mapping[str, str]
    case: Case

    def says(self, code: str) -> bool:
        """Return whether the API reported this code."""
        return code in self.details


def propose_fields(ruleset: Ruleset, validator: Validator, cases: Sequence[Case]) -> Iterator[ProposedChange]:
    """Propose changes to fields that no response contradicts; of several, the one that refuses least."""
    wanted = _differing(validator, cases)
    seen = _observe(validator, cases, {name for name, _, _ in wanted})
    by_field: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    sightings: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    for name, key, code in sorted(wanted):
        if owner := _owner(ruleset, name, key):
            by_field[owner, key].add(code)
    for (name, key), found in sorted(seen.items()):
        owner = _owner(ruleset, name, key)
        if owner and (owner, key) in by_field:
            sightings[owner, key] += found
    for (owner, key), codes in sorted(by_field.items()):
        field = ruleset.objects[owner].fields[key]
        for code in sorted(codes):
            yield from _propose(ruleset, f"{owner}.{key}", field, code, sightings[owner, key])


def _propose(ruleset: Ruleset, name: str, field: FieldSpec, code: str, seen: list[Seen]) -> Iterator[ProposedChange]:
    told = [each for each in seen if each.says(code)]
    cases = [each.case for each in told or _accepted(seen)]
    if not cases or (told and account_count(cases) < MIN_ACCOUNTS):
        return
    if code in _SWITCHES:
        keys = _switch(field, code, seen)
    elif field.list or field.object:
        return
    elif code in _LIMITS:
        keys = learn_limit(field, code, _values(told), _values(_passing(seen, code)), [x.details[code] for x in told])
    elif code == "invalid_choice":
        keys = {} if field.personal else _choices(field, told, _passing(seen, code))
    else:
        keys = learn_type(ruleset, field, _values(told), _values(_passing(seen, code)), [x.details[code] for x in told])
    if keys:
        said = f"the API reported {code} {len(told)} times" if told else f"the API never reported {code}"
        passed = f"the field occurred {len(_accepted(seen))} times in accounts that it accepted"
        yield ProposedChange("field", name, code, evidence_text(f"{said}; {passed}", cases), keys=keys)


def _switch(field: FieldSpec, code: str, seen: list[Seen]) -> dict[str, Any]:
    """Learn whether a value that is missing, null or blank is refused: always, or not for one that passed."""
    key = _SWITCHES[code]
    there = [each for each in seen if _lacks(each.value) == code]
    passed = [each for each in there if not each.says(code)]
    if not there or (passed and not _accepted(passed)):
        return {}
    learned = (not passed) is (key == "required")
    known = field.accepts_blank if key == "blank" else bool(getattr(field, key))
    return {} if learned is known else {key: learned}


def _lacks(value: object) -> str:
    """Return the code for a value that is missing, null or blank; empty for any other."""
    if value is ABSENT or value is None:
        return "required" if value is ABSENT else "null"
    return "blank" if isinstance(value, str) and not value.strip() else ""


def _choices(field: FieldSpec, refused: list[Seen], passing: list[Seen]) -> dict[str, Any]:
    """Learn the choices of a closed list: without those that are only refused, and with others that pass.

    A text that only one account has is not added: it might be personal.
    """
    if not field.choices:
        return {}
    yes = {str(each.value) for each in passing if _lacks(each.value) == ""}
    no = {str(each.value) for each in refused} - yes
    accounts = Counter(value for value, _ in {(str(each.value), each.case.account_id) for each in passing})
    new = sorted(value for value in yes if value not in field.choices and accounts[value] > 1 and is_printable(value))
    choices = [*(each for each in field.choices if each not in no), *new]
    return {"choices": choices} if choices and choices != list(field.choices) else {}


def _accepted(seen: list[Seen]) -> list[Seen]:
    return [each for each in seen if each.case.is_accepted]


def _passing(seen: list[Seen], code: str) -> list[Seen]:
    """Return the fields with a value at which the API reported nothing, or at least another limit."""
    return [each for each in seen if not each.says(code) and not each.details.keys() - set(_LIMITS)]


def _values(seen: list[Seen]) -> list[Any]:
    return [each.value for each in seen if each.value is not ABSENT and each.value is not None]


def _differing(validator: Validator, cases: Sequence[Case]) -> set[tuple[str, str, str]]:
    """Return (object, key, code) of the errors of fields that differ, also in their texts: they may state a limit."""
    found = set()
    for case in cases:
        places = {(each.code, place_of(each)) for each in case.missing}
        places |= {(error.code, error.path) for error in case.surplus if error.rule == FIELD_RULE}
        texts = [pair for pair in case.comparison.pairs if pair.kind == "other detail" and pair.answered]
        places |= {(pair.code, place_of(pair.answered)) for pair in texts if pair.answered}
        wanted = {(code, place) for code, place in places if code in LEARNED_CODES and place}
        if wanted:
            names = {each.place: each.spec.name for each in objects_in(validator, case.account)}
            found |= {(names[at[:-1]], str(at[-1]), code) for code, at in wanted if at[:-1] in names}
    return found


def _observe(validator: Validator, cases: Sequence[Case], names: set[str]) -> dict[tuple[str, str], list[Seen]]:
    """Return how the fields of some objects were answered, by (object, key)."""
    found: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    for case in cases if names else ():
        told: defaultdict[tuple[str | int, ...], dict[str, str]] = defaultdict(dict)
        for error in case.answered:
            told[place_of(error)].setdefault(error.code, error.detail)
        for each in objects_in(validator, case.account):
            if each.spec.name in names:
                for field in each.spec.fields:
                    value = each.value.get(field.name, ABSENT)
                    details = told.get((*each.place, field.name), {})
                    found[each.spec.name, field.name].append(Seen(value, details, case))
    return found


def _owner(ruleset: Ruleset, name: str, key: str) -> str:
    """Return the object that declares a field: this one, or one of which it is a variant; empty if none does."""
    for owner in (name, *selecting_objects(name, ruleset.objects)):
        if owner in ruleset.objects and key in ruleset.objects[owner].fields:
            return owner
    return ""
