"""What was read from one text: its data, what the data don't show, and where in the text each place is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from premigrate.documents.positions import Found, Layout
    from premigrate.results import Place

    Locate = Callable[[str, Iterable[Place], bool], Found | None]


class Document(NamedTuple):
    """The data of a JSON or YAML text, and what can't be seen in the data.

    ``had_bom``: the text began with a byte order mark, which the API refuses in a body. ``file_had_bom``: the file from
    which the text was cut began with one, which is then no part of a body. ``repeated``: the keys that an object gives
    more than once, each as its place from the top of the text. ``text`` has no byte order mark; ``locate`` finds places
    in it, and its last argument says whether an object gives a key more than once.
    """

    data: object
    had_bom: bool = False
    repeated: tuple[Place, ...] = ()
    text: str = ""
    locate: Locate | None = None
    file_had_bom: bool = False

    def accounts(self) -> list[Document]:
        """Take an array of accounts apart; one account is itself. The first tells of the file's byte order mark."""
        if not isinstance(self.data, list):
            return [Document(self.data, repeated=self.repeated, file_had_bom=self.had_bom)]
        repeated: dict[str | int, list[Place]] = {}
        for position, *place in self.repeated:
            repeated.setdefault(position, []).append(tuple(place))
        return [
            Document(item, repeated=tuple(repeated.get(index, ())), file_had_bom=self.had_bom and index == 0)
            for index, item in enumerate(self.data)
        ]

    def layout(self, places: Iterable[Place], begins: tuple[int, int] = (1, 1)) -> Layout:
        """Find out where in the text these places (from its top down) are: one walk through the text for all.

        ``begins`` is the line and column of its file where the text begins.
        """
        from premigrate.documents.positions import Layout

        found = self.locate(self.text, places, bool(self.repeated)) if self.locate else None
        return Layout(self.text, found, begins)
