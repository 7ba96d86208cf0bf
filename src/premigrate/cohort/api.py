"""The API of checks across accounts: finds clashes in any number of accounts, whatever their order."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from premigrate.accounts.identity import external_account_number_of, market_of
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.key_store import KeyStore
from premigrate.cohort.keys import account_in, extract_keys
from premigrate.cohort.program import AccountKeys
from premigrate.cohort.report import build_clash
from premigrate.exceptions import BadArgument, UnknownMarket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from premigrate.cohort.program import ClashMessage, CohortProgram
    from premigrate.ruleset.overlays import Overlay
    from premigrate.ruleset.references import References

_KILOBYTES_PER_MEGABYTE = 1024
DEFAULT_MEMORY_MB = 64
"""The default memory limit, in megabytes."""


class KeyExtractor:
    """Extracts the keys by which accounts can clash: the part of a cohort check that needs one account at a time.

    Args:
        market: the market of all accounts; by default that of each account, from its ``import_supplier``.
        overlay: the overlay of the tenant, as for `Validator`.
        references: reference lists, as for `Validator`: accounts already imported, and unique namespaces.

    Instances can be pickled, sent to other processes and shared by threads.

    Raises:
        UnknownMarket: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file is invalid.

    """

    def __init__(
        self, *, market: str | None = None, overlay: Overlay | None = None, references: References | None = None
    ) -> None:
        self._market, self._overlay, self._references = market, overlay, references
        self._programs: dict[str, CohortProgram] = {}
        if market:
            self.program_for(market)  # raise errors in the rules at once

    def program_for(self, market: str) -> CohortProgram:
        """Return the compiled rules of a market; raises the errors of the class."""
        if market not in self._programs:
            is_shipped = self._overlay is None and self._references is None
            made = _shipped_program(market) if is_shipped else _compile(market, self._overlay, self._references)
            self._programs[market] = made
        return self._programs[market]

    def extract(self, payload: object, origin: Origin | str, market: str | None = None) -> AccountKeys:
        """Return the keys of one account.

        Args:
            payload: the account, bare or wrapped in ``{"payload": ...}``. Any JSON value is accepted; it is neither
                kept nor changed.
            origin: where the account comes from; a string is the name of a file with one account.
            market: the market of this account; overrides that of the extractor.

        Raises:
            UnknownMarket: the market is neither given nor derivable from the payload.

        """
        found = market or self._market or market_of(payload)
        if not found:
            raise UnknownMarket(explain_unknown_market(payload, option="market="))
        plan = self.program_for(found)
        place = Origin(origin) if isinstance(origin, str) else origin
        return AccountKeys(
            place, found, external_account_number_of(account_in(plan, payload)), tuple(extract_keys(plan, payload))
        )

    @property
    def clash_messages(self) -> Mapping[str, ClashMessage]:
        """The message of each rule's clashes, by rule id, for the markets seen so far."""
        texts = {name: text for market in sorted(self._programs, reverse=True) for name, text in self._texts(market)}
        return MappingProxyType(texts)

    def _texts(self, market: str) -> Iterable[tuple[str, ClashMessage]]:
        return self._programs[market].messages.items()

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The rules not checked in the markets seen so far, by id, with the reference lists they lack."""
        found = {name: lists for plan in self._programs.values() for name, lists in plan.not_checked.items()}
        return MappingProxyType(dict(sorted(found.items())))


class Cohort:
    """Compares accounts with each other and with accounts already imported: exact, for any number, in any order.

    Args:
        market, overlay, references: as for `KeyExtractor`.
        memory: the approximate memory limit in megabytes. Data beyond it goes to a temporary file without a name, which
            the system removes when the cohort is closed or the process ends, even if it is killed.
        show_values: show personal values in details. By default details show ``***`` instead, and the temporary file
            holds only digests of personal values.

    A context manager, for use in one thread. The accounts may belong to several markets.

    Raises:
        UnknownMarket: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file is invalid.
        BadArgument: ``memory`` is not a positive integer.

    """

    def __init__(
        self,
        *,
        market: str | None = None,
        overlay: Overlay | None = None,
        references: References | None = None,
        memory: int = DEFAULT_MEMORY_MB,
        show_values: bool = False,
    ) -> None:
        if not isinstance(memory, int) or isinstance(memory, bool) or memory < 1:
            raise BadArgument(f"memory must be a number of megabytes of at least 1; it is {memory!r}")
        self.extractor = KeyExtractor(market=market, overlay=overlay, references=references)
        self._gathering = KeyStore(kilobytes=memory * _KILOBYTES_PER_MEGABYTE, show_values=show_values)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Discard all accounts; free the memory and the temporary file."""
        self._gathering.close()

    def add(self, payload: object, origin: Origin | str, market: str | None = None) -> None:
        """Add one account. An account that is added again from the same origin counts once.

        Arguments and exceptions are those of `KeyExtractor.extract`.
        """
        self.add_keys(self.extractor.extract(payload, origin, market))

    def add_keys(self, account_keys: AccountKeys) -> None:
        """Add the result of a `KeyExtractor` with the same arguments, possibly from another process."""
        self.extractor.program_for(account_keys.market)
        self._gathering.add(account_keys.origin, account_keys.reference, account_keys.keys)

    def clashes(self) -> Iterator[Clash]:
        """Yield all clashes among the accounts added so far, each with every place.

        Clashes are ordered by their first place (file name, then position), whatever the order in which accounts were
        added. All places of one clash are in memory at the same time.
        """
        texts = self.extractor.clash_messages
        for group in self._gathering.clashing_groups():
            yield build_clash(texts[group.rule], group.rule, group.key, group.places, group.differing)

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The rules not checked in the markets seen so far, by id, with the reference lists they lack."""
        return self.extractor.not_checked


@cache
def _shipped_program(market: str) -> CohortProgram:
    return _compile(market)


def _compile(market: str, overlay: Overlay | None = None, references: References | None = None) -> CohortProgram:
    from premigrate.cohort.compile import compile_cohort
    from premigrate.ruleset.load import load_ruleset

    return compile_cohort(load_ruleset(market, overlay, references))
