"""A plan close to another: some candidates may come or go, all others stay as they are; a small model, solved exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.case.case import Bools
from planner.layout import choice_of
from planner.plan.model import Plan
from planner.plan.solving import silent
from planner.plan.start import columns_of, wanted_places
from planner.plan.verify import verify
from planner.programme.build import Programme
from planner.solvers.adapters.highs import Highs
from planner.solvers.caller import stopped
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Floats, Ints, Matrix, Stopping
from planner.terms.registry import reckon

MOST = 3_000
"""Columns of choices that are set free, so that the small model stays small; the best of the objective are kept."""
GAP = 1e-4


def rivals(programme: Programme, selected: Ints, candidates: Ints, parks: Ints) -> Bools:
    """Candidates that could take the place of ``candidates``: those of their links, and those that are not ``selected``
    and that one of ``parks`` is open to; shape (I,)."""
    columns = programme.layout
    link = programme.case.candidates["link"].to_numpy(np.int64)
    there = np.zeros(len(link), dtype=bool)
    there[columns.candidate[np.isin(columns.park, parks)]] = True
    there[selected] = False
    return np.asarray((np.isin(link, link[candidates]) & (link >= 0)) | there)


def without(programme: Programme, values: Floats, candidate: int, free: Bools, seconds: float) -> Floats | None:
    """The best plan of the first level without ``candidate``, whatever lock it has, in which only ``free`` ones differ
    from ``values``; None: none was found."""
    columns, matrix = programme.layout, programme.matrix
    lower, first = matrix.row_lower.copy(), 0
    for family, part in zip(programme.families, programme.rows, strict=True):
        if family.name == "must_include" and part.size:  # the row that asks for the candidate
            lower[first + np.flatnonzero(part.about["candidate"] == candidate)] = -np.inf
        first += part.size
    others = columns.candidate != candidate
    chosen = (values[: columns.choices] > 0.5) & others
    return nearby(replace(matrix, row_lower=lower), chosen, free[columns.candidate] & others, seconds)


def forced(programme: Programme, plan: Plan, candidate: int, seconds: float) -> Floats | None:
    """A plan of a programme in which ``candidate`` is forced (in, out, elsewhere), near the best and near ``plan``.

    First the firms of ``plan`` stay, others of the candidate's chain may come, and it goes wherever it may. If that gives no
    plan, they may leave, too, and those of its chain may move; then more may move. Last, all of its chain and of the links
    concerned, and those that the room lost or won is open to, may come or go. None: no such plan was found.
    """
    case, columns, matrix = programme.case, programme.layout, programme.matrix
    wanted = wanted_places(case, plan)
    mapped = columns_of(columns, wanted)
    selected = np.isin(columns.candidate, wanted["candidate"])
    own = np.zeros(columns.choices, dtype=bool)
    own[mapped.loc[mapped["same"], "column"].to_numpy(np.int64)] = True
    chain = case.candidates["chain"].to_numpy(np.int64)
    mates = (chain == chain[candidate])[columns.candidate]
    asked = columns.candidate == candidate
    # Where it leaves, its room can be filled with all others held; where it comes, room must be made.
    values = nearby(matrix, own & ~asked, asked | (~selected & mates), seconds / 3)
    for movable in (mates, columns.park < 0, True):
        if values is None:
            values = nearby(matrix, np.zeros_like(own), own | asked | (selected & movable), seconds / 3)
    if values is None:
        return None
    now = choice_of(columns, values)
    moved = np.append(np.setdiff1d(wanted["candidate"].to_numpy(np.int64), now.candidate), candidate)
    parks = np.append(now.park[now.candidate == candidate], wanted.loc[wanted["candidate"].isin(moved), "park"])
    free = rivals(programme, now.candidate, moved, parks) | (chain == chain[candidate])
    better = nearby(matrix, values[: columns.choices] > 0.5, free[columns.candidate], seconds / 3, values)
    return values if better is None or value_of(matrix, better) < value_of(matrix, values) else better


def nearby(matrix: Matrix, chosen: Bools, open_: Bools, seconds: float, start: Floats | None = None) -> Floats | None:
    """The best solution in which only ``open_`` choice columns may differ from ``chosen``; both of shape (choices,).

    ``start`` is a solution with these choices, if one is known.
    """
    choices = len(chosen)
    if int(open_.sum()) > MOST:
        worth = np.where(open_, matrix.objective[:choices], -np.inf) + np.where(open_ & chosen, np.inf, 0.0)
        open_ = np.zeros_like(open_)
        open_[np.argsort(-worth, kind="stable")[:MOST]] = True
    held = np.zeros(matrix.objective.shape)
    held[:choices] = chosen & ~open_
    keep = np.concatenate([np.flatnonzero(open_), np.arange(choices, len(held))])
    shift = matrix.rows @ held
    small = replace(
        matrix.part(keep),
        offset=value_of(matrix, held),
        row_lower=matrix.row_lower - shift,
        row_upper=matrix.row_upper - shift,
        reference=matrix.reference,
    )
    solution = Highs().solve(small, Stopping(seconds, GAP, 1, 1), silent, None if start is None else start[keep], stopped)
    if solution.values is None:
        return None
    held[keep] = solution.values
    return sound(matrix, held)


def checked_value(programme: Programme, values: Floats, released: int) -> float:
    """What a plan is worth by the first level, recomputed from the tables and held against every limit but the locks of the
    candidate ``released``.

    Raises:
        planner.plan.verify.VerificationError: it breaks a limit: a bug.
    """
    case, objective = programme.case, programme.case.settings.objective
    other = np.arange(len(case.candidates)) != released
    must, status = case.candidates["must_include"] & other, case.candidates["status"].where(other, "prospect")
    case = replace(case, candidates=case.candidates.assign(must_include=must, status=status))
    accounts = reckon(case, choice_of(programme.layout, values), [term.name for term in programme.terms])
    weights = objective.levels[0].weights if objective.levels else objective.weights
    parts = (weights.get(term.name, 0.0) * accounts.raw[term.name] / term.normaliser for term in programme.terms)
    value = sum(parts) - accounts.penalties
    verify(case, accounts, value, value_of(programme.matrix, values), None)
    return value
