"""Merges the tables of several rule files into one draft of a ruleset."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from premigrate.ruleset.model.codes import AdviceCode, ErrorCode
from premigrate.ruleset.model.cohort import CohortRule
from premigrate.ruleset.model.fields import FieldChange, ObjectChange, ObjectSpec, VariantChange
from premigrate.ruleset.model.fixes import Fix
from premigrate.ruleset.model.responses import ImportStatus, Lifecycle, ResponseSpec
from premigrate.ruleset.model.rule_file import Fact, MarketSpec, NotApplicable, ReferenceList, RuleFile, Scheme
from premigrate.ruleset.model.rules import AttrChange, CodeChange, Rule
from premigrate.ruleset.problems import ProblemReport


@dataclass(slots=True)
class RulesetDraft:
    """The merged tables of the files added so far, before changes are applied and names are checked."""

    report: ProblemReport = field(default_factory=ProblemReport)
    files: list[str] = field(default_factory=list)
    """The names of the files, in the order in which they were added."""
    may_be_incomplete: bool = False
    """Whether keys of ``[market]`` and schemes may be missing."""
    overlay: str | None = None
    """The file name of the user's overlay, if there is one."""
    market: MarketSpec = field(default_factory=MarketSpec)
    objects: dict[str, ObjectSpec] = field(default_factory=dict)
    field_changes: list[tuple[str, str, str, FieldChange]] = field(default_factory=list)
    """Changes of fields, as (file, object, field, change)."""
    variant_changes: list[tuple[str, str, str, VariantChange]] = field(default_factory=list)
    """Changes of variants, as (file, object, choice, change)."""
    select_changes: list[tuple[str, str, ObjectChange]] = field(default_factory=list)
    """Changes of ``select``, as (file, object, change)."""
    new_keys: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """The new keys of fields, as (object, old key) to (new key, file)."""
    dropped_fields: set[tuple[str, str]] = field(default_factory=set)
    """The dropped fields, as (object, key)."""
    rules: dict[str, Rule] = field(default_factory=dict)
    split_rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    """Further parts of rules, by id: at some places they are written with other keys."""
    cohort_rules: dict[str, CohortRule] = field(default_factory=dict)
    fixes: dict[str, Fix] = field(default_factory=dict)
    switches: dict[str, str | None] = field(default_factory=dict)
    """Why a rule or advice is off, by id; None if it is switched on."""
    attr_changes: dict[str, AttrChange] = field(default_factory=dict)
    code_changes: dict[str, CodeChange] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)
    lists: dict[str, ReferenceList] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    tenant: dict[str, bool] = field(default_factory=dict)
    """The stated facts, by name."""
    not_applicable: list[NotApplicable] = field(default_factory=list)
    codes: dict[str, ErrorCode] = field(default_factory=dict)
    advice: dict[str, AdviceCode] = field(default_factory=dict)
    responses: dict[str, ResponseSpec] = field(default_factory=dict)
    statuses: dict[str, ImportStatus] = field(default_factory=dict)
    lifecycles: dict[str, Lifecycle] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """The file that defines each item, by kind and name, for example ``rule ID`` or ``scheme NAME``."""

    def all_rules(self) -> Iterator[Rule]:
        """Yield all rules, each with its further parts."""
        for rule in self.rules.values():
            yield rule
            yield from self.split_rules.get(rule.id, ())

    def add(self, file: str, tables: Iterable[RuleFile]) -> None:
        """Merge the tables of a file.

        Later files may replace schemes, lists, texts, responses and stated facts; an object, a rule, a fix or a
        declared fact that exists already is reported.
        """
        self.files.append(file)
        for piece in tables:
            if piece.market:
                merged = {**self.market.model_dump(exclude_unset=True), **piece.market.model_dump(exclude_unset=True)}
                self.market = MarketSpec.model_validate(merged)
                self.sources["market"] = file
                if piece.market.timezone is not None:
                    self.sources["timezone"] = file
            self._add_new(file, "object", self.objects, piece.object)
            self._add_new(file, "rule", self.rules, {rule.id: rule for rule in piece.rule})
            self._add_new(file, "cohort", self.cohort_rules, {rule.id: rule for rule in piece.cohort})
            self._add_new(file, "fix", self.fixes, {fix.id: fix for fix in piece.fix})
            for object_name, change in piece.change.items():
                self.field_changes += [(file, object_name, key, value) for key, value in change.fields.items()]
                self.variant_changes += [(file, object_name, key, value) for key, value in change.variants.items()]
                self.select_changes += [(file, object_name, change)] if change.select_changes else []
            self._add_switches(file, {**piece.disabled, **dict.fromkeys(piece.enabled)})
            self._add_rule_changes(file, piece)
            self._add_schemes(file, piece)
            self._add_lists(piece)
            self.sources |= {f"list {name}": file for name in piece.list}
            self._add_new(file, "fact", self.facts, piece.fact)
            self.tenant |= piece.tenant
            self.sources |= {f"tenant {name}": file for name in piece.tenant}
            self.not_applicable += piece.not_applicable
            if piece.constraint:
                self.report.add(file, "[[constraint]]", "constraints are allowed only in the folder rules/constraints")
            self.codes |= {code: _with_earlier_texts(spec, self.codes.get(code)) for code, spec in piece.code.items()}
            self.advice |= piece.advice
            self._add_answers(file, piece)

    def validations_without_rules(self) -> Iterator[NotApplicable]:
        """Yield the entries of ``not_applicable`` without the validations that a rule implements after all."""
        implemented = {rule.validation or rule.id for rule in self.rules.values()}
        for each in self.not_applicable:
            if left := {name: codes for name, codes in each.validations.items() if name not in implemented}:
                yield each.model_copy(update={"validations": left})

    def _add_switches(self, file: str, switches: dict[str, str | None]) -> None:
        for name in switches:
            if self.sources.get(f"switch {name}") == file:
                message = "is in [disabled] and in [enabled]; remove one of them"
                self.report.add(file, f"[disabled] or [enabled] {name}", message)
            self.sources[f"switch {name}"] = file
        self.switches |= switches

    def _add_rule_changes(self, file: str, piece: RuleFile) -> None:
        self.attr_changes |= piece.attr_change
        self.sources |= {f"attr_change {rule_id}": file for rule_id in piece.attr_change}
        self.code_changes |= piece.code_change
        self.sources |= {f"code_change {rule_id}": file for rule_id in piece.code_change}

    def _add_answers(self, file: str, piece: RuleFile) -> None:
        self.responses |= piece.answer
        self.statuses |= piece.import_status
        self.lifecycles |= piece.lifecycle
        self.sources |= {f"answer {name}": file for name in piece.answer}
        self.sources |= {f"lifecycle {name}": file for name in piece.lifecycle}

    def _add_new(self, file: str, kind: str, known: dict[str, Any], new: dict[str, Any]) -> None:
        for name, value in new.items():
            if name in known:
                first = self.sources[f"{kind} {name}"]
                self.report.add(file, f"{kind} {name}", f"is already defined in {first}; choose another name")
            else:
                known[name] = value
                self.sources[f"{kind} {name}"] = file

    def _add_schemes(self, file: str, piece: RuleFile) -> None:
        for name, spec in piece.scheme.items():
            earlier = self.schemes.get(name)
            if spec.format:
                self.schemes[name] = spec
                self.sources[f"scheme {name}"] = file
            elif earlier is None or not earlier.territories:
                why = "defines it" if earlier is None else "divides it by country"
                message = (
                    f"adds countries to a scheme, but no earlier file {why}; write a complete scheme, with a format"
                )
                self.report.add(file, f"[scheme.{name}]", message)
                continue
            else:
                self.schemes[name] = earlier.with_countries(spec)
            self.sources |= {f"scheme {name} {country}": file for country in spec.territories}

    def _add_lists(self, piece: RuleFile) -> None:
        for name, spec in piece.list.items():
            earlier = self.lists.get(name, ReferenceList())
            self.lists[name] = earlier.model_copy(update=spec.model_dump(exclude_unset=True))


def _with_earlier_texts(code: ErrorCode, earlier: ErrorCode | None) -> ErrorCode:
    """Return a code with the earlier texts for kinds of fields that the later file does not mention."""
    if earlier is None or not code.details:
        return code
    return code.model_copy(update={"details": {**earlier.details, **code.details}})
