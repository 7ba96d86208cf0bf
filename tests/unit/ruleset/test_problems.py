"""Mistakes in rule files: all are reported at once, with file, table, key and the closest match."""

from pathlib import Path
from typing import Any

import pytest

import premigrate
from premigrate.ruleset.load import load_ruleset
from tests.payloads import AS_OF, good_account

METADATA = {"why": "w.", "basis": "inferred", "source": "s", "good": [{}], "bad": [{}]}
MARKET = {"market": {"extends": "pt"}}


def problems_of(overlay: Any) -> list[str]:
    with pytest.raises(premigrate.BadRules) as caught:
        load_ruleset("pt", overlay)
    return [str(problem) for problem in caught.value.problems]


def rule(**keys: object) -> dict[str, Any]:
    return {**MARKET, "rule": [{"id": "mine", "on": "customer", "code": "invalid_phone_number", **METADATA, **keys}]}


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        (rule(present=["email"], colour=1), "[[rule]] mine colour: unknown key 'colour'"),
        (rule(formt="phone"), "[[rule]] mine formt: unknown key 'formt'; did you mean 'format'?"),
        (rule(), "[[rule]] mine: a rule needs exactly one operator"),
        (rule(present=["email"], absent=["email"]), "not present and absent"),
        (rule(present=["emial"]), "there is no field 'emial'; did you mean 'email'? (in customer)"),
        (rule(present=["email.x"]), "'x' cannot be in a email, which has no fields"),
        (rule(present=["email[]"]), "'email[]' has [] after something that is not a list"),
        (rule(present=["consents.type"]), "'type' is inside a list; write [] after the list"),
        (rule(present=["Email"]), "'Email' is not a path"),
        (rule(present=["email"], on="custmer"), "there is no object 'custmer'; did you mean 'customer'?"),
        (rule(present=["email"], when={"acount": "x"}), "there is no field 'acount'; did you mean"),
        (rule(present=["email"], when={"account.account_typ": "x"}), "there is no field 'account_typ'; did you mean"),
        (rule(present=["email"], code="invalid_phone_numbr"), "did you mean 'invalid_phone_number'?"),
        (rule(present=["email"], code="invalid"), "belongs to the framework's own checks of fields"),
        (rule(present=["email"], level="advise"), "'advise' is not one of error, advice; did you mean 'advice'?"),
        (rule(present=["email"], basis="publishd"), "did you mean 'published'?"),
        (rule(present=["email"], attr="<fund>"), "[[rule]] mine attr: "),
        (
            rule(present=["email"], attr="found"),
            "[[rule]] mine attr: there is no field 'found' (in customer); did you mean '<found>'?",
        ),
        (
            rule(present=["email"], attr="emial"),
            "[[rule]] mine attr: there is no field 'emial'; did you mean 'email'?",
        ),
        (
            {**MARKET, "attr_change": {"ledger-balances-sum": {"attr": "found", "because": "b"}}},
            "[attr_change.ledger-balances-sum] attr: there is no field 'found' (in account); did you mean '<found>'?",
        ),
        (
            {**MARKET, "enabled": {"company-number-format": "b"}, "disabled": {"company-number-format": "b"}},
            "[disabled] or [enabled] company-number-format: is in [disabled] and in [enabled]; remove one of them",
        ),
        (rule(matches=["x"], on=["customer.email", "customer.consents"]), "[[rule]] mine on: names both single values"),
        (rule(present=["email"], id="metadata-keys-unique"), "is already defined in platform/account.toml"),
        (rule(format={"field": "mobile", "is": "fone"}), "there is no scheme 'fone'; did you mean 'phone'?"),
        (rule(format={"feild": "mobile", "is": "phone"}), "format.feild: unknown key 'feild'; did you mean 'field'?"),
        (rule(matches=["(a+)+"]), "matches.0: '(a+)+' is not a plain pattern"),
        (rule(matches=["[z-a]"]), "matches.0: '[z-a]' is not a plain pattern: bad character range z-a"),
        (rule(compare=["email", "=<", "<today>"]), "'=<' is not one of <, <=, ==, >=, >; did you mean '<'?"),
        (rule(count={"of": "consents"}), "write at_least or at_most"),
        (
            rule(present=["email"], when={"email": {">": "<today>", "<": "<today>"}}),
            "[[rule]] mine when.email: write exactly one of",
        ),
        (rule(total={"add": ["consents[].x"], "equals": "email"}), "there is no field 'x'"),
        (rule(unique={"of": ["consents[]"], "key": ["x"]}), "there is no field 'x'"),
        (rule(periods={"of": "consents", "start": "x", "end": "type"}), "there is no field 'x'"),
        (rule(covers={"of": "consents", "end": "type", "date": "x"}), "there is no field 'x'"),
        (
            {**MARKET, "disabled": {"blank-txt": "r"}},
            "there is no rule, advice or fix 'blank-txt'; did you mean 'blank-text'?",
        ),
        (
            {**MARKET, "enabled": {"duplicate-keys": "r"}},
            "[disabled] or [enabled] duplicate-keys: there is no rule, advice or fix",
        ),
        ({**MARKET, "disabled": {"blank_text": "r"}}, "an id is written with hyphens; did you mean 'blank-text'?"),
        (
            {**MARKET, "disabled": {"phone-number-vald": "r"}},
            "there is no rule, advice or fix 'phone-number-vald'; did you mean 'phone-number-valid'?",
        ),
        (
            {**MARKET, "attr_change": {"phone-number-vald": {"attr": "x", "because": "b"}}},
            "[attr_change.phone-number-vald]: there is no rule 'phone-number-vald'; did you mean 'phone-number-valid'?",
        ),
        ({**MARKET, "attr_change": {"phone-number-valid": {"attr": "x"}}}, "because: this key is missing"),
        (
            {**MARKET, "code_change": {"phone-number-vald": {"code": "x", "because": "b"}}},
            "[code_change.phone-number-vald]: there is no rule 'phone-number-vald'; did you mean 'phone-number-valid'?",
        ),
        (
            {**MARKET, "code_change": {"phone-number-valid": {"code": "invalid_phone_numbr", "because": "b"}}},
            "[code_change.phone-number-valid] code: there is no error code 'invalid_phone_numbr'; did you mean",
        ),
        (
            {**MARKET, "code_change": {"phone-number-valid": {"code": "invalid", "because": "b"}}},
            "[code_change.phone-number-valid] code: invalid belongs to the framework's own checks of fields",
        ),
        (
            {**MARKET, "attr_change": {"phone-number-valid": {"attr": "x[]", "because": "b"}}},
            "attr: an attr is <found>, or names of lower-case",
        ),
        ({**MARKET, "change": {"custmer": {"fields": {"email": {"because": "b"}}}}}, "there is no object 'custmer'"),
        ({**MARKET, "change": {"customer": {"fields": {"emial": {"because": "b"}}}}}, "there is no field 'emial'"),
        (
            {**MARKET, "change": {"customer": {"fields": {"email": {"required": True}}}}},
            "fields.email.because: this key is missing",
        ),
        (
            {**MARKET, "change": {"customer": {"fields": {"email": {"min": 1, "because": "b"}}}}},
            "min cannot be used with the type email",
        ),
        (
            {
                **MARKET,
                "object": {
                    "thing": {"about": "a", "basis": "inferred", "source": "s", "fields": {"x": {"object": "thng"}}}
                },
            },
            "[object.thing] x: there is no object 'thng'; did you mean 'thing'?",
        ),
        (
            {
                **MARKET,
                "object": {
                    "thing": {"about": "a", "basis": "inferred", "source": "s", "fields": {"x": {"type": "text"}}}
                },
            },
            "'text' is not one of string, email",
        ),
        (
            {**MARKET, "object": {"thing": {"about": "a", "basis": "inferred", "source": "s", "select": "type"}}},
            "select and variants",
        ),
        (
            {**MARKET, "scheme": {"phone": {"format": "phon", "source": "s", "good": ["1"], "bad": ["2"]}}},
            "did you mean 'phone'?",
        ),
        (
            {
                **MARKET,
                "scheme": {
                    "phone": {
                        "format": "phone",
                        "source": "s",
                        "good": ["1"],
                        "bad": ["2"],
                        "arguments": {"regio": "PT"},
                    }
                },
            },
            "there is no argument 'regio'; did you mean 'region'?",
        ),
        (
            {**MARKET, "scheme": {"phone": {"format": "phone", "source": "s", "good": ["1"]}}},
            "a scheme needs good and bad values",
        ),
        (
            {**MARKET, "code": {"x": {"detail": "{valu}", "meaning": "m", "detail_basis": "inferred", "source": "s"}}},
            "[code.x] detail: {valu} is not a placeholder; a text may contain",
        ),
        (
            {**MARKET, "code": {"x": {"detail": "{", "meaning": "m", "detail_basis": "inferred", "source": "s"}}},
            "[code.x] detail: Single '{' encountered in format string; write {{ or }} for a brace",
        ),
        (
            {
                **MARKET,
                "object": {
                    "one": {"about": "a", "basis": "inferred", "source": "s", "fields": {"x": {"list": "two"}}},
                    "two": {"about": "a", "basis": "inferred", "source": "s", "fields": {"x": {"object": "one"}}},
                },
            },
            "[object.two]: contains itself",
        ),
        ({**MARKET, "colours": {}}, "[colours]: unknown key 'colours'"),
        ({"market": {"extends": "dk"}}, "extends 'dk', but this run is for 'pt'"),
        ({"disabled": {"phone-number-valid": "r"}}, "does not state the market that it extends"),
    ],
)
def test_mistake_is_reported(overlay: dict[str, Any], expected: str) -> None:
    problems = problems_of(overlay)
    assert any(expected in problem for problem in problems), problems
    assert all(problem.startswith("overlay: ") for problem in problems)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[market]\nextends = "pt"\nsupplier = []\n[object.thing]\nabout = "a"\n'
        '[[rule]]\nid = "one"\non = "thing"\npresent = ["x"]\n[[rule]]\nid = "two"\non = "customer"\npresnt = ["x"]\n'
    )
    text = "\n".join(problems_of(file))
    for part in (
        "supplier",
        "[object.thing] basis",
        "[object.thing] source",
        "[[rule]] one code",
        "[[rule]] two presnt",
    ):
        assert part in text
    assert "no object 'thing'" not in text, "an object with a mistake counts as defined"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[market\n", "line 1, column 8: this is not TOML"),
        (b'[market]\nextends = "pt"\n[[rule]]\nid = "one"\ngood = 07:32:00\n', "[[rule]] one: contains a TOML time"),
        (b"\xff\xfe", "it is not UTF-8 text"),
    ],
)
def test_invalid_file_is_reported(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    assert expected in problems_of(file)[0]


def test_missing_file_is_reported(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in problems_of(tmp_path / "none.toml")[0]


def test_unknown_market_raises() -> None:
    with pytest.raises(premigrate.UnknownMarket, match=r"no market 'ptt'; did you mean 'pt'\?"):
        load_ruleset("ptt")


def test_invalid_format_arguments_are_reported() -> None:
    scheme = {"format": "phone", "source": "s", "good": ["1"], "bad": ["2"], "arguments": {"region": "Portugal"}}
    with pytest.raises(premigrate.BadRules, match=r"\[scheme.phone\]: 'Portugal' is not a calling region"):
        premigrate.Validator(market="pt", as_of=AS_OF, overlay={**MARKET, "scheme": {"phone": scheme}})


def test_overlay_adds_changes_drops_and_switches_off() -> None:
    overlay = {
        **MARKET,
        "change": {
            "account": {
                "fields": {
                    "operations_team_name": {"drop": True, "because": "b"},
                    "external_account_number": {"required": True, "because": "b"},
                    "colour": {"type": "choice", "choices": ["RED"], "because": "b"},
                }
            }
        },
        "disabled": {"phone-number-valid": "b"},
        "code": {"required": {"detail": "Gone.", "meaning": "m", "detail_basis": "inferred", "source": "s"}},
    }
    account = {**good_account("pt"), "colour": "BLUE"}
    del account["external_account_number"]
    account["customers"][0]["mobile"] = "abcde"
    result = premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay)
    assert [(error.code, error.attr, error.detail) for error in result.errors] == [
        ("required", "external_account_number", "Gone."),
        ("invalid_choice", "colour", '"BLUE" is not a valid choice.'),
    ]
    assert [advice.attr for advice in result.advice] == ["operations_team_name"]


@pytest.mark.parametrize(
    ("rule_id", "attr", "attrs"),
    [
        ("phone-number-valid", "up.non_field_errors", ["customers.0.non_field_errors", "customers.0.non_field_errors"]),
        ("phone-number-valid", "up.up.customers", ["customers", "customers"]),
        ("phone-number-valid", "up.up.up.up.x", ["x", "x"]),
        ("phone-number-valid", "number", ["customers.0.landline.number", "customers.0.mobile.number"]),
        ("metadata-keys-unique", "metadata", ["metadata"]),
    ],
)
def test_overlay_sets_the_attr_of_a_rule(rule_id: str, attr: str, attrs: list[str]) -> None:
    overlay = {**MARKET, "attr_change": {rule_id: {"attr": attr, "because": "b"}}}
    account = good_account("pt")
    if rule_id == "phone-number-valid":
        account["customers"][0] |= {"mobile": "x", "landline": "y"}
    else:
        account["metadata"] = [{"key": "a", "value": "1"}] * 3
    result = premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay)
    assert [(error.rule, error.attr) for error in result.errors] == [(rule_id, each) for each in attrs]
    assert all(error.path for error in result.errors), "the path stays"


def test_disabled_rule_can_be_enabled() -> None:
    change = {"transaction": {"fields": {"transaction_id": {"required": False, "because": "b"}}}}
    overlay = {"market": {"extends": "dk"}, "change": change, "enabled": {"transaction-id-given": "b"}}
    account = good_account("dk")
    del account["ledgers"][0]["historical_statement_transactions"][0]["transaction_id"]
    result = premigrate.validate(account, market="dk", as_of=AS_OF, overlay=overlay)
    assert [(error.code, error.attr) for error in result.errors] == [
        ("missing_transaction_id", "ledgers.0.non_field_errors")
    ]


def test_rule_without_its_list_is_not_checked() -> None:
    families = {"about": "Family names.", "values": ["Simpson"]}
    overlay = {
        **rule(listed={"field": "family_name", "in": "families"}, example_lists={"families": ["x"]}, why="w."),
        "list": {"families": {"about": "Family names."}},
    }
    account = good_account("pt")
    result = premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay)
    assert result.ok
    assert "mine" in result.not_checked
    overlay["list"] = {"families": families}
    result = premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay)
    assert [error.rule for error in result.errors] == ["mine"]
    assert "mine" not in result.not_checked


@pytest.mark.parametrize(
    "attr", ["non_field_errors", "consents.non_field_errors", "consents.0.type", "up.name", "email.x"]
)
def test_attr_below_the_object(attr: str) -> None:
    found = load_ruleset("pt", rule(present=["email"], attr=attr)).rules
    assert next(each.attr for each in found if each.id == "mine") == attr


def test_mistake_with_several_shapes_is_reported_once() -> None:
    assert len(problems_of(rule(compare=["email", "<=", 5]))) == 1
    assert len(problems_of({**MARKET, "list": {"campaigns": {"values": [{"slug": "a"}, {"slug": "b"}]}}})) == 1


def test_overlay_sets_the_code_of_a_rule() -> None:
    spec = {"detail": "Call {value}?", "meaning": "m.", "detail_basis": "observed", "source": "s"}
    change = {"phone-number-valid": {"code": "no_phone", "because": "b"}}
    account = good_account("pt")
    account["customers"][0]["mobile"] = "x"
    overlay = {**MARKET, "code": {"no_phone": spec}, "code_change": change}
    (error,) = premigrate.validate(account, market="pt", as_of=AS_OF, overlay=overlay).errors
    assert (error.rule, error.code, error.detail) == ("phone-number-valid", "no_phone", "Call x?")
