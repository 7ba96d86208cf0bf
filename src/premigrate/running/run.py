"""Runs a plan over one payload: reads it, then lets the rules look, and settles what the API would say now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from premigrate.errors import Advice, Error, Place, Stage
from premigrate.formats import Misread
from premigrate.formats.text import written
from premigrate.plan import DOUBT, Blame, Check, Plan, Scope
from premigrate.running.around import WRAPPER, is_wrapped
from premigrate.running.declared import Declared
from premigrate.running.events import Event, Site, attr_of, fill, fill_masked
from premigrate.running.reading import Reader
from premigrate.running.same_keys import SameKeys
from premigrate.running.usual import UsualReader

_CAUSES = frozenset({"float_noise"})
"""Advice that stays beside an error of the same value, for it may tell the reason: a sum that doesn't add up."""


if TYPE_CHECKING:
    from premigrate.running.structs import Look


class Findings(NamedTuple):
    """What a run found, in document order."""

    errors: tuple[Error, ...]
    advice: tuple[Advice, ...]


NOTHING = Findings((), ())
_PATIENCE = 20
"""Accounts that are read without a parser of their own, because most runs are over before."""


class Engine:
    """A plan that is ready to run. It keeps no more of a run than that there was one, so threads may share it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.declared = Declared(plan.root)
        self._read = SameKeys(plan.written, plan.root.name) if plan.written else None
        self._look: Callable[[dict[Any, Any], UsualReader], Any] = self._get_ready
        self._waiting = _PATIENCE

    def run(self, payload: object, today: date) -> Findings:
        """Check one account. ``payload`` is any JSON value, bare or wrapped in an object with the key ``payload``."""
        reader = UsualReader(self._plan, self.declared, today)
        account = payload if type(payload) is dict and WRAPPER not in payload else _unwrap(reader, self._plan, payload)
        events = reader.events
        if type(account) is dict and self._read:
            if self._look(account, reader):
                return Findings((), tuple(events)) if events else NOTHING  # type: ignore[arg-type]
            root = self._read(account, reader)
        elif account is None:
            root = reader.refuse_object(self._plan.root, Misread("null"), ())
        else:
            root = reader.read(self._plan.root, account, ())
        return _settle(self._plan, self.declared, events, root, today) if events else NOTHING

    def expected(self) -> Look | None:
        """Give what looks at accounts like those before them; None if it is not known how those are."""
        return getattr(self._look, "typed", None)

    def look(self, expected: Look, made: Sequence[object], today: date) -> list[tuple[Advice, ...] | None]:
        """Check accounts of the type that is expected, as a parser has made them; None for those that have to be run.

        One that is None has to be. Of the others there is advice at most.
        """
        reader = UsualReader(self._plan, self.declared, today)
        see, events = expected.see, reader.events
        found: list[Any] = []
        for account in made:
            found.append(tuple(events) if account is not None and see(account, reader) else None)
            events.clear()
        return found

    def _get_ready(self, account: dict[Any, Any], reader: UsualReader) -> Any:  # noqa: ANN401
        """Wait until it pays to have the parser made: a run over a few accounts is over before."""
        self._waiting -= 1
        if self._waiting > 0 or not self._plan.written:
            return False
        from premigrate.running.adapting import Adapting  # 20 ms

        self._look = Adapting(self._plan.written, self._plan.root.name)
        return self._look(account, reader)


def run_plan(plan: Plan, payload: object, today: date) -> Findings:
    """Check one account by the plan alone, without code that was written for it."""
    return Engine(plan._replace(written=None)).run(payload, today)


def _unwrap(reader: Reader, plan: Plan, payload: object) -> object:
    if not is_wrapped(payload, plan.root):
        return payload
    if len(payload) > 1:
        for key in sorted(map(str, payload.keys() - {WRAPPER})):
            reader.advise("beside_payload", (key,), name=key)
    return payload[WRAPPER]


def _settle(plan: Plan, declared: Declared, events: list[Event], root: object, today: date) -> Findings:
    """Turn events into findings: the rules of an object are hidden by any error inside the object.

    The events of a subtree stand together and before the site of its rules, so it is enough to know which event was the
    last that told of an error. Advice that is switched off has no text in the plan; here that silences a rule's doubts.
    """
    errors: list[Error] = []
    advice: list[Advice] = []
    last = -1
    for position, event in enumerate(events):
        kind = type(event)  # a match statement takes three times as long
        if kind is Error:
            errors.append(event)  # type: ignore[arg-type]
            last = position
        elif kind is Advice:
            advice.append(event)  # type: ignore[arg-type]
        elif isinstance(event, Site):
            is_clean = last < event.start
            for finding in _look(declared, event, Scope(event.here, root, today), is_clean=is_clean):
                if isinstance(finding, Error):
                    errors.append(finding)
                    last = position
                else:
                    advice.append(finding)
    if not advice:
        return Findings(tuple(errors), ())
    wrong = {error.path for error in errors}
    told = (
        hint for hint in advice if hint.code in plan.advice_texts and (hint.path not in wrong or hint.code in _CAUSES)
    )
    return Findings(tuple(errors), tuple(told))


def _look(declared: Declared, site: Site, scope: Scope, *, is_clean: bool) -> Iterator[Error | Advice]:
    spoken: set[str] = set()
    keys = site.here if isinstance(site.here, dict) else None
    for check in site.checks:
        if keys is not None and not _has_needed(check, keys):
            continue
        if check.part_of and check.part_of in spoken:
            continue
        for blame in check.find(scope):
            if check.part_of and not blame.doubt:
                spoken.add(check.part_of)
            yield _finding(declared, site, check, blame, is_clean=is_clean)


def _has_needed(check: Check, keys: Mapping[str, object]) -> bool:
    """Whether an object has what a check needs to have anything to say."""
    for need in check.needs:  # noqa: SIM110 - any() with a generator takes five times as long
        if need.isdisjoint(keys):
            return False
    return True


def _finding(declared: Declared, site: Site, check: Check, blame: Blame, *, is_clean: bool) -> Error | Advice:
    path = (*site.place, *blame.place)
    attr = attr_of(path if check.attr is None else (*_above(site.place, check.up), *check.attr))
    if blame.doubt:
        return Advice(fill(check.doubt_detail, why=blame.why), DOUBT, attr_of(path), check.rule, path)
    detail, masked = fill_masked(check.detail, declared.is_personal, path, value=written(blame.value))
    if check.is_advice:
        return Advice(detail, check.code, attr, check.rule, path, masked)
    stage: Stage = "now" if is_clean else "next"
    return Error(detail, check.code, attr, check.rule, path, stage, blame.why, masked)


def _above(place: Place, steps: int) -> Place:
    """Go to the object around a place, so many times: past its position in a list, if it has one, and its key."""
    for _ in range(steps):
        while place and isinstance(place[-1], int):
            place = place[:-1]
        place = place[:-1]
    return place
