"""Joins the rooms for many accounts: finds what they can't have together, whatever their number and order."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from premigrate.accounts.identity import market_of, reference_of
from premigrate.accounts.unknown_market import explain_unknown_market
from premigrate.cohort.clashes import Clash, Origin
from premigrate.cohort.key_store import Gathering
from premigrate.cohort.keys import account_in, cohort_keys
from premigrate.cohort.program import Contribution
from premigrate.cohort.report import make_clash
from premigrate.exceptions import BadArgument, MarketUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from premigrate.cohort.program import ClashText, CohortPlan
    from premigrate.ruleset.load import Overlay
    from premigrate.ruleset.references import References

__all__ = ["Cohort", "CohortReader"]

_KILOBYTES = 1024  # of a megabyte
MEMORY = 64
"""Megabytes, unless somebody says otherwise."""


class CohortReader:
    """Finds the keys by which accounts can clash: what of a cohort may be done for each account alone, anywhere.

    Args:
        market: the market of all accounts; left out, ``import_supplier`` tells it of each.
        overlay: what differs for your tenant, as for `Validator`.
        references: reference lists, as for `Validator`: of what is imported already, and of unique namespaces.

    It can be pickled and sent to other processes, and threads may share it.

    Raises:
        MarketUnknown: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file has mistakes.

    """

    def __init__(
        self, *, market: str | None = None, overlay: Overlay | None = None, references: References | None = None
    ) -> None:
        self._market, self._overlay, self._references = market, overlay, references
        self._plans: dict[str, CohortPlan] = {}
        if market:
            self.plan(market)  # what is wrong with it is told at once

    def plan(self, market: str) -> CohortPlan:
        """Give the compiled rules of a market. Raises as the class does."""
        if market not in self._plans:
            is_shipped = self._overlay is None and self._references is None
            made = _shipped_plan(market) if is_shipped else _compile(market, self._overlay, self._references)
            self._plans[market] = made
        return self._plans[market]

    def read(self, payload: object, origin: Origin | str, market: str | None = None) -> Contribution:
        """Find what one account brings to a cohort. Any JSON value will do; it is not kept, and not changed.

        Args:
            payload: the account, bare or wrapped in ``{"payload": ...}``.
            origin: where it is from; a text is the name of a file with one account.
            market: its market, if that differs from what is said of all.

        Raises:
            MarketUnknown: nothing tells its market.

        """
        found = market or self._market or market_of(payload)
        if not found:
            raise MarketUnknown(explain_unknown_market(payload, option="market="))
        plan = self.plan(found)
        place = Origin(origin) if isinstance(origin, str) else origin
        return Contribution(place, found, reference_of(account_in(plan, payload)), tuple(cohort_keys(plan, payload)))

    @property
    def texts(self) -> Mapping[str, ClashText]:
        """How the clashes of each rule are told, for the markets met so far."""
        texts = {name: text for market in sorted(self._plans, reverse=True) for name, text in self._texts(market)}
        return MappingProxyType(texts)

    def _texts(self, market: str) -> Iterable[tuple[str, ClashText]]:
        return self._plans[market].texts.items()

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The rules that can't be checked in the markets met so far, by id, with the reference lists they lack."""
        found = {name: lists for plan in self._plans.values() for name, lists in plan.missing.items()}
        return MappingProxyType(dict(sorted(found.items())))


class Cohort:
    """Compares accounts with each other and with what is imported already: exactly, in any number and order.

    Args:
        market, overlay, references: as for `CohortReader`.
        memory: about how many megabytes it may take. Beyond that it uses a temporary file, which has no name, and is
            gone when the cohort is closed or the process ends, in whatever way.
        show_values: show personal values in details, where else ``***`` stands. Else the temporary file has digests
            of such values only.

    It is a context manager, and belongs to one thread. The accounts may be of several markets.

    Raises:
        MarketUnknown: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file has mistakes.
        BadArgument: ``memory`` is no positive number of megabytes.

    """

    def __init__(
        self,
        *,
        market: str | None = None,
        overlay: Overlay | None = None,
        references: References | None = None,
        memory: int = MEMORY,
        show_values: bool = False,
    ) -> None:
        if not isinstance(memory, int) or isinstance(memory, bool) or memory < 1:
            raise BadArgument(f"memory must be a number of megabytes, one at least; it is {memory!r}")
        self.reader = CohortReader(market=market, overlay=overlay, references=references)
        self._gathering = Gathering(kilobytes=memory * _KILOBYTES, show_values=show_values)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget all accounts, and give back memory and file."""
        self._gathering.close()

    def add(self, payload: object, origin: Origin | str, market: str | None = None) -> None:
        """Take in one account. What comes again from the same place is the same account, and counts once.

        Arguments and errors are those of `CohortReader.read`.
        """
        self.join(self.reader.read(payload, origin, market))

    def join(self, found: Contribution) -> None:
        """Take in what a `CohortReader` with the same arguments found in an account, perhaps in another process."""
        self.reader.plan(found.market)
        self._gathering.add(found.origin, found.reference, found.keys)

    def clashes(self) -> Iterator[Clash]:
        """Yield everything that clashes among the accounts so far, each with every place.

        They come in the order of their first places, by name of file and position, in whatever order the accounts
        came. All places of one clash are in memory together.
        """
        texts = self.reader.texts
        for group in self._gathering.groups():
            yield make_clash(texts[group.rule], group.rule, group.key, group.holders, group.differing)

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The rules that can't be checked in the markets met so far, by id, with the reference lists they lack."""
        return self.reader.not_checked


@cache
def _shipped_plan(market: str) -> CohortPlan:
    return _compile(market)


def _compile(market: str, overlay: Overlay | None = None, references: References | None = None) -> CohortPlan:
    from premigrate.cohort.compile import compile_cohort
    from premigrate.ruleset.load import load_rulebook

    return compile_cohort(load_rulebook(market, overlay, references))
