"""What is found between accounts: clashes, with every place that is part of one."""

from typing import NamedTuple


class Origin(NamedTuple):
    """Where an account is from: a file (or whatever else holds it), its position there, and its line if that is known.

    Accounts with the same origin are the same account.
    """

    file: str
    position: int = 0
    line: int = 0


class Holder(NamedTuple):
    """An account that is part of a clash: where it is from, its account number if it says one, and the place in it."""

    file: str
    position: int
    line: int
    account: str
    attr: str


class Clash(NamedTuple):
    """Something that accounts can't have together, or that one can't have because it is imported already.

    ``code`` is ours and begins with ``cohort:``; it never stands in an answer of the API. ``rule`` is the id of the
    rule, ``holders`` is every place, and ``listed`` names the reference list that the accounts clash with, if it is
    one. ``fields`` are those that differ where they must be the same.
    """

    detail: str
    code: str
    rule: str
    holders: tuple[Holder, ...]
    listed: str = ""
    fields: tuple[str, ...] = ()

    @property
    def accounts(self) -> int:
        """How many accounts are part of it."""
        return len({(each.file, each.position, each.line) for each in self.holders})
