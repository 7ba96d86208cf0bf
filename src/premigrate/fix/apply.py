"""The Python API that applies fixes to the JSON text of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from premigrate.accounts.identity import SUPPLIER_KEY
from premigrate.documents.fix_text import fix_text
from premigrate.documents.json_text import BOM_CHARACTER, read_json
from premigrate.engine.envelope import WRAPPER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from premigrate.results import Fix, Place

    Text = TypeVar("Text", str, bytes)


def apply_fixes(text: Text, fixes: Iterable[Fix]) -> Text:
    """Apply fixes to the JSON text of one account, bare or wrapped in ``{"payload": ...}``.

    The text keeps all characters outside the values and keys that change: its indentation, the order of keys, the
    spelling of numbers, and escapes. A removed value is cut with its key, one comma and the white space beside it. A
    new value is written on one line; its characters outside ASCII are escapes, unless the text has such characters.

    Args:
        text: the text of an account.
        fixes: fixes such as `Result.fixes`; their paths begin at the account. All of them are applied, or none.

    Returns:
        the text with the fixes, of the same type.

    Raises:
        BadPayloadText: the text is not JSON.
        BadArgument: there is no value at the path of a fix, or its key occurs twice; two fixes change the same value,
            or one changes a value inside that of another; or a new value is not a JSON value.

    """
    document, fixes = read_json(text), list(fixes)
    start: Place = (WRAPPER_KEY,) if _is_wrapped(document.data, fixes) else ()
    fixed = f"{BOM_CHARACTER if document.had_bom else ''}{fix_text(document, moved_below(start, fixes))}"
    return fixed if isinstance(text, str) else fixed.encode()


def moved_below(start: Place, fixes: Iterable[Fix]) -> list[Fix]:
    """Return fixes whose paths begin at the account with paths from the top of the text."""
    return [fix._replace(path=(*start, *fix.path)) for fix in fixes]


def _is_wrapped(data: object, fixes: Iterable[Fix]) -> bool:
    """Return whether an account is wrapped; an object with a supplier, or with what a fix changes, is the account."""
    if not isinstance(data, dict) or WRAPPER_KEY not in data:
        return False
    changed = {fix.path[0] for fix in fixes if fix.path} - {WRAPPER_KEY}
    return SUPPLIER_KEY not in data and changed.isdisjoint(data)
