"""Row duals from a first-order method (PDLP of OR-tools): rough, and had in seconds where exact ones take minutes."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array

from planner.solvers.matrix import Floats, Matrix
from planner.solvers.scaling import objective_unit

SHARDS = 8
"""Parts that PDLP cuts its vectors into; fixed, so that its sums do not depend on the number of threads."""
CHECK_EVERY = 16
"""Iterations between its looks at the clock."""


def rough_duals(matrix: Matrix, iterations: int, seconds: float, threads: int) -> Floats | None:
    """Duals of the linear relaxation after so many iterations; None when PDLP is not there or gives no numbers.

    They are signed as :func:`planner.solvers.bounds.duals.dual_bound` takes them. Neither feasible nor optimal in any sense.
    """
    try:
        from ortools.pdlp import solvers_pb2
        from ortools.pdlp.python import pdlp
    except ImportError:
        return None
    crossed = (matrix.lower > matrix.upper).any() or (matrix.row_lower > matrix.row_upper).any()
    if iterations <= 0 or seconds <= 0 or not matrix.rows.nnz or crossed:
        return None
    unit = objective_unit(matrix.objective)
    problem = pdlp.QuadraticProgram()
    problem.objective_vector = -matrix.objective / unit
    problem.constraint_matrix = csc_array(matrix.rows)
    problem.constraint_lower_bounds = matrix.row_lower.copy()
    problem.constraint_upper_bounds = matrix.row_upper.copy()
    problem.variable_lower_bounds = matrix.lower.copy()
    problem.variable_upper_bounds = matrix.upper.copy()
    asked = solvers_pb2.PrimalDualHybridGradientParams()
    asked.termination_criteria.iteration_limit = iterations
    asked.termination_criteria.time_sec_limit = seconds
    asked.termination_check_frequency = CHECK_EVERY
    asked.num_threads = threads
    asked.num_shards = SHARDS
    asked.verbosity_level = 0
    found = np.asarray(pdlp.primal_dual_hybrid_gradient(problem, asked).dual_solution, dtype=np.float64)
    if found.shape != matrix.row_lower.shape or not np.isfinite(found).all():
        return None
    duals: Floats = -found * unit
    return duals
