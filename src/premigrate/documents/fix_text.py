"""Applies fixes to the text of a JSON or YAML document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from premigrate.documents.fix_tree import apply_to_data, arrange_fixes
from premigrate.documents.text_values import apply_edits
from premigrate.exceptions import BadArgument, BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from premigrate.documents.document import Document
    from premigrate.documents.fix_tree import FixNode
    from premigrate.documents.source_map import PlaceTree
    from premigrate.documents.text_values import TextEdit
    from premigrate.results import Fix


def edits_for(document: Document, fixes: Iterable[Fix]) -> list[TextEdit]:
    """Return the edits of the text of a document that apply fixes; they do not overlap.

    Args:
        document: the document with its text.
        fixes: fixes with paths from the top of the text.

    Raises:
        BadArgument: there is no value at the path of a fix, or its key occurs twice; two fixes change the same value,
            or one a value inside that of another; a new value is not JSON; or the text cannot be changed in part.

    """
    arranged = arrange_fixes(fixes)
    expected = apply_to_data(document.data, arranged)
    edits = (_yaml_edits if document.is_yaml else _json_edits)(document.text, arranged)
    if not _holds(apply_edits(document.text, edits), expected, is_yaml=document.is_yaml):
        raise BadArgument("only a part of the text would change, which its layout does not allow; nothing was changed")
    return edits


def fix_text(document: Document, fixes: Iterable[Fix]) -> str:
    """Return the text of a document with fixes. Arguments and exceptions are those of `edits_for`."""
    return apply_edits(document.text, edits_for(document, fixes))


def _json_edits(text: str, fixes: FixNode) -> list[TextEdit]:
    from premigrate.documents.json_edits import JsonEditor
    from premigrate.documents.json_values import read_json_values

    return JsonEditor(text).edits(read_json_values(text, _places(fixes)), fixes)


def _yaml_edits(text: str, fixes: FixNode) -> list[TextEdit]:
    from premigrate.documents.yaml_edits import YamlEditor
    from premigrate.documents.yaml_values import read_yaml_values

    return YamlEditor(text).edits(read_yaml_values(text), fixes)


def _places(fixes: FixNode) -> PlaceTree:
    return {step: _places(below) for step, below in fixes.below.items()}


def _holds(text: str, expected: object, *, is_yaml: bool) -> bool:
    """Return whether a text has exactly these data, with the same types and order of keys."""
    from premigrate.documents.json_text import read_json
    from premigrate.documents.yaml_text import read_yaml

    try:
        data = read_yaml(text).data if is_yaml else read_json(text).data
        return json.dumps(data) == json.dumps(expected)
    except (BadPayloadText, RecursionError):
        return False
