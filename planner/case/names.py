"""What settings may name — terms, columns in rules, candidates in relations — held against the tables (R1), and blanks that
a rule would read: whether it counts the row is not known, so neither is whether it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.case.case import Bools, Case, Ints
from planner.case.columns import BLANK_REMEDY, Findings
from planner.case.rules import RuleColumn, column_facts, named_columns, plain, values_of
from planner.language import Words
from planner.problems import nearest
from planner.settings.base import LARGEST
from planner.settings.document import Keys
from planner.settings.rules import Range, Rule
from planner.tables.codes import problem

Names = dict[str, list[RuleColumn]]
"""What each name that a rule may use can mean."""

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
            findings.at("C246", ("explain", "weights", kind), kind, near=_near(kind, model.relaxable))
    steps = {supply.resource_id for supply in case.resources} | {*case.funds.ids, *case.teams.ids, "fund", "team"}
    for name in case.settings.sensitivity.steps:
        if name not in steps:
            findings.at("C229", ("sensitivity", "steps", name), name, near=_near(name, steps))
    names = named_columns(case)
    before = len(findings.problems)
    for position, rule in enumerate(case.settings.rules):
        for name in rule.where:
            _check_filter(case, rule, name, names, ("rules", position, "where", name), findings)
        if rule.sum is not None:
            _check_sum(case, rule.sum, names, ("rules", position, "sum"), findings)
    if len(findings.problems) == before:
        _check_blanks(case, names, findings)
    known = {str(name) for name in case.candidates["candidate_id"]}
    for kind in ("exclusive", "together", "apart"):
        for position, group in enumerate(getattr(case.settings.relations, kind)):
            for at, name in enumerate(group.candidates):
                if name not in known:
                    findings.at("C221", ("relations", kind, position, "candidates", at), name, near=_near(name, known))


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
                findings.at("C222", (*keys, term), term, near=_near(term, known))
            elif term in {"gap", "backup"} and keys in weights and figure < 0:
                findings.at("C223", (*keys, term), f"{figure:g}")
            elif term in {"gap", "backup"} and keys[-1] == "ceilings":
                findings.at("C228", (*keys, term), f"{figure:g}")


def _check_filter(case: Case, rule: Rule, name: str, names: Names, keys: Keys, findings: Findings) -> None:
    if (named := _column_named(name, names, keys, findings)) is None:
        return
    wanted = rule.where[name]
    if named.owner == "resource":
        if not isinstance(wanted, Range):
            findings.add("C225", findings.setting(*keys), name, str(wanted))
        return
    facts = column_facts(case, named)
    if isinstance(wanted, Range) and not (wanted.min is wanted.max is None) and facts.words:
        words = "、".join(facts.words[:5])
        findings.add("C224", findings.setting(*keys), name, words, rule=_TEXT_RULE, remedy=_TEXT_REMEDY)
    for value in values_of(wanted):
        if plain(value) not in facts.at:
            near = _near(str(value), {entry for entry in facts.at if entry})
            findings.at("C224", keys, str(value), rule=_NO_ROW, remedy=_USE_ONE.fill(near=near))


def _check_sum(case: Case, name: str, names: Names, keys: Keys, findings: Findings) -> None:
    named = _column_named(name, names, keys, findings)
    if named is None or named.owner == "resource":
        return
    if named.owner != "candidate" or not pd.api.types.is_numeric_dtype(case.candidates[named.column]):
        findings.at("C226", keys, name, rule=_NO_NUMBERS, remedy=_USE_NUMBERS)
    elif (largest := float(np.nanmax(np.abs(column_facts(case, named).numbers), initial=0.0))) > LARGEST:
        findings.at("C226", keys, f"{name}: {largest:g}", rule=_TOO_LARGE, remedy=_CHECK_DIGITS)


def _column_named(name: str, names: Names, keys: Keys, findings: Findings) -> RuleColumn | None:
    columns = names.get(name, [])
    if len(columns) > 1:
        findings.at("C227", keys, name, both="、".join(f"{named.owner}.{named.column}" for named in columns))
    elif not columns:
        findings.at("C220", keys, name, near=_near(name, names))
    return columns[0] if len(columns) == 1 else None


def _check_blanks(case: Case, names: Names, findings: Findings) -> None:
    """C201 for each blank that a filter or sum of a rule reads, C241 for each that a rule's groups read."""
    blanks: dict[tuple[str, str, str], set[int]] = {}
    for rule in case.settings.rules:
        for code, name, column, rows in _blanks(case, names, rule):
            blanks.setdefault((code, name, column), set()).update(rows.tolist())
    for (code, name, column), numbers in sorted(blanks.items()):
        table = case.tables[name]
        if (name, column) == ("candidates", "chain_id"):
            numbers -= _of_refused_links(case)
        numeric = column in table.frame.columns and table.frame[column].dtype.kind == "f"
        findings.rows(code, table, column, sorted(numbers), remedy=BLANK_REMEDY if numeric else _FILL_IN)


def _of_refused_links(case: Case) -> set[int]:
    """Rows of candidates that have no chain only because a cell that was refused would name it: their link, or its chain."""
    own, table = case.tables["candidates"], case.tables.get("links")
    rows = {row for row, column in own.refused if column == "link_id"}
    if table is None or "link_id" not in own.frame.columns:
        return rows
    links = table.frame["link_id"].iloc[[row for row, column in table.refused if column == "chain_id"]]
    return rows | set(np.flatnonzero(own.frame["link_id"].isin(links)).tolist())


def _blanks(case: Case, names: Names, rule: Rule) -> Iterator[tuple[str, str, str, Ints]]:
    """Code, table, column and rows of blanks that decide whether, or for which group, the rule counts something."""
    candidates, parks = case.candidates, case.parks
    counted = {
        "candidate": ~(candidates["exclude"].to_numpy(bool) | (candidates["status"] == "lost").to_numpy(bool)),
        "park": np.ones(len(parks), dtype=bool),
    }
    unknown: list[tuple[RuleColumn, str, Bools]] = []
    for name, wanted in rule.where.items():
        named = names[name][0]
        if named.owner in ("candidate", "link", "park"):
            facts, side = column_facts(case, named), "park" if named.owner == "park" else "candidate"
            blank = facts.blank & all(plain(value) != "" for value in values_of(wanted))
            counted[side] &= facts.passes(wanted) | blank
            unknown.append((named, side, blank))
    for named, side, blank in unknown:
        yield "C201", *_cells(case, named, blank & counted[side])
    if rule.sum is not None and (named := names[rule.sum][0]).owner == "candidate":
        yield "C201", *_cells(case, named, np.isnan(column_facts(case, named).numbers) & counted["candidate"])
    if rule.per in ("county", "zone"):
        nowhere = (parks[rule.per].fillna("") == "").to_numpy(bool)
        yield "C241", "parks", rule.per, parks["row"].to_numpy(np.int64)[nowhere & counted["park"]]
    if rule.per == "chain":
        chainless = candidates["chain"].to_numpy(np.int64) < 0
        yield "C241", "candidates", "chain_id", candidates["row"].to_numpy(np.int64)[chainless & counted["candidate"]]


def _cells(case: Case, named: RuleColumn, blank: Bools) -> tuple[str, str, Ints]:
    """Table, column and rows where facts of candidates or parks would stand; of a link none where a candidate has none."""
    if named.owner == "park":
        return "parks", named.column, case.parks["row"].to_numpy(np.int64)[blank]
    if named.owner == "candidate" or named.column == "chain_id":
        return "candidates", named.column, case.candidates["row"].to_numpy(np.int64)[blank]
    at, table = case.candidates["link"].to_numpy(np.int64)[blank], case.tables.get("links")
    ids = pd.Series(dtype=str) if table is None else table.frame["link_id"].astype(str)
    lacking = ids.isin(case.links["link_id"].iloc[at[at >= 0]].astype(str)) & ~ids.duplicated()
    return "links", named.column, np.flatnonzero(lacking)
