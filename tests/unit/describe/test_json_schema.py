"""The JSON Schema of a payload, for each kind of field, on small rulesets and on the shipped ones."""

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError
from jsonschema.validators import extend

import premigrate
from premigrate.describe.json_schema import DRAFTS, SchemaDraft, render_schema
from premigrate.describe.json_schema_values import value_schema
from premigrate.describe.market import payload_schema, ruleset_of
from premigrate.report.run import strict_json
from premigrate.ruleset.model.fields import FieldSpec, ObjectSpec
from premigrate.ruleset.model.ruleset import Ruleset
from tests.payloads import GONE, good_account, put

Places: TypeAlias = set[tuple[str | int, ...]]


def match_strictly(_: Any, pattern: str, value: object, __: Any) -> Iterator[ValidationError]:
    """Match a pattern as ECMA-262 does; in Python, $ also matches before a final line break."""
    if isinstance(value, str) and not re.search(re.sub(r"\$(?=$|[|)])", r"\\Z", pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


VALIDATORS: Mapping[SchemaDraft, Any] = {
    "2020-12": extend(Draft202012Validator, {"pattern": match_strictly}),
    "7": extend(Draft7Validator, {"pattern": match_strictly}),
}


_ruleset = cache(ruleset_of)


def book_of(objects: Mapping[str, Mapping[str, Any]]) -> Ruleset:
    """Make a ruleset of these objects alone; ``account`` is the root."""
    metadata = {"about": "Made up.", "basis": "inferred", "source": "none"}
    specs = {name: ObjectSpec.model_validate({**metadata, **spec}) for name, spec in objects.items()}
    return dataclasses.replace(_ruleset("pt"), root="account", objects=specs, rules=())


def validator_of(ruleset: Ruleset, draft: SchemaDraft) -> Any:
    return VALIDATORS[draft](render_schema(ruleset, draft))


@cache
def shipped(market: str, draft: SchemaDraft) -> Any:
    return validator_of(_ruleset(market), draft)


def refused(validator: Any, payload: object) -> Places:
    """Return the paths of the errors of a schema; of alternatives, those of the one that fits best."""
    return {tuple(error.absolute_path) for error in leaf_errors(validator.iter_errors(payload))}


def leaf_errors(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        alternatives: dict[Any, list[Any]] = {}
        for each in error.context or ():
            alternatives.setdefault(each.schema_path[0], []).append(each)
        yield from leaf_errors(min(alternatives.values(), key=misfit)) if alternatives else (error,)


def misfit(errors: Iterable[ValidationError]) -> tuple[bool, ...]:
    """Return how little a value is meant by an alternative: that is null, a wrapper, another kind, another object."""
    return (
        any(error.validator == "type" and error.validator_value == "null" for error in errors),
        any("propertyNames" in error.relative_schema_path for error in errors),
        any(error.validator == "enum" and len(error.relative_path) == 1 for error in errors),
        any(error.validator == "required" and not error.relative_path for error in errors),
    )


@pytest.fixture(params=DRAFTS)
def draft(request: pytest.FixtureRequest) -> SchemaDraft:
    draft: SchemaDraft = request.param
    return draft


def test_schemas_are_valid(market: str, draft: SchemaDraft) -> None:
    schema = payload_schema(market, draft=draft)
    VALIDATORS[draft].check_schema(schema)
    assert schema["$schema"] == VALIDATORS[draft].META_SCHEMA["$schema"]
    assert _ruleset(market).title in schema["title"]


def test_schema_has_the_form_that_generators_of_code_need(market: str, draft: SchemaDraft) -> None:
    schema = payload_schema(market, draft=draft)
    key = "$defs" if draft == "2020-12" else "definitions"
    assert schema["anyOf"] == [{"$ref": f"#/{key}/account"}, {"$ref": f"#/{key}/wrapped_account"}]
    assert not schema.keys() & {"if", "then", "else"}
    for name, definition in schema[key].items():
        assert re.fullmatch("[a-z][a-z0-9_]*", name)
        assert definition.get("type") == "object" or definition["oneOf"]
    untyped = [name for name, each in properties_in(schema) if "array" in each.get("type", ()) and "items" not in each]
    assert untyped == []


def test_schema_is_valid_yaml(market: str, draft: SchemaDraft) -> None:
    schema = payload_schema(market, draft=draft)
    assert yaml.safe_load(strict_json(schema, 2)) == schema
    assert yaml.safe_load(json.dumps(schema, ensure_ascii=False)) == schema


def test_examples_are_accepted_bare_and_wrapped(market: str, draft: SchemaDraft) -> None:
    for payload in (good_account(market), {"payload": good_account(market)}):
        assert refused(shipped(market, draft), payload) == set()


@pytest.mark.parametrize(
    ("market", "place", "value"),
    [
        ("pt", "import_supplier", GONE),
        ("pt", "customers.0", "Ana"),
        ("pt", "customers", {}),
        ("pt", "account_type", "FLAT"),
        ("pt", "external_account_number", "x" * 129),
        ("pt", "customers.0.email", "nobody"),
        ("pt", "customers.0.date_of_birth", "2020-13-01"),
        ("dk", "metadata.0.key", None),
        ("dk", "account_billing_options.period_start_day", 29),
        ("dk", "transfer_balance", "12,50"),
        ("dk", "notes.0", "text"),
        ("dk", "statements", {}),
    ],
)
def test_invalid_fields_are_refused(draft: SchemaDraft, market: str, place: str, value: object) -> None:
    steps = tuple(int(step) if step.isdigit() else step for step in place.split("."))
    error_path = steps[:-1] if value is GONE else steps  # a missing key is an error of its object
    account = put(good_account(market), place, value)
    assert refused(shipped(market, draft), account) == {error_path}
    assert refused(shipped(market, draft), {"payload": account}) == {("payload", *error_path)}


@pytest.mark.parametrize("payload", [None, [], "x", 1, {"payload": None}, {"payload": []}, {"payload": {}}, {}])
def test_payload_without_an_account_is_refused(market: str, draft: SchemaDraft, payload: object) -> None:
    assert refused(shipped(market, draft), payload)


def test_account_with_a_payload_field_is_not_a_wrapper(draft: SchemaDraft) -> None:
    validator = validator_of(book_of({"account": {"fields": {"a": {"type": "integer", "required": True}}}}), draft)
    assert refused(validator, {"payload": {"a": 1}, "beside": 2}) == set()
    assert refused(validator, {"payload": {"a": "x"}}) == {("payload", "a")}
    assert refused(validator, {"payload": "not looked at", "a": 1}) == set()
    own = validator_of(book_of({"account": {"fields": {"payload": {"type": "integer"}}}}), draft)
    assert refused(own, {"payload": 1}) == set()


def test_fields_have_descriptions(draft: SchemaDraft) -> None:
    fields = {
        "a": {"type": "string", "about": "A note."},
        "b": {"type": "string", "deprecated": "a", "about": "Old."},
        "c": {"object": "thing", "deprecated": True},
    }
    book = dataclasses.replace(book_of({"account": {"fields": fields}, "thing": {}}), off_reasons={})
    schema = render_schema(book, draft)
    definitions = schema["$defs" if draft == "2020-12" else "definitions"]
    assert set(definitions) == {"account", "thing", "wrapped_account"}
    descriptions = {name: field.get("description") for name, field in definitions["account"]["properties"].items()}
    assert descriptions == {
        "a": "A note.",
        "b": "Deprecated; use a instead. Old.",
        "c": "Deprecated. Its meaning is not stated. Value: an object, thing; optional. Evidence: inferred.",
    }
    marked_deprecated = [
        name for name, field in definitions["account"]["properties"].items() if field.get("deprecated")
    ]
    assert marked_deprecated == (["b", "c"] if draft == "2020-12" else [])
    assert {definitions[name]["description"] for name in ("account", "thing")} == {"Made up."}


def test_fields_are_deprecated_only_where_advice_says_so(draft: SchemaDraft) -> None:
    fields = {"old": {"type": "string", "deprecated": True}}
    schema = render_schema(book_of({"account": {"fields": fields}}), draft)
    old = schema["$defs" if draft == "2020-12" else "definitions"]["account"]["properties"]["old"]
    assert "deprecated" not in old
    assert "Deprecated" not in old["description"]


def properties_in(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield the properties that a schema describes; those of a condition only compare values."""
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "properties":
            yield from value.items()
            yield from properties_in(list(value.values()))
        elif key != "if" and isinstance(value, dict | list):
            yield from properties_in(value)


OWN_FIELDS = {
    "market": {"extends": "pt"},
    "change": {
        "account": {
            "fields": {
                "loyalty_id": {"type": "string", "max_length": 12, "basis": "observed", "because": "Ours."},
                "tier": {"type": "choice", "choices": ["A"], "about": "Level of the customer.", "because": "Ours."},
            }
        }
    },
}


def test_every_property_has_a_description(market: str, draft: SchemaDraft) -> None:
    properties = [*properties_in(payload_schema(market, draft=draft))]
    assert len(properties) > 400
    assert [name for name, each in properties if not each.get("description", "").endswith(".")] == []


def test_a_field_without_a_meaning_is_described_by_its_type_and_limits() -> None:
    properties = dict(properties_in(payload_schema("pt", OWN_FIELDS)["$defs"]["account"]))
    assert properties["tier"]["description"] == "Level of the customer."
    text = "Its meaning is not stated. Value: a text; at most 12 characters; optional. Evidence: observed."
    assert properties["loyalty_id"]["description"] == text


def test_unknown_fields_pass_and_nested_objects_are_checked(draft: SchemaDraft) -> None:
    fields = {"one": {"object": "thing"}, "none": {"object": "thing", "nullable": True}, "many": {"list": "thing"}}
    thing = {"fields": {"a": {"type": "integer", "required": True}}}
    validator = validator_of(book_of({"account": {"fields": fields}, "thing": thing}), draft)
    assert refused(validator, {"one": {"a": 1, "b": 2}, "none": None, "many": [{"a": 1}], "more": 1}) == set()
    assert refused(validator, {"one": {}, "none": {"a": "x"}, "many": [{"a": 1}, {"a": []}, None]}) == {
        ("one",),
        ("none", "a"),
        ("many", 1, "a"),
        ("many", 2),
    }
    assert refused(validator, {"one": None}) == {("one",)}


def test_variants_have_names_of_their_own(draft: SchemaDraft) -> None:
    objects: dict[str, dict[str, Any]] = {
        "account": {"fields": {"shape": {"object": "shape"}, "other": {"object": "other"}, "b": {"object": "b"}}},
        "shape": {"select": "kind", "variants": {"A": "a", "B": "b", "C": "c", "D": "c"}},
        "other": {"select": "sort", "variants": {"A": "a", "N": "nested"}, "fields": {"shared": {"type": "integer"}}},
        "nested": {"select": "part", "variants": {"D": "d"}, "fields": {"more": {"type": "integer"}}},
        **{name: {"fields": {"size": {"type": "integer"}}} for name in "abcd"},
    }
    key = "$defs" if draft == "2020-12" else "definitions"
    definitions = render_schema(book_of(objects), draft)[key]
    variants = ("shape_a", "shape_b", "c", "other_a", "nested", "d", "b")
    assert set(definitions) == {"account", "wrapped_account", "shape", "other", *variants}
    assert [each["$ref"] for each in definitions["shape"]["oneOf"]] == [
        f"#/{key}/{name}" for name in ("shape_a", "shape_b", "c")
    ]
    assert definitions["c"]["properties"]["kind"]["enum"] == ["C", "D"]
    assert list(definitions["d"]["properties"]) == ["sort", "part", "shared", "more", "size"]
    assert definitions["d"]["required"] == ["sort", "part"]
    validator = validator_of(book_of(objects), draft)
    assert refused(validator, {"other": {"sort": "N", "part": "D", "shared": 1, "more": 2, "size": 3}}) == set()
    assert refused(validator, {"other": {"sort": "N", "shared": 1}}) == {("other",)}


@pytest.mark.parametrize("is_nullable", [False, True])
def test_key_that_selects_a_variant_may_be_optional(draft: SchemaDraft, is_nullable: bool) -> None:
    shape = {"select": "kind", "variants": {"A": "a"}, "fields": {"size": {"type": "integer"}}}
    a = {"fields": {"colour": {"type": "integer", "required": True}}}
    for choice in ({"select_required": False}, {"select_default": "A"}):
        spec = {**shape, **choice, "select_nullable": is_nullable}
        account = {"fields": {"shape": {"object": "shape"}}}
        objects: dict[str, dict[str, Any]] = {"account": account, "shape": spec, "a": a}
        validator = validator_of(book_of(objects), draft)
        colour = {"colour": 1} if "select_default" in choice else {}
        assert refused(validator, {"shape": {"size": 1, **colour}}) == set()
        assert refused(validator, {"shape": {"size": "x", **colour}}) == {("shape", "size")}
        assert bool(refused(validator, {"shape": {"kind": None, **colour}})) != is_nullable
        assert refused(validator, {"shape": {"kind": "A", "colour": 1}}) == set()
        assert refused(validator, {"shape": {"kind": "A"}}) == {("shape",)}


def test_key_of_an_object_with_variants_selects_its_fields(draft: SchemaDraft) -> None:
    objects: dict[str, dict[str, Any]] = {
        "account": {"fields": {"shape": {"object": "shape"}}},
        "shape": {"select": "kind", "variants": {"A": "a", "5": "b"}, "fields": {"size": {"type": "boolean"}}},
        "a": {"fields": {"colour": {"type": "choice", "choices": ["RED"], "required": True}}},
        "b": {"fields": {"size": {"type": "integer", "required": True}}},
    }
    validator = validator_of(book_of(objects), draft)
    for good in ({"kind": "A", "colour": "RED", "size": True}, {"kind": "5", "size": 9}, {"kind": 5, "size": 9}):
        assert refused(validator, {"shape": good}) == set()
    assert refused(validator, {"shape": {"kind": "A", "size": 9}}) == {("shape",), ("shape", "size")}
    assert refused(validator, {"shape": {"kind": "5", "size": True}}) == {("shape", "size")}
    assert ("shape", "kind") in refused(validator, {"shape": {"kind": "B", "size": "huge"}})
    assert refused(validator, {"shape": {"size": True}}) == {("shape",)}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ({"type": "string"}, ["", " ", 5, 1.5, "x" * 999], [None, True, [], {}, "\0"]),
        ({"type": "string", "required": True}, ["x", " x ", "\ufeff"], ["", " ", "\u2003\x85"]),
        ({"type": "string", "nullable": True, "blank": False}, [None, "x"], ["", True]),
        ({"type": "string", "max_length": 3}, ["xyz", "  xyz  ", "\u2003xyz", "😀😀😀"], ["wxyz", "w yz"]),
        ({"type": "email"}, ["a@b.pt", " a@b.pt ", '"a b"@x.y', "a@[::1]", "a@localhost", ""], ["a@b", "a b@c.d", 5]),
        ({"type": "email"}, ["\u0130\u0131\u017f\u212a@b.pt", "a@\u00e9.pt", "a@b.c\xa0\u2003"], ["\u00e9@b.pt"]),
        ({"type": "date"}, ["2020-01-01", "2020-1-1", "20200101", "2020-W01-1", "٢٠٢٠-01-01"], ["x", "", 20200101]),
        ({"type": "date"}, ["2020-01-01\n"], ["2020-01-01T10:00:00Z", "2020-00-01", "2020-01-32", "01-01-2020"]),
        ({"type": "datetime"}, ["2020-01-01T10:00:00Z", "2020-01-01 1:2", "2020-01-01", "20200101T10+01"], ["10:00"]),
        (
            {"type": "datetime"},
            ["2020-01-01T10:00:00,5 +0100", "2020-01-01T1:2 Z", "2020-01-01T10:00Z\0x"],
            ["2020-01-01T10:60", "2020-01-01T10:00+24:00", 5],
        ),
        ({"type": "decimal"}, [1, 1.5, "1.50", " +1e5 ", "1_000", ".5", "5."], ["", "x", "1,5", "NaN", True, []]),
        ({"type": "decimal", "nullable": True}, [None, "", "  "], ["x"]),
        (
            {"type": "decimal", "max_digits": 4, "decimal_places": 2},
            ["0099.99", 99, "1e1"],
            ["100", 100, "0.001", -100],
        ),
        ({"type": "decimal", "max_digits": 2}, ["99", "0.09", 99], ["100", "0.001", 100]),
        ({"type": "decimal", "max_digits": 2, "decimal_places": 2}, ["0.99", ".99", 0.5], ["1", 1, "0.999"]),
        ({"type": "integer", "min": 1, "max": 28}, [1, 28, 5.0, "5", " +5.00 "], [0, 29, 1.5, "x", "", "5.5", True]),
        ({"type": "boolean"}, [True, 0, 1.0, "YES", "oFF", "t"], [2, 0.5, "", "null", "maybe", None, []]),
        ({"type": "boolean", "nullable": True}, [None, "", "Null"], ["none"]),
        (
            {"type": "choice", "choices": ["A", "1", "1.5", "True"]},
            ["A", 1, 1.5, True],
            ["a", "", " A", 2, False, None],
        ),
        ({"type": "choice", "choices": ["A"], "blank": True, "nullable": True}, ["", None], [" ", "B"]),
        ({"type": "choice", "choices": ["[1]"]}, ["[1]", [1]], [None]),
        ({"type": "choice", "choices": ["nan", "1" * 5000]}, ["nan", "1" * 5000], [0]),
        ({"type": "choice", "open": True}, ["", "x", 5], [True, None, []]),
        ({"type": "choice", "open": True, "required": True}, [" ", "x"], [""]),
        ({"type": "json"}, ["", 0, False, [], {"a": None}], [None]),
        ({"type": "object"}, [{}, {"a": []}], [None, [], "x"]),
        (
            {"list": "string", "min_items": 1, "max_length": 2},
            [["ab"], ["ab", 5]],
            [[], ["abc"], [""], [None], "ab", {}],
        ),
        ({"list": "choice", "choices": ["A"], "nullable": True}, [[], ["A"], None], [["B"], [None]]),
    ],
)
def test_kinds_of_fields(draft: SchemaDraft, field: dict[str, Any], good: list[object], bad: list[object]) -> None:
    validator = validator_of(book_of({"account": {"fields": {"it": field}}}), draft)
    assert [value for value in good if refused(validator, {"it": value})] == []
    assert [value for value in bad if not refused(validator, {"it": value})] == []


def test_whitespace_is_what_str_strip_removes() -> None:
    pattern = re.compile(value_schema("string", FieldSpec(type="string", required=True), None)["pattern"])
    characters = map(chr, range(1, 0x10000))
    assert [each for each in characters if bool(pattern.search(each)) != bool(each.strip())] == []


def patterns_in(schema: Any) -> Iterator[str]:
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "pattern" and isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from patterns_in(value)


def test_patterns_use_only_portable_syntax(market: str) -> None:
    patterns = set(patterns_in(payload_schema(market)))
    assert len(patterns) > 9
    for pattern in patterns:
        plain = pattern.replace(r"[\s\S]", "")
        assert set(re.findall(r"\\[A-Za-z]", plain)) <= {r"\t", r"\r", r"\n", r"\x"}, (
            "other escapes differ between engines"
        )
        assert set(re.findall(r"\(\?.", plain)) <= {"(?:"}, "not every engine supports lookaround"
        assert not re.search(r"\{[0-9]*,?[0-9]{4,}\}", plain), "some engines limit counts to 1000"


@pytest.mark.parametrize(
    ("rows", "good", "bad"),
    [
        (["1000-1002", "X"], ["1000", 1001, "X", ""], ["1003", "1000-1002", "x"]),
        ([], [""], ["X"]),
        (None, ["anything", 5], [True]),
    ],
)
def test_supplied_list_restricts_an_open_choice(
    draft: SchemaDraft, rows: list[str] | None, good: list[Any], bad: list[Any]
) -> None:
    field = {"type": "choice", "open": True, "listed": "segments"}
    ruleset = book_of({"account": {"fields": {"it": field, "must": {**field, "blank": False}}}})
    listed = ruleset.lists["segments"].model_copy(update={"values": None if rows is None else tuple(rows)})
    validator = validator_of(dataclasses.replace(ruleset, lists={**ruleset.lists, "segments": listed}), draft)
    assert [value for value in good if refused(validator, {"it": value})] == []
    assert [value for value in bad if not refused(validator, {"it": value})] == []
    assert refused(validator, {"must": ""}) == {("must",)}


def test_overlay_and_references_apply() -> None:
    overlay = {
        "market": {"extends": "pt"},
        "change": {"account": {"fields": {"billing_name": {"required": True, "because": "Ours."}}}},
    }
    schema = payload_schema("pt", overlay, {"customer_roles": ["OWNER"]})
    assert "billing_name" in schema["$defs"]["account"]["required"]
    roles = schema["$defs"]["customer"]["properties"]["account_roles"]
    assert roles["items"] == {"type": "string", "enum": ["OWNER"]}


def test_unknown_draft_is_refused() -> None:
    with pytest.raises(premigrate.BadArgument, match="draft must be one of 2020-12, 7; it is '4'"):
        payload_schema("pt", draft="4")  # type: ignore[arg-type]
