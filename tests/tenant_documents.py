"""Small OpenAPI documents of an account import, and their differences in a form that is easy to compare."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from premigrate.tenant.diff.compare import compare_documents, place_of_field
from premigrate.tenant.learn import parse_account

PATH = "/v2/data-import/accounts/validate/"
Schema = dict[str, Any]
Found = tuple[str, str, str]
"""The place of a change, what changed, and its effect."""


def document(
    properties: Mapping[str, Any],
    schemas: Mapping[str, Any] | None = None,
    *,
    required: Sequence[str] = (),
    validators: Sequence[Any] = (),
) -> Schema:
    """Return a document whose account has these fields besides those that make it one."""
    known = {"import_supplier": {"type": "string"}, "external_account_number": {"type": "string"}}
    schema = {"type": "object", "properties": {**known, **properties}, "x-validators": list(validators)}
    if required:
        schema["required"] = list(required)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Harbour Power", "version": "v2"},
        "paths": {PATH: {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": dict(schemas or {})},
    }


def differences(old: Schema, new: Schema) -> list[Found]:
    """Return the changes between two documents, with every place of each."""
    before, after = (parse_account(json.dumps(each), None) for each in (old, new))
    return [
        (place_of_field(place, change.key), change.what, change.effect)
        for each in compare_documents(before, after)
        for change, _ in each.changes
        for place in each.places
    ]


_SWAPPED = {
    "stricter": "looser",
    "looser": "stricter",
    "added": "removed",
    "removed": "added",
    "choices added": "choices removed",
    "choices removed": "choices added",
    "kinds added": "kinds removed",
    "kinds removed": "kinds added",
    "validation added": "validation removed",
    "validation removed": "validation added",
    "skipped validation added": "skipped validation removed",
    "skipped validation removed": "skipped validation added",
    "validation skipped": "validation performed again",
    "validation performed again": "validation skipped",
}


def mirrored(found: Found) -> Found:
    """Return a change as it is between the same documents in the other order; a renamed field is left out of this."""
    place, what, effect = found
    return place, _SWAPPED.get(what, what), _SWAPPED.get(effect, effect)
