"""Writes initial inputs of each target, from which a fuzzer reaches deep code quickly.

``python -m tests.fuzz.seeding`` adds them to the corpus; existing inputs stay.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path

from tests.payloads import ROOT, good_account

CORPUS = Path(__file__).parent / "corpus"

_SMALL = (
    *("{}", "[]", "null", '{"a":1,"a":2}', '[{"a":[]},{"payload":{}}]', '{"payload":{"notes":[{}]}}', "1e999"),
    *('{"import_supplier":"\\ud83d\\ude00\\ud800"}', '\ufeff{"a":-0.0}', '{"a":NaN}', '"\u2028\u0085"', "{", '{"":{}}'),
)
_YAML = (
    *("a: 1\nb:\n  - x\n  - y: 'z'\n", "- {}\n- a: |\n    text\n", "a: &x 1\nb: *x\n", "? a\n: b\n", "--- 1\n--- 2\n"),
    *("a: 0x1F\n", "a: 1_000\n", "a: .inf\n", "a: 2020-01-01\n", "!!str a: b\n", "a: no\n", "%YAML 1.1\n---\na: 1\n"),
)
_SETTINGS = (
    *('market = "dk"\njobs = 2\nselect = ["customers.*"]\n', "[tool.premigrate]\nshow-values = true\n", "tool = 1\n"),
    *('[[per-path]]\npaths = ["a/*"]\nignore = ["x.*"]\n', 'output = ["html:a.html"]\nfail-on = "advice"\n'),
)
_BASELINES = (
    '[[known]]\nsupplier = "S"\naccount = "A"\ncode = "c"\nattr = "a.0"\nreason = "r"\nexpires = 2026-12-31\n',
    "known = []\n",
)
_LISTS = (
    *(b"\0A\nB\n", b'\1slug,name\na,b\n"c","d"\n', b'\2ledger_codes = ["A", 1, 2.5]\n', b"\1slug;x\na;b\n"),
    *(b'\2[[campaigns]]\nslug = "a"\n', b"\3a\n", b"\1\xef\xbb\xbfslug\ta\n\0\t\n"),
)
_OVERLAYS = (
    '[market]\nextends = "dk"\n[disabled]\nphone-number-valid = "Not here."\n',
    '[market]\nextends = "pt"\n[change.account.fields]\nnotes = { drop = true }\n',
    '[market]\nextends = "dk"\n[list.ledger_codes]\nvalues = ["1000-1049"]\n',
    '[[rule]]\nid = "a-b"\non = "customer"\nmatches = { field = "email", patterns = ["[a-z]+"] }\n',
)


_CALLS = (
    '{"payload":{},"status":400,"response":{"errors":[{"detail":"d","code":"required","attr":"customers"}]}}',
    '{"payload":{},"status":200}\n{"payload":[],"status":400,"response":{"customers":["d"]},"as_of":"2026-01-31"}',
    (
        '{"log":{"entries":[{"startedDateTime":"2026-01-31","request":{"method":"POST","url":"x:/data-import/accounts/",'
        '"postData":{"text":"{}"}},"response":{"status":400,"content":{"text":"e30=","encoding":"base64"}}}]}}'
    ),
)
_SCRIPTS = (
    (
        '[[failure]]\nanswer = "throttled"\ntimes = 2\nretry_after = 3\n'
        '[[failure]]\naccount = "A*"\nlifecycle = "errored"\n'
    ),
    'failure = [{ endpoint = "status", wait = 0.5, times = 1 }, { answer = "broken", endpoint = "validate" }]\n',
    "[failure]\n",
)
_DOCUMENTS = (
    (
        '{"openapi":"3.1.0","paths":{"/data-import/accounts/validate/":{"post":{"requestBody":{"content":{"application/json'
        '":{"schema":{"properties":{"import_supplier":{"enum":["A"]},"customers":{"type":"array","items":{"$ref":"#/c"}},'
        '"notes":{"type":"string","maxLength":3}}},"example":{"import_supplier":"B"}}}}}}},"c":{"properties":{"a":{}}}}'
    ),
    "openapi: 3.0.3\npaths: {}\n",
    '{"swagger":"2.0"}',
)


_BULK = (*_SMALL[:6], '{"a":1}\n{"a":2}\n\n{', '[{"a":"}"},\n {"a":"\\""}]', "[{},,]")


def _initial_inputs() -> dict[str, list[bytes]]:
    """Return the initial inputs of each target."""
    accounts = [_small_fields(good_account(market)) for market in ("dk", "pt")]
    digests = [blake2b(bytes((size,)), digest_size=size).digest() for size in (8, 24, 60)]
    return {
        "baseline": [text.encode() for text in _BASELINES],
        "bulk": [bytes((number % 7, 1 + number, number % 3)) + text.encode() for number, text in enumerate(_BULK)],
        "configuration": [text.encode() for text in _SETTINGS],
        "json_text": [*(text.encode() for text in _SMALL), *(json.dumps(account).encode() for account in accounts)],
        "openapi": [*digests, *(b"\x0c" + text.encode() for text in _DOCUMENTS)],
        "overlay": digests,
        "payload": digests,
        "recordings": [*digests, *(bytes((kind % 3, 1)) + text.encode() for kind, text in enumerate(_CALLS))],
        "references": list(_LISTS),
        "requests": digests,
        "script": [text.encode() for text in _SCRIPTS],
        "rule_file": [
            *(text.encode() for text in _OVERLAYS),
            (ROOT / "rules" / "platform" / "deposit.toml").read_bytes(),
        ],
        "yaml_text": [
            *(text.encode() for text in _YAML),
            *(json.dumps(account, indent=1).encode() for account in accounts),
        ],
    }


def _small_fields(account: dict[str, object]) -> dict[str, object]:
    """Return the small fields of a good account."""
    return {key: value for key, value in account.items() if len(json.dumps(value)) < 300}


def seed() -> None:
    """Write all initial inputs."""
    for target, texts in _initial_inputs().items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for text in texts:
            (folder / blake2b(text, digest_size=8).hexdigest()).write_bytes(text)


if __name__ == "__main__":
    seed()
