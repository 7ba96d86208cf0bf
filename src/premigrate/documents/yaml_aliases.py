"""The values that the aliases of a YAML text refer to."""

from typing import Any

_MAX_VALUES = 1_000_000
_MERGE_KEY = "<<"


class AliasedValues:
    """The values with anchors. Aliases share them; the number of values counts them again for each alias."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[Any, int]] = {}
        self._open: list[tuple[str | None, Any, int]] = []
        self._count = 0

    @property
    def is_too_large(self) -> bool:
        """Whether the aliases expand to more values than any real document has."""
        return self._count > _MAX_VALUES

    def begin(self, anchor: str | None, made: Any) -> None:  # noqa: ANN401 - any mapping or list
        """Begin a mapping or list; it can be referred to when it has ended."""
        self._count += 1
        self._open.append((anchor, made, self._count))

    def end(self) -> None:
        """End the innermost mapping or list."""
        anchor, made, start = self._open.pop()
        if anchor:
            self._values[anchor] = made, self._count - start + 1

    def add_scalar(self, anchor: str | None, value: object) -> None:
        """Add a single value."""
        self._count += 1
        if anchor:
            self._values[anchor] = value, 1

    def __contains__(self, anchor: str) -> bool:
        return anchor in self._values

    def follow(self, anchor: str) -> Any:  # noqa: ANN401 - any value
        """Return the value that an alias refers to, and count it once more."""
        value, count = self._values[anchor]
        self._count += count
        return value


def merge_keys(made: Any) -> None:  # noqa: ANN401 - a mapping or a list
    """Replace the key ``<<`` of a mapping by the keys of the mappings in it that the mapping lacks."""
    if not isinstance(made, dict) or _MERGE_KEY not in made:
        return
    merged = made[_MERGE_KEY]
    parts = merged if isinstance(merged, list) else [merged]
    if all(isinstance(part, dict) for part in parts):
        del made[_MERGE_KEY]
        for part in parts:
            for key, value in part.items():
                made.setdefault(key, value)
