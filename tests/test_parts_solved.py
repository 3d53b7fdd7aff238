"""Who solves a part of a plan: HiGHS or CP-SAT, by what each has paid; a part comes to the same whoever solves it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Matrix, Stopping
from planner.solvers.search.construct import construct
from planner.solvers.search.kinds import SOLVERS, Part, PartSolver
from planner.solvers.search.lanes import Order, solved
from planner.solvers.search.neighbourhoods import Neighbourhoods, merge
from planner.solvers.search.pays import Pays
from tests.sweep import sweep
from tests.test_lines import _city


def _pays() -> Pays:
    return Pays(memory=0.9, prior=1.0, explore=0.1)


def _drawn(pays: Pays, count: int = 400) -> Counter[str]:
    dice = np.random.default_rng(1)
    return Counter(pays.draw(("one", "other"), dice) for _ in range(count))


def test_every_way_is_tried_before_what_it_pays_is_asked() -> None:
    pays = _pays()
    pays.count("one", 100.0, 1.0)
    assert _drawn(pays) == {"other": 400}


def test_who_pays_more_in_a_second_is_drawn_more_often_and_nobody_never() -> None:
    pays = _pays()
    for _ in range(10):
        pays.count("one", 4.0, 0.5)
        pays.count("other", 0.0, 0.5)
    assert pays.has_paid("one")
    assert not pays.has_paid("other")
    drawn = _drawn(pays)
    assert drawn["one"] > 3 * drawn["other"] > 0
    for _ in range(60):  # what was paid long ago is forgotten, and taken to be what all pay now
        pays.count("other", 1.0, 0.5)
    drawn = _drawn(pays)
    assert 150 < drawn["other"] < 250


def test_where_nothing_has_paid_all_are_alike() -> None:
    pays = _pays()
    pays.count("one", 0.0, 5.0)
    pays.count("other", 0.0, 0.1)
    drawn = _drawn(pays)
    assert min(drawn.values()) > 150


def _part(matrix: Matrix) -> Part:
    """All of the programme."""
    every = np.arange(len(matrix.objective))
    return Part(every, "any", 1.0, 20.0, np.zeros(len(every)))


@pytest.mark.parametrize("seed", sweep(range(1, 9), 2))
def test_a_part_is_worth_the_same_whoever_solves_it(tmp_path: Path, seed: int) -> None:
    """To its end, from a plan that is built: both optima are plans by the data, and equal."""
    matrix = _city(tmp_path, seed)
    plan = construct(matrix, seed)
    assert plan is not None
    assert matrix.periods is not None
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, priced=True)
    part, values = _part(matrix), dict[PartSolver, float]()
    for by in SOLVERS:
        order = Order(hoods.model(part, plan), plan[part.columns], Stopping(60.0, 0.0, 1, 1), 60.0, by=by)
        found = solved(order)
        assert found.searched
        assert found.values is not None
        whole = sound(matrix, merge(plan, part, found.values))
        assert whole is not None
        values[by] = value_of(matrix, whole)
    assert values["cpsat"] == pytest.approx(values["highs"], rel=1e-6)
    assert values["highs"] > value_of(matrix, plan)


def test_both_solve_parts_where_there_are_processes_for_it_and_highs_where_work_is_counted(tmp_path: Path) -> None:
    matrix = _city(tmp_path)
    plan = construct(matrix, 1)
    assert plan is not None
    assert matrix.periods is not None
    model, by = aggregate(matrix, matrix.periods), dict[bool, set[str]]()
    for priced in (True, False):
        hoods, by[priced] = Neighbourhoods(matrix, model, None, 1, priced=priced), set()
        for _ in range(20):
            part = hoods.propose(plan)
            by[priced].add(part.by)
            hoods.feed(part, 0.0, True, 0.2)
    assert by == {True: {"highs", "cpsat"}, False: {"highs"}}


def test_what_one_solver_does_not_end_is_smaller_for_that_one_alone(tmp_path: Path) -> None:
    matrix = _city(tmp_path)
    plan = construct(matrix, 1)
    assert plan is not None
    assert matrix.periods is not None
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, priced=True)
    sizes: dict[str, list[float]] = {by: [] for by in SOLVERS}
    for _ in range(200):
        part = hoods.propose(plan)
        sizes[part.by].append(part.size)
        hoods.feed(part, 0.0, part.by == "highs", 0.4)
    assert min(sizes["highs"]) >= 1.0
    assert min(sizes["cpsat"]) < 0.8
