"""Tells what the rules of a market say, without a payload: the rulebook, explanations and schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from premigrate.engine.findings import FIELD_RULE
from premigrate.exceptions import BadArgument
from premigrate.results import advice_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.describe.json_schema import Draft
    from premigrate.ruleset.load import Overlay
    from premigrate.ruleset.model.ruleset import Rulebook
    from premigrate.ruleset.references import References


def rulebook_of(market: str, overlay: Overlay | None = None, references: References | None = None) -> Rulebook:
    """Load the rulebook of a market, to read in it. Raises as `premigrate.Validator` does."""
    from premigrate.ruleset.load import load_rulebook

    return load_rulebook(market, overlay, references)


def explanations(chosen: Iterable[str], overlay: Overlay | None = None) -> dict[str, str]:
    """Explain, in a sentence each, all that findings of these markets can name: codes, and ids of rules and advice.

    Raises as `premigrate.Validator` does.
    """
    from premigrate.ruleset.load import load_rulebook

    told = {FIELD_RULE: "The framework reads every field like this before any rule looks at it."}
    for market in chosen:
        book = load_rulebook(market, overlay)
        told |= {code: spec.meaning for code, spec in book.codes.items()}
        told |= {name: spec.meaning for code, spec in book.advice.items() for name in (code, advice_id(code))}
        told |= {rule.id: rule.why for rule in (*book.rules, *book.idle)}
    return told


def payload_schema(
    market: str, overlay: Overlay | None = None, references: References | None = None, draft: Draft = "2020-12"
) -> dict[str, Any]:
    """Write the JSON Schema of a market's account payload, in the draft 2020-12 or 7, for editors and other tools.

    It accepts whatever passes the checks of single fields; the rules between fields are not in it.

    Raises:
        MarketUnknown: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file has mistakes.
        BadArgument: there is no schema in this draft.

    """
    from premigrate.describe.json_schema import DRAFTS, render_schema
    from premigrate.ruleset.load import load_rulebook

    if draft not in DRAFTS:
        raise BadArgument(f"draft must be one of {', '.join(DRAFTS)}; it is {draft!r}")
    return render_schema(load_rulebook(market, overlay, references), draft)


def grammar_schema() -> dict[str, Any]:
    """Write the JSON Schema (2020-12) of the rule language, for editors that check a rule file while it is typed."""
    from premigrate.ruleset.model.file import RuleFile

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RuleFile.model_json_schema()}
