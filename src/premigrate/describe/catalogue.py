"""Collects the published validations, with their state in each market and the reference lists that they need."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Rulebook

Word: TypeAlias = Literal["checked", "needs list", "platform only", "off", "not for this market"]


@dataclass(frozen=True, slots=True, order=True)
class State:
    """The state of a validation in one market, with the lists that it lacks or the reason why it is off."""

    word: Word
    lists: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """A validation of the platform, an advice of premigrate, or a cohort rule, with one of its codes."""

    id: str
    code: str
    level: str
    basis: str
    object: str
    rules: tuple[str, ...]
    states: dict[str, tuple[State, ...]]
    """The state in each market; several if rules of the validation differ."""


def list_validations(books: Iterable[Rulebook]) -> list[Validation]:
    """Return the validations that are implemented as rules, in the order of the rule files."""
    found: dict[tuple[str, str], dict[str, list[tuple[Rule, State]]]] = {}
    for book in books:
        for rule in (*book.rules, *book.idle):
            entry = found.setdefault((rule.part_of or rule.id, rule.code), {})
            entry.setdefault(book.market, []).append((rule, _state(rule, book)))
    return [_validation(*key, entry) for key, entry in found.items()]


def _validation(name: str, code: str, entry: dict[str, list[tuple[Rule, State]]]) -> Validation:
    rules = {rule.id: rule for rules in entry.values() for rule, _ in rules}
    first = next(iter(rules.values()))
    states = {market: _merged_states(state for _, state in found) for market, found in sorted(entry.items())}
    place = first.places[0].partition(".")[0]
    return Validation(name, code, first.level, first.basis, place, tuple(rules), states)


def _merged_states(states: Iterable[State]) -> tuple[State, ...]:
    """Return the distinct states; states of rules that are off only if all rules of the validation are off."""
    found = sorted(set(states))
    on = tuple(state for state in found if state.word in {"checked", "needs list", "platform only"})
    return on or tuple(found)


def lacking_lists(rule: Rule | CohortRule, book: Rulebook) -> tuple[str, ...]:
    """Return the names of the reference lists that a rule needs and that have not been supplied, sorted."""
    return tuple(sorted({name for name, *_ in rule.lists() if book.lists[name].values is None}))


def list_cohort(books: Iterable[Rulebook]) -> list[Validation]:
    """Return the cohort rules, in the order of the rule files."""
    found: dict[str, dict[str, tuple[CohortRule, State]]] = {}
    for book in books:
        for rule in book.cohort:
            lists = lacking_lists(rule, book)
            state = State("needs list", lists) if lists else State("checked")
            found.setdefault(rule.id, {})[book.market] = rule, state
        for rule in book.idle_cohort:
            found.setdefault(rule.id, {})[book.market] = rule, State("off", (), book.off[rule.id])
    return [_cohort_validation(name, entry) for name, entry in found.items()]


def _cohort_validation(name: str, entry: dict[str, tuple[CohortRule, State]]) -> Validation:
    rule = next(rule for rule, _ in entry.values())
    states: dict[str, tuple[State, ...]] = {market: (state,) for market, (_, state) in sorted(entry.items())}
    return Validation(name, rule.code, "cohort", rule.basis, rule.each or "", (name,), states)


def _state(rule: Rule, book: Rulebook) -> State:
    lists = lacking_lists(rule, book)
    if rule in book.idle:
        if rule.off is not None and book.off.get(rule.id, rule.off) == rule.off:
            return State("off", lists, rule.off)
        reason = book.off.get(rule.id, "")
        return State("off" if reason.startswith(ASKED) else "not for this market", (), reason)
    if rule.platform is not None:
        return State("platform only", reason=rule.platform)
    return State("needs list", lists) if lists else State("checked")


ASKED = "Only if asked for"
"""Prefix of the reason in a market that leaves a rule off only because of missing evidence."""


def list_choices(books: Iterable[Rulebook]) -> dict[str, str]:
    """Return the fields whose choices the tenant defines, with the reference list that holds the choices."""
    fields = (
        (f"{name}.{key}", field.listed)
        for book in books
        for name, spec in book.objects.items()
        for key, field in spec.fields.items()
    )
    return {place: listed for place, listed in fields if listed}


def list_references(books: Iterable[Rulebook]) -> Iterator[dict[str, Any]]:
    """Yield the reference lists with their description, their columns, and the markets whose rules include them."""
    books = list(books)
    for name in sorted({name for book in books for name in book.lists}):
        specs = {book.market: book.lists[name] for book in books if name in book.lists}
        spec = next(iter(specs.values()))
        shipped = sorted(market for market, each in specs.items() if each.values is not None)
        yield {"list": name, "about": spec.about or "", "columns": list(spec.columns), "shipped": shipped}


def catalogue_data(books: Iterable[Rulebook]) -> dict[str, Any]:
    """Return the whole catalogue as data that can be serialized as JSON."""
    books = list(books)
    elsewhere = {
        name: {"codes": list(codes), "reason": each.why, "source": each.source}
        for each in books[0].elsewhere
        for name, codes in each.validations.items()
    }
    return {
        "markets": {book.market: book.title for book in books},
        "validations": [asdict(each) for each in list_validations(books)],
        "cohort": [asdict(each) for each in list_cohort(books)],
        "choices": list_choices(books),
        "lists": list(list_references(books)),
        "elsewhere": elsewhere,
    }
