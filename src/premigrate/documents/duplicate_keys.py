"""Records duplicate keys while a JSON text is parsed, and finds their places."""

from collections import Counter
from collections.abc import Iterator

from premigrate.results import Place


class DuplicateKeyTracker:
    """The objects of one text: `build_object` is the parser's ``object_pairs_hook``; then call `find_duplicates`."""

    def __init__(self) -> None:
        self._repeating: list[tuple[dict[str, object], tuple[str, ...]]] = []
        """Objects with their duplicate keys. The references keep them alive, so that no other object reuses an id."""

    def build_object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Build an object as ``json.loads`` does: the last value of a duplicate key counts."""
        made = dict(pairs)
        if len(made) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            self._repeating.append((made, tuple(key for key, count in counts.items() if count > 1)))
        return made

    def find_duplicates(self, data: object) -> tuple[Place, ...]:
        """Find the duplicate keys in the parsed data, in document order.

        An object that was overwritten by a duplicate key is not part of the data, so its own are not found.
        """
        return tuple(self._walk(data)) if self._repeating else ()

    def _walk(self, data: object) -> Iterator[Place]:
        repeated = {id(made): keys for made, keys in self._repeating}
        left: list[tuple[Place, object]] = [((), data)]
        while left:  # no recursion: a text may be nested as deeply as the parser allows
            place, value = left.pop()
            steps: list[tuple[str | int, object]] = []
            if isinstance(value, dict):
                yield from ((*place, key) for key in repeated.get(id(value), ()))
                steps = list(value.items())
            elif isinstance(value, list):
                steps = list(enumerate(value))
            left += [((*place, step), below) for step, below in reversed(steps) if isinstance(below, dict | list)]
