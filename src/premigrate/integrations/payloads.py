"""Reads a column of payloads, JSON text or objects, cell by cell as documents to validate."""

from collections.abc import Iterator
from typing import TypeAlias

from premigrate.batch.arrow_values import AS_PYTHON
from premigrate.batch.payload_columns import PayloadReader
from premigrate.documents.document import Document
from premigrate.documents.json_text import read_json
from premigrate.exceptions import BadPayloadText
from premigrate.integrations.arrow_import import pa

DocumentCell: TypeAlias = Document | BadPayloadText
"""A payload, or the reason why it cannot be read."""


def read_payloads(column: pa.Array | pa.ChunkedArray, name: str = "payload") -> Iterator[DocumentCell]:
    """Read every cell; an unreadable cell does not affect the others. ``name`` is that of the column.

    Raises:
        BadArgument: the column holds neither JSON text nor structs or maps.

    """
    for cell in PayloadReader(name, column.type, AS_PYTHON).read(column):
        if isinstance(cell, bytes):
            yield _read_text(cell)
        else:
            yield cell if isinstance(cell, BadPayloadText) else Document(cell)


def check_payload_type(name: str, kind: pa.DataType) -> None:
    """Check that a column of this type can hold payloads.

    Raises:
        BadArgument: it cannot; the message names the field whose type JSON does not have.

    """
    PayloadReader(name, kind, AS_PYTHON)


def _read_text(text: bytes) -> DocumentCell:
    try:
        return read_json(text)
    except BadPayloadText as error:
        return error
