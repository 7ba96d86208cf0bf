"""E-mail addresses accept the same characters as Django's grammar, which ignores case."""

import re

import pytest

from premigrate.formats.email import is_email

WIDE = "\u00a1-\uffff"
PLACES = [
    (r"[-!#$%&'*+/=?^_`{}|~0-9A-Z]", "a{}b@example.org"),
    (r"[\001-\010\013\014\016-\037!#-\[\]-\177]", '"a{}b"@example.org'),
    (r"[\001-\011\013\014\016-\177]", '"a\\{}b"@example.org'),
    (rf"[a-z{WIDE}0-9]", "a@{}.org"),
    (rf"[a-z{WIDE}0-9-]", "a@b{}c.org"),
    (rf"[a-z{WIDE}0-9-]", "a@b.c{}d.org"),
    (rf"[a-z{WIDE}-]", "a@example.o{}g"),
    (r"[a-z0-9]", "a@example.xN--1{}"),
]


@pytest.mark.slow  # takes a minute
@pytest.mark.parametrize(("django", "address"), PLACES)
def test_accepted_characters_match_django(django: str, address: str) -> None:
    grammar = re.compile(django, re.IGNORECASE)
    characters = [chr(point) for point in range(0x110000) if chr(point) not in '."@\\-']
    assert [c for c in characters if bool(grammar.fullmatch(c)) != is_email(address.format(c))] == []
