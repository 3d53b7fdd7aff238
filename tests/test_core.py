"""Cores: what the relaxation leaves to doubt is free, what it is sure of is held, and a core is as large as is searched to its end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Floats, Matrix, Stopping
from planner.solvers.search.auto import plain
from planner.solvers.search.parts.core import CoreParameters, cores
from planner.solvers.search.parts.kinds import Part
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from planner.solvers.search.parts.solving import Order, ordered, solved, take_over
from planner.solvers.search.parts.structure import Parts
from tests.matrices import INF, matrix_of
from tests.racing import built, incumbent, neighbourhoods, next_crossed, small_city

FINE = CoreParameters(share=0.25, larger=1.4)
"""Of four columns one more each time."""


def _bag(offset: float = 0.0) -> Matrix:
    """Four things of weight 5 in a bag of 12. The relaxation takes a and b, and 0.4 of c: 10 + 9 + 0.4 · 8 = 22.2, at a price of 8 for 5.
    At that price a is worth 2 more than it costs, b 1, and d 7 less."""
    return matrix_of([10, 9, 8, 1], [[5, 5, 5, 5]], upper=12, offset=offset)


def _free(matrix: Matrix, size: float, most: float = 100.0) -> list[list[int]]:
    """The columns of each core."""
    made = cores(matrix, size, most, 5.0, np.random.default_rng(1), FINE)
    return [np.flatnonzero(core.upper > core.lower).tolist() for core in made]


def _core(hoods: Neighbourhoods, plan: Floats) -> Part:
    """The next core that is proposed."""
    hoods.parameters = replace(hoods.parameters, far=1, core=20.0)
    for _ in range(100):
        part = hoods.propose(plan)
        hoods.feed(part, 0.0, True, 0.4)
        if part.kind == "core":
            return part
    raise AssertionError


def test_what_is_between_is_free_then_what_the_relaxation_is_least_sure_of() -> None:
    assert _free(_bag(), 0.0) == [[2], [1, 2], [0, 1, 2], [0, 1, 2, 3]]
    assert _free(_bag(), 2.0) == [[0, 1, 2], [0, 1, 2, 3]]


def test_all_others_stand_where_the_relaxation_has_them() -> None:
    first, second, *_ = cores(_bag(), 0.0, 100.0, 5.0, np.random.default_rng(1), FINE)
    assert first.lower.tolist() == [1, 1, 0, 0]
    assert first.upper.tolist() == [1, 1, 1, 0]
    assert second.lower.tolist() == [1, 0, 0, 0]
    assert second.upper.tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("offset", [0.0, -30.0])
def test_a_relaxation_that_is_far_above_any_plan_is_sure_of_nothing(offset: float) -> None:
    assert _free(_bag(offset), 0.0, offset + 22.1) == []
    assert len(_free(_bag(offset), 0.0, offset + 22.3)) == 4


def test_there_is_no_core_where_there_is_no_relaxation() -> None:
    assert _free(matrix_of([1], [[1]], lower=2, whole=False), 0.0) == []


def test_cores_come_to_the_best_plan_from_a_poor_one(tmp_path: Path) -> None:
    """A city of which all is a core in the end: the same optimum as by HiGHS from the built plan."""
    matrix = small_city(tmp_path)
    plan, every = built(matrix, 1), np.arange(len(matrix.objective))
    part, stopping = Parts(matrix).model(every, plan), Stopping(60.0, 0.0, 1, 1)
    best = solved(Order(part, plan, stopping, 60.0, 0, "highs")).values
    found = solved(Order(part, plan, stopping, 60.0, 0, "cpsat", core=1.0, room=INF))
    assert best is not None
    assert found.values is not None
    assert found.searched
    assert sound(matrix, found.values) is not None
    assert value_of(matrix, found.values) == pytest.approx(value_of(matrix, best), rel=1e-6)
    assert value_of(matrix, best) > value_of(matrix, plan)


def test_a_core_is_of_the_whole_model_and_nothing_where_the_relaxation_is_further_away_than_it_may_be(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    plan, hoods = built(matrix, 1), neighbourhoods(matrix)
    for sure, some in ((0.0, False), (10.0, True)):
        hoods.parameters = replace(hoods.parameters, sure=sure)
        order = ordered(hoods, _core(hoods, plan), plan, Stopping(60.0, 0.0, 1, 1))
        assert len(order.plan) == len(plan)
        assert (solved(order).values is not None) is some


def test_without_places_there_are_cores_however_far_the_relaxation_is() -> None:
    """From an empty bag, which the relaxation is infinitely far from: a and b, 10 + 9."""
    matrix, plan = replace(_bag(), periods=plain(_bag())), np.zeros(4)
    hoods = neighbourhoods(matrix)
    found = solved(ordered(hoods, _core(hoods, plan), plan, Stopping(60.0, 0.0, 1, 1))).values
    assert found is not None
    assert found.tolist() == [1, 1, 0, 0]


def test_a_core_that_is_no_better_is_crossed_with_the_best_plan_later(tmp_path: Path) -> None:
    matrix = small_city(tmp_path)
    state, hoods, plan, stopping = (incumbent(matrix), neighbourhoods(matrix), built(matrix, 1), Stopping(60.0, 0.0, 1, 1))
    hoods.parameters = replace(hoods.parameters, sure=10.0)
    result = solved(ordered(hoods, _core(hoods, plan), plan, stopping))
    best = result.values
    assert best is not None
    state.adopt(best)
    take_over(state, hoods, _core(hoods, best), best, replace(result, values=plan))
    assert state.value == pytest.approx(value_of(matrix, best))
    hoods.parameters = replace(hoods.parameters, far=10**9)
    crossed = next_crossed(hoods, best)
    assert crossed is not None
    apart = np.flatnonzero((plan > 0.5) != (best > 0.5))
    assert len(apart)
    assert np.isin(apart, crossed.columns).all()
