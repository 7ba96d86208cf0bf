"""Writes a result as one line of JSON: where the payload came from, and the exact answer of the API."""

import json

from premigrate.errors import Result


def render_json_line(file: str, index: int, result: Result) -> str:
    """Write one payload; ``index`` is its position in a file that holds an array."""
    response = result.response
    return json.dumps({"file": file, "index": index, "status": response.status, "body": response.body})
