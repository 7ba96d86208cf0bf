"""Loads the ruleset of one market: the platform topics it includes, its own files, and a user's overlay."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from premigrate.exceptions import BadRules, UnknownMarket
from premigrate.ruleset.apply_changes import apply_changes
from premigrate.ruleset.check_fixes import check_fixes, fixes_in_use
from premigrate.ruleset.check_lists import check_cells
from premigrate.ruleset.check_responses import check_responses
from premigrate.ruleset.crosscheck import check_names
from premigrate.ruleset.crosscheck_cohort import check_cohort_rules
from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.rule_file import PLATFORM, ReferenceList, RuleFile
from premigrate.ruleset.model.rules import Rule
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.overlays import Overlay, read_overlay, read_overlay_text
from premigrate.ruleset.parse import parse_file, parse_tables
from premigrate.ruleset.problems import unknown_name_message
from premigrate.ruleset.references import References, load_reference_lists
from premigrate.ruleset.rule_files import (
    MARKET_FILE,
    common_topics,
    market_names,
    read_market_files,
    read_topic,
    rules_root,
    topic_names,
)
from premigrate.ruleset.rule_footprints import Footprint, footprints_of
from premigrate.ruleset.switches import is_off, needless_switches, off_reasons

ROOT_OBJECT, REFUSAL_CODE = "account", "account_failed_validation"
"""The payload's object and the code of the response that lists errors, where no market says otherwise."""


def load_ruleset(market: str, overlay: Overlay | None = None, references: References | None = None) -> Ruleset:
    """Load and check the rules of a market, with the reference lists that a user supplies.

    Raises:
        UnknownMarket: there are no rules for ``market``.
        BadRules: a rule file, the overlay or a reference list has problems; the exception lists all of them.
        BadArgument: the overlay or the reference lists are neither a path nor a mapping.

    """
    return _build_ruleset(_load_draft(market, overlay), market, references)


def load_market_folder(folder: Traversable, overlay: Overlay | None = None) -> Ruleset:
    """Load and check the rules of a market in a folder that need not be installed, and may be incomplete.

    Keys of ``[market]`` that have no value yet are empty, and rules whose formats are not defined are off.

    Raises:
        BadRules: a rule file or the overlay has problems; the exception lists all of them.

    """
    draft = RulesetDraft(may_be_incomplete=True)
    _merge_files(draft, folder.name, read_market_files(folder), overlay)
    return _build_ruleset(draft, folder.name, None)


def load_platform() -> Ruleset:
    """Load the rules that markets share: all topics, without the formats, changes and rules of any market."""
    table = {"extends": PLATFORM, "root": ROOT_OBJECT, "refusal": REFUSAL_CODE, "include": topic_names()}
    draft = RulesetDraft(may_be_incomplete=True)
    _merge_files(draft, PLATFORM, (), {"market": table})
    return _build_ruleset(draft, PLATFORM, None)


def market_of_overlay(overlay: Overlay) -> str | None:
    """Return the market that an overlay extends; None if it names none.

    Raises:
        BadRules: the file cannot be read, or is not TOML.
        BadArgument: the overlay is neither a path nor a mapping.

    """
    market = read_overlay(overlay).get("market")
    extends = market.get("extends") if isinstance(market, Mapping) else None
    return extends if isinstance(extends, str) else None


def timezones_of(market: str, overlay: Overlay | None = None) -> tuple[str, ...]:
    """Return the names of the time zones in which the API of a market may determine the current day.

    The result is empty if they are unknown. The rules must have been loaded before, since problems in them are not
    reported here.
    """
    return _market_texts("timezone", market, overlay)


def suppliers_of(market: str, overlay: Overlay | None = None) -> tuple[str, ...]:
    """Return the patterns of the import_supplier codes of a market, or those that an overlay has instead.

    The rules must have been loaded before, as for `timezones_of`.
    """
    return _market_texts("suppliers", market, overlay)


def _market_texts(key: str, market: str, overlay: Overlay | None) -> tuple[str, ...]:
    """Return the texts of a key of ``[market]``, which may hold one text or a list."""
    texts: Any = ()
    if market in market_names():
        texts = tomllib.loads((rules_root() / market / MARKET_FILE).read_text("utf-8"))["market"].get(key, ())
    if overlay is not None:
        texts = read_overlay(overlay).get("market", {}).get(key, texts)
    return (texts,) if isinstance(texts, str) else tuple(texts)


def load_footprints(market: str, overlay: Overlay | None = None) -> dict[str, Footprint]:
    """Return the footprint of each rule of a market by id, whether the rule is on or off.

    Raises:
        UnknownMarket: there are no rules for ``market``.
        BadRules: a rule file or the overlay cannot be parsed, merged or applied; what rules refer to is not checked.

    """
    draft = _load_draft(market, overlay)
    apply_changes(draft)
    if draft.report.problems:
        raise BadRules(draft.report.problems)
    return footprints_of(draft)


def _load_draft(market: str, overlay: Overlay | None) -> RulesetDraft:
    """Merge the rule files of the platform and the market, and the overlay, into a draft."""
    names = market_names()
    if market not in names and not (market == PLATFORM and overlay is not None):
        message = unknown_name_message("market", market, names)
        raise UnknownMarket(message if message.endswith("?") else f"{message}; choose one of: {', '.join(names)}")
    draft = RulesetDraft()
    _merge_files(draft, market, () if market == PLATFORM else read_market_files(rules_root() / market), overlay)
    return draft


def _merge_files(draft: RulesetDraft, market: str, files: Iterable[tuple[str, str]], overlay: Overlay | None) -> None:
    """Merge the topics that a market includes, its own files, given as names and texts, and the overlay."""
    own = [(name, parse_file(name, text, draft.report)) for name, text in files]
    if overlay is not None:
        own.append(_parse_overlay(draft, overlay, market))
        draft.overlay = own[-1][0]
    for topic in (*common_topics(), *_included_topics(own)):
        _add_topic(draft, topic, includer=own[0][0])
    for name, pieces in own:
        draft.add(name, pieces)


@cache
def load_suppliers() -> dict[str, tuple[str, ...]]:
    """Return, by market, the patterns of the import_supplier codes that identify it.

    Market files with problems are skipped; the problems are reported when the market is loaded.
    """
    suppliers = {}
    for market in market_names():
        try:
            tables = tomllib.loads((rules_root() / market / MARKET_FILE).read_text("utf-8"))
            suppliers[market] = tuple(map(str, tables["market"]["suppliers"]))
        except (tomllib.TOMLDecodeError, KeyError, TypeError):
            continue
    return suppliers


def _included_topics(own: list[tuple[str, list[RuleFile]]]) -> tuple[str, ...]:
    return tuple(topic for _, pieces in own for piece in pieces if piece.market for topic in piece.market.include)


def _add_topic(draft: RulesetDraft, topic: str, *, includer: str) -> None:
    text = read_topic(topic)
    if text is None:
        draft.report.add_unknown(includer, "[market] include", "topic", topic, topic_names())
    else:
        draft.add(f"{topic}.toml", parse_file(f"{topic}.toml", text, draft.report))


def _parse_overlay(draft: RulesetDraft, overlay: Overlay, market: str) -> tuple[str, list[RuleFile]]:
    if isinstance(overlay, Mapping):
        name, pieces = "overlay", parse_tables("overlay", overlay, draft.report)
    else:
        name = str(overlay)
        pieces = parse_file(name, read_overlay_text(overlay), draft.report)
    extends = next((piece.market.extends for piece in pieces if piece.market), None)
    if extends != market and not draft.report.problems:
        said = f"extends {extends!r}" if extends else "does not state the market that it extends"
        hint = (
            f"the overlay {said}, but this run is for {market!r}; write extends = {market!r}, or choose another market"
        )
        draft.report.add(name, "[market] extends", hint)
    return name, pieces


def _build_ruleset(draft: RulesetDraft, market: str, references: References | None) -> Ruleset:
    dropped = {f"{name}.{key}" for name, key in apply_changes(draft)}
    needed = ("root", "refusal") if draft.may_be_incomplete else ("title", "territory", "root", "suppliers", "refusal")
    for key in needed:
        if not getattr(draft.market, key) and "market" not in draft.report.failed_tables:
            file = "overlay" if market == PLATFORM else f"{market}/{MARKET_FILE}"
            draft.report.add(file, "[market]", f"{key} is missing")
    off = off_reasons(draft, dropped)
    rules = tuple(_without_places(rule, dropped) for rule in draft.all_rules() if not is_off(rule, off))
    rules = tuple(rule for rule in rules if rule.places)
    cohort = tuple(rule for rule in draft.cohort_rules.values() if rule.id not in off)
    supplied = _check(draft, rules, cohort, references)
    return Ruleset(
        market=market,
        title=draft.market.title or "",
        territory=draft.market.territory or "",
        root=draft.market.root or "",
        suppliers=draft.market.suppliers or (),
        beside_payload=draft.market.beside_payload,
        refusal=draft.market.refusal or "",
        objects=draft.objects,
        rules=rules,
        off_reasons=off,
        disabled=tuple(rule for rule in draft.all_rules() if is_off(rule, off)),
        schemes=draft.schemes,
        lists={**draft.lists, **supplied},
        not_applicable=tuple(draft.validations_without_rules()),
        codes=draft.codes,
        advice=draft.advice,
        responses=draft.responses,
        statuses=draft.statuses,
        lifecycles=draft.lifecycles,
        cohort_rules=cohort,
        facts=draft.facts,
        tenant=draft.tenant,
        disabled_cohort_rules=tuple(rule for rule in draft.cohort_rules.values() if rule.id in off),
        source_files=draft.sources,
        overlay=draft.overlay or "",
        attr_changes=draft.attr_changes,
        code_changes=draft.code_changes,
        timezones=draft.market.timezones,
        needless_switches=needless_switches(draft, dropped),
        fixes=fixes_in_use(draft, off),
        overlay_changes={
            f"{name}.{draft.new_keys.get((name, key), (key,))[0]}": change.because
            for file, name, key, change in draft.field_changes
            if file == draft.overlay
        },
    )


def _check(
    draft: RulesetDraft, rules: tuple[Rule, ...], cohort: tuple[CohortRule, ...], references: References | None
) -> dict[str, ReferenceList]:
    """Run all checks and return the supplied reference lists.

    Raises:
        BadRules: there are problems in the draft or the lists.

    """
    check_names(draft, rules)
    check_cohort_rules(draft, cohort)
    check_responses(draft)
    check_fixes(draft)
    sources: dict[str, str] = {}
    supplied = {} if references is None else load_reference_lists(references, draft.lists, draft.report, sources)
    check_cells(draft, rules, supplied, sources)
    if draft.report.problems:
        raise BadRules(draft.report.problems)
    return supplied


def _without_places(rule: Rule, dropped: set[str]) -> Rule:
    """Return a shared rule without the places whose fields this market drops."""
    kept = tuple(place for place in rule.places if place not in dropped)
    return rule if kept == rule.places else rule.model_copy(update={"on": kept})
