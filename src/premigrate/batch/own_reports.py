"""Recognises the reports that this program writes, by how they begin, so that a folder with some can be checked."""

import re
from functools import cache

_TEXT = rb'"(?:[^"\\]|\\.)*+"'
_LONGEST_LINE = 4096  # of a report as text the first line is looked at, and no more of it

_JSON = {
    "json": rb'\{"premigrate": "',
    "ndjson": rb'\{"file": %b, "index": \d+, "account": %b, "level": "(?:error|next|advice)", "detail": "|'
    rb'\{"level": "unreadable", "file": "' % (_TEXT, _TEXT),
    "sarif": rb'\{"\$schema": "https://docs\.oasis-open\.org/sarif/sarif/v2\.1\.0/[^"]*", "version": "2\.1\.0", "runs"',
    "cohort": rb'\{"code": "cohort:\w+", "detail": "',
    "compare": rb'\{\s*"compared": \d+,\s*"differing": \d+,\s*"verdict_only": ',
    "tenant learn": rb'\{\s*"title": %b,\s*"path": %b,\s*"market": %b,\s*"fields": \{\s*"added": '
    % (_TEXT, _TEXT, _TEXT),
}
_OTHERS = {
    "csv": rb"file,line,column,index,account,level,code,attr,detail,",
    "junit": rb'<\?xml version="1\.0" encoding="utf-8"\?>\s*<testsuites name="premigrate"',
    "html": rb"<!doctype html>(?s:.*?)<title>[^<]* - premigrate</title>",
    "github": rb"::group::premigrate ",
    "text": rb".*: (?:error|next|advice): .*\n(?:    .*\n)*+  \w+(?: at |, account |\n)|"
    rb"not checked: \d+ rules? |interrupted: this is not all\n|"
    rb"\d+ accounts? checked, \d+ refused|\d+ findings? not shown; in all ",
    "cohort": rb"cohort:\w+: |not checked: \d+ rules? |\d+ accounts? compared: ",
    "compare": rb" +API: valid  API: refused\n|left out: \d+ calls? |not read: \d+ recordings?, |\d+ answers? compared",
    "baseline": rb"# Findings that are known\. premigrate baseline write ",
}


_STARTS = (b'{"premigrate', b'{"file', b'{"level', b'{"$schema', b'{"code', b'{\n  "compared', b'{\n  "title')
"""How those in JSON begin; almost no payload does, so that the patterns are seldom compiled."""


def is_own_report(head: bytes) -> bool:
    """Whether a text that begins like this, without a byte order mark, is a report of this program."""
    if head.startswith(b"{"):
        return head.startswith(_STARTS) and _is_any_of("json", head)
    return not head.startswith(b"[") and _is_any_of("others", head[:_LONGEST_LINE])


def _is_any_of(kind: str, head: bytes) -> bool:
    return _pattern(kind).match(head) is not None


@cache
def _pattern(kind: str) -> re.Pattern[bytes]:
    return re.compile(b"|".join((_JSON if kind == "json" else _OTHERS).values()))
