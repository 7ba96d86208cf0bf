"""Checks that the ``attr`` of a rule can be the attr of an error: a field below ``on``, for example."""

from premigrate.ruleset.merge import RulesetDraft
from premigrate.ruleset.model.rules import FOUND, Rule
from premigrate.ruleset.path_resolver import PathError, PathResolver

_NON_FIELD_ERRORS = "non_field_errors"


def check_attr(draft: RulesetDraft, resolver: PathResolver, rule: Rule) -> None:
    """Report an ``attr`` that names no field; with an overlay, only one that the overlay sets."""
    attr = rule.attr
    if attr is None or not names_field_below(attr):
        return
    is_changed = rule.id in draft.attr_changes
    file = draft.sources[f"attr_change {rule.id}" if is_changed else f"rule {rule.id}"]
    place = f"[attr_change.{rule.id}] attr" if is_changed else f"[[rule]] {rule.id} attr"
    if draft.overlay is not None and file != draft.overlay:
        return
    for on in filter(resolver.has_place, rule.places):
        try:
            resolve_attr(resolver, on, attr)
        except PathError as error:
            if attr == FOUND.strip("<>"):
                hint = f"; did you mean {FOUND!r}?"
            elif "did you mean" in str(error):
                hint = ""
            else:
                hint = f"; write a path to a field from {on}, {_NON_FIELD_ERRORS} or {FOUND}"
            draft.report.add(file, place, f"{error}{hint}")
            return


def names_field_below(attr: str) -> bool:
    """Return whether an attr leads to a field below ``on``; above it there may be several objects."""
    return attr != FOUND and attr.partition(".")[0] != "up"


def resolve_attr(resolver: PathResolver, on: str, attr: str) -> None:
    """Resolve an attr from what ``on`` names; below a single value, any name is possible.

    Raises:
        PathError: there is no such field.

    """
    kinds = resolver.resolve_places(on)
    for step in attr.removesuffix(_NON_FIELD_ERRORS).split("."):
        if any(kind.is_list for kind in kinds):
            kinds = resolver.resolve_all(kinds, "[]")
            if step.isdigit():
                continue
        if not all(resolver.is_object(kind.name) for kind in kinds):
            return
        if step:
            kinds = resolver.resolve_all(kinds, step)
