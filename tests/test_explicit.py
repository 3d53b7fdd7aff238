"""A column for each choice: the same plans with the same worth, however the rows are written.

One firm by hand: y in parks 1 and 2, x in park 3 at quarters 1 and 2, z at quarters 1 and 2; the last column is a shortage.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import fault
from planner.solvers.explicit import ByChoice, explicit
from planner.solvers.protocol import Floats, Listener, Matrix, Periods, Progress, Solution, Stopping, StopSign, Termination, never
from tests.matrices import INF, matrix_of
from tests.racing import quiet
from tests.random_city import write_random

COLUMNS = ("y1", "y2", "x31", "x32", "z1", "z2", "short")


def firm(*rows: tuple[list[float], float, float], link: bool = True) -> Matrix:
    """One firm that may stand in two parks, or in a third one in whose room the quarter matters; it stands somewhere at most once."""
    own = [([1, 1, 1, 1, 0, 0, 0], -INF, 1.0), ([1, 1, 0, 0, -1, -1, 0], 0.0, 0.0)][: 1 + link]
    every = [*own, *rows]
    periods = Periods(
        column=np.array([0, 1, 2, 2, 3, 3, 4]),
        row=np.full(len(every), -1),
        block=np.array([0, 0, 0, 0, 0, 0, -1]),
        relaxed=np.array([True, True, True, False, False]),
        cluster=np.full(7, -1),
        period=np.array([-1, -1, 0, 1, 0, 1, -1]),
    )
    table, lower, upper = zip(*every, strict=True)
    made = matrix_of([3, 2, 4, 3, 0, 0, -1], table, lower, upper, most=[1] * 6 + [9], whole=[True] * 6 + [False])
    return replace(made, periods=periods)


def written(row: list[float], lower: float = -INF, upper: float = INF) -> dict[str, float]:
    """How a row is written with the new columns: whether it is begun by the first quarter, by the second, and whether taken."""
    made = explicit(firm((row, lower, upper))).matrix
    names = (*COLUMNS, "by1", "by2", "taken")
    line = made.rows[[2]].toarray()[0]
    return {names[at]: value for at, value in enumerate(line.tolist()) if value}


def test_what_a_firm_brings_wherever_it_stands_is_one_entry() -> None:
    """5 in each of four ways to stand, and a shortage: 5 taken + short ≥ 5."""
    assert written([5, 5, 5, 5, 0, 0, 1], lower=5.0) == {"taken": 5.0, "short": 1.0}


def test_what_one_place_differs_by_stands_beside_it() -> None:
    """Park 2 asks for 6 in place of 5, of 9 that others may have too."""
    assert written([5, 6, 5, 5, 0, 0, 1], upper=9.0) == {"taken": 5.0, "y2": 1.0, "short": 1.0}


def test_what_is_paid_up_to_a_quarter_is_one_entry() -> None:
    """7 in the first quarter, 7 once it has begun by the second: as in a budget that is carried over."""
    assert written([0, 0, 7, 7, 7, 7, 1], upper=8.0) == {"by2": 7.0, "short": 1.0}
    assert written([0, 0, 7, 5, 7, 5, 1], upper=8.0) == {"by1": 2.0, "by2": 5.0, "short": 1.0}


def test_where_and_when_agree_in_two_entries() -> None:
    """The row that ties parks and quarters together says that it is taken if it has begun by the end."""
    made = explicit(firm()).matrix
    line = made.rows[[1]].toarray()[0]
    assert np.flatnonzero(line).tolist() == [8, 9]
    assert line[8] == -line[9]


def test_a_row_of_one_park_alone_stays_as_it_is() -> None:
    assert written([5, 0, 0, 0, 0, 0, 1], upper=7.0) == {"y1": 5.0, "short": 1.0}


def test_the_new_columns_say_what_their_names_say() -> None:
    """Park 3 at the second quarter; then park 1, begun in the first."""
    made = explicit(firm())
    assert made.inward(np.array([0.0, 0, 0, 1, 0, 0, 0])).tolist()[7:] == [0, 1, 1]
    assert made.inward(np.array([1.0, 0, 0, 0, 1, 0, 0])).tolist()[7:] == [1, 1, 1]
    assert made.outward(np.arange(10.0)).tolist() == list(range(7))
    assert made.matrix.integer[7:].all()
    assert made.matrix.upper[7:].tolist() == [1, 1, 1]  # of four ways at most one


@some.composite
def firms(draw: some.DrawFn) -> Matrix:
    """A firm in up to four rows of small whole numbers, mostly alike; with or without the row that ties parks and quarters together."""
    one = some.sampled_from([0, 0, 2, 2, 2, 5, -3])
    rows = draw(some.lists(some.lists(one, min_size=7, max_size=7), max_size=4))
    sides = some.one_of(some.just(INF), some.integers(-3, 9))
    made = firm(*((list(map(float, row)), -draw(sides), draw(sides)) for row in rows), link=draw(some.booleans()))
    open_ = draw(some.lists(some.sampled_from([1.0, 1.0, 1.0, 0.0]), min_size=6, max_size=6))
    return replace(made, upper=np.array([*open_, 9.0]))


def test_without_steps_it_is_only_said_whether_the_firm_is_taken() -> None:
    """And what is paid up to a quarter is left as it is."""
    made = explicit(firm(([0, 0, 7, 7, 7, 7, 1], -INF, 8.0), ([5, 5, 5, 5, 0, 0, 1], 5.0, INF)), steps=False).matrix
    assert made.rows[[2]].toarray()[0].tolist() == [0, 0, 7, 7, 7, 7, 1, 0]
    assert made.rows[[3]].toarray()[0].tolist() == [0, 0, 0, 0, 0, 0, 1, 5]


@given(firms(), some.booleans())
def test_no_plan_more_and_none_less(matrix: Matrix, steps: bool) -> None:
    made = explicit(matrix, steps)
    for number in range(2**6):
        for short in (0.0, 1.5, 4.0):
            plan = np.array([number >> bit & 1 for bit in range(6)] + [short], dtype=float)
            assert (fault(matrix, plan) == "") == (fault(made.matrix, made.inward(plan)) == "")


def test_a_model_that_says_nothing_of_choices_is_left_alone() -> None:
    matrix = replace(firm(), periods=None)
    assert explicit(matrix).matrix is matrix


class Claims:
    """Says that a plan is the best one, which breaks a row, and hands back the one that it was given."""

    name = "claims"

    def __init__(self, claimed: list[float]) -> None:
        self.claimed = np.array(claimed)

    def solve(
        self, matrix: Matrix, stopping: Stopping, listen: Listener, start: Floats | None = None, stop: StopSign = never
    ) -> Solution:
        assert fault(matrix, self.claimed)
        return Solution(start, Termination("failed", None, 9.0, 0.0, self.name), self.claimed)


def test_a_plan_that_was_claimed_and_breaks_a_row_is_handed_on_beside_the_best_one() -> None:
    """Both in the columns of the model: whoever holds the search to exact data has to exclude it. Parks 1 and 2 at once are one too many."""
    known, broken = np.array([0.0, 1, 0, 0, 1, 0, 0]), [1.0, 1, 0, 0, 1, 1, 0, 1, 2, 2]
    found = ByChoice(Claims(broken)).solve(firm(), Stopping(9.0, 0.0, 1, 1), quiet, known)
    assert found.values is not None
    assert found.values.tolist() == known.tolist()
    assert found.termination.value == 2.0
    assert found.rejected is not None
    assert found.rejected.tolist() == broken[:7]


@pytest.mark.parametrize("seed", range(40))
def test_cities_have_the_same_optimum_either_way(tmp_path: Path, seed: int) -> None:
    """Whatever rules a city has: what HiGHS proves of one way of writing, it proves of the other, and the plan is one of the model's."""
    opened = open_plan(write_random(tmp_path, seed, candidates=5, parks=3, quarters=3))
    matrix = build(opened.case, opened.eligible).matrix
    stopping, heard = Stopping(30.0, 0.0, 1, 1), list[Progress]()
    plain, ours = Highs().solve(matrix, stopping, quiet), ByChoice(Highs()).solve(matrix, stopping, heard.append)
    assert ours.termination.reason == plain.termination.reason
    assert (ours.values is None) == (plain.values is None)
    if plain.values is None or ours.values is None:
        return
    assert ours.termination.value == pytest.approx(plain.termination.value, abs=1e-6)
    assert fault(matrix, ours.values) == ""
    assert all(progress.values is None or len(progress.values) == len(matrix.objective) for progress in heard)
    again = ByChoice(Highs()).solve(matrix, stopping, quiet, ours.values)
    assert again.termination.value == pytest.approx(plain.termination.value, abs=1e-6)
