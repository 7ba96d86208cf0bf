"""Several fixes together give the same data as one after the other."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from premigrate.documents.fix_text import fix_text
from premigrate.documents.json_text import read_json
from premigrate.documents.yaml_text import read_yaml
from premigrate.results import Fix
from tests.texts import PAYLOADS, VALUES, JsonWriter, fix_data, places_of
from tests.yaml_texts import YamlWriter


@st.composite
def payloads_and_many_fixes(draw: st.DrawFn) -> tuple[dict[str, Any], list[Fix]]:
    """Draw a payload and fixes of it, none inside another, in the reverse order of the payload."""
    payload = draw(PAYLOADS)
    fixes: list[Fix] = []
    for place in draw(st.lists(st.sampled_from(places_of(payload)), unique=True)):
        if any(place[: len(fix.path)] == fix.path or fix.path[: len(place)] == place for fix in fixes):
            continue
        is_removed = draw(st.booleans())
        value = None if is_removed else draw(VALUES)
        fixes.append(Fix(place, "remove" if is_removed else "replace", value, "a-fix", "A fix", is_safe=True))
    order = {place: position for position, place in enumerate(places_of(payload))}
    return payload, sorted(fixes, key=lambda fix: -order[fix.path])


@given(payloads_and_many_fixes(), st.integers(0, 2**32), st.booleans())
def test_many_fixes_give_the_data_of_each(drawn: tuple[dict[str, Any], list[Fix]], seed: int, is_yaml: bool) -> None:
    payload, fixes = drawn
    document = (
        read_yaml(YamlWriter(seed, "\n").write(payload))
        if is_yaml
        else read_json(JsonWriter(seed, "\n").write(payload))
    )
    expected: Any = payload
    for fix in fixes:
        expected = fix_data(expected, fix)
    fixed = fix_text(document, fixes)
    assert (read_yaml(fixed) if is_yaml else read_json(fixed)).data == expected
