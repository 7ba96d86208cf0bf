"""Builds the objects of a JSON text while it is parsed, and tells where one gives a key more than once."""

from collections import Counter
from collections.abc import Iterator

from premigrate.results import Place


class Objects:
    """The objects of one text: ``build`` is a hook for the parser; ``places`` is asked when it is done."""

    def __init__(self) -> None:
        self._repeating: list[tuple[dict[str, object], tuple[str, ...]]] = []
        """Objects with the keys they repeat. Kept alive here, so that no other object gets the id of one."""

    def build(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Make an object as the parser would: of a repeated key the last value stays."""
        made = dict(pairs)
        if len(made) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            self._repeating.append((made, tuple(key for key, count in counts.items() if count > 1)))
        return made

    def places(self, data: object) -> tuple[Place, ...]:
        """Find the repeated keys in what was parsed, in document order.

        An object that was itself lost to a repeated key is not there any more, so nothing is told of its inside.
        """
        return tuple(self._walk(data)) if self._repeating else ()

    def _walk(self, data: object) -> Iterator[Place]:
        repeated = {id(made): keys for made, keys in self._repeating}
        left: list[tuple[Place, object]] = [((), data)]
        while left:  # no recursion: a text may be nested as deep as its parser allows
            place, value = left.pop()
            steps: list[tuple[str | int, object]] = []
            if isinstance(value, dict):
                yield from ((*place, key) for key in repeated.get(id(value), ()))
                steps = list(value.items())
            elif isinstance(value, list):
                steps = list(enumerate(value))
            left += [((*place, step), below) for step, below in reversed(steps) if isinstance(below, dict | list)]
