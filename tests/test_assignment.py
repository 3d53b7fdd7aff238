"""Sharing out: against every way there is, in small cases."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solvers.assignment import NOBODY, assign


def every_way(able: np.ndarray, room: np.ndarray) -> list[tuple[int, ...]]:
    takers = [[NOBODY, *np.flatnonzero(row).tolist()] for row in able]
    return [way for way in product(*takers) if all(way.count(j) <= room[j] for j in range(len(room)))]


def worth(way: tuple[int, ...], costs: list[np.ndarray], m: int) -> tuple[int, ...]:
    """What is least at the best way, level by level."""
    sums = [sum(int(cost[i, j]) for i, j in enumerate(way) if j != NOBODY) for cost in costs]
    loads = [way.count(j) for j in range(m)]
    return (way.count(NOBODY), *sums, sum(load * load for load in loads))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_way_is_better(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    draw = lambda values: np.array([[data.draw(values) for _ in range(m)] for _ in range(n)])  # noqa: E731
    able, costs = draw(st.booleans()), [draw(st.integers(0, 1)), draw(st.integers(0, 4))]
    room = np.array([data.draw(st.integers(0, 4)) for _ in range(m)])
    found = tuple(assign(able, room, costs).tolist())
    ways = every_way(able, room)
    assert found in ways
    best = min(worth(way, costs, m) for way in ways)
    assert worth(found, costs, m) == best
    # The least sum of squares has the least largest load too.
    largest = min(max(way.count(j) for j in range(m)) for way in ways if worth(way, costs, m)[:-1] == best[:-1])
    assert max(found.count(j) for j in range(m)) == largest


def test_fit_comes_before_balance_and_balance_after() -> None:
    """Two fit one taker better and both go there; the third, to whom both are alike, goes to the other."""
    able = np.ones((3, 2), dtype=bool)
    assert assign(able, np.array([3, 3]), [np.array([[0, 1], [0, 1], [2, 2]])]).tolist() == [0, 0, 1]


def test_nothing_to_share_out_and_nobody_to_take() -> None:
    assert assign(np.zeros((0, 2), dtype=bool), np.array([1, 1])).tolist() == []
    assert assign(np.zeros((2, 0), dtype=bool), np.array([], dtype=np.int64)).tolist() == [NOBODY, NOBODY]


def test_costs_that_cannot_be_told_apart_are_refused() -> None:
    huge = np.full((2, 1), 2**50)
    with pytest.raises(ValueError, match="exactly"):
        assign(np.ones((2, 1), dtype=bool), np.array([2]), [huge, huge])


def test_a_province_is_shared_out_in_seconds() -> None:
    """2,000 projects, 150 people of 20 each, three levels of lacking fit."""
    rng = np.random.default_rng(1)
    able, costs = rng.random((2000, 150)) < 0.2, rng.integers(0, 4, (2000, 150))
    found = assign(able, np.full(150, 20), [costs])
    loads = np.bincount(found, minlength=150)
    assert (found >= 0).all()
    assert loads.max() <= 20
