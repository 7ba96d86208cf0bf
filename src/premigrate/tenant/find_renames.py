"""Recognizes fields that a document has under other keys than a ruleset: by their aliases, or by their content."""

from collections.abc import Callable, Mapping

from premigrate.ruleset.model.fields import SCALAR_TYPES, FieldSpec
from premigrate.tenant.document.learned import LearnedField
from premigrate.tenant.document.openapi_document import OpenApiDocument

_ENOUGH = 0.6
"""The share of the fields of an object that must be known for it to be recognized by them."""

Overlap = Callable[[str, str], float]
"""Returns the share of the fields of a schema, by its pointer, that an object of the ruleset has."""


def find_renames(
    document: OpenApiDocument, fields: Mapping[str, LearnedField], known: Mapping[str, FieldSpec], overlap: Overlap
) -> dict[str, str]:
    """Return the keys in the document by the keys in the rules, where they differ.

    Args:
        document: the document; a note says what was recognized.
        fields: the fields of an object of the document.
        known: the fields of that object in the ruleset.
        overlap: compares objects by their content.

    """
    new = [key for key in fields if key not in known]
    missing = {key: spec for key, spec in known.items() if key not in fields}
    renames: dict[str, str] = {}
    for key in new:
        for rule_key, spec in missing.items():
            if rule_key not in renames and key in (spec.aliases or ()) and _fits(spec, fields[key]):
                renames[rule_key] = key
                document.add_note(fields[key].at, f"is {rule_key} in the rules")
                break
    for key in new:
        if key not in renames.values() and (found := _by_content(fields[key], missing, renames, overlap)):
            renames[found] = key
            document.add_note(fields[key].at, f"is {found} in the rules, according to its fields")
    return renames


def _by_content(
    learned: LearnedField, missing: Mapping[str, FieldSpec], renames: Mapping[str, str], overlap: Overlap
) -> str:
    """Return the key of a missing field whose object has most fields of a learned one; empty if there is none."""
    if not learned.object_at:
        return ""
    shares = {
        key: overlap(spec.object or spec.list or "", learned.object_at)
        for key, spec in missing.items()
        if key not in renames and _fits(spec, learned)
    }
    best = max(shares, key=lambda key: shares[key], default="")
    return best if best and shares[best] >= _ENOUGH else ""


def _fits(spec: FieldSpec, learned: LearnedField) -> bool:
    """Return whether a field may be the same as one of the document: a list if that is, an object if that is."""
    is_object = bool(spec.object) or (spec.list is not None and spec.list not in SCALAR_TYPES)
    return bool(spec.list) == learned.is_list and is_object == bool(learned.object_at)
