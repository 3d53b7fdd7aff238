r"""All plans of a ladder in one model: :math:`\max \sum_s \omega_s V(P_s)`, each under its own limits, :math:`x_s \le x_{s+1}` column by
column, so that whoever is in a plan is in the next one, in the same park and quarter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import block_diag, csr_array, vstack

from planner.layout import Layout
from planner.programme.build import Programme
from planner.solvers.check import sound
from planner.solvers.protocol import Floats, Ints, Listener, Matrix, Solution, Stopping
from planner.solvers.registry import solve


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
    programmes: Sequence[Programme], weights: Sequence[float], solver: str, stopping: Stopping, listen: Listener
) -> tuple[Solution, tuple[Floats, ...]]:
    """How the joint model was solved, and the point of each programme; none where no solution was found."""
    matrix = joint_matrix(programmes, weights)
    solution = solve(matrix, solver, stopping, listen)
    values = None if solution.values is None else sound(matrix, solution.values)
    if values is None:
        return solution, ()
    ends = np.cumsum([len(programme.matrix.objective) for programme in programmes])
    return solution, tuple(np.split(values, ends[:-1]))
