"""Personal values are hidden in both texts of a diff, wherever they stand."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.yaml_text import read_yaml
from premigrate.fix.mask import mask_pair
from premigrate.results import Place
from tests.texts import JsonWriter
from tests.yaml_texts import YamlWriter

SECRETS = st.sampled_from(["secret", "se'cret\"", "sec\\ret", "secret: #x"]) | st.just(5735371)
PARTS = ("sec", "cret", "5735371", "Homer")
VALUES = st.recursive(
    SECRETS | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
)
KEYS = st.sampled_from(["a", "b", "Homer's", "secret key"])


class Lookup:
    """Declares the values at ``a`` as not personal, and all others as personal."""

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:  # noqa: ARG002
        return place != ("a",)


def mask(text: str, *, is_yaml: bool = False, new: str | None = None) -> tuple[str, str]:
    return mask_pair(text, text if new is None else new, [((), Lookup())], is_yaml=is_yaml)


@given(st.dictionaries(KEYS, VALUES, min_size=1), st.integers(0, 2**32), st.sampled_from(["\n", "\r\n"]))
def test_json_without_personal_values(payload: dict[str, Any], seed: int, line: str) -> None:
    payload["a"] = "shown"
    text = JsonWriter(seed, line).write(payload)
    old, new = mask(text)
    assert (old, old.count("\n")) == (new, text.count("\n"))
    assert not any(part in old for part in PARTS)
    assert '"shown"' in old or "\\u" in text


@given(st.dictionaries(KEYS, VALUES, min_size=1), st.integers(0, 2**32), st.sampled_from(["\n", "\r\n"]))
def test_yaml_without_personal_values_and_comments(payload: dict[str, Any], seed: int, line: str) -> None:
    text = YamlWriter(seed, line).write(payload)
    old, _ = mask(text, is_yaml=True)
    assert read_yaml(text).data == payload
    assert (old.count("\n"), "note" in old, "beside" in old) == (text.count("\n"), False, False)
    if not isinstance(payload.get("a"), str | int):
        assert not any(part in old for part in PARTS)


def test_changed_values_are_told_apart() -> None:
    old, new = mask('{"b": "x", "c": 1, "a": 2}', new='{"b": "y", "c": 1, "a": 3}')
    assert (old, new) == ('{"b": "*** (old)", "c": ***, "a": 2}', '{"b": "*** (new)", "c": ***, "a": 3}')


def test_text_that_cannot_be_read_is_hidden_line_by_line() -> None:
    assert mask_pair('{"b":\r\n Homer', '{"b":\r\n Homer', [], is_yaml=False) == ("***\r\n***", "***\r\n***")
