"""Our own arithmetic on what a library claims: what passes, what is mended, what counts as proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.problems import InputError
from planner.solvers.adapters.cbc import proved_bound
from planner.solvers.check import Claim, conclude, fault
from planner.solvers.lp import objective_unit
from planner.solvers.protocol import Floats, Matrix
from planner.solvers.registry import OURS, check_solver
from tests.test_solvers import EXACT, INF, model


def test_the_unit_of_a_row_changes_no_verdict() -> None:
    matrix = model([1, 1], [[3, 4]], [-INF], [6.9], [1, 1], [True, True])
    for unit in (1.0, 1e-9, 1e9):
        scaled = replace(matrix, rows=matrix.rows * unit, row_upper=matrix.row_upper * unit)
        assert "row r0" in fault(scaled, np.ones(2))
        assert fault(scaled, np.array([0.0, 1.0])) == ""


def test_a_plan_that_fails_our_check_is_not_returned() -> None:
    matrix = model([1, 1], [[3, 4]], [-INF], [6.9], [1, 1], [True, True])
    end = conclude(matrix, EXACT, "any", Claim("optimal", np.ones(2), 2.0), 0.0)
    assert end.values is None
    assert end.termination.reason == "failed"
    assert "r0" in end.termination.detail


def test_a_plan_that_is_nearly_whole_is_rounded_and_its_continuous_part_found_anew() -> None:
    matrix = model([5, 1], [[1, 1]], [-INF], [1.5], [1, 9], [True, False])
    end = conclude(matrix, EXACT, "any", Claim("optimal", np.array([0.9999, 0.5001]), 5.5), 0.0)
    assert end.values is not None
    assert end.values == pytest.approx([1.0, 0.5])
    assert (end.termination.reason, end.values[0]) == ("optimal", 1.0)


def test_optimal_needs_a_bound_that_proves_it() -> None:
    matrix = model([1, 1], [[1, 1]], [-INF], [1], [1, 1], [True, True])
    plan = np.array([1.0, 0.0])
    reasons = {bound: _reason(matrix, plan, bound) for bound in (1.0, 1.0005, 1.2, None)}
    assert reasons == {1.0: "optimal", 1.0005: "gap_reached", 1.2: "time_limit", None: "time_limit"}
    wrong = conclude(matrix, EXACT, "any", Claim("optimal", plan, 0.5), 0.0).termination
    assert (wrong.reason, wrong.bound) == ("time_limit", None)


def _reason(matrix: Matrix, plan: Floats, bound: float | None) -> str:
    return conclude(matrix, replace(EXACT, gap=1e-3), "any", Claim("optimal", plan, bound), 0.0).termination.reason


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
