"""What settings may name — terms, columns in rules, candidates in relations — held against the tables (R1), and blanks that
a rule would read: whether it counts the row is not known, so neither is whether it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case
from planner.case.columns import BLANK_REMEDY, Findings
from planner.case.rules import ColumnFacts, RuleColumn, Vocabulary, plain, vocabulary_of
from planner.language import Words
from planner.problems import nearest
from planner.settings.base import LARGEST
from planner.settings.rules import Filter, Range, Rule
from planner.tables.codes import problem

Keys = tuple[str | int, ...]
"""Key path of a setting."""
Cell = tuple[str, int, str]
"""Table, row of its file, column."""

_NO_ROW = Words("这一列没有这个值", "no row has this value in the column")
_USE_ONE = Words("可用的（最接近者）：{near}", "use one of (nearest first): {near}")
_TEXT_RULE = Words("这一列中有文字，不能按 min、max 筛选", "the column holds text and cannot be filtered by min and max")
_TEXT_REMEDY = Words("把这些单元格改为数，或改按值筛选", "make these cells numbers, or filter by values")
_NO_NUMBERS = Words("不是项目的数值列，不能求和", "is not a number column of candidates and cannot be summed")
_USE_NUMBERS = Words("换成数值列或资源", "use a number column or a resource")
_TOO_LARGE = Words(f"列中有大于 {LARGEST:g} 的数，不能求和", f"the column has a number above {LARGEST:g} and cannot be summed")
_CHECK_DIGITS = Words("核对这一列的位数", "check the digits in the column")
_FILL_IN = Words(
    '填写；规则要把空白也算作一个值的，在 where 中写明 ""', 'fill it in; a rule that means blank as a value says so: ""'
)


@dataclass(frozen=True, slots=True)
class ModelNames:
    """What the programme has a name for: objective terms beside the use of resources, and limits that may give way."""

    terms: tuple[str, ...]
    relaxable: tuple[str, ...]


def check_names(case: Case, model: ModelNames, findings: Findings) -> None:
    """Unknown terms, limits, columns, values and candidates in the settings."""
    _check_terms(case, model.terms, findings)
    for name in case.tables.resources:
        if name in model.terms:
            place = findings.setting("resources", name)
            findings.problems.append(problem("T179", place, f"resources.{name}", name, name=name))
    for kind in case.settings.explain.weights:
        if kind not in model.relaxable:
            _unknown("C246", ("explain", "weights", kind), kind, model.relaxable, findings)
    steps = {supply.resource_id for supply in case.resources} | {*case.funds.ids, *case.teams.ids, "fund", "team"}
    for name in case.settings.sensitivity.steps:
        if name not in steps:
            _unknown("C229", ("sensitivity", "steps", name), name, steps, findings)
    vocabulary = vocabulary_of(case)
    before = len(findings.problems)
    for position, rule in enumerate(case.settings.rules):
        for name in rule.where:
            _check_filter(case, rule, name, vocabulary, ("rules", position, "where", name), findings)
        if rule.sum is not None:
            _check_sum(case, rule.sum, vocabulary, ("rules", position, "sum"), findings)
    if len(findings.problems) == before:
        _check_blanks(case, vocabulary, findings)
    known = {str(name) for name in case.candidates["candidate_id"]}
    for kind in ("exclusive", "together", "apart"):
        for position, group in enumerate(getattr(case.settings.relations, kind)):
            for at, name in enumerate(group.candidates):
                if name not in known:
                    _unknown("C221", ("relations", kind, position, "candidates", at), name, known, findings)


def _unknown(code: str, keys: Keys, name: str, known: Iterable[str], findings: Findings) -> None:
    findings.at(code, keys, name, near=_near(name, known))


def _near(name: str, known: Iterable[str]) -> str:
    """The known names nearest to one that is not known; the first few where none is near."""
    return "、".join(nearest(name, sorted(known)) or sorted(known)[:12])


def _check_terms(case: Case, terms: Iterable[str], findings: Findings) -> None:
    known = [*terms, *(supply.resource_id for supply in case.resources)]
    objective = case.settings.objective
    weights: dict[Keys, Mapping[str, float]] = {("objective", "weights"): objective.weights}
    weights |= {("objective", "levels", n, "weights"): level.weights for n, level in enumerate(objective.levels)}
    bounds: dict[Keys, Mapping[str, float]] = {("objective", "floors"): objective.floors}
    bounds[("objective", "ceilings")] = objective.ceilings
    for keys, figures in (weights | bounds).items():
        for term, figure in figures.items():
            if term not in known:
                _unknown("C222", (*keys, term), term, known, findings)
            elif term in {"gap", "backup"} and keys in weights and figure < 0:
                findings.at("C223", (*keys, term), f"{figure:g}")
            elif term in {"gap", "backup"} and keys[-1] == "ceilings":
                findings.at("C228", (*keys, term), f"{figure:g}")


def _check_filter(case: Case, rule: Rule, name: str, vocabulary: Vocabulary, keys: Keys, findings: Findings) -> None:
    if (named := _column_named(name, vocabulary.names, keys, findings)) is None:
        return
    wanted = rule.where[name]
    if named.owner == "resource":
        if not isinstance(wanted, Range):
            findings.add("C225", findings.setting(*keys), name, str(wanted))
        return
    facts = vocabulary.facts(case, named)
    if isinstance(wanted, Range) and not (wanted.min is wanted.max is None) and facts.words:
        words = "、".join(facts.words[:5])
        findings.add("C224", findings.setting(*keys), name, words, rule=_TEXT_RULE, remedy=_TEXT_REMEDY)
    for value in _values(wanted):
        if plain(value) not in facts.at:
            near = _near(str(value), {entry for entry in facts.at if entry})
            findings.at("C224", keys, str(value), rule=_NO_ROW, remedy=_USE_ONE.fill(near=near))


def _values(wanted: Filter) -> tuple[object, ...]:
    """The values that a filter names."""
    return wanted.exclude if isinstance(wanted, Range) else wanted if isinstance(wanted, tuple) else (wanted,)


def _check_sum(case: Case, name: str, vocabulary: Vocabulary, keys: Keys, findings: Findings) -> None:
    named = _column_named(name, vocabulary.names, keys, findings)
    if named is None or named.owner == "resource":
        return
    if named.owner != "candidate" or not pd.api.types.is_numeric_dtype(case.candidates[named.column]):
        findings.at("C226", keys, name, rule=_NO_NUMBERS, remedy=_USE_NUMBERS)
    elif (largest := float(vocabulary.facts(case, named).largest)) > LARGEST:
        findings.at("C226", keys, f"{name}: {largest:g}", rule=_TOO_LARGE, remedy=_CHECK_DIGITS)


def _column_named(name: str, names: dict[str, list[RuleColumn]], keys: Keys, findings: Findings) -> RuleColumn | None:
    columns = names.get(name, [])
    if len(columns) > 1:
        findings.at("C227", keys, name, both="、".join(f"{named.owner}.{named.column}" for named in columns))
    elif not columns:
        _unknown("C220", keys, name, names, findings)
    return columns[0] if len(columns) == 1 else None


def _check_blanks(case: Case, vocabulary: Vocabulary, findings: Findings) -> None:
    """C201 for each blank that a filter or sum of a rule reads, C241 for each that a rule's groups read."""
    blanks: dict[tuple[str, str, str], set[int]] = {}
    for rule in case.settings.rules:
        for code, (name, row, column) in _blanks(case, vocabulary, rule):
            blanks.setdefault((code, name, column), set()).add(row)
    for (code, name, column), rows in sorted(blanks.items()):
        table = case.tables[name]
        numeric = column in table.frame.columns and table.frame[column].dtype.kind == "f"
        findings.rows(code, table, column, sorted(rows), remedy=BLANK_REMEDY if numeric else _FILL_IN)


def _blanks(case: Case, vocabulary: Vocabulary, rule: Rule) -> Iterator[tuple[str, Cell]]:
    """Code and cell of each blank that decides whether, or for which group, the rule counts a row."""
    filters: dict[str, list[tuple[RuleColumn, ColumnFacts, Filter]]] = {"candidate": [], "park": []}
    for name, wanted in rule.where.items():
        named = vocabulary.names[name][0]
        if named.owner in ("candidate", "link", "park"):
            side = "park" if named.owner == "park" else "candidate"
            filters[side].append((named, vocabulary.facts(case, named), wanted))
    frame = case.candidates
    sides = {
        "candidate": ~(frame["exclude"].to_numpy(bool) | (frame["status"] == "lost").to_numpy(bool)),
        "park": np.ones(len(case.parks), dtype=bool),
    }
    for side, own in filters.items():
        unknown = [facts.blank & (not _names_blank(wanted)) for _, facts, wanted in own]
        for (_, facts, wanted), blank in zip(own, unknown, strict=True):
            sides[side] &= facts.passes(wanted) | blank
        for (named, _, _), blank in zip(own, unknown, strict=True):
            for at in np.flatnonzero(blank & sides[side]).tolist():
                if (cell := _cell(case, named, at)) is not None:
                    yield "C201", cell
    if rule.sum is not None and (named := vocabulary.names[rule.sum][0]).owner == "candidate":
        for at in np.flatnonzero(np.isnan(vocabulary.facts(case, named).numbers) & sides["candidate"]).tolist():
            yield "C201", ("candidates", int(frame["row"].iloc[at]), named.column)
    yield from (("C241", cell) for cell in _ungrouped(case, rule.per, sides))


def _ungrouped(case: Case, per: str, sides: dict[str, Bools]) -> Iterator[Cell]:
    """Cells that leave a row without the group that a rule counts it in."""
    if per in ("county", "zone"):
        blank: Bools = (case.parks[per].fillna("") == "").to_numpy(bool)
        for at in np.flatnonzero(blank & sides["park"]).tolist():
            yield "parks", int(case.parks["row"].iloc[at]), per
    if per == "chain":
        for at in np.flatnonzero((case.candidates["chain"].to_numpy(np.int64) < 0) & sides["candidate"]).tolist():
            yield "candidates", int(case.candidates["row"].iloc[at]), "chain_id"


def _names_blank(wanted: Filter) -> bool:
    """Whether a filter speaks of blank cells itself."""
    return any(plain(value) == "" for value in _values(wanted))


def _cell(case: Case, named: RuleColumn, at: int) -> Cell | None:
    """Where the fact of a candidate or park would stand; None for facts of a link that a candidate without one has not."""
    if named.owner == "park":
        return "parks", int(case.parks["row"].iloc[at]), named.column
    row = int(case.candidates["row"].iloc[at])
    if named.owner == "candidate":
        return "candidates", row, named.column
    if named.column == "chain_id":
        return "candidates", row, "chain_id"
    link, links = int(case.candidates["link"].iloc[at]), case.tables.get("links")
    if link < 0 or links is None:
        return None
    ids = links.frame["link_id"].astype(str).to_numpy(object)
    return "links", int(np.flatnonzero(ids == str(case.links["link_id"].iloc[link]))[0]), named.column
