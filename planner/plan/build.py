"""From a solution to a :class:`~planner.plan.model.Plan`: read off the choice, account for it, verify it, tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from planner import __version__
from planner.case.accounts import Accounts
from planner.case.case import Case, Floats
from planner.case.chains import LinkState, completeness
from planner.case.uses import term_weights
from planner.geography.boundary_file import read_boundary
from planner.layout.columns import choice_of
from planner.plan import places
from planner.plan.facts import known
from planner.plan.firms import selected_firms, unselected_firms
from planner.plan.marks import Marks
from planner.plan.model import Plan
from planner.plan.reasons import full_values
from planner.plan.records import (
    Ended,
    Kpis,
    LevelResult,
    LinkEdge,
    Notice,
    ObjectiveResult,
    PlanHead,
    Resource,
    StartUse,
    Status,
    Term,
)
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
FULL = 1e-6
"""A limit with less than this share left binds."""


def make_plan(
    programme: Programme,
    solution: Solution,
    warnings: Sequence[Problem],
    folder: Path,
    ends: Sequence[Termination] = (),
    start: StartUse | None = None,
) -> Plan:
    """The verified plan of a solution with values.

    ``folder`` is the plan file's, for the boundary file; ``ends`` are the terminations of the levels that were optimised,
    with ``mode: priorities``; ``start`` says which earlier plan the solve began from.

    Raises:
        ValueError: the solution has no values.
        VerificationError: the plan breaks a limit; a bug, nothing may be written.
    """
    if solution.values is None:
        raise ValueError("a plan needs a solution with values")
    case, marks = programme.case, Marks(programme.case.tables)
    accounts = reckon(case, choice_of(programme.layout, solution.values), [term.name for term in programme.terms])
    weights = term_weights(case.settings)
    terms = _terms(programme, accounts, weights)
    if case.settings.objective.levels and not ends:
        ends = (solution.termination,)  # a plan of the first level
    ended = ends[-1] if ends else solution.termination
    levels = _levels(programme, terms, accounts.penalties, ends)
    asked = case.settings.objective.levels
    # Without terminations of levels the solution is one of the first level.
    first = asked[0].weights if asked else weights
    alone = sum(first[name] * term.normalised for name, term in terms.items() if name in first) - accounts.penalties
    value = levels[-1].value if levels else alone
    claimed = value if ended.value is None else ended.value
    verification = verify(case, accounts, value, claimed, ended.bound, max(len(levels) - 1, 0))
    not_selected, limits = unselected_firms(programme, accounts, marks, _tight_rows(programme, accounts))
    if levels:
        objective = _headline(levels, ends)
        proved = len(levels) == len(asked) and all(level.proved for level in levels)
    else:
        proved = _proved(programme, 0, value, ended) and len(asked) <= 1
        gap = 0.0 if proved else relative_gap(value, ended.bound, ended.reference)
        objective = {"value": value, "bound": ended.bound, "gap": gap, "unavoidable": abs(ended.reference)}
    objective["bound"] = None if objective["bound"] is None else max(objective["bound"], objective["value"])
    return Plan(
        plan=_head(case, folder),
        inputs=marks.inputs(),
        status=Status(
            reason="optimal" if proved else _reason(solution.termination, case.settings.solve.work is not None),
            proved=proved,
            solver=ended.solver,
            work=solution.termination.work if case.settings.solve.work is not None else None,
            start=start,
            broke=True if not proved and solution.termination.reason == "failed" else None,
        ),
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
        chains=places.chains(case, accounts),
        links=places.links(programme, accounts, marks),
        link_edges=_edges(case),
        parks=places.parks(case, accounts, marks),
        areas=places.areas(case, accounts),
        funds=places.funds(case, accounts, marks),
        teams=places.teams(case, accounts, marks),
        rules=places.rules(case, accounts),
        limits=limits,
        incumbents=places.incumbents(case, marks),
        resources=tuple(
            Resource(resource_id=one.resource_id, name=one.name, unit=one.unit, kind=one.kind, scope=one.scope)
            for one in case.resources
        ),
        kpis=_kpis(case, accounts),
        assumptions=marks.assumptions(),
        notices=tuple(
            Notice(code=one.code, place=str(one.place) if one.place else None, zh=one.say("zh"), en=one.say("en"))
            for one in warnings
        ),
        verification=verification.model_copy(update={"value": objective["value"]}),
    )


def _levels(
    programme: Programme, terms: Mapping[str, Term], penalties: float, ends: Sequence[Termination]
) -> tuple[LevelResult, ...]:
    """The levels that were begun; soft rules' penalties belong to the first."""
    found = []
    for number, (level, ended) in enumerate(zip(programme.case.settings.objective.levels, ends, strict=False)):
        parts = {name: weight * terms[name].normalised for name, weight in level.weights.items() if name in terms}
        value = sum(parts.values()) - (penalties if number == 0 else 0.0)
        # A solver may leave a shortage column above the shortage while the objective is indifferent: more is no harm.
        best = value if ended.value is None else max(ended.value, value)
        proved = _proved(programme, number, best, ended)
        found.append(
            LevelResult(
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
        )
    return tuple(found)


def _headline(levels: Sequence[LevelResult], ends: Sequence[Termination]) -> dict[str, Any]:
    """What is told of the plan as a whole: its first open level, or the first of all."""
    number = next((number for number, level in enumerate(levels) if not level.proved), 0)
    level = levels[number]
    return {
        "value": level.value,
        "bound": level.bound,
        "gap": level.gap,
        "unavoidable": abs(ends[number].reference),
        "level": number + 1,
    }


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


def _terms(programme: Programme, accounts: Accounts, weights: Mapping[str, float]) -> dict[str, Term]:
    found = {}
    for term in programme.terms:
        raw, weight = accounts.raw[term.name], weights.get(term.name, 0.0)
        normalised = raw / term.normaliser
        found[term.name] = Term(
            weight=weight,
            raw=raw,
            unit=term.unit,
            normaliser=term.normaliser,
            normalised=normalised,
            contribution=weight * normalised,
        )
    return found


def _head(case: Case, folder: Path) -> PlanHead:
    region = case.settings.region
    boundary = read_boundary(folder / region.boundary) if region.boundary else None
    return PlanHead(
        name=case.settings.name,
        language=case.settings.language,
        quarters=case.quarters,
        planner_version=__version__,
        settings=case.settings.model_dump(mode="json"),
        region_name=region.name,
        boundary=boundary,
        map_approval=region.map_approval,
    )


def _tight_rows(programme: Programme, accounts: Accounts) -> list[int]:
    """Rows of business limits with nothing left, whether or not a firm asks for more of them."""
    matrix = programme.matrix
    used = matrix.rows @ full_values(programme, accounts)
    held = programme.business_rows & np.isfinite(matrix.row_upper) & (matrix.row_upper != matrix.row_lower)
    room: Floats = matrix.row_upper - used
    full = held & (used > 0) & (room <= FULL * np.maximum(1.0, np.abs(matrix.row_upper)))
    return np.flatnonzero(full).tolist()


def _edges(case: Case) -> tuple[LinkEdge, ...]:
    ids = case.links["link_id"].astype(str).to_numpy(object)
    rows = zip(case.edges["from_link"].tolist(), case.edges["to_link"].tolist(), case.edges["coefficient"].tolist(), strict=True)
    return tuple(LinkEdge(from_link=ids[a], to_link=ids[b], coefficient=float(c)) for a, b, c in rows)


def _kpis(case: Case, accounts: Accounts) -> Kpis:
    chosen = case.candidates.iloc[accounts.choice.candidate]
    table = case.tables.get("candidates")
    has = set() if table is None else set(table.frame.columns)

    def total(column: str, expected: bool = False) -> float | None:
        """A sum is known only when every summand is (R1)."""
        if column not in has:
            return None
        values = chosen[column] * (chosen["landing_probability"] if expected else 1.0)
        return known(values.sum(skipna=False)) if len(values) else 0.0

    def short(moment: LinkState) -> int:
        return int((moment.shortage > 0).sum())

    def with_sources(moment: LinkState) -> tuple[int, int, int]:
        """Links with demand that have no source, one, and as many as are asked for, two at least."""
        needed = case.links["min_sources"].to_numpy(float)
        enough = (moment.sources >= np.maximum(needed, 2)) & (moment.backed_up | (needed <= 0))
        kinds = (moment.sources == 0, moment.sources == 1, enough)
        none, single, backed = (int((kind & (moment.demand > 0)).sum()) for kind in kinds)
        return none, single, backed

    before, after = accounts.before, accounts.after
    (none_before, one_before, backed_before), (none_after, one_after, backed_after) = map(with_sources, (before, after))
    return Kpis(
        selected=len(chosen),
        investment=total("investment"),
        output=total("output"),
        tax=total("tax"),
        jobs=total("jobs"),
        expected_output=total("output", expected=True),
        expected_tax=total("tax", expected=True),
        subsidy=total("subsidy"),
        shortage_before=float(before.shortage.sum()),
        shortage_after=round(float(after.shortage.sum()), places.ROUND),
        links_short_before=short(before),
        links_short_after=short(after),
        links_closed=int(((before.shortage > 0) & (after.shortage == 0)).sum()),
        single_source_before=one_before,
        single_source_after=one_after,
        no_source_before=none_before,
        no_source_after=none_after,
        backed_up_before=backed_before,
        backed_up_after=backed_after,
        completeness_before=completeness(case, before)[0],
        completeness_after=completeness(case, after)[0],
        parks_used=len(np.unique(accounts.choice.park)),
    )
