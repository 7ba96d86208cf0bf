"""A parsed JSON or YAML text: its data, the facts that the data do not show, and the positions of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from premigrate.documents.source_map import LocatedValue, SourceMap
    from premigrate.results import Place

    Locator = Callable[[str, Iterable[Place], bool], LocatedValue | None]


class Document(NamedTuple):
    """The data of a JSON or YAML text, and the facts that the data do not show.

    ``had_bom``: the text began with a byte order mark, which the API refuses in a request body. ``file_had_bom``: the
    file that the text is a part of began with one, which is then not part of a request body. ``duplicate_keys``: the
    duplicate keys, each as its place from the top of the text. ``text`` has no byte order mark. ``locate`` finds places
    in it; its last argument is whether any object has a duplicate key. ``is_yaml``: the text is YAML.
    """

    data: object
    had_bom: bool = False
    duplicate_keys: tuple[Place, ...] = ()
    text: str = ""
    locate: Locator | None = None
    file_had_bom: bool = False
    is_yaml: bool = False

    def split_accounts(self) -> list[Document]:
        """Split an array into one document for each account, without texts; anything else is one account.

        Only the first document has ``file_had_bom``.
        """
        if not isinstance(self.data, list):
            return [Document(self.data, duplicate_keys=self.duplicate_keys, file_had_bom=self.had_bom)]
        repeated: dict[str | int, list[Place]] = {}
        for position, *place in self.duplicate_keys:
            repeated.setdefault(position, []).append(tuple(place))
        return [
            Document(item, duplicate_keys=tuple(repeated.get(index, ())), file_had_bom=self.had_bom and index == 0)
            for index, item in enumerate(self.data)
        ]

    def source_map(self, places: Iterable[Place], origin: tuple[int, int] = (1, 1)) -> SourceMap:
        """Locate places, given from the top of the text, in one pass over the text.

        ``origin`` is the line and column in the file at which the text begins.
        """
        from premigrate.documents.source_map import SourceMap

        found = self.locate(self.text, places, bool(self.duplicate_keys)) if self.locate else None
        return SourceMap(self.text, found, origin)
