"""Our own arithmetic on what a library claims: what passes, what is mended, what counts as proved."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.problems import InputError
from planner.solvers.adapters.cbc import proved_bound
from planner.solvers.check import Claim, conclude, fault, least_bound, value_of
from planner.solvers.lp import objective_unit, value_step
from planner.solvers.protocol import Floats, Matrix
from planner.solvers.registry import OURS, check_solver
from tests.matrices import INF, matrix_of
from tests.solving import CLOSE


def test_the_unit_of_a_row_changes_no_verdict() -> None:
    matrix = matrix_of([1, 1], [[3, 4]], upper=6.9)
    for unit in (1.0, 1e-9, 1e9):
        scaled = replace(matrix, rows=matrix.rows * unit, row_upper=matrix.row_upper * unit)
        assert "row r0" in fault(scaled, np.ones(2))
        assert fault(scaled, np.array([0.0, 1.0])) == ""


def test_a_plan_that_fails_our_check_is_not_returned() -> None:
    matrix = matrix_of([1, 1], [[3, 4]], upper=6.9)
    end = conclude(matrix, CLOSE, "any", Claim("optimal", np.ones(2), 2.0), 0.0)
    assert end.values is None
    assert end.termination.reason == "failed"
    assert "r0" in end.termination.detail


def test_a_plan_that_is_nearly_whole_is_rounded_and_its_continuous_part_found_anew() -> None:
    matrix = matrix_of([5, 1], [[1, 1]], upper=1.5, most=[1, 9], whole=[True, False])
    end = conclude(matrix, CLOSE, "any", Claim("optimal", np.array([0.9999, 0.5001]), 5.5), 0.0)
    assert end.values is not None
    assert end.values == pytest.approx([1.0, 0.5])
    assert (end.termination.reason, end.values[0]) == ("optimal", 1.0)


def test_optimal_needs_a_bound_that_proves_it() -> None:
    matrix = matrix_of([1, 0.7134968], [[1, 1]], upper=1)
    plan = np.array([1.0, 0.0])
    reasons = {bound: _reason(matrix, plan, bound) for bound in (1.0, 1.0005, 1.2, None)}
    assert reasons == {1.0: "optimal", 1.0005: "gap_reached", 1.2: "time_limit", None: "time_limit"}
    wrong = conclude(matrix, CLOSE, "any", Claim("optimal", plan, 0.5), 0.0).termination
    assert (wrong.reason, wrong.bound) == ("time_limit", None)


def _reason(matrix: Matrix, plan: Floats, bound: float | None) -> str:
    return conclude(matrix, replace(CLOSE, gap=1e-3), "any", Claim("optimal", plan, bound), 0.0).termination.reason


@given(
    st.lists(st.integers(-30, 30).filter(bool), min_size=1, max_size=8),
    st.sampled_from([1.0, 3.0, 0.01, 1 / 7, 1e-4 / 3, 12345.678]),
    st.floats(-1e3, 1e3),
)
def test_where_all_worths_are_multiples_of_one_number_so_is_every_bound(worths: list[int], unit: float, offset: float) -> None:
    """Every point of the cube is a solution: what a bound is lowered to is the greatest value that one has below it."""
    matrix = matrix_of([one * unit for one in worths], [[0] * len(worths)], upper=1, offset=offset)
    step = value_step(matrix)
    assert step == pytest.approx(math.gcd(*worths) * unit, rel=1e-9)
    values = [value_of(matrix, np.array(point)) for point in product((0.0, 1.0), repeat=len(worths))]
    near = 1e-9 * (max(map(abs, values)) + abs(offset))
    for value in values:
        for above in (0.0, 0.3, 0.9, 2.5):
            lowered = least_bound(matrix, value + above * step, step)
            assert lowered >= value - near
            assert abs(lowered - (value + math.floor(above) * step)) <= near


def test_what_is_not_whole_or_has_no_common_measure_leaves_a_bound_as_it_is() -> None:
    some = matrix_of([2, 3], [[1, 1]], upper=1.5)
    broken = matrix_of([2, 3], [[1, 1]], upper=1.5, whole=[True, False])
    uneven = matrix_of([2, math.sqrt(2.0)], [[1, 1]], upper=1.5)
    assert [value_step(matrix) for matrix in (some, broken, uneven)] == [1.0, None, None]
    ends = [
        conclude(matrix, CLOSE, "any", Claim("time_limit", np.array([1.0, 0.0]), 3.8), 0.0) for matrix in (some, broken, uneven)
    ]
    assert [end.termination.bound for end in ends] == [3.0, 3.8, 3.8]
    free = replace(some, integer=np.array([True, True]), upper=np.array([1.0, INF]))
    assert value_step(free) is None  # so many of them that rounding adds up to anything


def test_cbc_proves_its_value_only_when_the_log_says_that_the_search_was_finished() -> None:
    head = "Optimal - objective value -16.00000000"
    done = ["Result - Optimal solution found"]
    assert proved_bound(head, done) == pytest.approx(-16.0, abs=1e-4)
    late = ["Cbc0020I Exiting on maximum time", *done, "Lower bound:                    -18.250"]
    assert proved_bound(head, late) == pytest.approx(-18.251)
    assert proved_bound(head, ["Cbc0010I After 0 nodes, 1 on tree, 1e+50 best solution, best possible 1e+50"]) is None


def test_the_objective_unit_is_a_power_of_two_near_the_data() -> None:
    for size in (1e-9, 1.0, 3e8):
        unit = objective_unit(np.array([size, -size, 0.0]))
        assert 64 <= size / unit <= 256
        assert np.log2(unit) == round(np.log2(unit))


def test_unknown_and_missing_solvers_are_told_apart() -> None:
    with pytest.raises(InputError, match="S201") as unknown:
        check_solver("higs")
    assert "highs" in unknown.value.problems[0].remedy.zh
    with pytest.raises(InputError) as missing:
        check_solver("CPLEX_CMD")
    assert missing.value.problems[0].code == "S202"
    for name in OURS:
        check_solver(name)
