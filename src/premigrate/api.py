"""Joins the rooms: loads and compiles a market's rules once, then answers for any number of payloads."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from premigrate.documents.document import Document
from premigrate.documents.json_text import BOM_ERROR, read_json
from premigrate.engine.endpoint_answers import render_answer, render_import_status
from premigrate.engine.engine import Engine
from premigrate.engine.envelope import WRAPPER, advise_on_text, is_wrapped
from premigrate.engine.import_key import account_known_as, import_key
from premigrate.engine.program import Answers, Program
from premigrate.engine.response import refuse_mark, render_response
from premigrate.exceptions import BadArgument
from premigrate.results import Advice, ImportStatus, Place, Response, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from premigrate.ruleset.load import Overlay
    from premigrate.ruleset.references import References


# The grammar of rule files and all that compiles it are imported where they are needed: a program from the cache of the
# command needs neither.


class Validator:
    """Predicts the answers of one market's account-import API.

    Args:
        market: a name from `markets`: the lower-case ISO code of a country.
        as_of: the day that counts as today. Dates in the future are refused by the API, so the answer depends on it.
        overlay: what differs for your tenant: a path to a TOML file of the rule language, or its tables as a dict.
        references: lists that only your tenant knows (ledger codes, products ...), for the rules that need them: a
            path to a .txt, .csv or .toml file or to a folder of such files, or a mapping from the name of a list to
            its values or rows. ``not_checked`` names those that are not there.

    A validator never changes: threads and forked processes may share it, and a copy is the validator itself. It can be
    pickled, and gives the same answers afterwards.

    Raises:
        MarketUnknown: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file has mistakes; the exception holds all of them.
        BadArgument: ``as_of`` is no date.

    """

    def __init__(
        self, *, market: str, as_of: date, overlay: Overlay | None = None, references: References | None = None
    ) -> None:
        self._market, self._as_of = market, _checked_day(as_of)
        self._engine = self._make_engine(market, overlay, references)
        self._prepare()

    def _prepare(self) -> None:
        self._not_checked = tuple(sorted(self._engine.program.missing))
        self._answers: Answers | None = None

    def _make_engine(self, market: str, overlay: Overlay | None, references: References | None) -> Engine:
        is_shipped = overlay is None and references is None
        return _shipped_engine(market) if is_shipped else Engine(_compile(market, overlay, references))

    def __getstate__(self) -> tuple[str, date, Program]:
        return self._market, self._as_of, self._engine.program

    def __setstate__(self, state: tuple[str, date, Program]) -> None:
        self._market, self._as_of, program = state
        self._engine = Engine(program)
        self._prepare()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @property
    def market(self) -> str:
        """The market whose rules these are."""
        return self._market

    @property
    def as_of(self) -> date:
        """The day that counts as today."""
        return self._as_of

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The rules (by id) and choices (by ``object.field``) that can't be checked, with the lists they lack.

        Where no list is named, only the platform can tell.
        """
        return MappingProxyType(self._engine.program.missing)

    def on_day(self, as_of: date) -> Validator:
        """Give a validator for which another day counts as today; nothing is compiled again.

        Raises:
            BadArgument: ``as_of`` is no date.

        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _as_of=_checked_day(as_of))
        return other

    def validate(self, payload: object) -> Result:
        """Check one account, bare or wrapped in ``{"payload": ...}``. Never raises, and never changes the payload.

        A payload is what ``json.loads`` gives: None, bool, int, float, str, list, or dict with keys of type str. A
        `decimal.Decimal` is the number that the API reads where it is written out; decimal fields read it exactly.

        Any other value counts as what ``json.dumps`` writes for it, wherever it stands: a tuple is a list, a member of
        an Enum that is a str or an int is its value, a key that is a number is a text, and an instance of a subclass of
        str, int, float, list or dict is one of these. What ``json.dumps`` can't write (a date, a set, bytes, an integer
        of NumPy) is refused as the API refuses a wrong type; the error's ``help`` names the type.
        """
        return self._result(payload, ())

    def validate_many(self, payloads: Iterable[object]) -> Iterator[Result]:
        """Check accounts one after the other, each when its result is asked for; `validate` says what each may be."""
        return map(self.validate, payloads)

    def validate_json(self, data: str | bytes) -> Result:
        """Check one account given as JSON text.

        Raises:
            BadPayloadText: the text is not JSON; says line and column where they are known.

        """
        return self.validate_document(read_json(data))

    def validate_document(self, document: Document) -> Result:
        """Check one account that was read from text, with what the text has and the data don't show."""
        data, texts, known = document.data, self._engine.program.advice_texts, self._engine.known
        advice = advise_on_text(texts, known, data, had_bom=document.file_had_bom, repeated=document.duplicate_keys)
        result = self._result(data, advice)
        if not document.had_bom:
            return result
        return refuse_mark(result, self.answer("malformed", why=f"JSON parse error - {BOM_ERROR}"))

    def process(
        self, payload: object, *, imported: Mapping[str, str | None] | Collection[str] | None = None
    ) -> Response:
        """Predict the answer of the process endpoint to one account, bare or wrapped.

        ``imported`` are the accounts that are imported already, by their external account numbers; a mapping tells
        of each its Kraken account number, or None. They are told of first, whether the payload is valid or not: that
        is inferred, for no page names an order, and an import is known by its number before any of it is validated.

        Raises:
            BadArgument: ``imported`` is one text.

        """
        number = import_key(self.account_of(payload)[1]).number
        already = account_known_as(number, imported)
        if already is None:
            return self.answer("scheduled" if self.validate(payload).response.status == 200 else "not_valid")
        return self.answer("imported_already", account_number=number, account_id=already or None)

    def import_status(self, found: ImportStatus | None) -> Response:
        """Write the answer of the status endpoint about an import; None if nothing was scheduled."""
        if found is None:
            return self.answer("not_found")
        return render_import_status(self._engine.program.answers.by_name["import_status"], found)

    @property
    def answers(self) -> Answers:
        """All that the endpoints answer besides the list of errors, and what becomes of an import: a copy."""
        if self._answers is None:
            self._answers = deepcopy(self._engine.program.answers)
        return self._answers

    def answer(self, name: str, **values: object) -> Response:
        """Write one of ``answers``, with the values that it has a place for."""
        return render_answer(self._engine.program.answers.by_name[name], values)

    def is_personal(self, place: Place, *, is_scalar: bool = False) -> bool:
        """Whether a report should hide what stands at this place of an account, or a text or number that does."""
        return self._engine.info.is_personal(place, is_scalar=is_scalar)

    def nearest_choice(self, place: Place, said: object) -> str | None:
        """Find the choice of the field at a place that is most like what was said; None if none is."""
        return self._engine.info.nearest_choice(place, said)

    def account_of(self, payload: object) -> tuple[Place, object]:
        """Look through the wrapper: the place of the account in a payload, and the account."""
        return ((WRAPPER,), payload[WRAPPER]) if is_wrapped(payload, self._engine.known) else ((), payload)

    def _result(self, payload: object, advice: tuple[Advice, ...]) -> Result:
        errors, found = self._engine.run(payload, self._as_of)
        response = render_response(errors, self._engine.program.refusal)
        return Result(errors, (*advice, *found), self._not_checked, response)


class CachedValidator(Validator):
    """A validator for a short life, as the command needs it; arguments, errors and answers are those of `Validator`.

    The program comes from the user's cache if it is there (never with an overlay or reference lists, which change), and
    what a format needs from a library is then loaded when the first value asks for it.
    """

    def _make_engine(self, market: str, overlay: Overlay | None, references: References | None) -> Engine:
        if overlay is not None or references is not None:
            return super()._make_engine(market, overlay, references)
        from premigrate.ruleset.cache import get_or_build

        return Engine(get_or_build(market, Program, partial(_compile, market)), load=False)


def validate(
    payload: object,
    *,
    market: str,
    as_of: date,
    overlay: Overlay | None = None,
    references: References | None = None,
) -> Result:
    """Check one account. The short form of `Validator`, for when there is only one."""
    return Validator(market=market, as_of=as_of, overlay=overlay, references=references).validate(payload)


def markets() -> tuple[str, ...]:
    """Name the markets there are rules for, sorted."""
    from premigrate.ruleset.rule_files import market_names

    return market_names()


def market_of_overlay(overlay: Overlay) -> str | None:
    """Tell the market that an overlay extends; None if it doesn't say.

    Raises:
        BadRules: the file can't be read, or is not TOML.

    """
    from premigrate.ruleset.load import market_of_overlay as told_by

    return told_by(overlay)


@cache
def _shipped_engine(market: str) -> Engine:
    return Engine(_compile(market))


def _compile(market: str, overlay: Overlay | None = None, references: References | None = None) -> Program:
    from premigrate.compiler.program import compile_program
    from premigrate.ruleset.load import load_ruleset

    return compile_program(load_ruleset(market, overlay, references))


def _checked_day(as_of: date) -> date:
    """Refuse what is no day.

    Raises:
        BadArgument: it is no date, or has a time.

    """
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        raise BadArgument(f"as_of must be a datetime.date, the day that counts as today; it is {as_of!r}")
    return as_of
