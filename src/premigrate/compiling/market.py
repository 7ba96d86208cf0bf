"""Compiles the rulebook of a market into its plan."""

from collections.abc import Iterator, Mapping

from premigrate.compiling.answers import compile_answers
from premigrate.compiling.checks import compile_checks
from premigrate.compiling.context import Context
from premigrate.compiling.lists import Table, make_table, missing_lists
from premigrate.compiling.structure import Structure
from premigrate.compiling.usual import Writer
from premigrate.errors import BadRules, Problem, advice_id
from premigrate.formats import FORMATS, Judge
from premigrate.plan import Plan
from premigrate.rulebook import Rulebook


def compile_plan(book: Rulebook) -> Plan:
    """Compile a rulebook.

    Raises:
        BadRules: a scheme has arguments, or a reference list has values, that can't be worked with.

    """
    tables = {name: make_table(spec) for name, spec in book.lists.items() if spec.values is not None}
    context = Context(book.root, compile_schemes(book), tables)
    writer = Writer(book, context)
    root = Structure(book, compile_checks(book, context), tables, writer).root()
    advice_texts = {code: spec.detail for code, spec in book.advice.items() if advice_id(code) not in book.off}
    refusal = (book.refusal, book.codes[book.refusal].detail or "")
    missing = dict(sorted(_missing(book, tables)))
    return Plan(root, refusal, advice_texts, missing, writer.written(), compile_answers(book))


def _missing(book: Rulebook, tables: Mapping[str, Table]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each rule, and each field with choices, that can't be checked, with the lists it lacks."""
    for rule in book.rules:
        missing = missing_lists(rule, tables)
        if missing or rule.platform is not None:
            yield rule.id, missing
    for name, spec in book.objects.items():
        for key, field in spec.fields.items():
            if field.listed and field.listed not in tables:
                yield f"{name}.{key}", (field.listed,)


def compile_schemes(book: Rulebook) -> dict[tuple[str, str | None], Judge]:
    """Make the judges of all schemes that rules use; libraries that no rule needs are never loaded."""
    judges: dict[tuple[str, str | None], Judge] = {}
    problems = []
    for name in sorted({rule.format.is_ for rule in book.rules if rule.format}):
        scheme = book.schemes[name]
        for territory in (None, *scheme.territories):
            if territory is None and scheme.territories and book.territory not in scheme.territories:
                continue  # then only rules ask that find the country in the payload
            form = scheme.form_in(territory or book.territory)
            try:
                judges[name, territory] = FORMATS[scheme.format](**form.arguments)
            except (TypeError, ValueError) as error:
                problems.append(Problem("schemes", f"[scheme.{name}]", str(error)))
    if problems:
        raise BadRules(problems)
    return judges
