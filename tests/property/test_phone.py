"""The pattern of plain numbers accepts nothing that libphonenumber, asked for the same number, would not."""

import random
import subprocess
import sys

import phonenumbers
import pytest

from premigrate.formats.interfaces import Invalid, PrefilteredCheck
from premigrate.formats.pattern import LazyPattern
from premigrate.formats.phone import _check_with_library, make_check, unambiguous_numbers

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
ASKED = Invalid("the library was asked")
WELL_KNOWN = ("PT", "DK", "GB", "DE", "US", "IT", "BR", "ES", "FR", "NO")
KINDS = [kind for name, kind in vars(phonenumbers.PhoneNumberType).items() if isinstance(kind, int)]


def examples(region: str) -> list[str]:
    numbers = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    return [phonenumbers.national_significant_number(number) for number in numbers if number]


def tries(region: str, rng: random.Random, count: int) -> list[str]:
    """Numbers that have the beginning of a good one, and any digits after it, alone and behind what may be dialled."""
    code = str(phonenumbers.country_code_for_region(region))
    made = []
    for example in examples(region) or ["0"]:
        for _ in range(count):
            size = len(example) + rng.choice([0] * 8 + [-1, 1])
            kept = example[: rng.randint(0, len(example))]
            digits = kept + "".join(rng.choices("0123456789", k=max(size - len(kept), 0)))
            before = rng.choice(
                ["", "", "", f"+{code}", f"+{code}", code, f"00{code}", "0", f"+{code}0", "+", "1", "8"]
            )
            made += [before + digits, before + example]
    return made


@pytest.mark.parametrize("region", REGIONS)
def test_what_passes_quickly_passes_the_library(region: str) -> None:
    simple = unambiguous_numbers(region)
    if simple is None:
        assert phonenumbers.COUNTRY_CODE_TO_REGION_CODE[phonenumbers.country_code_for_region(region)][0] != region
        return
    rng = random.Random(region)  # noqa: S311 - to be repeated, not to be secret
    taken = [text for text in tries(region, rng, 400 if region in WELL_KNOWN else 60) if simple.fullmatch(text)]
    assert not [text for text in taken if _check_with_library(region, text) is not None]
    if region in WELL_KNOWN:
        assert len(taken) > 300, "too few numbers are taken to show anything"


@pytest.mark.parametrize("region", WELL_KNOWN)
def test_plain_mobile_numbers_are_taken(region: str) -> None:
    simple = unambiguous_numbers(region)
    assert simple is not None
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        assert number is not None
        national = phonenumbers.national_significant_number(number)
        if not national.startswith("0"):
            assert simple.fullmatch(f"+{number.country_code}{national}")


def test_plain_numbers_are_judged_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    check = make_check(region="DK")
    assert isinstance(check, PrefilteredCheck)
    assert isinstance(check.prefilter, LazyPattern)
    monkeypatch.setattr("premigrate.formats.phone._check_with_library", lambda *_: ASKED)
    for text in ("32123456", "+4532123456"):
        assert check.prefilter.fullmatch(text)
        assert check(text) is None
    for text in ("0032123456", "032123456", "+45032123456", "004532123456", "12"):
        assert check(text) is ASKED


def test_no_number_of_any_country_reads_a_file() -> None:
    script = (
        "import sys\n"
        "from premigrate.formats.phone import make_check\n"
        "look = make_check(region='DK')\n"
        "def fail(event, _): assert event not in {'open', 'import'}, event\n"
        "sys.addaudithook(fail)\n"
        "numbers = '32123456', '+351911234567', '+33612345678', '+390612345678', '+5511961234567', 'x'\n"
        "assert len(list(map(look, numbers))) == 6\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_where_regions_share_a_code_only_the_first_has_plain_numbers() -> None:
    for region in ("GG", "CA", "KZ"):
        assert unambiguous_numbers(region) is None
    assert unambiguous_numbers("US") is not None


@pytest.mark.parametrize(
    "text", ["", "+", "+45", "87654321\n", "8765 4321", "٨٧٦٥٤٣٢١", "8765432", "876543210", "0045"]
)
def test_all_else_is_left_to_the_library(text: str) -> None:
    simple = unambiguous_numbers("DK")
    assert simple is not None
    assert not simple.fullmatch(text)


@pytest.mark.slow
@pytest.mark.parametrize("region", ["PT", "DK"])
def test_half_a_million_numbers_that_pass_quickly_pass_the_library(region: str) -> None:
    simple = unambiguous_numbers(region)
    assert simple is not None
    rng = random.Random(f"many {region}")  # noqa: S311 - to be repeated, not to be secret
    tried = taken = 0
    while tried < 500_000:
        some = tries(region, rng, 500)
        tried += len(some)
        passed = [text for text in some if simple.fullmatch(text)]
        taken += len(passed)
        assert not [text for text in passed if _check_with_library(region, text) is not None]
    assert taken > 100_000
