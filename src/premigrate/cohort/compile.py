"""Compiles the rules across accounts of a ruleset into the program that extracts the keys of one account."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from premigrate.cohort.program import ClashMessage, CohortProgram, Conditions, KeyedObject, KeyPart, KeyRule
from premigrate.compiler.expressions import ExpressionCompiler
from premigrate.compiler.paths import split_path
from premigrate.compiler.reference_tables import ReferenceTable, load_table, missing_lists
from premigrate.compiler.structure import StructureCompiler
from premigrate.engine.conditions import Condition
from premigrate.engine.leaves import make_leaf
from premigrate.engine.paths import PathMaker
from premigrate.engine.values import INVALID
from premigrate.formats.interfaces import FieldError
from premigrate.formats.keys import comparison_key
from premigrate.formats.normalize import build_normalizer
from premigrate.ruleset.kinds import family, select_field
from premigrate.ruleset.model.cohort import CohortRule, ComparedPaths, ImportedList
from premigrate.ruleset.model.fields import FieldSpec
from premigrate.ruleset.model.ruleset import Ruleset
from premigrate.ruleset.path_resolver import PathResolver

_UP = "up."

Steps: TypeAlias = tuple[tuple[str, bool], ...]


class _Level(NamedTuple):
    """An object on the path to the objects with keys: its name, and whether everything in it is personal."""

    object: str
    is_personal: bool = False


def compile_cohort(ruleset: Ruleset) -> CohortProgram:
    """Compile the rules across accounts; rules that lack a reference list are listed in ``missing`` instead."""
    tables = {name: load_table(spec) for name, spec in ruleset.lists.items() if spec.values is not None}
    compiler = _Compiler(ruleset, tables)
    missing = {rule.id: missing_lists(rule, tables) for rule in ruleset.cohort_rules}
    by_path: dict[str, list[CohortRule]] = {}
    for rule in ruleset.cohort_rules:
        if not missing[rule.id]:
            by_path.setdefault(rule.for_each or "", []).append(rule)
    keyed_objects = tuple(compiler.compile_keyed_object(path, rules) for path, rules in by_path.items())
    texts = {rule.id: _text(rule) for rule in ruleset.cohort_rules}
    known = frozenset(PathResolver(ruleset.objects, ruleset.root).fields_of(ruleset.root))
    return CohortProgram(keyed_objects, texts, known, {name: lists for name, lists in sorted(missing.items()) if lists})


def _text(rule: CohortRule) -> ClashMessage:
    fields = tuple(path.rpartition(".")[2] for path in rule.same.of) if rule.same else ()
    return ClashMessage(rule.code, rule.detail, rule.listed.in_ if rule.listed else "", fields)


class _Compiler:
    """Compiles the rules of one market. Paths are valid: they were checked when the rule files were loaded."""

    def __init__(self, ruleset: Ruleset, tables: Mapping[str, ReferenceTable]) -> None:
        self._ruleset, self._tables = ruleset, tables
        self._structure = StructureCompiler(ruleset, tables)
        self._texts = self._structure.detail_texts()
        self._expressions = ExpressionCompiler(ruleset.root, tables)

    def compile_keyed_object(self, path: str, rules: list[CohortRule]) -> KeyedObject:
        """Compile the rules on the objects at one path (``for_each`` of the rules)."""
        steps, levels = self._resolve(path)
        return KeyedObject(steps, tuple(self._rule(rule, steps, levels) for rule in rules))

    def _rule(self, rule: CohortRule, steps: Steps, levels: list[_Level]) -> KeyRule:
        as_text = rule.listed is not None
        key = self._parts(rule.key, levels, as_text=as_text)
        same = self._parts(rule.same, levels, as_text=as_text)
        is_personal = any(part.is_personal for part in (*key, *same))
        imported = self._imported_rows(rule.listed, key, same) if rule.listed else None
        return KeyRule(rule.id, key, same, self._where(rule, levels), _attr(steps, key[-1]), imported, is_personal)

    def _resolve(self, path: str) -> tuple[Steps, list[_Level]]:
        """Resolve a path to its steps and the object at each level, the account first."""
        levels, steps = [_Level(self._ruleset.root)], []
        for part in path.split("."):
            name, bracket, _ = part.partition("[]")
            if name and name != self._ruleset.root:
                field = self._field(levels[-1].object, name)
                levels.append(_Level(field.object or field.list or "", levels[-1].is_personal or bool(field.personal)))
                steps.append((name, bool(bracket)))
        return tuple(steps), levels

    def _field(self, owner: str, name: str) -> FieldSpec:
        specs = family(owner, self._ruleset.objects)
        found = [each.fields[name] for each in specs if name in each.fields]
        return found[0] if found else next(select_field(each) for each in specs if each.select == name)

    def _parts(self, compared: ComparedPaths | None, levels: list[_Level], *, as_text: bool) -> tuple[KeyPart, ...]:
        if compared is None:
            return ()
        normal = build_normalizer(compared.ignore)
        parts = (self._part(path, levels) for path in compared.of)
        return tuple(part._replace(normalise=normal, as_text=as_text) for part in parts)

    def _part(self, path: str, levels: list[_Level]) -> KeyPart:
        depth = len(levels) - 1
        while path.startswith(_UP):
            depth, path = depth - 1, path.removeprefix(_UP)
        if path.startswith(f"{self._ruleset.root}."):
            depth, path = 0, path.removeprefix(f"{self._ruleset.root}.")
        *around, name = split_path(path)
        owner, is_personal = levels[depth]
        for step in around:
            outer = self._field(owner, step)
            owner, is_personal = outer.object or "", is_personal or bool(outer.personal)
        field = self._field(owner, name)
        leaf = make_leaf(self._structure.compile_value(field.type or "", field), self._texts)
        missing, null = INVALID if field.required else None, None if field.nullable else INVALID
        personal = is_personal or bool(field.personal)
        return KeyPart(depth, tuple(around), name, leaf.parse, leaf.checks, missing, null, is_personal=personal)

    def _where(self, rule: CohortRule, levels: list[_Level]) -> Conditions:
        return tuple(
            tuple(
                (self._part(path, levels), Condition(self._expressions.compile_condition(path, condition), PathMaker()))
                for path, condition in table.items()
            )
            for table in rule.where
        )

    def _imported_rows(
        self, listed: ImportedList, key: tuple[KeyPart, ...], same: tuple[KeyPart, ...]
    ) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Index the rows of the reference list by key, with cells parsed and written like the values of accounts."""
        table = self._tables[listed.in_]
        columns = listed.columns or table.columns[: len(key)]
        indexes = [table.columns.index(name) if name in table.columns else None for name in columns]
        keys = _imported_keys(table, indexes, key, same)
        if not same:
            return dict.fromkeys((whole for whole, _ in keys), ((),))
        found: dict[str, dict[tuple[str, ...], None]] = {}
        for whole, rest in keys:
            found.setdefault(whole, {})[rest] = None
        return {each: tuple(rows) for each, rows in found.items()}


def _imported_keys(
    table: ReferenceTable, indexes: list[int | None], key: tuple[KeyPart, ...], same: tuple[KeyPart, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the key and the other values of each row of a reference list; skip rows with an incomplete key."""
    for row in table.rows:
        cells = [row[index] if index is not None else "" for index in indexes]
        values = [_write_cell(part, cell) for part, cell in zip((*key, *same), cells, strict=True)]
        whole, rest = values[: len(key)], values[len(key) :]
        if all(whole):
            yield ",".join(whole), tuple(rest)


def _write_cell(part: KeyPart, cell: str) -> str:
    """Write a cell like an equal value of an account; empty if the platform would refuse the value."""
    value = part.read(cell)
    is_wrong = isinstance(value, FieldError) or any(check(value) for check in part.checks)
    return "" if is_wrong else comparison_key(value, part.normalise, as_text=part.as_text)


def _attr(steps: Steps, last: KeyPart) -> str:
    """Write the attr of the last value of a key, with ``{}`` for positions in lists."""
    outer = [f"{name}.{{}}" if is_list else name for name, is_list in steps[: last.depth]]
    return ".".join([*outer, *last.parents, last.name])
