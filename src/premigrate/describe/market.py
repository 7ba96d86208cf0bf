"""Describes the rules of a market without a payload: its ruleset, explanations and schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.engine.findings import FRAMEWORK_RULE_ID
from premigrate.exceptions import BadArgument
from premigrate.results import advice_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.describe.json_schema import SchemaDraft
    from premigrate.describe.openapi_components import PayloadComponents
    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.ruleset.overlays import Overlay
    from premigrate.ruleset.references import References

FRAMEWORK_EXPLANATION = "The framework checks every field in this way before any rule."
"""The explanation of the rule id of the framework's own checks."""


def ruleset_of(market: str, overlay: Overlay | None = None, references: References | None = None) -> Ruleset:
    """Load the ruleset of a market. Raises the errors of `premigrate.Validator`."""
    from premigrate.ruleset.load import load_ruleset

    return load_ruleset(market, overlay, references)


def explanations_of(chosen: Iterable[str], overlay: Overlay | None = None) -> dict[str, str]:
    """Return a sentence for each code, rule id and advice id that findings of these markets can have.

    Raises the errors of `premigrate.Validator`.
    """
    from premigrate.ruleset.load import load_ruleset

    found = {FRAMEWORK_RULE_ID: FRAMEWORK_EXPLANATION}
    for market in chosen:
        ruleset = load_ruleset(market, overlay)
        found |= {code: spec.meaning for code, spec in ruleset.codes.items()}
        found |= {name: spec.meaning for code, spec in ruleset.advice.items() for name in (code, advice_id(code))}
        found |= {rule.id: rule.why for rule in (*ruleset.rules, *ruleset.disabled)}
    return found


def payload_schema(
    market: str, overlay: Overlay | None = None, references: References | None = None, draft: SchemaDraft = "2020-12"
) -> dict[str, Any]:
    """Return the JSON Schema of a market's account payload, in draft 2020-12 or 7, for editors and other tools.

    It accepts everything that passes the checks of single fields; it does not include the rules between fields.

    Raises:
        UnknownMarket: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file has problems.
        BadArgument: the draft is not supported, or the overlay or ``references`` are of an unsupported type.

    """
    from premigrate.describe.json_schema import DRAFTS, render_schema
    from premigrate.ruleset.load import load_ruleset

    if draft not in DRAFTS:
        raise BadArgument(f"draft must be one of {', '.join(DRAFTS)}; it is {draft!r}")
    return render_schema(load_ruleset(market, overlay, references), draft)


def payload_components(
    market: str, overlay: Overlay | None = None, references: References | None = None
) -> PayloadComponents:
    """Return the components of a market's account payload in OpenAPI 3.1, for generators of clients.

    They have one type for each value, in which clients should send it; the API accepts more, as `payload_schema` does.
    Raises the errors of `premigrate.Validator`.
    """
    from premigrate.describe.openapi_components import render_components
    from premigrate.ruleset.load import load_ruleset

    return render_components(load_ruleset(market, overlay, references))


def rule_language_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the rule language, for editors that validate rule files.

    Keys that may be in the ``[defaults]`` of a file are not required.
    """
    from premigrate.ruleset.model.rule_file import Defaults, RuleFile

    schema = RuleFile.model_json_schema()
    for table in schema["$defs"].values():
        if "required" in table:
            table["required"] = [key for key in table["required"] if key not in Defaults.model_fields]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
