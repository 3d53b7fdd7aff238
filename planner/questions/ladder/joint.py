r"""All plans of a ladder in one model: :math:`\max \sum_s \omega_s V(P_s)`, each under its own limits, :math:`x_s \le x_{s+1}` column by
column, so that whoever is in a plan is in the next one, in the same park and quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from scipy.sparse import block_diag, csr_array, vstack

from planner.layout import Layout
from planner.plan.model import Plan
from planner.plan.start import columns_of, wanted_places
from planner.programme.build import Programme
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Bools, Floats, Ints, Listener, Matrix, Solution, Stopping
from planner.solvers.registry import solve

POOL = 0.5
"""Share of the time for the model of the places that known plans have."""


def same_columns(small: Layout, large: Layout) -> Ints:
    """For each choice column of ``small`` that of ``large`` for the same candidate, park and quarter; −1: there is none."""
    frames = [pd.DataFrame({"candidate": one.candidate, "park": one.park, "quarter": one.quarter}) for one in (small, large)]
    frames[1]["column"] = np.arange(large.choices)
    found = frames[0].merge(frames[1], on=["candidate", "park", "quarter"], how="left")["column"]
    return found.fillna(-1).to_numpy(np.int64)


def binaries(programmes: Sequence[Programme]) -> int:
    """Whole columns of the joint model."""
    return sum(int(programme.matrix.integer.sum()) for programme in programmes)


def joint_matrix(programmes: Sequence[Programme], weights: Sequence[float]) -> Matrix:
    """The joint model; ``programmes`` from the smallest share on."""
    parts = [programme.matrix for programme in programmes]
    starts = np.cumsum([0, *(len(part.objective) for part in parts)])
    links = []
    for s in range(len(parts) - 1):
        above = same_columns(programmes[s].layout, programmes[s + 1].layout)
        at, known = np.arange(len(above)), above >= 0
        row = np.concatenate([at, at[known]])
        column = np.concatenate([starts[s] + at, starts[s + 1] + above[known]])
        value = np.concatenate([np.ones(len(at)), -np.ones(int(known.sum()))])
        links.append(csr_array((value, (row, column)), shape=(len(at), int(starts[-1]))))
    nested = sum(link.shape[0] for link in links)

    def joined(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part in parts])

    return Matrix(
        objective=np.concatenate([weight * part.objective for weight, part in zip(weights, parts, strict=True)]),
        offset=sum(weight * part.offset for weight, part in zip(weights, parts, strict=True)),
        rows=csr_array(vstack([block_diag([part.rows for part in parts], format="csr"), *links], format="csr")),
        row_lower=np.concatenate([joined("row_lower"), np.full(nested, -np.inf)]),
        row_upper=np.concatenate([joined("row_upper"), np.zeros(nested)]),
        lower=joined("lower"),
        upper=joined("upper"),
        integer=np.concatenate([part.integer for part in parts]),
    )


def solve_joint(
    programmes: Sequence[Programme],
    weights: Sequence[float],
    solver: str,
    stopping: Stopping,
    listen: Listener,
    known: Sequence[Floats],
    pool: Sequence[Plan],
) -> tuple[Solution, tuple[Floats, ...]]:
    """How the joint model was solved, and the best point of each programme.

    First a model of the places that the plans of ``pool`` have, begun from ``known``: good ladders are made of good plans. Then the
    whole model, which proves; begun from that ladder it was seen to stay near it and to end with less than without.
    """
    matrix = joint_matrix(programmes, weights)
    best = np.concatenate(known)
    open_ = np.flatnonzero(np.concatenate([_of_plans(programme, pool) for programme in programmes]))
    first = replace(stopping, time_limit=POOL * stopping.time_limit)
    found = [solve(matrix.part(open_), solver, first, listen, best[open_])]
    if (values := found[0].values) is not None:
        whole = np.zeros_like(best)
        whole[open_] = values
        best = max((best, *(one for one in [sound(matrix, whole)] if one is not None)), key=partial(value_of, matrix))
    if found[0].termination.reason != "interrupted":
        left = max(stopping.time_limit - found[0].termination.seconds, (1.0 - POOL) * stopping.time_limit)
        found.append(solve(matrix, solver, replace(stopping, time_limit=left), listen))
        if (values := found[1].values) is not None:
            best = max((best, *(one for one in [sound(matrix, values)] if one is not None)), key=partial(value_of, matrix))
    ended = found[-1].termination
    bound = ended.bound if len(found) > 1 else None
    ends = np.cumsum([len(programme.matrix.objective) for programme in programmes])
    return Solution(best, replace(ended, value=value_of(matrix, best), bound=bound)), tuple(np.split(best, ends[:-1]))


def _of_plans(programme: Programme, pool: Sequence[Plan]) -> Bools:
    """Columns of the places that some plans have, and every column that is no choice."""
    layout = programme.layout
    own = np.arange(layout.columns) >= layout.choices
    for plan in pool:
        mapped = columns_of(layout, wanted_places(programme.case, plan))
        own[mapped.loc[mapped["same"], "column"].to_numpy(np.int64)] = True
    return own
