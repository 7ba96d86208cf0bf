"""Fixes the texts of accounts: applies fixes, validates again, and repeats that until nothing more is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.accounts.identity import external_account_number_of, supplier_of
from premigrate.api import engine_of
from premigrate.batch.batch_validator import BatchValidator, CheckedAccount
from premigrate.batch.chunks import YamlChunk
from premigrate.batch.load_accounts import load_account, load_chunk
from premigrate.command.check_chunks import account_start
from premigrate.command.finding_filter import FindingFilter
from premigrate.documents.fix_text import edits_for
from premigrate.documents.json_text import attach_text
from premigrate.documents.text_layout import UTF8_BOM
from premigrate.documents.text_values import apply_edits
from premigrate.exceptions import BadArgument
from premigrate.fix.apply import moved_below
from premigrate.report.findings import findings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from premigrate.batch.load_accounts import LoadedItem
    from premigrate.command.check_chunks import RunOptions
    from premigrate.documents.document import Document
    from premigrate.documents.text_layout import TextLayout
    from premigrate.documents.text_parts import TextPart
    from premigrate.report.findings import FieldLookup, Finding
    from premigrate.results import Fix, Place

_MAX_ROUNDS = 5
_BOM_RULE = "byte-order-mark"


class FixedText(NamedTuple):
    """The text of an account, or in YAML of all accounts of a file, after fixes.

    ``fixed`` is the number of findings that were fixed, ``remaining`` of those that are left, and ``unsafe`` of the
    fixes that are left because they are not safe. ``accounts`` has the place of each account in the text, and the
    declarations of its market; it is empty if the text cannot be read.
    """

    text: bytes
    fixed: int
    remaining: int
    unsafe: int
    accounts: tuple[tuple[Place, FieldLookup], ...]


class _State(NamedTuple):
    """A validated text: its accounts, the findings that are not set aside, and their fixes from the top of the text."""

    accounts: list[CheckedAccount]
    findings: list[Finding]
    fixes: list[Fix]


def make_fixing_validator(options: RunOptions) -> BatchValidator:
    """Make the validator whose results have fixes. Raises as `Validator` does, if the options name a market."""
    validator = BatchValidator(options.market, options.make_validator, fixes=True)
    if options.market:
        validator.validator(options.market)
    return validator


class TextFixer:
    """Fixes the texts of one file. ``with_unsafe``: applies the fixes that are not safe, too."""

    def __init__(
        self, file: str, layout: TextLayout, options: RunOptions, validator: BatchValidator, *, with_unsafe: bool
    ) -> None:
        self._file, self._layout, self._options = file, layout, options
        self._validator, self._with_unsafe = validator, with_unsafe
        baseline = options.baseline.unmatched_copy() if options.baseline else None
        self._filter = FindingFilter(file, options.selection, baseline, options.as_of)

    def fix(self, part: TextPart, position: int, mark: bytes = b"") -> FixedText:
        """Fix the text of an account at a position in the file; ``mark`` is a byte order mark before it, or empty."""
        text, fixed = mark + part.text, 0
        state = first = self._validate(part, text, position)
        for _ in range(_MAX_ROUNDS):
            changed, count = self._apply(text, state)
            if not count:
                break
            text, fixed = changed, fixed + count
            state = self._validate(part, text, position)
        unsafe = sum(not fix.is_safe for fix in state.fixes)
        places = tuple((account_start(each), engine_of(each.validator).field_info) for each in first.accounts)
        return FixedText(text, fixed, len(state.findings), unsafe, places)

    def _load(self, part: TextPart, text: bytes, position: int) -> Sequence[LoadedItem]:
        if self._layout == "yaml":
            return tuple(load_chunk(YamlChunk(self._file, text)))
        account_count = int(self._layout == "document")
        return load_account(self._file, position, part.line, part.column, account_count, text)

    def _validate(self, part: TextPart, text: bytes, position: int) -> _State:
        state = _State([], [], [])
        for item in self._validator.validate_loaded(self._load(part, text, position)):
            if isinstance(item, CheckedAccount):
                state.accounts.append(item)
                findings = self._findings(item)
                paths = {finding.place for finding in findings}
                state.findings.extend(findings)
                fixes = [fix for fix in item.result.fixes if fix.path in paths]
                state.fixes.extend(moved_below(account_start(item), fixes))
        return state

    def _findings(self, checked: CheckedAccount) -> list[Finding]:
        """Return the findings of an account that are not set aside."""
        findings = findings_of(checked.result, show_values=self._options.show_values)
        if not findings:
            return []
        _, account = engine_of(checked.validator).account_of(checked.account.document.data)
        identity = supplier_of(account), external_account_number_of(account)
        return self._filter.apply(findings, checked.account.position, *identity).findings

    def _apply(self, text: bytes, state: _State) -> tuple[bytes, int]:
        """Return the text with the fixes that can be applied, and their number."""
        fixes = [fix for fix in state.fixes if fix.is_safe or self._with_unsafe]
        mark = UTF8_BOM if text.startswith(UTF8_BOM) else b""
        drops_mark = bool(mark) and any(finding.rule == _BOM_RULE for finding in state.findings)
        applied: list[Fix] = []
        fixed = text.removeprefix(mark)
        if fixes:
            document = _document_of(state.accounts[0])
            applied = _select(document, _unique_places(document, fixes), [])
            edits = edits_for(document, applied)
            fixed = apply_edits(document.text, edits).encode()
        return (b"" if drops_mark else mark) + fixed, len(applied) + drops_mark


def _unique_places(document: Document, fixes: list[Fix]) -> list[Fix]:
    """Return the fixes without those of values in or at a duplicate key, which cannot be applied."""
    repeated = set(document.duplicate_keys)
    if not repeated:
        return fixes
    return [fix for fix in fixes if repeated.isdisjoint(fix.path[:size] for size in range(1, len(fix.path) + 1))]


def _select(document: Document, fixes: list[Fix], selected: list[Fix]) -> list[Fix]:
    """Return the selected fixes with those of the others that can be applied besides: all of them, or half by half."""
    try:
        edits_for(document, [*selected, *fixes])
    except BadArgument:
        if len(fixes) > 1:
            for half in (fixes[: len(fixes) // 2], fixes[len(fixes) // 2 :]):
                selected = _select(document, half, selected)
        return selected
    return [*selected, *fixes]


def _document_of(checked: CheckedAccount) -> Document:
    """Return the document of an account with its text."""
    account = checked.account
    if account.file_document:
        return account.file_document
    return account.document if account.document.text else attach_text(account.document, account.text)
