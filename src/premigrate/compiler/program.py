"""Compiles the ruleset of a market into its program."""

from premigrate.compiler.expressions import ExpressionCompiler
from premigrate.compiler.fixes import compile_fixes
from premigrate.compiler.reference_tables import load_table
from premigrate.compiler.rules import CompiledRules
from premigrate.compiler.structure import StructureCompiler
from premigrate.compiler.unchecked import find_unchecked
from premigrate.engine import program
from premigrate.exceptions import BadRules, Problem
from premigrate.formats.pattern import LazyPattern
from premigrate.formats.registry import FORM_DESCRIPTIONS, FORMATS
from premigrate.results import advice_id
from premigrate.ruleset.model.rule_file import FormatArguments
from premigrate.ruleset.model.ruleset import Ruleset


def compile_program(ruleset: Ruleset) -> program.Program:
    """Compile a ruleset.

    Raises:
        BadRules: a scheme has invalid arguments, or a reference list has invalid values.

    """
    tables = {name: load_table(spec) for name, spec in ruleset.lists.items() if spec.values is not None}
    schemes = compile_schemes(ruleset)
    not_checked = find_unchecked(ruleset, tables)
    rules = CompiledRules(ruleset, ExpressionCompiler(ruleset.root, tables), not_checked)
    structure = StructureCompiler(ruleset, tables, rules)
    structure.compile()
    return program.Program(
        root=ruleset.root,
        objects=structure.objects,
        rules=tuple(rules.rules),
        schemes=schemes,
        texts=structure.detail_texts(),
        rejection=(ruleset.refusal, ruleset.codes[ruleset.refusal].detail or ""),
        advice_texts={
            code: spec.detail for code, spec in ruleset.advice.items() if advice_id(code) not in ruleset.off_reasons
        },
        suspicious_value_text=ruleset.advice["doubtful_value"].detail,
        not_checked=not_checked,
        responses=_answers(ruleset),
        beside_payload=frozenset(ruleset.beside_payload),
        detail_bases={code: spec.detail_basis for code, spec in ruleset.codes.items()},
        fixes=compile_fixes(ruleset),
    )


def compile_schemes(ruleset: Ruleset) -> tuple[program.Scheme, ...]:
    """Compile the schemes that rules use: for the market, and for each territory of the scheme.

    Raises:
        BadRules: a scheme has invalid arguments.

    """
    schemes = []
    problems = []
    for name in sorted({rule.format.is_ for rule in ruleset.rules if rule.format}):
        scheme = ruleset.schemes[name]
        for territory in (None, *scheme.territories):
            if territory is None and scheme.territories and ruleset.territory not in scheme.territories:
                continue  # used only by rules that read the territory from the payload
            spec = scheme.arguments_for(territory or ruleset.territory)
            try:
                check = FORMATS[scheme.format](**spec.arguments)
            except (TypeError, ValueError) as error:
                problems.append(Problem("schemes", f"[scheme.{name}]", str(error)))
                continue
            schemes.append(_scheme(name, territory, scheme.format, spec, getattr(check, "prefilter", None)))
    if problems:
        raise BadRules(problems)
    return tuple(schemes)


def describe_form(format_: str, spec: FormatArguments) -> str:
    """Return the form of the texts that a scheme accepts, in words and with an example."""
    return ", such as ".join([FORM_DESCRIPTIONS[format_](**spec.arguments), *spec.good[:1]])


def _scheme(name: str, territory: str | None, format_: str, spec: FormatArguments, certain: object) -> program.Scheme:
    """Compile a scheme with its prefilter: a pattern, or a set of texts."""
    arguments, form = spec.arguments, describe_form(format_, spec)
    if isinstance(certain, LazyPattern):
        return program.Scheme(name, territory, format_, arguments, certain.pattern, certain.flags, form=form)
    texts = certain if isinstance(certain, frozenset) else frozenset()
    return program.Scheme(name, territory, format_, arguments, certain_texts=texts, form=form)


def _answers(ruleset: Ruleset) -> program.EndpointResponses:
    """Compile all responses except the list of errors; each gets the detail text of its code."""
    by_name = {
        name: program.ResponseTemplate(
            spec.status, dict(spec.body), spec.code or "", (spec.code and ruleset.codes[spec.code].detail) or ""
        )
        for name, spec in ruleset.responses.items()
    }
    kinds = {
        name: program.StatusKind(spec.identified, spec.errored, spec.again) for name, spec in ruleset.statuses.items()
    }
    lifecycles = {name: spec.statuses for name, spec in ruleset.lifecycles.items()}
    return program.EndpointResponses(by_name, kinds, lifecycles, dict(ruleset.responses["import_status"].events))
