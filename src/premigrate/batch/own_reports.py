"""Recognises reports of premigrate by their first bytes, so that they are skipped in folders of payloads."""

import re
from functools import cache

OWN_REPORT_NOTICE = "skipped: this is a report of premigrate; pass its path to check it"

TABLE_KEY = b"premigrate"
"""The key in the metadata of a Parquet file that marks it as a report."""

_TEXT = rb'"(?:[^"\\]|\\.)*+"'
_HEAD_SIZE = 4096  # bytes of a text report that are matched

_JSON = {
    "json": rb'\{"premigrate": "',
    "ndjson": rb'\{"file": %b, "index": \d+, "account": %b, "level": "(?:error|follow-on|advice)", "detail": "|'
    rb'\{"level": "unreadable", "file": "' % (_TEXT, _TEXT),
    "sarif": rb'\{"\$schema": "https://docs\.oasis-open\.org/sarif/sarif/v2\.1\.0/[^"]*", "version": "2\.1\.0", "runs"',
    "gitlab": rb'\[\s*\{"check_name": %b, "fingerprint": "[0-9a-f]{64}", "severity": "|\[\n\]\n\Z' % _TEXT,
    "cohort": rb'\{"code": "cohort:\w+", "detail": "',
    "compare": rb'\{\s*"compared": \d+,\s*"differing": \d+,\s*"verdict_only": ',
    "tenant learn": rb'\{\s*"title": %b,\s*"path": %b,\s*"market": %b,\s*"fields": \{\s*"added": '
    % (_TEXT, _TEXT, _TEXT),
}
_OTHERS = {
    "csv": rb"file,line,column,index,account,level,code,attr,detail,",
    "statistics": rb" *count  accounts +share  level +code +attr +example\n|"
    rb"level,code,attr,count,accounts,share,file,line,column,",
    "concise": rb"(?!#).*(?:(?::\d+:\d+|\[\d+\]): \w+ \S+|: unreadable -) .+\n|"
    rb"The run was interrupted: not all inputs were checked\.\n",
    "junit": rb'<\?xml version="1\.0" encoding="utf-8"\?>\s*<testsuites name="premigrate"',
    "html": rb"<!doctype html>(?s:.*?)<title>[^<]* - premigrate</title>",
    "github": rb"::group::premigrate ",
    "text": rb".*: (?:error|follow-on|advice): .*\n(?:    .*\n)*+  \w+(?: at |, account |\n)|"
    rb"not checked: \d+ rules? |interrupted: not all [a-z ]+ were [a-z]+\n|"
    rb"\d+ accounts? checked, \d+ refused|\d+ findings? not shown\. All findings ",
    "cohort": rb"cohort:\w+: |not checked: \d+ rules? |\d+ accounts? compared: ",
    "compare": rb" +API: valid  API: refused\n|not compared: \d+ calls? |"
    rb"unreadable: \d+ recordings? |\d+ answers? compared",
    "baseline": rb"# Known findings\. premigrate baseline write ",
}


_JSON_PREFIXES = (
    *(b'{"premigrate', b'{"file', b'{"level', b'{"$schema', b'{"code', b'{\n  "compared', b'{\n  "title'),
    *(b'[\n{"check_name', b"[\n]\n"),
)
"""Beginnings of the JSON reports. Payloads rarely begin like this, so the patterns are rarely compiled."""


def is_own_report(head: bytes) -> bool:
    """Return whether a text that begins with ``head``, without a byte order mark, is a report of premigrate."""
    if head.startswith((b"{", b"[")):
        return head.startswith(_JSON_PREFIXES) and _matches("json", head)
    return _matches("others", head[:_HEAD_SIZE])


def _matches(kind: str, head: bytes) -> bool:
    return _pattern(kind).match(head) is not None


@cache
def _pattern(kind: str) -> re.Pattern[bytes]:
    return re.compile(b"|".join((_JSON if kind == "json" else _OTHERS).values()))
