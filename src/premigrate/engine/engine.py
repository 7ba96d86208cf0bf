"""The engine: a program made ready, which gives the findings of any number of accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from premigrate.engine.build import Builder
from premigrate.engine.envelope import WRAPPER, is_wrapped
from premigrate.engine.field_info import FieldInfo
from premigrate.engine.frames import Frame
from premigrate.engine.notes import Notes
from premigrate.engine.program import Program
from premigrate.engine.settle import Findings, Settler
from premigrate.formats.plain import NotPlainError, check_key, to_plain


class Engine:
    """A program that is ready to run. Nothing in it changes from account to account, so threads may share it.

    Args:
        source: the program.
        load: load all that formats need from libraries now; else when a value asks for it, which suits a short life.

    """

    def __init__(self, source: Program, *, load: bool = True) -> None:
        self.program = source
        self.info = FieldInfo(source)
        self._root = Builder(source, load=load).root()
        self._settler = Settler(source.advice_texts, source.doubt, self.info)

    @property
    def known(self) -> frozenset[str]:
        """The keys of an account."""
        return self._root.known

    def run(self, payload: Any, today: date) -> Findings:  # noqa: ANN401 - any JSON value
        """Check one account. ``payload`` is any value, bare or wrapped in an object with the key ``payload``.

        Readers stop at a value of a type that no JSON text gives; then all is converted, and read once more.
        """
        try:
            return self._run(payload, today)
        except NotPlainError:
            return self._run(to_plain(payload), today)

    def _run(self, payload: Any, today: date) -> Findings:  # noqa: ANN401
        notes = Notes(self.program.advice_texts, self.info, today)
        account, frame = payload, Frame(None, "", 0)
        if type(payload) is dict and WRAPPER in payload and is_wrapped(payload, self.known):
            beside = payload.keys() - {WRAPPER}
            for key in beside:
                check_key(key)
            for key in sorted(beside):
                notes.advise("beside_payload", frame, -1, (key,), name=key)
            account = payload[WRAPPER]
        root = self._root.read(account, frame, notes)
        return self._settler.settle(notes, root)


def run_program(source: Program, payload: object, today: date) -> Findings:
    """Check one account with an engine made for it."""
    return Engine(source).run(payload, today)
