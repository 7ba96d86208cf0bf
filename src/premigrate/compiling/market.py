"""Compiles the rulebook of a market into its plan."""

from premigrate.compiling.checks import compile_checks, lacks_list
from premigrate.compiling.lists import expand_list
from premigrate.compiling.operators import Context
from premigrate.compiling.structure import Structure
from premigrate.errors import BadRules, Problem, advice_id
from premigrate.formats import FORMATS, Judge
from premigrate.plan import Plan
from premigrate.rulebook import Rulebook


def compile_plan(book: Rulebook) -> Plan:
    """Compile a rulebook.

    Raises:
        BadRules: a scheme has arguments that its format can't work with.

    """
    lists = {name: expand_list(spec.values) for name, spec in book.lists.items()}
    context = Context(book.root, compile_schemes(book), lists)
    structure = Structure(book, compile_checks(book, context))
    root = structure.root()
    not_checked = [rule.id for rule in book.rules if lacks_list(rule, lists)]
    advice_texts = {code: spec.detail for code, spec in book.advice.items() if advice_id(code) not in book.off}
    refusal = (book.refusal, book.codes[book.refusal].detail or "")
    return Plan(root, refusal, advice_texts, tuple(sorted(not_checked)))


def compile_schemes(book: Rulebook) -> dict[tuple[str, str | None], Judge]:
    """Make the judges of all schemes that rules use; libraries that no rule needs are never loaded."""
    judges: dict[tuple[str, str | None], Judge] = {}
    problems = []
    for name in sorted({rule.format.is_ for rule in book.rules if rule.format}):
        scheme = book.schemes[name]
        for territory in (None, *scheme.territories):
            form = scheme.form_in(territory or book.territory)
            try:
                judges[name, territory] = FORMATS[scheme.format](**form.arguments)
            except (TypeError, ValueError) as error:
                problems.append(Problem("schemes", f"[scheme.{name}]", str(error)))
    if problems:
        raise BadRules(problems)
    return judges
