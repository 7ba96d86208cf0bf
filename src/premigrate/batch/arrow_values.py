"""Converts Arrow arrays of any type to the data that parsing their JSON text would give."""

from __future__ import annotations

from functools import partial
from itertools import pairwise, repeat
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from premigrate.documents.json_text import read_json
from premigrate.exceptions import BadArgument, BadPayloadText

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

Converter: TypeAlias = "Callable[[pa.Array], list[Any]]"

CONVERSION_ERRORS = (ValueError, OverflowError, LookupError, pa.ArrowException)
"""The exceptions of PyArrow for values that Python cannot represent, such as the year 20000 or an unknown time zone."""

_is = pa.types
TEXT_TYPES = (_is.is_string, _is.is_large_string, _is.is_string_view)
BINARY_TYPES = (_is.is_binary, _is.is_large_binary, _is.is_binary_view, _is.is_fixed_size_binary)
_LISTS = (_is.is_list, _is.is_large_list, _is.is_fixed_size_list, _is.is_list_view, _is.is_large_list_view)
_TIMES = (_is.is_date, _is.is_time, _is.is_timestamp)
_PLAIN = (_is.is_null, _is.is_boolean, _is.is_integer)


class ValueForm(NamedTuple):
    """The representation of converted values: functions for decimals, values of Arrow's JSON type, and structs.

    ``object_factory`` takes the field names of a struct type and returns a function that makes an object of the field
    values; fields that are None are left out.
    """

    convert_decimal: Callable[[Decimal], object]
    convert_json: Callable[[str], object]
    object_factory: Callable[[list[str]], Callable[..., object]]


def _parse_decimal(value: Decimal) -> object:
    text = str(value)
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _parse_json(text: str) -> object:
    document = read_json(text)
    if document.duplicate_keys:
        raise BadPayloadText("an object contains a key twice")
    return document.data


def _keep_json(text: str) -> object:
    _parse_json(text)
    return msgspec.Raw(text.removeprefix("\ufeff").encode())


def _dict_maker(names: list[str]) -> Callable[..., object]:
    def make(*values: object) -> dict[str, object]:
        pairs = zip(names, values)  # noqa: B905 - equally long; checking it takes a third of the time
        return {name: value for name, value in pairs if value is not None}

    return make


def _struct_maker(names: list[str]) -> Callable[..., object]:
    """Return a msgspec struct type, which is faster to create and encode than a dict.

    Names that need an escape in JSON are not supported by msgspec; then the objects are dicts.
    """
    fields = [f"field{number}" for number in range(len(names))]
    renamed = dict(zip(fields, names, strict=True))
    try:
        return msgspec.defstruct(
            "Object", [(field, object, None) for field in fields], rename=renamed, omit_defaults=True, gc=False
        )
    except ValueError:
        return _dict_maker(names)


AS_PYTHON = ValueForm(_parse_decimal, _parse_json, _dict_maker)
"""Python values as a JSON parser gives them, for validators."""

AS_JSON = ValueForm(lambda value: value, _keep_json, _struct_maker)
"""Values that keep all their digits, for `to_json`."""

to_json: Callable[[object], bytes] = msgspec.json.Encoder(decimal_format="number").encode
"""Encodes data of the form `AS_JSON` as JSON."""


def stored_type(arrow_type: pa.DataType) -> pa.DataType:
    """Return the type of the values inside dictionary, run-end encoded and extension types."""
    while True:
        if isinstance(arrow_type, pa.BaseExtensionType):
            arrow_type = arrow_type.storage_type
        elif _is.is_dictionary(arrow_type) or _is.is_run_end_encoded(arrow_type):
            arrow_type = arrow_type.value_type
        else:
            return arrow_type


def passes_any(arrow_type: pa.DataType, *tests: Callable[[pa.DataType], bool]) -> bool:
    """Return whether a type passes one of the tests."""
    return any(test(arrow_type) for test in tests)


def is_object_map(arrow_type: pa.DataType) -> bool:
    """Return whether a type is a map whose keys can be keys of a JSON object: text, or bytes."""
    return bool(_is.is_map(arrow_type)) and passes_any(stored_type(arrow_type.key_type), *TEXT_TYPES, *BINARY_TYPES)


def make_converter(arrow_type: pa.DataType, place: str, form: ValueForm) -> Converter:
    """Return a function that converts arrays of a type to lists of Python values.

    Args:
        arrow_type: the Arrow type.
        place: the path of the column or field, for messages.
        form: the representation of the values.

    Raises:
        BadArgument: the type, or one inside it, has no equivalent in JSON.

    """
    if _is_variant(arrow_type):
        raise BadArgument(
            f"{place} is a VARIANT, which is not supported; convert it to JSON text, in Spark with to_json({place})"
        )
    if isinstance(arrow_type, pa.BaseExtensionType):
        return _extension_converter(arrow_type, place, form)
    if _is.is_dictionary(arrow_type) or _is.is_run_end_encoded(arrow_type):
        inner = make_converter(arrow_type.value_type, place, form)
        decode = decode_dictionary if _is.is_dictionary(arrow_type) else pc.run_end_decode
        return lambda array: inner(decode(array))
    if _is.is_struct(arrow_type):
        return _struct_converter(arrow_type, place, form)
    if is_object_map(arrow_type):
        read_keys, read_items = (
            make_converter(arrow_type.key_type, place, form),
            make_converter(arrow_type.item_type, f"{place}.*", form),
        )
        return partial(_convert_maps, read_keys, read_items, place)
    if passes_any(arrow_type, *_LISTS):
        return partial(_convert_lists, make_converter(arrow_type.value_type, f"{place}[]", form))
    return _value_converter(arrow_type, place, form)


def _is_variant(arrow_type: pa.DataType) -> bool:
    """Return whether a type is the VARIANT of Parquet and Spark: a struct of bytes, which may be an extension type."""
    stored = stored_type(arrow_type)
    fields = {field.name: field.type for field in stored} if _is.is_struct(stored) else {}
    return fields.keys() - {"typed_value"} == {"metadata", "value"} and passes_any(fields["metadata"], *BINARY_TYPES)


def _value_converter(arrow_type: pa.DataType, place: str, form: ValueForm) -> Converter:
    if passes_any(arrow_type, *_TIMES):
        return partial(_convert_times, arrow_type, place)
    if _is.is_floating(arrow_type):
        return partial(_convert_floats, place)
    if _is.is_decimal(arrow_type):
        return lambda array: [None if value is None else form.convert_decimal(value) for value in array.to_pylist()]
    if passes_any(arrow_type, *TEXT_TYPES, *BINARY_TYPES):
        return partial(_convert_texts, place, are_bytes=passes_any(arrow_type, *BINARY_TYPES))
    if passes_any(arrow_type, *_PLAIN):
        return lambda array: list(array.to_pylist())
    raise BadArgument(f"{place} is {arrow_type}, which JSON cannot represent")


def _extension_converter(arrow_type: pa.BaseExtensionType, place: str, form: ValueForm) -> Converter:
    if arrow_type.extension_name == "arrow.uuid":
        return lambda array: [None if value is None else str(UUID(bytes=value)) for value in array.storage.to_pylist()]
    if arrow_type.extension_name == "arrow.bool8":
        return lambda array: [None if value is None else bool(value) for value in array.storage.to_pylist()]
    inner = make_converter(arrow_type.storage_type, place, form)
    if arrow_type.extension_name == "arrow.json":
        return lambda array: [_convert_json(text, place, form) for text in inner(array.storage)]
    return lambda array: inner(array.storage)


def _struct_converter(arrow_type: pa.DataType, place: str, form: ValueForm) -> Converter:
    names = [field.name for field in arrow_type]
    if repeated := [name for name in names if names.count(name) > 1]:
        raise BadArgument(f"{place} has several fields named {repeated[0]!r}; rename all but one")
    converters = [make_converter(field.type, f"{place}.{field.name}", form) for field in arrow_type]
    return partial(_convert_structs, converters, form.object_factory(names))


def _convert_structs(converters: list[Converter], make: Callable[..., object], array: pa.StructArray) -> list[Any]:
    """Convert structs to objects without the null fields: absent keys are null fields in Arrow."""
    columns = [
        convert(child) if child.null_count < len(child) else repeat(None, len(child))
        for convert, child in zip(converters, array.flatten(), strict=True)
    ]
    objects: list[Any] = list(map(make, *columns)) if columns else [make() for _ in range(len(array))]
    return _with_nulls(objects, array)


def _convert_maps(read_keys: Converter, read_items: Converter, place: str, array: pa.MapArray) -> list[Any]:
    offsets = array.offsets.to_pylist() or [0]
    first, count = offsets[0], offsets[-1] - offsets[0]
    keys, items = read_keys(array.keys.slice(first, count)), read_items(array.items.slice(first, count))
    objects: list[Any] = []
    for start, end in pairwise(offsets):
        here = slice(start - first, end - first)
        objects.append(dict(zip(keys[here], items[here], strict=True)))
        if len(objects[-1]) < end - start:
            raise BadPayloadText(f"{place} contains a key twice")
    return _with_nulls(objects, array)


def _convert_lists(convert: Converter, array: pa.Array) -> list[Any]:
    items = convert(array.flatten())
    lists: list[Any] = []
    start = 0
    for length in pc.list_value_length(array).to_pylist():
        lists.append(None if length is None else items[start : start + length])
        start += length or 0
    return lists


def _with_nulls(values: list[Any], array: pa.Array) -> list[Any]:
    if not array.null_count:
        return values
    return [value if is_valid else None for value, is_valid in zip(values, array.is_valid().to_pylist(), strict=True)]


def _convert_times(arrow_type: pa.DataType, place: str, array: pa.Array) -> list[Any]:
    """Convert dates and times to ISO 8601. Python has no nanoseconds, so values that have some are errors."""
    try:
        if getattr(arrow_type, "unit", "") == "ns":
            zone = getattr(arrow_type, "tz", None)
            array = array.cast(pa.timestamp("us", zone) if _is.is_timestamp(arrow_type) else pa.time64("us"))
        return [None if value is None else value.isoformat() for value in array.to_pylist()]
    except CONVERSION_ERRORS:
        reason = "it is beyond the year 9999, has nanoseconds, or is in an unknown time zone"
        raise BadPayloadText(f"{place} contains a date or time that cannot be converted: {reason}") from None


def _convert_floats(place: str, array: pa.Array) -> list[Any]:
    values = array.to_pylist()
    for value in values:
        if value is not None and not isfinite(value):
            raise BadPayloadText(f"{place} is {float(value)}, which is not a JSON number")
    return values if _is.is_float64(array.type) else [None if value is None else float(value) for value in values]


def _convert_texts(place: str, array: pa.Array, *, are_bytes: bool) -> list[Any]:
    """Convert strings, or bytes that are UTF-8, to Python strings."""
    try:
        values: list[Any] = array.to_pylist()
        return [None if value is None else value.decode() for value in values] if are_bytes else values
    except UnicodeDecodeError:
        raise BadPayloadText(f"{place} contains bytes that are not UTF-8 text") from None


def _convert_json(text: str | None, place: str, form: ValueForm) -> object:
    try:
        return None if text is None else form.convert_json(text)
    except BadPayloadText as error:
        raise BadPayloadText(f"{place}: {error}") from None


def decode_dictionary(array: pa.DictionaryArray) -> pa.Array:
    """Decode a dictionary-encoded array."""
    try:
        return array.dictionary.take(array.indices)
    except pa.ArrowNotImplementedError:  # PyArrow does not implement take for view types
        nothing = pa.nulls(1, array.type.value_type)
        places = array.indices.to_pylist()
        if not places:
            return array.dictionary.slice(0, 0)
        return pa.concat_arrays([nothing if at is None else array.dictionary.slice(at, 1) for at in places])
