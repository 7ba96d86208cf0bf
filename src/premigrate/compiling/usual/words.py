"""Collects what written code mentions by name: the constants it works with."""


class NoShortcutError(Exception):
    """There is no short way to tell that a rule has nothing to say; the rule itself has to be asked."""


class Constants:
    """Values that written code needs, each under a name of its own."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self._names: dict[tuple[str, int], str] = {}

    def name(self, hint: str, value: object) -> str:
        """Give a name to a value; the same value (not an equal one) keeps its name."""
        known = self._names.get((hint, id(value)))
        if known:
            return known
        name = f"{hint}_{len(self.values)}"
        self.values[name] = value  # which keeps the value alive, so that its id stays its own
        self._names[hint, id(value)] = name
        return name
