"""Generates overlays from the grammar of the rule language, and validates accounts with those that load."""

from __future__ import annotations

import random
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from premigrate.cohort.compile import compile_cohort
from premigrate.cohort.keys import extract_keys
from premigrate.compiler.program import compile_program
from premigrate.engine.engine import Engine
from premigrate.exceptions import BadRules
from premigrate.rule_tests.overlay import check_overlay_examples
from premigrate.ruleset.load import load_ruleset
from premigrate.ruleset.model.rules import OPERATORS
from tests.fuzz.rule_words import KEYS, TEXTS, RuleParts
from tests.oracle.mutations import payload
from tests.payloads import AS_OF
from tests.shaken import shaken

if TYPE_CHECKING:
    from premigrate.ruleset.model.ruleset import Ruleset
    from tests.fuzz.choices import Choices

_METADATA = {"basis": "observed", "source": "x"}
_TYPES = ("string", "email", "date", "datetime", "decimal", "integer", "boolean", "choice", "json", "object")
_LIMITS: dict[str, tuple[Any, ...]] = {
    "required": (True, False),
    "nullable": (True, False),
    "blank": (True, False),
    "min_length": (1, 5, 10**30),
    "max_length": (1, 5, 2**63, 10**30),
    "patterns": (["[A-Z]+", r"\d{2}x?"], [".*x.*"], ["(a"], []),
    "choices": (["A"], ["", "B"], []),
    "open": (True, False),
    "listed": ("words", "rows", "nothing"),
    "max_digits": (1, 5, 2000, 10**9),
    "decimal_places": (1, 2, 6, 2000),
    "min": (0, -1, 5, -(2**63), 10**20),
    "max": (0, 1, 100, "1.5", 2**63, -(10**20)),
    "above": (0, "0.05", 0.5),
    "below": (1, "9.99", "1e5"),
    "min_items": (1, 2, 300, 10**30),
    "max_items": (0, 1, 300, 10**30),
    "nullable_items": (True, False),
    "deprecated": (True, "day"),
    "personal": (True,),
    "object": ("part", "string", "account", "nobody"),
    "list": ("part", "string", "date", "nobody"),
}
_CONSTRAINTS = {
    "string": ("blank", "min_length", "max_length", "patterns"),
    "email": ("blank", "min_length", "max_length", "patterns"),
    "integer": ("min", "max"),
    "decimal": ("max_digits", "decimal_places", "min", "max"),
    "choice": ("blank", "open"),
}
_PATTERNS = (
    "[A-Z]+",
    "a?b?c?",
    "a?a?a?a?",
    ".*x.*",
    "[0-9]{2,4}",
    "(a",
    "[z-a]",
    "",
    "a{5}",
    "\\.",
    "[a--b]",
    "a{9999}",
)
_ORDERS = ("<", "<=", "==", ">=", ">")


def run_overlay(choices: Choices) -> None:
    """Generate an overlay: it loads and validates any account, or is rejected with its mistakes."""
    ruleset = _load(OverlayGenerator(choices).overlay())
    if ruleset is None:
        return
    try:
        program, cohort_program = compile_program(ruleset), compile_cohort(ruleset)
    except BadRules as error:
        raise AssertionError("an overlay that loads must compile") from error
    check_overlay_examples(ruleset, AS_OF)
    engine = Engine(program)
    rng = random.Random(choices.number(1 << 16))  # noqa: S311 - reproducible, not secret
    good = {name: _good(spec.type or spec.list or "") for name, spec in ruleset.objects[ruleset.root].fields.items()}
    for _ in range(6):
        account = shaken(payload(ruleset, good, rng), rng)
        if choices.number(2):
            account = choices.changed(account)
        if isinstance(account, dict):
            account |= {choices.one_of(KEYS): choices.scalar() for _ in range(choices.number(6))}
        engine.run(account, AS_OF)
        extract_keys(cohort_program, account)


def _load(tables: dict[str, Any]) -> Ruleset | None:
    """Load an overlay without the rules, schemes and changes that have mistakes; return None if others remain."""
    for _ in range(5):
        try:
            return load_ruleset(tables["market"]["extends"], tables)
        except BadRules as error:
            assert error.problems  # noqa: PT017
            assert all(problem.file and problem.message for problem in error.problems)  # noqa: PT017
            places = [problem.place for problem in error.problems]
        before = repr(tables)
        for name in ("rule", "cohort"):
            tables[name] = [each for each in tables.get(name, ()) if not _is_named(f"[[{name}]] {each['id']}", places)]
        for name in ("scheme", "change"):
            if any(place.startswith(f"[{name}.") for place in places):
                tables.pop(name, None)
        if repr(tables) == before:
            return None
    return None


def _is_named(heading: str, places: list[str]) -> bool:
    return any(place == heading or place.startswith(f"{heading} ") for place in places)


def _good(kind: str) -> Any:
    return {"date": "2020-01-01", "integer": 1, "decimal": "1.5", "boolean": True}.get(kind, "abc")


class OverlayGenerator(RuleParts):
    """Generates the tables of an overlay; most of them fit together, and some don't."""

    def overlay(self) -> dict[str, Any]:
        """Generate all tables."""
        choices = self._choices
        market: dict[str, Any] = {
            "extends": "platform",
            "title": "x",
            "territory": self.one("PT", "DK", "NO"),
            "root": "account",
            "refusal": "account_failed_validation",
            "suppliers": ["*"],
        }
        tables: dict[str, Any] = {
            "market": market,
            "object": {"account": self.object({"parts": {"list": "part"}}), "part": self.object({})},
            "rule": [self.rule(number) for number in range(8 + choices.number(8))],
            "list": {"words": {"values": self.some(lambda: self.one(*TEXTS))}, "rows": self.rows()},
        }
        if self.rarely():
            tables["cohort"] = [self.cohort()]
        if self.rarely():
            tables["defaults"] = self.one({"inferred": "x"}, {"basis": "published"}, {"source": 5}, {"x": "y"}, 5)
        if self.rarely():
            tables["scheme"] = {"code": self.scheme()}
        if self.rarely():
            tables["object"]["chosen"] = {
                **tables["object"]["part"],
                "select": self.one("sort", "sort", "sort", "text"),
                "variants": {"A": "part", "": "part"},
            }
            tables["object"]["account"]["fields"]["chosen"] = {self.one("object", "list"): "chosen"}
        if self.rarely():
            change = {**self.field(), "because": "x"}
            tables["change"] = {self.one("account", "part", "nobody"): {"fields": {self.one(*KEYS): change}}}
        self.add_shapes(tables)
        return tables

    def add_shapes(self, tables: dict[str, Any]) -> None:
        """Add copies, kinds, kinds within kinds, and other keys."""
        objects, changes = tables["object"], tables.setdefault("change", {})
        if self.rarely():
            objects["copy"] = {"about": "x", **_METADATA, "like": self.one("part", "part", "chosen", "copy", "account")}
            objects["account"]["fields"]["copy"] = {self.one("object", "list"): "copy"}
        if self.rarely():
            objects["kind_a"], objects["kind_b"] = self.object({}), self.object({})
            objects["kind_a"]["fields"].pop("text", None)
            inner = {"select": self.one("kind", "sort"), "variants": {"A": "kind_a", "B": "kind_b"}}
            objects["inner"] = {"about": "x", **_METADATA, **inner, **self.select_keys()}
            kinds = {name: {"object": name, "because": "x"} for name in ("kind_b", self.one("kind_a", "inner"))}
            change = {"select": self.one("kind", "sort", "day"), "because": "x", "variants": kinds}
            changes[self.one("part", "part", "copy", "chosen")] = {**change, **self.select_keys()}
        if self.rarely():
            place = changes.setdefault(self.one("account", "part", "kind_a", "kind_b", "copy"), {})
            fields = place.setdefault("fields", {})
            fields[self.one(*KEYS)] = {"key": self.one("new", "newer", *KEYS), "because": "x"}

    def select_keys(self) -> dict[str, Any]:
        """Generate keys that make the key of a kind optional."""
        keys: dict[str, Any] = self.one(
            {}, {}, {"select_default": self.one("A", "B", "kind_b")}, {"select_required": False}
        )
        return {**keys, **({"select_nullable": True} if self.rarely() else {})}

    def object(self, parts: dict[str, Any]) -> dict[str, Any]:
        """Generate an object with a field of every type, and some random ones."""
        fields: dict[str, Any] = {key: {"type": kind} for key, kind in zip(KEYS, (*_TYPES, "string"), strict=False)}
        fields["kind"] = {"type": "choice", "choices": ["A", "B"]}
        fields |= {"words": {"list": "string"}, "days": {"list": "date"}, **parts}
        for _ in range(self._choices.number(4)):
            fields[self.one(*KEYS)] = self.field()
        return {"about": "x", **_METADATA, "fields": fields, **({"open": True} if self.rarely() else {})}

    def field(self) -> dict[str, Any]:
        """Generate a field; its keys may contradict each other."""
        generated: dict[str, Any] = (
            {"type": self.one(*_TYPES)} if self._choices.number(3) else {"list": self.one(*_TYPES, "part")}
        )
        if self.rarely():
            generated = {"object": "part"}
        kind = generated.get("type") or generated.get("list") or ""
        if kind == "choice":
            generated["choices"] = ["A", "", "B"]
        keys = [*("required", "nullable", "deprecated", "personal"), *_CONSTRAINTS.get(kind, ())]
        keys = list(_LIMITS) if self._choices.number(20) == 1 else keys
        for _ in range(self._choices.number(3)):
            key = self.one(*keys)
            generated[key] = self.one(*_LIMITS[key])
        return generated

    def rule(self, number: int) -> dict[str, Any]:
        """Generate a rule, with values of the lists that it uses."""
        operator = self.one(*OPERATORS)
        generated = {
            "id": f"rule-{number}",
            "on": self.one("account", "account", "part", f"account.{self.one(*KEYS)}", "chosen"),
            operator: self.argument(operator),
            "code": "billing_email_not_valid",
            "why": "x",
            **_METADATA,
            "good": self.some(self.example, 1),
            "bad": self.some(self.example, 1),
        }
        if self.rarely():
            generated["when"] = self.when()
        if self.rarely():
            generated["for_each"] = self.one("parts[]", "parts", "words[]")
        if self.rarely():
            generated["attr"] = self.one("up.text", "non_field_errors", "up.up.up.x", "parts.0", "<found>")
        named = re.findall(r"'(?:of|in|in_list|not_in_list|all_of)': '(words|rows|nothing)'", repr(generated))
        lists = sorted(set(named))
        return {**generated, "example_lists": {name: ["a"] for name in lists}}

    def example(self) -> Any:
        """Generate an example."""
        return self.one("abc", {}, {"day": date(2020, 1, 1)}, {"parts": [{}, {}]}, {"parts": 1}, 5, [], "<today>")

    def argument(self, operator: str) -> Any:  # noqa: C901, PLR0911, PLR0912 - one branch for each operator
        """Generate the argument of an operator."""
        of = {"of": self.one(self.path(), "parts[]", "parts", "days[]")}
        where = {"where": self.when()} if self.rarely() else {}
        match operator:
            case "format":
                return {
                    "field": self.path(),
                    "is": self.one("code", "phone"),
                    **({"territory": self.path()} if self.rarely() else {}),
                }
            case "matches" | "not_matching":
                patterns = (
                    {"pattern": self.lookup()}
                    if self.rarely()
                    else {"patterns": self.some(lambda: self.one(*_PATTERNS), 1)}
                )
                extra = {"join": self.paths()} if self.rarely() else {"field": self.path()}
                return {**patterns, **extra, "ignore_case": self.flag()}
            case "holds":
                return self.when()
            case "compare":
                return [self.operand(), self.one(*_ORDERS), self.operand()]
            case "between":
                return {"field": self.one("amount", "size", self.path()), "sums": [["amount"], [self.path(), "size"]]}
            case "count":
                return {**of, **where, self.one("at_least", "at_most"): self.one(0, 1, 2**70)}
            case "unique" | "same":
                key = {"key": self.paths()} if self._choices.number(2) else {}
                return {"of": self.paths(), **where, **key, **({"across": "parts[]"} if self.rarely() else {})}
            case "total":
                sign = {"minus_when": self.when()} if self.rarely() else {}
                end = {self.one("equals", "at_most"): self.one("amount", "size", self.path())}
                return {
                    "add": ["amount", self.one("size", "parts[].amount", self.path())],
                    **sign,
                    **end,
                    "times": self.one(-1, 0, 2**63),
                }
            case "product":
                return {
                    "of": ["amount", self.one("size", self.path())],
                    "equals": self.one("amount", self.path()),
                    "within": "0.01",
                }
            case "days":
                return {"from": self.one("day", self.path()), "to": self.one("day", "moment"), "equals": "size"}
            case "periods":
                ends = {"start": self.one("day", "moment"), "end": self.one("day", "moment", "amount")}
                extra = {"gap_allowed_until": self.operand(), "by": self.paths(0)}
                return {
                    "of": self.one("parts", "parts[]", self.path()),
                    **ends,
                    **where,
                    **extra,
                    "end_included": self.flag(),
                }
            case "covers":
                match_ = {"match": {"text": self.path()}} if self.rarely() else {}
                return {
                    "of": self.one("parts", "parts[]"),
                    "start": "day",
                    "end": self.one("day", "moment"),
                    "date": self.operand(),
                    **match_,
                }
            case "refers":
                return {"field": self.path(), "to": self.paths()}
            case "listed" | "not_listed":
                return {"field": self.paths(), "in": self.one("words", "rows"), "ignore_case": self.flag()}
            case "includes":
                return {"field": self.path(), "all_of": self.one("words", "rows")}
            case "typed":
                return {"field": self.path(), "type": self.lookup()}
            case "server_only":
                return "x"
            case _:
                return self.paths()

    def rows(self) -> dict[str, Any]:
        """Generate a list of rows; a few are too short."""
        cell = (*TEXTS, "text", "date", "number", "[A-Z]+")
        rows = self.some(lambda: [self.one(*cell) for _ in range(2 if self._choices.number(40) else 1)], 1)
        return {"columns": ["a", "b"], "values": rows}

    def cohort(self) -> dict[str, Any]:
        """Generate a cohort rule."""
        lists = {"listed": "rows", "example_lists": {"rows": [{"a": "x", "b": "y"}]}} if self.rarely() else {}
        return {
            "id": "cohort-one",
            "key": {"of": self.paths(), "ignore": ["case"]},
            "code": "cohort:x",
            "detail": "{value}",
            "why": "x",
            **_METADATA,
            "good": [[{}]],
            "bad": [[{}, {}]],
            **lists,
            **({"for_each": "parts[]"} if self._choices.number(2) else {}),
            **({"where": self.when()} if self.rarely() else {}),
        }

    def scheme(self) -> dict[str, Any]:
        """Generate a scheme."""
        arguments: dict[str, Any] = self.one(
            {"patterns": [self.one(*_PATTERNS)]},
            {"region": self.one("PT", "ZZ", 5)},
            {"prefix": "PT"},
            {"of": "pt.nif"},
            {"of": self.one("", "es", "..", "iban")},
            {"lengths": [self.one(1, 2, 13)], "weights": [1] * 12, "moduli": [self.one(0, 11)]},
            {},
        )
        form = {"arguments": arguments, "good": ["A"], "bad": ["b"]}
        format_ = self.one("pattern", "pattern", "check_digits", "cups", "country", "weighted_digits", "nothing")
        return {
            "format": format_,
            "source": "x",
            **(form if self._choices.number(2) else {"territories": {"PT": form}}),
        }
