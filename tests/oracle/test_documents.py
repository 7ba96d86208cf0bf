"""Compares the reader of documents with the framework: fields written by hand, and the serializers of a market."""

import copy
import json
from itertools import islice
from typing import Any

import pytest
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import serializers

from tests.books import shipped_book
from tests.documents.mutations import mutations
from tests.documents.samples import sample
from tests.documents.schema_reader import SchemaReader
from tests.documents.test_reader import PATH, account_of
from tests.openapi import document_of
from tests.oracle.serializers import Builder, framework_errors


class Texts(serializers.Serializer):
    billing_name = serializers.CharField(max_length=10)
    code = serializers.CharField(min_length=4, max_length=4)
    short = serializers.CharField(min_length=2)
    word = serializers.RegexField("^[A-Z]{2}[0-9]+$")
    limited = serializers.RegexField("^[A-Z]+$", max_length=3)
    part = serializers.RegexField("[0-9]")
    either = serializers.RegexField("^(?:AB|CD)-[0-9]{2}$")
    billing_email = serializers.EmailField(max_length=20)
    emails = serializers.ListField(child=serializers.EmailField())


def decimal(whole: int, places: int, **options: Any) -> serializers.Field:
    return serializers.DecimalField(max_digits=whole + places, decimal_places=places, **options)


class Numbers(serializers.Serializer):
    whole = serializers.IntegerField(min_value=1, max_value=28)
    rate = serializers.FloatField(min_value=0.5, max_value=99.5)
    unlimited = serializers.FloatField()
    amount = decimal(4, 2)
    no_places = decimal(11, 0)
    no_whole = decimal(0, 3)
    free = serializers.DecimalField(max_digits=None, decimal_places=None)
    nullable_amount = decimal(4, 2, allow_null=True)
    amounts = serializers.ListField(child=decimal(4, 2))
    digits = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=9))
    number = serializers.ChoiceField(choices=[1, 2, 3])


class Types(serializers.Serializer):
    last_billed_to_date = serializers.DateField()
    moment = serializers.DateTimeField(allow_null=True)
    flag = serializers.BooleanField()
    maybe = serializers.BooleanField(allow_null=True)
    days = serializers.ListField(child=serializers.DateField())
    free = serializers.DictField()
    identifier = serializers.UUIDField()
    time = serializers.TimeField()
    server_side = serializers.IntegerField(read_only=True)


class TypedKeys(serializers.Serializer):
    numbers = serializers.DictField(child=serializers.IntegerField())


class Lists(serializers.Serializer):
    some = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=3)
    choices = serializers.ListField(child=serializers.ChoiceField(choices=["A", "B"]), max_length=4)
    blanks = serializers.ListField(child=serializers.ChoiceField(choices=["A"], allow_blank=True))


SERIALIZERS: dict[str, Any] = {
    "texts": Texts,
    "numbers": Numbers,
    "types": Types,
    "typed_keys": TypedKeys,
    "lists": Lists,
}


@pytest.mark.parametrize("name", SERIALIZERS)
def test_errors_are_those_of_the_framework(name: str) -> None:
    account, serializer = account_of(name), SERIALIZERS[name]
    compared = 0
    for each in mutations(account, sample(account)):
        bound = serializer(data=each.payload)
        bound.is_valid()
        found = {(str(error.attr), error.code) for error in (flatten_errors(bound.errors) if bound.errors else [])}
        keys = {attr.split(".")[0] for attr, _ in each.errors}
        if " ".join(each.what.split()[:1]) == "no" and not each.errors:
            continue  # the serializers here require all their fields
        assert found == {error for error in each.errors if error[0].split(".")[0] in bound.fields}, each.what
        compared += bool(keys & bound.fields.keys())
    assert compared > 5


def reported(serializer: Any, payload: Any) -> set[tuple[str, str]]:
    return {(attr, code) for _, code, attr in framework_errors(serializer, copy.deepcopy(payload))}


def test_errors_are_those_of_the_serializers_of_a_market(market: str) -> None:
    ruleset = shipped_book(market)
    open_choices = {key for spec in ruleset.objects.values() for key, field in spec.fields.items() if field.open}
    account = SchemaReader(json.loads(json.dumps(document_of(ruleset)))).account(PATH)
    serializer = Builder(ruleset).root()
    compared = 0
    always = reported(serializer, sample(account))  # the document lacks a few limits of the serializers
    for each in islice(mutations(account, sample(account)), 0, None, 499):
        if each.at and each.at[0].rsplit("/", 1)[-1] in open_choices:
            continue  # the document says that they are texts
        found = reported(serializer, each.payload) - always
        assert found == each.errors - always, each.what
        compared += bool(found)
    assert compared > 5
