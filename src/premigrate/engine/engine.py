"""The engine: a program that is ready to run, which returns the findings of any number of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from premigrate.engine.build import Builder
from premigrate.engine.collector import Collector
from premigrate.engine.endpoint_responses import render_endpoint_response
from premigrate.engine.envelope import WRAPPER_KEY, is_wrapped
from premigrate.engine.field_info import FieldInfo
from premigrate.engine.frames import Frame
from premigrate.engine.program import Program, objects_within
from premigrate.engine.settle import Findings, Settler
from premigrate.formats.plain import NotPlainError, check_key, to_plain
from premigrate.results import Fix, Place, Response


class Engine:
    """A program that is ready to run. It keeps no state between accounts, so threads can share it.

    Args:
        program: the program.
        preload: whether to load the libraries that format checks need now, instead of on first use (better for a short
            process).

    """

    def __init__(self, program: Program, *, preload: bool = True) -> None:
        self.program = program
        self.field_info = FieldInfo(program)
        self.known_keys = frozenset(
            field.name for node in objects_within(program.objects[program.root]) for field in node.fields
        )
        """The declared keys of an account."""
        self._root = Builder(program, preload=preload).build_root()
        self._settler = Settler(
            program.advice_texts, program.suspicious_value_text, self.field_info, program.not_checked
        )

    def account_of(self, payload: Any) -> tuple[Place, Any]:  # noqa: ANN401 - any JSON value
        """Return the place of the account in a payload, which may be wrapped, and the account."""
        return ((WRAPPER_KEY,), payload[WRAPPER_KEY]) if is_wrapped(payload, self.known_keys) else ((), payload)

    def render_response(self, name: str, **values: object) -> Response:
        """Render one of the responses of the endpoints. ``values`` replace its placeholders."""
        return render_endpoint_response(self.program.responses.by_name[name], values)

    def run(self, payload: Any, today: date) -> Findings:  # noqa: ANN401 - any JSON value
        """Check one account. ``payload`` is any value, bare or wrapped in an object with the key ``payload``.

        Readers raise `NotPlainError` for a value of a type that no JSON document has; the payload is then converted
        and read again.
        """
        try:
            return self._run(payload, today)
        except NotPlainError:
            return self._run(to_plain(payload), today)

    def propose_fixes(self, payload: Any, today: date, found: Findings) -> tuple[Fix, ...]:  # noqa: ANN401 - any JSON value
        """Return fixes for the findings of a payload, at most one for each value, in document order.

        Args:
            payload: as for `run`.
            today: the date that counts as today.
            found: what `run` found.

        """
        from premigrate.engine.fixes.apply import apply_to_payload
        from premigrate.engine.fixes.candidates import CandidateFinder
        from premigrate.engine.fixes.propose import select_fixes

        plain = to_plain(payload)
        candidates = CandidateFinder(self.program).find(self.account_of(plain)[1], found)

        def check(fixes: Sequence[Fix]) -> Findings:
            return self._run(apply_to_payload(plain, fixes, self.known_keys), today)

        return select_fixes(candidates, found, check)

    def _run(self, payload: Any, today: date) -> Findings:  # noqa: ANN401
        collector = Collector(self.program.advice_texts, self.field_info, today)
        account, frame = payload, Frame(None, "", 0)
        if type(payload) is dict and WRAPPER_KEY in payload and is_wrapped(payload, self.known_keys):
            beside = payload.keys() - {WRAPPER_KEY}
            for key in beside:
                check_key(key)
            for key in sorted(beside - self.program.beside_payload):
                collector.add_advice("beside_payload", frame, -1, (key,), name=key)
            account = payload[WRAPPER_KEY]
        root = self._root.read(account, frame, collector)
        return self._settler.settle(collector, root)
