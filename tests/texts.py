"""Writes JSON and YAML texts in many ways, with the positions of all values; draws fixes of a payload."""

import json
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from premigrate.results import Fix, FixAction, Place

KEYS = st.text("abcdé_\"\\ :#-'😀", min_size=1, max_size=5)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))
PAYLOADS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)
_ESCAPES = {"/": "\\/", "\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


class Spans(NamedTuple):
    """Where the key and the value of a place are in a text."""

    key: tuple[int, int]
    value: tuple[int, int]


class JsonWriter:
    """Writes a value as JSON with any white space, escapes and forms of numbers. ``spans`` has each place."""

    def __init__(self, seed: int, line: str) -> None:
        self._random, self._line = Random(seed), line  # noqa: S311 - not for secrets
        self._is_ascii = self._random.random() < 0.5
        self._pieces: list[str] = []
        self._length = 0
        self.spans: dict[Place, Spans] = {}

    def write(self, data: Any) -> str:
        self._space(0)
        self._value(data, (), 1)
        self._space(0)
        return "".join(self._pieces)

    def _put(self, text: str) -> int:
        self._pieces.append(text)
        self._length += len(text)
        return self._length

    def _space(self, depth: int) -> None:
        self._put(
            self._random.choice(["", "", " ", "\t", f"{self._line}{'  ' * depth}", f" {self._line}{self._line} "])
        )

    def _text(self, text: str) -> str:
        return f'"{"".join(map(self._character, text))}"'

    def _character(self, character: str) -> str:
        must = character < " " or character in '"\\' or (self._is_ascii and not character.isascii())
        if not must and self._random.random() < 0.9:
            return character
        if character in _ESCAPES and self._random.random() < 0.5:
            return _ESCAPES[character]
        units = character.encode("utf-16-be")
        return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

    def _value(self, data: Any, place: Place, depth: int, key: tuple[int, int] | None = None) -> None:
        start = self._length
        if isinstance(data, dict | list):
            self._members(data, place, depth)
        else:
            self._put(self._text(data) if isinstance(data, str) else self._scalar(data))
        self.spans[place] = Spans(key or (start, start), (start, self._length))

    def _scalar(self, data: Any) -> str:
        written = json.dumps(data)
        return f"{written}.0e0" if isinstance(data, float) and data.is_integer() and written.isdigit() else written

    def _members(self, data: Any, place: Place, depth: int) -> None:
        is_object = isinstance(data, dict)
        self._put("{" if is_object else "[")
        self._space(depth)
        for position, step in enumerate(data if is_object else range(len(data))):
            if position:
                self._put(",")
                self._space(depth)
            key = None
            if is_object:
                begin = self._length
                key = begin, self._put(self._text(step))
                self._space(depth)
                self._put(":")
                self._space(depth)
            self._value(data[step], (*place, step), depth + 1, key)
            self._space(depth - 1)
        self._put("}" if is_object else "]")


def places_of(value: Any, place: Place = ()) -> list[Place]:
    """List the places of all values in a value, without itself."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for step, inner in steps for found in ((*place, step), *places_of(inner, (*place, step)))]


@st.composite
def payloads_and_fixes(draw: st.DrawFn) -> tuple[dict[str, Any], Fix]:
    """Draw a payload and a fix of it."""
    payload = draw(PAYLOADS)
    place = draw(st.sampled_from(places_of(payload)))
    actions: list[FixAction] = ["replace", "remove", "rename"]
    action = draw(st.sampled_from(actions if isinstance(place[-1], str) else actions[:2]))
    names = st.text(max_size=4).map(lambda key: f"new {key}")
    value = draw({"replace": VALUES, "remove": st.none(), "rename": names}[action])
    return payload, Fix(place, action, value, "a-fix", "A fix", is_safe=True)


def fix_data(data: Any, fix: Fix) -> Any:
    """Apply a fix to parsed data."""
    if len(fix.path) > 1:
        step, below = fix.path[0], fix._replace(path=fix.path[1:])
        if isinstance(data, dict):
            return {key: fix_data(value, below) if key == step else value for key, value in data.items()}
        return [fix_data(value, below) if index == step else value for index, value in enumerate(data)]
    (step,) = fix.path
    if isinstance(data, list):
        middle = [] if fix.action == "remove" else [fix.value]
        return [*data[:step], *middle, *data[step + 1 :]]  # type: ignore[index, operator]
    pairs = []
    for key, value in data.items():
        if key != step:
            pairs.append((key, value))
        elif fix.action != "remove":
            pairs.append((fix.value, value) if fix.action == "rename" else (key, fix.value))
    return dict(pairs)
