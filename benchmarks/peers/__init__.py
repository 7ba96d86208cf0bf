"""The peers, which check only the structure of an account; all are derived from the ruleset."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

Check = Callable[[Any], bool]


class Peer(NamedTuple):
    """The function that builds a peer (``module:name``), and what it does not check or parses differently."""

    built_by: str
    limitations: str

    def build(self, market: str) -> Check:
        """Return the check of a market's accounts."""
        module, name = self.built_by.split(":")
        check: Check = getattr(import_module(f"benchmarks.peers.{module}"), name)(market)
        return check


PEERS: Mapping[str, Peer] = {
    "DRF serializers": Peer("drf:build", "nothing"),
    "jsonschema": Peer(
        "json_schema:build_jsonschema",
        "dates that do not exist, the length of a number in a text field, the digits of a decimal that is not a text",
    ),
    "fastjsonschema": Peer("json_schema:build_fastjsonschema", "the same as jsonschema"),
    "jsonschema-rs": Peer("json_schema:build_jsonschema_rs", "the same as jsonschema"),
    "pydantic BaseModel": Peer(
        "pydantic_models:build",
        "null in free JSON, blank texts, U+0000; accepts numbers as times, and refuses numbers as texts",
    ),
    "msgspec": Peer("msgspec_structs:build", "the same as pydantic, and the digits of a decimal"),
}
"""The peers by their names in the tables."""
