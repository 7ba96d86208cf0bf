"""Writes what the rules say of themselves: the list of rules, and the page of one rule or code."""

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import fill

from premigrate.errors import advice_id
from premigrate.rendering.catalogue import list_references
from premigrate.rulebook import AdviceText, Code, Rule, Rulebook

_WIDTH = 80


def render_rules(book: Rulebook) -> Iterator[str]:
    """List the rules of a market, those that are not checked with what they lack, and those that are off and why."""
    yield f"{book.market}  {book.title}: {len(book.rules)} rules, {len(book.off)} off"
    for rule in book.rules:
        lists = sorted({name for name, *_ in rule.lists() if book.lists[name].values is None})
        needs = "; only the platform can check it" if rule.platform else f"; needs {', '.join(lists)}" if lists else ""
        yield f"  {rule.id} [{rule.code}] {rule.level}, {rule.basis}{needs}"
    for rule_id, reason in book.off.items():
        yield _wrap(f"off: {rule_id}: {reason}", "  ")


def render_lists(books: Iterable[Rulebook]) -> Iterator[str]:
    """List the reference lists that a user can supply."""
    yield "Reference lists, each in a file of that name (.txt, .csv) or under that key (.toml):"
    for each in list_references(books):
        columns = f" ({', '.join(each['columns'])})" if len(each["columns"]) > 1 else ""
        shipped = f" Comes with {', '.join(each['shipped'])}." if each["shipped"] else ""
        yield _wrap(f"{each['list']}{columns}: {each['about']}{shipped}", "  ")


def find_topics(books: list[Rulebook]) -> set[str]:
    """Collect everything that can be explained: rule ids, codes of the API, and codes and ids of advice."""
    rule_ids = {rule.id for book in books for rule in book.rules}
    return rule_ids.union(*((*book.off, *book.codes, *book.advice, *map(advice_id, book.advice)) for book in books))


def render_topic(topic: str, books: list[Rulebook]) -> Iterator[str]:
    """Explain a rule id or a code: what it means, how we know it, and an example each way.

    A code is explained with all rules that speak it, a rule with its code. Advice goes by its code and by the id that
    switches it off.
    """
    known: dict[str, Code | AdviceText] = {}
    for book in reversed(books):
        known |= {**book.codes, **book.advice}
    by_id = {advice_id(code): code for book in books for code in book.advice}
    topics = {topic, by_id.get(topic, topic)}
    found = [(rule, book) for book in books for rule in book.rules if topics & {rule.id, rule.code}]
    for code in sorted({*topics, *(rule.code for rule, _ in found)} & known.keys()):
        yield from _render_code(code, known[code])
    for rule_id in dict.fromkeys(rule.id for rule, _ in found):
        homes = [(rule, book) for rule, book in found if rule.id == rule_id]
        yield from _render_rule(*homes[0], [book.market for _, book in homes])
    for book in books:
        for name in sorted({topic, *(advice_id(code) for code in topics & book.advice.keys())} & book.off.keys()):
            yield _wrap(f"{name} does not hold in {book.market}: {book.off[name]}")


def _render_code(code: str, spec: Code | AdviceText) -> Iterator[str]:
    yield code
    yield _wrap(spec.meaning, "  ")
    if isinstance(spec, AdviceText):
        yield f"  Advice of premigrate; never part of an API answer. Its id: {advice_id(code)}"
        yield _wrap(f"Text: {spec.detail}", "  ")
        return
    for text in dict.fromkeys([spec.detail] if spec.detail else spec.details.values()):
        yield _wrap(f"Text: {text}", "  ")
    yield _wrap(f"How we know the text: {spec.basis} ({spec.source})", "  ")


def _render_rule(rule: Rule, book: Rulebook, markets: list[str]) -> Iterator[str]:
    yield ""
    yield f"{rule.id} (in {', '.join(markets)})"
    yield _wrap(rule.why, "  ")
    yield _wrap(f"Looks at: {', '.join(rule.places)}", "  ")
    yield _wrap(f"How we know: {rule.basis} ({rule.source})", "  ")
    if rule.platform:
        yield _wrap(f"Never checked, for only the platform can look it up: {rule.platform}", "  ")
        return
    for word, examples in _examples(rule, book).items():
        yield from (f"  {word}: {example}" for example in examples)


def _examples(rule: Rule, book: Rulebook) -> Mapping[str, list[str]]:
    if rule.good is None or rule.bad is None:
        form = book.schemes[rule.argument.is_].form_in(book.territory)
        return {"good": [json.dumps(form.good[0])], "bad": [json.dumps(form.bad[0])]}
    return {"good": _written(rule.good), "bad": _written(rule.bad)}


def _written(example: object) -> list[str]:
    many = example["any_of"] if isinstance(example, dict) and "any_of" in example else [example]
    return [json.dumps(each, ensure_ascii=False).replace('"<null>"', "null") for each in many]


def _wrap(text: str, indent: str = "") -> str:
    return fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False)
