"""Reads the file of a document, or standard input."""

import sys
from pathlib import Path

from premigrate.batch.inputs import STDIN
from premigrate.exceptions import BadDocument


def read_document_file(path: str) -> bytes:
    """Read the document at a path, up to one byte more than the size limit.

    Raises:
        BadDocument: the file cannot be read.

    """
    from premigrate.tenant.learn import MAX_DOCUMENT_BYTES  # it imports the rule grammar, which --help does not need

    try:
        if path == STDIN:
            return sys.stdin.buffer.read(MAX_DOCUMENT_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise BadDocument(f"cannot be read: {error.strerror}") from None
