"""Prints what the stand-in answers to accounts that are sent to be validated."""

import http.client
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # what is compared is not how Python prints
_KEPT = ("content-type", "content-length")
command = [sys.executable, "-m", "premigrate", "serve", "--market", "dk", "--as-of", "2026-01-31", "--port", "0"]
with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
    try:
        assert process.stdout
        where = urlsplit(process.stdout.readline().decode().strip())
        with closing(http.client.HTTPConnection(where.hostname or "", where.port)) as client:
            for line in [*Path(sys.argv[1]).read_bytes().splitlines(), b"{", b"[]", b'{"payload": 1}', b"\xff"]:
                client.request("POST", "/v2/data-import/accounts/validate/", line, {"content-type": "application/json"})
                answer = client.getresponse()
                print(answer.status, [answer.headers[name] for name in _KEPT], answer.read())
    finally:
        process.kill()
