"""Finds all differences between two documents: changes, and the rules and validators that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from premigrate.api import Validator
from premigrate.ruleset.model.rule_file import PLATFORM
from premigrate.tenant.diff.compare import compare_documents
from premigrate.tenant.diff.model import DocumentDiff, DocumentSide
from premigrate.tenant.diff.rules import RuleSide, base_ruleset, compare_rules, synonyms_of
from premigrate.tenant.learn import detect_market, learn_account
from premigrate.tenant.model import DocumentNote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from premigrate.ruleset.references import References
    from premigrate.tenant.model import LearnedTenant
    from premigrate.tenant.overlay_tables import DocumentedAccount


class NamedAccount(NamedTuple):
    """The account of a document, and the name of its file in the report."""

    file: str
    account: DocumentedAccount


class LearnedDiff(NamedTuple):
    """The differences between two documents, and what was learned from each."""

    diff: DocumentDiff
    old: LearnedTenant
    new: LearnedTenant

    def validators(self, as_of: date, references: References | None = None) -> tuple[Validator, Validator]:
        """Return the validators with the old and the new overlay. Raises as `Validator` does."""
        market = self.diff.market
        old, new = (
            Validator(market=market, as_of=as_of, overlay=each.overlay, references=references)
            for each in (self.old, self.new)
        )
        return old, new


def diff_documents(
    old: NamedAccount, new: NamedAccount, *, as_of: date, market: str | None = None, territory: str | None = None
) -> LearnedDiff:
    """Compare two documents, and what is learned from them. Arguments and errors are those of `learn_tenant`.

    If no market is given, it is the one that the new document indicates, else the one of the old document.
    """
    old_notes, new_notes = (tuple(each.account.document.notes) for each in (old, new))
    market = market or _common_market(old.account, new.account)
    learned = [learn_account(each.account, as_of=as_of, market=market, territory=territory) for each in (old, new)]
    base = base_ruleset(learned[1])
    changes = compare_documents(old.account, new.account, synonyms_of(base))
    old_rules, new_rules = (
        RuleSide(each.account, known, base_ruleset(known)) for each, known in zip((old, new), learned, strict=True)
    )
    old_side, new_side = (DocumentSide(each.file, each.account.title, each.account.request.path) for each in (old, new))
    diff = DocumentDiff(
        old_side,
        new_side,
        market,
        changes,
        compare_rules(old_rules, new_rules, changes),
        (*_only_in(new_notes, old_notes), *_relaxed_only_in(learned[1], learned[0])),
        (*_only_in(old_notes, new_notes), *_relaxed_only_in(learned[0], learned[1])),
    )
    return LearnedDiff(diff, *learned)


def _only_in(notes: Iterable[DocumentNote], others: Collection[DocumentNote]) -> Iterator[DocumentNote]:
    yield from (note for note in notes if note not in others)


def _relaxed_only_in(learned: LearnedTenant, other: LearnedTenant) -> Iterator[DocumentNote]:
    """Yield notes on what an example of one document alone disproves, so that it does not hold for payloads."""
    for constraint, at in learned.relaxed.items():
        if constraint not in other.relaxed:
            yield DocumentNote(at, f"contradicts this constraint, which is ignored: {constraint}")


def _common_market(old: DocumentedAccount, new: DocumentedAccount) -> str:
    told = [market for each in (new, old) if (market := detect_market(each)) != PLATFORM]
    return told[0] if told else PLATFORM
