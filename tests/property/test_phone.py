"""The prefilter for common phone numbers accepts only numbers that libphonenumber accepts, too."""

import random
import subprocess
import sys

import phonenumbers
import pytest

from premigrate.formats.interfaces import Invalid, PrefilteredCheck
from premigrate.formats.pattern import LazyPattern
from premigrate.formats.phone import _check_with_library, make_check, unambiguous_numbers

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
LIBRARY_RESULT = Invalid("checked by the library")
WELL_KNOWN = ("PT", "DK", "GB", "DE", "US", "IT", "BR", "ES", "FR", "NO")
KINDS = [kind for name, kind in vars(phonenumbers.PhoneNumberType).items() if isinstance(kind, int)]


def examples(region: str) -> list[str]:
    numbers = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    return [phonenumbers.national_significant_number(number) for number in numbers if number]


def random_numbers(region: str, rng: random.Random, count: int) -> list[str]:
    """Return numbers with the start of a valid one and random digits, with and without dialling prefixes."""
    code = str(phonenumbers.country_code_for_region(region))
    numbers = []
    for example in examples(region) or ["0"]:
        for _ in range(count):
            length = len(example) + rng.choice([0] * 8 + [-1, 1])
            kept = example[: rng.randint(0, len(example))]
            digits = kept + "".join(rng.choices("0123456789", k=max(length - len(kept), 0)))
            prefix = rng.choice(
                ["", "", "", f"+{code}", f"+{code}", code, f"00{code}", "0", f"+{code}0", "+", "1", "8"]
            )
            numbers += [prefix + digits, prefix + example]
    return numbers


@pytest.mark.parametrize("region", REGIONS)
def test_prefilter_accepts_only_valid_numbers(region: str) -> None:
    prefilter = unambiguous_numbers(region)
    if prefilter is None:
        assert phonenumbers.COUNTRY_CODE_TO_REGION_CODE[phonenumbers.country_code_for_region(region)][0] != region
        return
    rng = random.Random(region)  # noqa: S311 - reproducible, not secret
    accepted = [
        text for text in random_numbers(region, rng, 400 if region in WELL_KNOWN else 60) if prefilter.fullmatch(text)
    ]
    assert not [text for text in accepted if _check_with_library(region, text) is not None]
    if region in WELL_KNOWN:
        assert len(accepted) > 300, "too few numbers are accepted to be meaningful"


@pytest.mark.parametrize("region", WELL_KNOWN)
def test_spaces_in_a_number_change_nothing(region: str) -> None:
    prefilter = unambiguous_numbers(region)
    assert prefilter is not None
    rng = random.Random(f"spaces {region}")  # noqa: S311 - reproducible, not secret
    accepted = [text for text in random_numbers(region, rng, 60) if prefilter.fullmatch(text)]
    spaced = ["".join(f"{character}{' ' * rng.choice([0, 0, 0, 1, 2])}" for character in text) for text in accepted]
    assert any("  " in text for text in spaced)
    assert not [text for text in spaced if _check_with_library(region, f" {text}") is not None]


def test_a_number_with_many_spaces_is_left_to_the_library() -> None:
    check = make_check(region="DK")
    assert check("3212 3456") is None
    assert check(f"3212{' ' * 250}3456") == Invalid()


@pytest.mark.parametrize("region", WELL_KNOWN)
def test_prefilter_accepts_common_numbers(region: str) -> None:
    prefilter = unambiguous_numbers(region)
    assert prefilter is not None
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        assert number is not None
        national = phonenumbers.national_significant_number(number)
        if not national.startswith("0"):
            assert prefilter.fullmatch(f"+{number.country_code}{national}")


@pytest.mark.parametrize("region", ["GB", "DE", "FR"])
def test_prefilter_accepts_the_national_prefix(region: str) -> None:
    prefilter = unambiguous_numbers(region)
    assert prefilter is not None
    for example in examples(region)[:2]:
        assert prefilter.fullmatch(f"0{example}")
        assert not prefilter.fullmatch(f"00{example}")


def test_common_numbers_are_not_checked_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    check = make_check(region="DK")
    assert isinstance(check, PrefilteredCheck)
    assert isinstance(check.prefilter, LazyPattern)
    monkeypatch.setattr("premigrate.formats.phone._check_with_library", lambda *_: LIBRARY_RESULT)
    for text in ("32123456", "+4532123456"):
        assert check.prefilter.fullmatch(text)
        assert check(text) is None
    for text in ("0032123456", "032123456", "+45032123456", "004532123456", "12"):
        assert check(text) is LIBRARY_RESULT


def test_no_number_opens_a_file() -> None:
    script = (
        "import sys\n"
        "from premigrate.formats.phone import make_check\n"
        "check = make_check(region='DK')\n"
        "def fail(event, _): assert event not in {'open', 'import'}, event\n"
        "sys.addaudithook(fail)\n"
        "numbers = '32123456', '+351911234567', '+33612345678', '+390612345678', '+5511961234567', 'x'\n"
        "assert len(list(map(check, numbers))) == 6\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_only_the_main_region_of_a_code_has_a_prefilter() -> None:
    for region in ("GG", "CA", "KZ"):
        assert unambiguous_numbers(region) is None
    assert unambiguous_numbers("US") is not None


@pytest.mark.parametrize(
    "text", ["", "+", "+45", "87654321\n", "8765 4321", "٨٧٦٥٤٣٢١", "8765432", "876543210", "0045"]
)
def test_prefilter_rejects_other_texts(text: str) -> None:
    prefilter = unambiguous_numbers("DK")
    assert prefilter is not None
    assert not prefilter.fullmatch(text)


@pytest.mark.slow
@pytest.mark.parametrize("region", ["PT", "DK"])
def test_prefilter_accepts_only_valid_numbers_of_many(region: str) -> None:
    prefilter = unambiguous_numbers(region)
    assert prefilter is not None
    rng = random.Random(f"many {region}")  # noqa: S311 - reproducible, not secret
    tried = accepted = 0
    while tried < 500_000:
        numbers = random_numbers(region, rng, 500)
        tried += len(numbers)
        passed = [text for text in numbers if prefilter.fullmatch(text)]
        accepted += len(passed)
        assert not [text for text in passed if _check_with_library(region, text) is not None]
    assert accepted > 100_000
