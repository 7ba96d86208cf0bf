"""Records payloads with their responses, one pair on each line, as `premigrate compare` reads them."""

import json
import os
import threading
from collections.abc import Callable
from datetime import date
from types import TracebackType
from typing import Self

from premigrate.exceptions import BadArgument
from premigrate.results import Response

_PRIVATE = 0o600


class Recording:
    """A file to which pairs of payload and response are appended, each at once. Thread-safe.

    A new file can be read by its owner alone: payloads are personal data.

    Args:
        path: the file.
        log: receives a message when a pair cannot be written; requests are still answered.

    Raises:
        BadArgument: the file cannot be written.

    """

    def __init__(self, path: str, log: Callable[[str], object] = lambda line: None) -> None:  # noqa: ARG005
        self._path, self._log, self._lock = path, log, threading.Lock()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._file = open(path, "r+b", buffering=0, opener=lambda name, _: os.open(name, flags, _PRIVATE))  # noqa: SIM115
            self._is_cut = self._ends_within_a_line()  # the process that wrote it was killed
        except OSError as error:
            raise BadArgument(f"{path}: the recording cannot be written: {error.strerror}") from None

    def add(self, payload: object, response: Response, as_of: date) -> None:
        """Append a pair. A payload with a number that JSON does not have, such as 1e999, is left out."""
        answer = {"status": response.status, "response": response.body, "as_of": as_of.isoformat()}
        try:
            line = json.dumps({"payload": payload, **answer}, allow_nan=False)
        except ValueError:
            return
        with self._lock:
            self._write(f"{line}\n".encode())

    def _write(self, line: bytes) -> None:
        """Write a line, on a new line if the last one could not be written to its end."""
        data = b"\n" + line if self._is_cut else line
        try:
            written = self._file.write(data)
        except OSError as error:
            self._log(f"{self._path}: the recording cannot be written: {error.strerror}")
            return
        self._is_cut = written != len(data)
        if self._is_cut:
            self._log(f"{self._path}: the recording cannot be written: the disk is full")

    def __enter__(self) -> Self:
        """Return the recording."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def _ends_within_a_line(self) -> bool:
        size = self._file.seek(0, os.SEEK_END) if self._file.seekable() else 0
        if not size:
            return False
        self._file.seek(size - 1)
        return self._file.read(1) != b"\n"
