"""The results of a cohort check: clashes, with every place that is part of one."""

from typing import NamedTuple


class Origin(NamedTuple):
    """Where an account comes from: a file or other source, its position there, and its line (0: unknown).

    Accounts with equal origins are the same account.
    """

    file: str
    position: int = 0
    line: int = 0


class ClashPlace(NamedTuple):
    """One place of a clash: the origin of the account, its account number (empty if it has none), and the attr."""

    file: str
    position: int
    line: int
    reference: str
    attr: str


class Clash(NamedTuple):
    """A violation of a rule across accounts, or a value that a reference list of imported accounts already has.

    ``code`` begins with ``cohort:`` and is never part of an API response. ``rule`` is the id of the rule, ``places``
    are all places, and ``reference_list`` is the name of the reference list that the accounts clash with; empty if they
    clash with each other. ``fields`` are the fields that differ but must be the same.
    """

    detail: str
    code: str
    rule: str
    places: tuple[ClashPlace, ...]
    reference_list: str = ""
    fields: tuple[str, ...] = ()

    @property
    def accounts(self) -> int:
        """The number of accounts in the clash."""
        return len({(each.file, each.position, each.line) for each in self.places})
