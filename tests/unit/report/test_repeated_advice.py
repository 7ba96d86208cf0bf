"""In text, advice that says the same of the same field is shown once in a run, with the number of its accounts."""

from collections import Counter

from premigrate.report.findings import Finding
from premigrate.report.text_output import TextOutput
from tests.reports import account, finding, write


def advice(number: int = 0, detail: str = "This field is deprecated.") -> Finding:
    return finding("deprecated_field", f"items.{number}.name", level="advice", detail=detail)


def counts_in(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.startswith("   ") and "_field at " in line]


def test_advice_is_shown_once_for_all_accounts() -> None:
    accounts = [account(advice(), reference=f"A-{number}") for number in range(3)]
    text = write(TextOutput(), [*accounts, account(advice(1), advice(2))])
    assert text.count("advice: This field is deprecated.") == 1
    assert counts_in(text) == ["5 advice deprecated_field at items.*.name, in 4 accounts"]
    assert "4 findings not shown" in text


def test_other_words_about_the_same_field_are_shown() -> None:
    text = write(TextOutput(), [account(advice()), account(advice(detail="Use another.")), account(advice())])
    assert text.count("advice: This field") == text.count("advice: Use another.") == 1


def test_errors_are_shown_for_each_account() -> None:
    text = write(TextOutput(), [account(finding()) for _ in range(3)])
    assert text.count("Enter a valid phone number.") == 3
    assert "not shown" not in text


def test_all_are_shown_on_request() -> None:
    text = write(TextOutput(show_all=True), [account(advice()) for _ in range(5)])
    assert text.count("This field is deprecated.") == 5


def test_a_run_of_one_account_does_not_count_accounts() -> None:
    text = write(TextOutput(), [account(advice(1), advice(2))])
    assert counts_in(text) == ["2 advice deprecated_field at items.*.name"]


def test_accounts_that_were_only_counted_are_added() -> None:
    kind = advice().kind
    text = write(
        TextOutput(), [account(advice()), account()], kinds=Counter({kind: 6}), accounts_by_kind=Counter({kind: 3})
    )
    assert counts_in(text) == ["7 advice deprecated_field at items.*.name, in 4 accounts"]
