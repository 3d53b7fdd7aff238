"""SCIP with the node of the highest bound next: the same optimum, and a bound that falls by every node."""

from __future__ import annotations

import pytest

from planner.solvers.adapters import scip
from planner.solvers.adapters.scip import Scip
from planner.solvers.protocol import Stopping
from planner.solvers.search.entrants import EntrantParameters, trees
from tests.matrices import brute_force, hard, random_mixed
from tests.racing import incumbent
from tests.solving import CLOSE
from tests.sweep import sweep

BEST_FIRST = Scip(best_first=True)
NODES = Stopping(time_limit=120.0, gap=0.0, threads=1, seed=1, work=6)
"""As many nodes for whoever searches, whatever the clock says."""


def proved(solver: Scip, seed: int) -> float:
    """The bound that a solver comes to of a model that nobody proves within seconds."""
    ended = solver.solve(hard(seed=seed), NODES, lambda _: None).termination
    assert ended.reason == "work_limit"
    assert ended.bound is not None
    return ended.bound


@pytest.mark.parametrize("seed", sweep(range(12), 4))
def test_best_first_comes_to_the_optimum(seed: int) -> None:
    matrix = random_mixed(seed)
    truth = brute_force(matrix)
    assert truth is not None
    ended = BEST_FIRST.solve(matrix, CLOSE, lambda _: None).termination
    assert ended.reason in ("optimal", "gap_reached")
    assert ended.value == pytest.approx(truth, rel=1e-6, abs=1e-6)
    assert ended.bound is not None
    assert ended.bound >= truth - 1e-7 * abs(truth)


@pytest.mark.parametrize("seed", sweep(range(4), 1))
def test_best_first_proves_more_in_as_many_nodes(seed: int) -> None:
    assert proved(BEST_FIRST, seed) < proved(Scip(), seed)


def test_memory_that_does_not_suffice_ends_a_search_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scip, "available", lambda: 4 * 2e6)
    begin = hard().lower  # nothing chosen
    ended = BEST_FIRST.solve(hard(), NODES, lambda _: None, begin)
    assert ended.termination.reason == "failed"
    assert ended.values is not None
    assert ended.termination.value == pytest.approx(0.0)


@pytest.mark.parametrize(("small", "solver"), [(False, BEST_FIRST), (True, Scip())])
def test_scip_searches_for_its_bound_where_a_proof_is_far(small: bool, solver: Scip) -> None:
    each = {entrant.name: entrant.solver for entrant in trees(incumbent(hard()), small, 0.0, lambda *_: None, EntrantParameters())}
    assert each["scip"] == solver
