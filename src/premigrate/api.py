"""The library's entry point: validators, which load and compile the rules of a market once."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from premigrate.documents.document import Document
from premigrate.documents.json_text import BOM_ERROR, read_json
from premigrate.engine.endpoint_responses import render_import_status
from premigrate.engine.engine import Engine
from premigrate.engine.envelope import advise_on_text
from premigrate.engine.import_key import import_key_of, imported_account_number
from premigrate.engine.program import Program
from premigrate.engine.response import reject_byte_order_mark, render_response
from premigrate.exceptions import BadArgument
from premigrate.needs import facts_of, lists_of
from premigrate.results import Advice, ImportStatus, Response, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from premigrate.ruleset.model.ruleset import Ruleset
    from premigrate.ruleset.overlays import Overlay
    from premigrate.ruleset.references import References


# The ruleset and the compiler are imported only when needed, because a cached program needs neither.


class Validator:
    """Predicts the responses of one market's account-import API.

    Args:
        market: a name from `markets`, which is the lower-case ISO 3166 code of a country.
        as_of: the day that counts as today. The API refuses some dates in the future, so results depend on it.
        overlay: the differences of your tenant: the path of a rule file in TOML, or its tables as a dict.
        references: the reference lists of your tenant (ledger codes, products ...), which some rules need: the path of
            a .txt, .csv or .toml file or of a folder of such files, or a mapping from the name of a list to its values
            or rows. `not_checked` names the rules whose lists are missing.

    A validator is immutable: threads and forked processes can share it, and copying returns the validator itself. It
    can be pickled.

    Raises:
        UnknownMarket: there are no rules for ``market``.
        BadRules: the overlay, a reference list or a rule file has mistakes; the exception has all of them.
        BadArgument: ``market`` is not a str, or ``as_of`` is not a date.

    """

    def __init__(
        self, *, market: str, as_of: date, overlay: Overlay | None = None, references: References | None = None
    ) -> None:
        if not isinstance(market, str):
            raise BadArgument(f"market must be a name that markets() returns; it is {market!r}")
        self._market, self._as_of = market, _checked_day(as_of)
        self._engine = self._make_engine(market, overlay, references)

    def _make_engine(self, market: str, overlay: Overlay | None, references: References | None) -> Engine:
        is_shipped = overlay is None and references is None
        return _shipped_engine(market) if is_shipped else Engine(_compile(market, overlay, references))

    def __getstate__(self) -> tuple[str, date, Program]:
        return self._market, self._as_of, self._engine.program

    def __setstate__(self, state: tuple[str, date, Program]) -> None:
        self._market, self._as_of, program = state
        self._engine = Engine(program)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @property
    def market(self) -> str:
        """The market whose rules are checked."""
        return self._market

    @property
    def as_of(self) -> date:
        """The day that counts as today."""
        return self._as_of

    @property
    def not_checked(self) -> Mapping[str, tuple[str, ...]]:
        """The rules (by id) and choices (by ``object.field``) that cannot be checked, with the lists that they lack.

        A rule without missing lists needs a fact (see `unstated_facts`) or data that only the server has.
        `Result.not_checked` lists those that apply to a payload.
        """
        return MappingProxyType({name: lists_of(needs) for name, needs in self._engine.program.not_checked.items()})

    @property
    def unstated_facts(self) -> Mapping[str, tuple[str, ...]]:
        """The rules of `not_checked` that need facts not stated by ``[tenant]`` of an overlay, with these facts."""
        found = {name: facts_of(needs) for name, needs in self._engine.program.not_checked.items()}
        return MappingProxyType({name: facts for name, facts in found.items() if facts})

    def on_day(self, as_of: date) -> Validator:
        """Return a validator for which another day counts as today. Nothing is compiled again.

        Raises:
            BadArgument: ``as_of`` is not a date.

        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _as_of=_checked_day(as_of))
        return other

    def validate(self, payload: object, *, fixes: bool = False) -> Result:
        """Check one account, bare or wrapped in ``{"payload": ...}``. Never raises, and never changes the payload.

        With ``fixes``, `Result.fixes` has changes that resolve findings, at most one for each value, which can all be
        applied together; so can the safe ones without the others. Each fix was tested: it removes its finding and
        causes no other. It may reveal errors: rules that could not read the wrong value can read the new one.

        A payload consists of the values that ``json.loads`` returns: None, bool, int, float, str, list, and dict with
        keys of type str. A `decimal.Decimal` is read as the number with its digits; decimal fields read it exactly.

        Other values are read as ``json.dumps`` writes them: a tuple is a list, a member of a str or int Enum is its
        value, a numeric key is a string, and an instance of a subclass of str, int, float, list or dict is one of
        that class. Values that ``json.dumps`` cannot write (a date, a set, bytes, a NumPy integer) are errors of the
        wrong type; ``Error.expected`` names the type.
        """
        return self._result(payload, (), fixes=fixes)

    def validate_many(self, payloads: Iterable[object], *, fixes: bool = False) -> Iterator[Result]:
        """Check accounts lazily, in order. Each payload, and ``fixes``, are as for `validate`."""
        return map(partial(self.validate, fixes=True) if fixes else self.validate, payloads)

    def validate_json(self, data: str | bytes, *, fixes: bool = False) -> Result:
        """Check one account given as JSON text; ``fixes`` is as for `validate`.

        Raises:
            BadPayloadText: the text is not JSON. The exception has the line and column if they are known.

        """
        return validate_document(self, read_json(data), fixes=fixes)

    def process(
        self, payload: object, *, imported: Mapping[str, str | None] | Collection[str] | None = None
    ) -> Response:
        """Predict the response of the process endpoint to one account, bare or wrapped.

        Args:
            payload: as for `validate`.
            imported: the external account numbers that are already imported; a mapping gives the Kraken account number
                of each, or None. Such an account gets "already imported" whether its payload is valid or not. That
                order is inferred: no page of the API states it.

        Raises:
            BadArgument: ``imported`` is a single string.

        """
        number = import_key_of(self._engine.account_of(payload)[1]).number
        already = imported_account_number(number, imported)
        if already is None:
            return self._engine.render_response(
                "scheduled" if self.validate(payload).response.status == 200 else "not_valid"
            )
        return self._engine.render_response("imported_already", account_number=number, account_id=already or None)

    def import_status(self, found: ImportStatus | None) -> Response:
        """Render the response of the status endpoint for an import; ``found`` is None if there is no such import."""
        if found is None:
            return self._engine.render_response("not_found")
        return render_import_status(self._engine.program.responses.by_name["import_status"], found)

    def _result(self, payload: object, advice: tuple[Advice, ...], *, fixes: bool) -> Result:
        findings = self._engine.run(payload, self._as_of)
        errors, found, not_checked = findings
        response = render_response(errors, self._engine.program.rejection)
        proposed = self._engine.propose_fixes(payload, self._as_of, findings) if fixes and (errors or found) else ()
        return Result(errors, (*advice, *found), not_checked, response, proposed)


class CachedValidator(Validator):
    """A validator that starts fast, for commands. Arguments, exceptions and results are those of `Validator`.

    The program is read from the user's cache if it is there, except with an overlay or reference lists. Libraries that
    a format needs are loaded when the first value needs them.
    """

    def _make_engine(self, market: str, overlay: Overlay | None, references: References | None) -> Engine:
        if overlay is not None or references is not None:
            return super()._make_engine(market, overlay, references)
        from premigrate.ruleset.cache import get_or_build

        return Engine(get_or_build(market, Program, partial(_compile, market)), preload=False)


def engine_of(validator: Validator) -> Engine:
    """Return the engine of a validator, for the parts of premigrate that need more than its results."""
    return validator._engine  # noqa: SLF001 - the class shows users only what they need


def validator_with(ruleset: Ruleset, as_of: date) -> Validator:
    """Return a validator with rules that are loaded already, which need not be those of an installed market."""
    from premigrate.compiler.program import compile_program

    validator = object.__new__(Validator)
    validator.__setstate__((ruleset.market, _checked_day(as_of), compile_program(ruleset)))
    return validator


def validate_document(validator: Validator, document: Document, *, fixes: bool = False) -> Result:
    """Check one account that was parsed from text, with advice on properties of the text that its data do not show.

    ``fixes`` is as for `Validator.validate`.
    """
    engine = engine_of(validator)
    advice = advise_on_text(
        engine.program.advice_texts,
        engine.known_keys,
        document.data,
        had_bom=document.file_had_bom,
        duplicate_keys=document.duplicate_keys,
    )
    result = validator._result(document.data, advice, fixes=fixes)  # noqa: SLF001 - the class shows users only what they need
    if not document.had_bom:
        return result
    return reject_byte_order_mark(result, engine.render_response("malformed", why=f"JSON parse error - {BOM_ERROR}"))


def validate(  # noqa: PLR0913 - those of a validator and of its method
    payload: object,
    *,
    market: str,
    as_of: date,
    overlay: Overlay | None = None,
    references: References | None = None,
    fixes: bool = False,
) -> Result:
    """Check one account, with a validator that is created for it.

    Arguments and exceptions are those of `Validator` and `Validator.validate`.
    """
    return Validator(market=market, as_of=as_of, overlay=overlay, references=references).validate(payload, fixes=fixes)


def markets() -> tuple[str, ...]:
    """Return the names of the markets that have rules, sorted."""
    from premigrate.ruleset.rule_files import market_names

    return market_names()


def market_of_overlay(overlay: Overlay) -> str | None:
    """Return the market that an overlay extends; None if it names none.

    Raises:
        BadRules: the file cannot be read, or is not TOML.

    """
    from premigrate.ruleset.load import market_of_overlay as load

    return load(overlay)


@cache
def _shipped_engine(market: str) -> Engine:
    return Engine(_compile(market))


def _compile(market: str, overlay: Overlay | None = None, references: References | None = None) -> Program:
    from premigrate.compiler.program import compile_program
    from premigrate.ruleset.load import load_ruleset

    return compile_program(load_ruleset(market, overlay, references))


def _checked_day(as_of: date) -> date:
    """Return a date.

    Raises:
        BadArgument: it is not a date, or it has a time.

    """
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        raise BadArgument(f"as_of must be a datetime.date, the day that counts as today; it is {as_of!r}")
    return as_of
