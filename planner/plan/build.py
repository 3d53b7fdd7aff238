"""From a solution to a :class:`~planner.plan.model.Plan`: read off the choice, account for it, verify it, tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from planner import __version__
from planner.case.accounts import Accounts, after_horizon
from planner.case.case import Case, Floats
from planner.case.chains import completeness
from planner.case.last_quarter import crowded_last_quarter
from planner.echo.echo import Setting, echo
from planner.geography.boundaries import read_boundary
from planner.layout import choice_of
from planner.plan import places
from planner.plan.changes import changes_made
from planner.plan.facts import Marks, known, stated_in
from planner.plan.firms import selected_firms, unselected_firms
from planner.plan.model import Plan
from planner.plan.records import Ended, Kpis, LevelResult, Notice, ObjectiveResult, PlanHead, StartUse, Status, Term
from planner.plan.reference.records import Nearness
from planner.plan.verify import verify
from planner.problems import Problem
from planner.programme.build import Programme
from planner.solvers.check import proof_margin
from planner.solvers.protocol import Solution, Termination, relative_gap
from planner.terms.registry import reckon

PROVED = 1e-6
"""A bound within this of the value, relatively, is a proof that no plan is better (R3)."""
NEAR = 1e-5
"""The gap that a solver may leave which ends by itself."""
SAME = 1e-9
"""Relative difference of two values that is only rounding."""


def nowhere(*_: str | int) -> None:
    """The place of a setting where no plan file is told."""


def make_plan(
    programme: Programme,
    solution: Solution,
    warnings: Sequence[Problem],
    folder: Path,
    ends: Sequence[Termination] = (),
    start: StartUse | None = None,
    setting: Setting = nowhere,
    nearness: Nearness | None = None,
) -> Plan:
    """The verified plan of a solution with values. ``folder`` is the plan file's, for the boundary file; ``ends`` are the
    terminations of the levels that were optimised, with ``mode: priorities``; ``start`` says which earlier plan the solve began
    from; ``setting`` gives the place of a key path of plan.yaml. Raises VerificationError: the plan breaks a limit; a bug, nothing may be written."""
    if solution.values is None:
        raise ValueError("a plan needs a solution with values")
    case, marks = programme.case, Marks(programme.case.tables)
    accounts = reckon(case, choice_of(programme.layout, solution.values), [term.name for term in programme.terms])
    weights = case.settings.objective.term_weights
    terms = term_results(programme, accounts, weights)
    ends = ends or (solution.termination,)  # of the first level, or of the only one
    ended, levels = ends[-1], _levels(programme, terms, accounts.penalties, ends)
    value = levels[-1].value if levels else sum(term.contribution for term in terms.values()) - accounts.penalties
    claimed = value if ended.value is None else ended.value
    verification = verify(case, accounts, value, claimed, ended.bound, max(len(levels) - 1, 0))
    not_selected, limits = unselected_firms(programme, accounts, marks)
    said = echo(programme, setting)
    counted = case.settings.solve.work is not None
    if levels:
        # Of the plan as a whole its first open level is told, or the first of all.
        number = next((number for number, level in enumerate(levels) if not level.proved), 0)
        objective = {name: getattr(levels[number], name) for name in ("value", "bound", "gap")}
        objective |= {"unavoidable": abs(ends[number].reference), "level": number + 1}
        proved = len(levels) == len(case.settings.objective.levels) and all(level.proved for level in levels)
    else:
        proved = _proved(programme, 0, value, ended)
        gap = 0.0 if proved else relative_gap(value, ended.bound, ended.reference)
        objective = {"value": value, "bound": ended.bound, "gap": gap, "unavoidable": abs(ended.reference)}
    objective["bound"] = None if objective["bound"] is None else max(objective["bound"], objective["value"])
    return Plan(
        plan=_head(case, folder),
        inputs=marks.inputs(),
        status=Status(
            reason="optimal" if proved else _reason(solution.termination, counted),
            proved=proved,
            solver=ended.solver,
            work=solution.termination.work if counted else None,
            start=start,
            broke=True if not proved and solution.termination.reason == "failed" else None,
        ),
        nearness=nearness,
        objective=ObjectiveResult(
            **objective,
            mode=case.settings.objective.mode,
            normalise=case.settings.objective.normalise,
            terms=terms,
            penalties=accounts.penalties,
            levels=levels,
        ),
        selected=selected_firms(programme, accounts, weights, marks),
        not_selected=not_selected,
        chains=tuple(places.chains(case, accounts)),
        links=tuple(places.links(programme, accounts, marks)),
        link_edges=tuple(places.edges(case, marks)),
        parks=tuple(places.parks(case, accounts, marks)),
        areas=tuple(places.areas(case, accounts)),
        funds=tuple(places.funds(case, accounts, marks)),
        teams=tuple(places.teams(case, accounts, marks)),
        rules=tuple(places.rules(case, accounts)),
        echo=said.lines,
        limits=limits,
        incumbents=tuple(places.incumbents(case, marks)),
        resources=tuple(places.resources(case)),
        kpis=kpis_of(case, accounts),
        assumptions=(*marks.assumptions(), *marks.seasons(case)),
        changes=changes_made(case.tables.made),
        notices=(*map(_notice, (*warnings, *said.warnings)), *(_notice(one, about_plan=True) for one in _remarks(case, accounts))),
        verification=verification.model_copy(update={"value": objective["value"]}),
    )


def _notice(warning: Problem, about_plan: bool = False) -> Notice:
    place = str(warning.place) if warning.place else None
    return Notice(code=warning.code, about_plan=about_plan, place=place, zh=warning.say("zh"), en=warning.say("en"))


def _remarks(case: Case, accounts: Accounts) -> list[Problem]:
    """Warnings about the plan itself."""
    crowded = crowded_last_quarter(case, accounts.choice)
    return [] if crowded is None else [crowded]


def _levels(
    programme: Programme, terms: Mapping[str, Term], penalties: float, ends: Sequence[Termination]
) -> tuple[LevelResult, ...]:
    """The levels that were begun; soft rules' penalties belong to the first."""
    results = []
    for number, (level, ended) in enumerate(zip(programme.case.settings.objective.levels, ends, strict=False)):
        parts = {name: weight * terms[name].normalised for name, weight in level.weights.items() if name in terms}
        value = sum(parts.values()) - (penalties if number == 0 else 0.0)
        # A solver may leave a shortage column above the shortage while the objective is indifferent: more is no harm.
        best = value if ended.value is None else max(ended.value, value)
        proved = _proved(programme, number, best, ended)
        result = LevelResult(
            weights=level.weights,
            tolerance=level.tolerance,
            value=value,
            best=best,
            given_up=best - value if best - value > SAME * max(1.0, abs(best)) else 0.0,
            bound=ended.bound,
            gap=0.0 if proved else relative_gap(best, ended.bound, ended.reference),
            proved=proved,
            contributions=parts,
        )
        results.append(result)
    return tuple(results)


def _proved(programme: Programme, level: int, value: float | None, ended: Termination) -> bool:
    """The bound leaves no room above the value: none beside what can be won, or less than solvers can tell apart."""
    if value is None or ended.bound is None:
        return False
    terms = programme.levels[level].objective.copy()
    terms[programme.layout.prices > 0] = 0.0  # what a high price makes small is not small beside the terms
    size = value - ended.reference
    return ended.bound - value <= max(PROVED * abs(size), proof_margin(replace(programme.matrix, objective=terms), size))


def _reason(ended: Termination, counted: bool) -> Ended:
    """Of a plan that is not proved. A solver that ended by itself, but too far from its bound, is as one that ran out."""
    if ended.reason in ("optimal", "gap_reached"):
        near = ended.gap is not None and ended.gap <= NEAR
        return "gap_reached" if ended.reason == "gap_reached" or near else "work_limit" if counted else "time_limit"
    return ended.reason if ended.reason in ("work_limit", "time_limit") else "interrupted"


def term_results(programme: Programme, accounts: Accounts, weights: Mapping[str, float]) -> dict[str, Term]:
    """Each term of a choice with its figures, whether it keeps the limits or not."""
    results = {}
    for term in programme.terms:
        raw, weight = accounts.raw[term.name], weights.get(term.name, 0.0)
        normalised = raw / term.normaliser
        figures = {"weight": weight, "raw": raw, "normaliser": term.normaliser, "normalised": normalised}
        results[term.name] = Term(unit=term.unit, contribution=weight * normalised, **figures)
    return results


def _head(case: Case, folder: Path) -> PlanHead:
    region = case.settings.region
    return PlanHead(
        name=case.settings.name,
        language=case.settings.language,
        quarters=case.quarters,
        on=None if case.history.on is None else case.history.on.isoformat(),
        planner_version=__version__,
        settings=case.settings.model_dump(mode="json"),
        region_name=region.name,
        boundary=read_boundary(folder / region.boundary) if region.boundary else None,
        map_approval=region.map_approval,
    )


def kpis_of(case: Case, accounts: Accounts) -> Kpis:
    """The headline figures of a choice, whether it keeps the limits or not."""
    chosen = case.candidates.iloc[accounts.choice.candidate]

    def total(column: str, expected: bool = False) -> float | None:
        """A sum is known only when every summand is (R1)."""
        if not stated_in(case, column, "candidates"):
            return None
        values = chosen[column] * (chosen["landing_probability"] if expected else 1.0)
        return known(values.sum(skipna=False)) if len(values) else 0.0

    def later(column: str, shares: Floats) -> float | None:
        """What of a sum falls due after the horizon."""
        if not stated_in(case, column, "candidates"):
            return None
        share = after_horizon(case, accounts.choice, shares)
        due = float((chosen[column].to_numpy(float)[share > 0] * share[share > 0]).sum())
        return known(round(due, places.ROUND))

    before, after = accounts.before, accounts.after
    figures: dict[str, Any] = {name: total(name) for name in ("investment", "output", "tax", "jobs", "subsidy")}
    needed = case.links["min_sources"].to_numpy(float)
    for when, moment in (("before", before), ("after", after)):
        enough = (moment.sources >= np.maximum(needed, 2)) & (moment.backed_up | (needed <= 0))
        kinds = {"no_source": moment.sources == 0, "single_source": moment.sources == 1, "backed_up": enough}
        figures |= {f"{name}_{when}": int((kind & (moment.demand > 0)).sum()) for name, kind in kinds.items()}
        figures[f"links_short_{when}"] = int((moment.shortage > 0).sum())
        figures[f"completeness_{when}"] = completeness(case, moment)[0]
    return Kpis(
        **figures,
        selected=len(chosen),
        expected_output=total("output", expected=True),
        expected_tax=total("tax", expected=True),
        subsidy_after_horizon=later("subsidy", case.paid_shares),
        effort_after_horizon=later("effort", case.spent_shares),
        shortage_before=float(before.shortage.sum()),
        shortage_after=round(float(after.shortage.sum()), places.ROUND),
        links_closed=int(((before.shortage > 0) & (after.shortage == 0)).sum()),
        parks_used=len(np.unique(accounts.choice.park)),
    )
