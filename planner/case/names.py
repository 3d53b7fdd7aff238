"""What settings may name — terms, candidates in relations, limits, and columns in rules (:mod:`planner.case.rule_names`) — held against
the tables (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.case.appraisal_names import check_assessment
from planner.case.case import Case
from planner.case.columns import Findings
from planner.case.filter_names import near_names
from planner.case.relation_names import check_groups
from planner.case.rule_names import check_blanks, check_rule, is_readable
from planner.reading.table import RESOURCES
from planner.settings.document import Keys
from planner.tables.codes import problem


@dataclass(frozen=True, slots=True)
class ModelNames:
    """What the programme has a name for: objective terms beside the use of resources, and limits that may give way."""

    terms: tuple[str, ...]
    relaxable: tuple[str, ...]
    money: tuple[str, ...]
    """Terms by which a price in money can be converted."""


def check_names(case: Case, model: ModelNames, findings: Findings) -> None:
    """Unknown terms, limits, columns, values and candidates in the settings."""
    _check_terms(case, model.terms, findings)
    for name in case.tables.resources:
        if name in model.terms:
            place = findings.setting("resources", name)
            findings.problems.append(problem("T179", place, f"resources.{name}", name, name=name))
    for kind in case.settings.explain.weights:
        if kind not in model.relaxable:
            findings.at("C246", ("explain", "weights", kind), kind, near=near_names(kind, model.relaxable))
    steps = {supply.resource_id for supply in case.resources} | {*case.funds.ids, *case.teams.ids, "fund", "team"}
    for name in case.settings.sensitivity.steps:
        if name not in steps:
            rests = [*RESOURCES, "funds.fund_id", "teams.team_id"]
            findings.at("C229", ("sensitivity", "steps", name), name, rests=rests, near=near_names(name, steps))
    sound = []
    for position, rule in enumerate(case.settings.rules):
        before = len(findings.problems)
        check_rule(case, rule, ("rules", position), model.money, findings)
        if len(findings.problems) == before and is_readable(case, rule) and not findings.doubts.settings.part("rules", position):
            sound.append(rule)
    check_blanks(case, sound, findings)
    check_groups(case, findings)
    for position in range(len(case.settings.appraisal)):
        check_assessment(case, position, findings)


def _check_terms(case: Case, terms: Iterable[str], findings: Findings) -> None:
    known = [*terms, *(supply.resource_id for supply in case.resources), *case.settings.resources]
    objective = case.settings.objective
    weights: dict[Keys, Mapping[str, float]] = {("objective", "weights"): objective.weights}
    weights |= {("objective", "levels", n, "weights"): level.weights for n, level in enumerate(objective.levels)}
    bounds: dict[Keys, Mapping[str, float]] = {("objective", "floors"): objective.floors}
    bounds[("objective", "ceilings")] = objective.ceilings
    for keys, figures in (weights | bounds).items():
        for term, figure in figures.items():
            if term not in known:
                findings.at("C222", (*keys, term), term, rests=RESOURCES, near=near_names(term, known))
            elif term in {"gap", "backup"} and keys in weights and figure < 0:
                findings.at("C223", (*keys, term), f"{figure:g}")
            elif term in {"gap", "backup"} and keys[-1] == "ceilings":
                findings.at("C228", (*keys, term), f"{figure:g}")
