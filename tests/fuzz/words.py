"""Dictionaries for the fuzzer, which needs not guess the names of fields and keys then."""

from __future__ import annotations

import re

from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rule_file import RuleFile
from premigrate.ruleset.rule_files import market_names

_MARKS = ("{", "}", "[", "]", ":", ",", '"', "\\u", "\\ud800", "null", "true", "1e999", "NaN", "- ", "? ", "&a", "*a")
_UNUSUAL = ("\0", "\ufeff", "\u2028", "\u0085", "\u202e", "\u200b", "\u00a0")
_TABLES = (
    "[market]\n",
    'extends = "',
    "[[rule]]\n",
    "[object.",
    "[change.",
    ".fields]\n",
    "[disabled]\n",
    " = ",
    '"""',
)
_DOCUMENT = (
    *("openapi", "paths", "components", "schemas", "requestBody", "content", "application/json", "schema", "example"),
    *("$ref", "#/components/schemas/", "properties", "required", "allOf", "oneOf", "anyOf", "discriminator", "mapping"),
    *("propertyName", "enum", "const", "type", "items", "format", "pattern", "nullable", "readOnly", "deprecated"),
    *("maxLength", "minLength", "maximum", "minimum", "exclusiveMinimum", "multipleOf", "x-validators"),
    *("possible_errors", "additionalProperties", "x-use-instead", "examples", "value", "payload", "import_supplier"),
)
_CALL = (
    *("payload", "status", "response", "as_of", "errors", "detail", "code", "attr", "message", "non_field_errors"),
    *("log", "entries", "request", "method", "POST", "url", "/data-import/accounts/validate/", "postData", "text"),
    *("content", "encoding", "base64", "startedDateTime", "2026-01-31", "400", "account_failed_validation"),
)
_REQUEST = (
    "payload",
    "task_params",
    "is_dry_run",
    "answer",
    "lifecycle",
    "times",
    "wait",
    "seconds",
    "%2F",
    "%00",
    "../",
)
_SCRIPT = (
    *(
        "[[failure]]\n",
        "account = ",
        "endpoint = ",
        "times = ",
        "answer = ",
        "lifecycle = ",
        "wait = ",
        "retry_after = ",
    ),
    *('"validate"', '"status"', '"throttled"', '"broken"', '"errored"', '"cancelled"', '"not_found"', "nan", "inf"),
)
_WORD = re.compile(r"[A-Za-z_-]+")


def words_of(target: str) -> str:
    """Return the dictionary of a target in the format of libFuzzer."""
    words = [*_MARKS, *_UNUSUAL]
    if target in {"json_text", "yaml_text", "bulk"}:
        rulesets = [load_ruleset(name) for name in market_names()]
        words += [name for ruleset in rulesets for spec in ruleset.objects.values() for name in spec.fields]
    if target in {"rule_file", "configuration", "baseline", "references"}:
        words += [*_TABLES, *_WORD.findall(str(RuleFile.model_json_schema()))]
    words += {"openapi": _DOCUMENT, "recordings": _CALL, "requests": _REQUEST, "script": _SCRIPT}.get(target, ())
    return "".join(f'"{_escaped(word)}"\n' for word in dict.fromkeys(words))


def _escaped(word: str) -> str:
    return "".join(rf"\x{byte:02x}" for byte in word.encode())
