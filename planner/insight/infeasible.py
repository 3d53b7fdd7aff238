r"""When no plan exists: which limits stand against each other, and the least that would have to give.

Every business limit gets a priced slack (never an identity), the cheapest total violation is found, each slack priced by
its own limit so that "10 % more" costs the same everywhere:

.. math:: \min \sum_r s_r / \max(1, |b_r|) \quad\text{s.t. } A x - s \le b .

Then a deletion filter over the limits that the repair touches and the families it leaves finds which families are needed
for the conflict: a family is dropped when the rest is infeasible without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from planner.language import Words
from planner.plan.exclusions import exclusions
from planner.programme.build import Programme
from planner.programme.matrix import Floats, Matrix
from planner.programme.words import amount_text, row_words
from planner.solvers.protocol import Limits, Solution
from planner.tables.case import Case

Solve = Callable[[Matrix, Limits, Floats | None], Solution]
"""Solve a matrix within limits, from a start where there is one."""
SECONDS = 20.0
"""Time for the repair; each test of the filter gets a quarter of it."""


@dataclass(frozen=True)
class Conflict:
    """Why there is no plan. ``repairs``: the least that must give. ``against``: the kinds of limits they stand against."""

    repairs: tuple[Words, ...]
    against: tuple[Words, ...]
    proved: bool
    """The repair is the cheapest there is; otherwise it is one that works."""


def explain(programme: Programme, solve: Solve, limits: Limits) -> Conflict:
    """The conflict of an infeasible programme. ``solve`` runs a solver."""
    business = np.array([family.business for family in programme.families], dtype=bool)
    rows = np.flatnonzero(business[programme.family_of_row])
    elastic = _elastic(programme.matrix, rows)
    short = replace(limits, time_limit=max(SECONDS, limits.time_limit / 3), gap=1e-4)
    solution = solve(elastic, short, _nobody(programme, rows))
    if solution.values is None:
        return Conflict((), (), False)
    slack = solution.values[programme.matrix.rows.shape[1] :]
    below, above = slack[: len(rows)], slack[len(rows) :]
    touched = np.flatnonzero((below > 1e-6) | (above > 1e-6))
    repairs = tuple(
        _repair(programme, int(rows[n]), float(max(below[n], above[n])), short_of=bool(below[n] > above[n]))
        for n in touched
    )
    against = _against(programme, {int(programme.family_of_row[rows[n]]) for n in touched}, solve, short)
    return Conflict(repairs, against, solution.termination.reason == "optimal")


def _elastic(matrix: Matrix, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Matrix:
    """The programme with a slack below and above each of ``rows``; its objective is the price of the slacks alone."""
    m, n = matrix.rows.shape
    count = len(rows)
    entries = np.concatenate([np.ones(count), -np.ones(count)])
    slack = coo_array((entries, (np.concatenate([rows, rows]), np.arange(2 * count))), shape=(m, 2 * count))
    bound = np.where(np.isfinite(matrix.row_upper), matrix.row_upper, matrix.row_lower)[rows]
    price = 1.0 / np.maximum(1.0, np.abs(bound))
    return Matrix(
        objective=np.concatenate([np.zeros(n), -price, -price]),
        offset=0.0,
        rows=csr_array(hstack([matrix.rows, slack], format="csr")),
        row_lower=matrix.row_lower,
        row_upper=matrix.row_upper,
        lower=np.concatenate([matrix.lower, np.zeros(2 * count)]),
        upper=np.concatenate([matrix.upper, np.full(2 * count, np.inf)]),
        integer=np.concatenate([matrix.integer, np.zeros(2 * count, dtype=bool)]),
    )


def _nobody(programme: Programme, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """The plan in which nobody comes, with all the slack that it needs: a start that always is one."""
    matrix, columns = programme.matrix, programme.layout
    values = np.zeros(matrix.rows.shape[1])
    gap = (programme.case.links["demand"] - programme.case.links["supply"]).to_numpy(float)
    values[columns.shortage] = np.maximum(gap, 0.0)[columns.short_links]
    used = (matrix.rows @ values)[rows]
    below = np.maximum(matrix.row_lower[rows] - used, 0.0)
    above = np.maximum(used - matrix.row_upper[rows], 0.0)
    return np.concatenate([values, below, above])


def _repair(programme: Programme, row: int, amount: float, short_of: bool) -> Words:
    case, number = programme.case, int(programme.family_of_row[row])
    local = row - int(np.searchsorted(programme.family_of_row, number))
    family, part = programme.families[number], programme.blocks[number]
    said = row_words(case, family, part, local)
    if family.name == "must_include":
        return _give_up(case, programme, int(part.about["candidate"][local]), said)
    missing = amount_text(round(amount, 4))
    if short_of:
        return Words(f"{said.zh}：少 {missing}，或降低这一要求", f"{said.en}: {missing} too little, or ask for less")
    return Words(f"{said.zh}：还差 {missing}", f"{said.en}: {missing} more is needed")


def _give_up(case: Case, programme: Programme, candidate: int, said: Words) -> Words:
    """A project that must come and cannot: with the reason, when a rule keeps it out of every park."""
    name = str(case.candidates["candidate_id"].iloc[candidate])
    zh, en = f"{said.zh}（{name}）：取消必选", f"{said.en} ({name}): drop must_include"
    if not programme.eligible.candidates[candidate]:
        codes = [f"{one.code} ×{one.parks}" for one in exclusions(programme, np.array([candidate]))[0]]
        zh, en = f"{zh}；它进不了任何园区：{'、'.join(codes)}", f"{en}; no park is open to it: {', '.join(codes)}"
    return Words(zh, en)


def _against(programme: Programme, touched: set[int], solve: Solve, limits: Limits) -> tuple[Words, ...]:
    """Other families without any one of which the conflict would be gone (deletion filter)."""
    keep = {number for number, part in enumerate(programme.blocks) if part.size}
    quick = replace(limits, time_limit=limits.time_limit / 4)
    others = [n for n in sorted(keep) if programme.families[n].business and n not in touched]
    for number in others:
        rest = keep - {number}
        if solve(_only(programme, rest), quick, None).termination.reason == "infeasible":
            keep = rest
    return tuple(programme.families[number].title for number in others if number in keep)


def _only(programme: Programme, families: set[int]) -> Matrix:
    """The rows of some families, with nothing to optimise."""
    matrix = programme.matrix
    rows = np.flatnonzero(np.isin(programme.family_of_row, sorted(families)))
    return replace(
        matrix, objective=np.zeros_like(matrix.objective), periods=None, rows=csr_array(matrix.rows[rows]),
        row_lower=matrix.row_lower[rows], row_upper=matrix.row_upper[rows],
    )  # fmt: skip
