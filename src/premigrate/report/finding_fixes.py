"""The fixes of findings as reports show them, with the edits of the text that apply them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.exceptions import BadArgument

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from premigrate.documents.document import Document
    from premigrate.documents.source_map import LineRange, SourceMap
    from premigrate.documents.text_values import TextEdit
    from premigrate.report.findings import FieldLookup
    from premigrate.results import Fix, Place

_MAX_YAML_FIXES = 100
"""The most fixes of a YAML file that are located, because locating one takes as long as reading the file."""


class Replacement(NamedTuple):
    """The replacement of a range of the text, which may be empty, by another text."""

    deleted: LineRange
    inserted: str


class FindingFix(NamedTuple):
    """A fix of a finding.

    ``hides_value`` is whether the new value is personal and must not be shown. ``replacements`` are set by
    `locate_fixes`; there are none if they would show a personal value, or the text cannot be changed in part.
    """

    fix: Fix
    hides_value: bool
    replacements: tuple[Replacement, ...] = ()

    @property
    def words(self) -> str:
        """The title, with a note if the fix is not safe."""
        return self.fix.title if self.fix.is_safe else f"{self.fix.title.removesuffix('.')} (unsafe: review the change)"


def fixes_by_place(
    fixes: Iterable[Fix], declared: FieldLookup, *, show_values: bool
) -> Mapping[Place, tuple[FindingFix, ...]]:
    """Return the fixes of a result by the place of their findings, which is the place that they change."""
    found: dict[Place, tuple[FindingFix, ...]] = {}
    for fix in fixes:
        is_value = fix.action == "replace"
        hides_value = is_value and not show_values and declared.is_personal(fix.path, is_scalar=True)
        found[fix.path] = (*found.get(fix.path, ()), FindingFix(fix, hides_value))
    return found


def locate_fixes(
    fixes: Iterable[FindingFix], start: Place, document: Document, layout: SourceMap
) -> tuple[FindingFix, ...]:
    """Add the edits of the text of a document to fixes of the account that begins at ``start``."""
    from premigrate.documents.fix_text import edits_for  # few runs need it

    located = []
    for each in fixes:
        replacements: tuple[Replacement, ...] = ()
        if not each.hides_value:
            try:
                edits = edits_for(document, [each.fix._replace(path=(*start, *each.fix.path))])
                replacements = tuple(Replacement(_range(layout, edit), edit.text) for edit in edits)
            except BadArgument:
                pass  # what cannot be changed in part has no edits
        located.append(each._replace(replacements=replacements))
    return tuple(located)


def _range(layout: SourceMap, edit: TextEdit) -> LineRange:
    """Return the range of an edit; one that ends with a line ends at the start of the next line."""
    first, last = layout.line_range(edit.start, edit.start + 1), layout.line_range(edit.end, edit.end + 1)
    return first._replace(end_line=last.line, end_column=last.column)


def may_locate_fixes(document: Document, count: int) -> bool:
    """Return whether ``count`` fixes of a document can be located in its text."""
    return bool(document.text) and (not document.is_yaml or count <= _MAX_YAML_FIXES)


def fix_to_dict(each: FindingFix) -> dict[str, Any]:
    """Return a fix as a JSON object; it has no new value if that is hidden, or if a value is removed."""
    fix = each.fix
    value = {} if each.hides_value or fix.action == "remove" else {"value": fix.value}
    return {"id": fix.name, "title": fix.title, "action": fix.action, **value, "safe": fix.is_safe}
