"""The names that settings may use — terms, columns in rules, candidates in relations — held against the tables (R1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from planner.case.case import Case
from planner.case.columns import Findings
from planner.case.rule_blanks import check_blanks
from planner.case.rule_columns import RuleColumn, Vocabulary, plain, vocabulary_of
from planner.language import Words
from planner.problems import nearest
from planner.settings.base import LARGEST
from planner.settings.schema import Range, Rule
from planner.tables.codes import problem

Keys = tuple[str | int, ...]
"""Key path of a setting."""

_NO_ROW = Words("这一列没有这个值", "no row has this value in the column")
_USE_ONE = Words("可用的（最接近者）：{near}", "use one of (nearest first): {near}")
_TEXT_RULE = Words("这一列中有文字，不能按 min、max 筛选", "the column holds text and cannot be filtered by min and max")
_TEXT_REMEDY = Words("把这些单元格改为数，或改按值筛选", "make these cells numbers, or filter by values")
_NO_NUMBERS = Words("不是项目的数值列，不能求和", "is not a number column of candidates and cannot be summed")
_USE_NUMBERS = Words("换成数值列或资源", "use a number column or a resource")
_TOO_LARGE = Words(f"列中有大于 {LARGEST:g} 的数，不能求和", f"the column has a number above {LARGEST:g} and cannot be summed")
_CHECK_DIGITS = Words("核对这一列的位数", "check the digits in the column")


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
    _check_steps(case, findings)
    vocabulary = vocabulary_of(case)
    before = len(findings.problems)
    for position, rule in enumerate(case.settings.rules):
        for name in rule.where:
            _check_filter(case, rule, name, vocabulary, ("rules", position, "where", name), findings)
        if rule.sum is not None:
            _check_sum(case, rule.sum, vocabulary, ("rules", position, "sum"), findings)
    if len(findings.problems) == before:
        check_blanks(case, vocabulary, findings)
    known = {str(name) for name in case.candidates["candidate_id"]}
    relations = case.settings.relations
    for kind in ("exclusive", "together", "apart"):
        for position, group in enumerate(getattr(relations, kind)):
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
    places: list[tuple[Keys, str, float]] = [
        (("objective", "weights", term), term, weight) for term, weight in objective.weights.items()
    ]
    for position, level in enumerate(objective.levels):
        places += [(("objective", "levels", position, "weights", t), t, w) for t, w in level.weights.items()]
    for keys, term, weight in places:
        if term not in known:
            _unknown("C222", keys, term, known, findings)
        elif term in {"gap", "backup"} and weight < 0:
            findings.at("C223", keys, f"{weight:g}")
    bounded = [(side, term) for side in ("floors", "ceilings") for term in getattr(objective, side)]
    for side, term in bounded:
        if term not in known:
            _unknown("C222", ("objective", side, term), term, known, findings)
        elif side == "ceilings" and term in {"gap", "backup"}:
            findings.at("C228", ("objective", side, term), f"{objective.ceilings[term]:g}")


def _check_steps(case: Case, findings: Findings) -> None:
    """What ``sensitivity.steps`` names: resources, funds, teams, or all funds or teams by a word."""
    known = {supply.resource_id for supply in case.resources} | set(case.funds.ids) | set(case.teams.ids) | {"fund", "team"}
    for name in case.settings.sensitivity.steps:
        if name not in known:
            _unknown("C229", ("sensitivity", "steps", name), name, known, findings)


def _check_filter(case: Case, rule: Rule, name: str, vocabulary: Vocabulary, keys: Keys, findings: Findings) -> None:
    named = _one(name, vocabulary.names, keys, findings)
    if named is None:
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
    listed = wanted.exclude if isinstance(wanted, Range) else wanted if isinstance(wanted, tuple) else (wanted,)
    for value in listed:
        if plain(value) not in facts.at:
            near = _near(str(value), {entry for entry in facts.at if entry})
            findings.at("C224", keys, str(value), rule=_NO_ROW, remedy=_USE_ONE.fill(near=near))


def _check_sum(case: Case, name: str, vocabulary: Vocabulary, keys: Keys, findings: Findings) -> None:
    named = _one(name, vocabulary.names, keys, findings)
    if named is None or named.owner == "resource":
        return
    if named.owner != "candidate" or not pd.api.types.is_numeric_dtype(case.candidates[named.column]):
        findings.at("C226", keys, name, rule=_NO_NUMBERS, remedy=_USE_NUMBERS)
    elif (largest := float(vocabulary.facts(case, named).largest)) > LARGEST:
        findings.at("C226", keys, f"{name}: {largest:g}", rule=_TOO_LARGE, remedy=_CHECK_DIGITS)


def _one(name: str, names: dict[str, list[RuleColumn]], keys: Keys, findings: Findings) -> RuleColumn | None:
    found = names.get(name, [])
    if len(found) == 1:
        return found[0]
    if not found:
        _unknown("C220", keys, name, names, findings)
        return None
    both = "、".join(f"{named.owner}.{named.column}" for named in found)
    findings.at("C227", keys, name, both=both)
    return None
