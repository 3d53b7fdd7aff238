"""Who solves a part of a plan: HiGHS or CP-SAT, by what each has paid; a part comes to the same whoever solves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Floats, Matrix, Stopping
from planner.solvers.search.parts import solving
from planner.solvers.search.parts.kinds import SOLVERS, Part
from planner.solvers.search.parts.pays import PayParameters, Pays
from planner.solvers.search.parts.solving import Order, solved
from planner.solvers.search.parts.structure import Parts
from tests.racing import built, neighbourhoods, small_city
from tests.solving import EXACT
from tests.sweep import sweep
from tests.test_solver_worker import small


def _pays() -> Pays:
    return Pays(PayParameters(memory=0.9, prior=1.0, explore=0.1))


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


@pytest.mark.parametrize("seed", sweep(range(1, 9), 2))
def test_a_part_is_worth_the_same_whoever_solves_it(tmp_path: Path, seed: int) -> None:
    """All of the programme, to its end, from a plan that is built: both optima are plans by the data, and equal."""
    matrix = small_city(tmp_path, seed)
    plan, every, values = built(matrix, seed), np.arange(len(matrix.objective)), []
    for by in SOLVERS:
        found = solved(Order(Parts(matrix).model(every, plan), plan, Stopping(60.0, 0.0, 1, 1), 60.0, 0, by))
        assert found.searched
        assert found.values is not None
        whole = sound(matrix, found.values)
        assert whole is not None
        values.append(value_of(matrix, whole))
    assert values[1] == pytest.approx(values[0], rel=1e-6)
    assert values[0] > value_of(matrix, plan)


def _proposed(folder: Path, in_lanes: bool, ended: Callable[[Part], bool]) -> list[Part]:
    """Two hundred parts that give nothing; ``ended``: which of them are searched to their end."""
    matrix = small_city(folder)
    plan, hoods, parts = built(matrix, 1), neighbourhoods(matrix, in_lanes=in_lanes), list[Part]()
    for _ in range(200):
        parts.append(hoods.propose(plan))
        hoods.feed(parts[-1], 0.0, ended(parts[-1]), 0.4)
    return parts


def test_both_solve_parts_in_lanes_beside_exchanges_and_highs_alone_where_work_is_counted(tmp_path: Path) -> None:
    for in_lanes, solvers in ((True, {"highs", "cpsat", "exchanges"}), (False, {"highs"})):
        assert {part.by for part in _proposed(tmp_path, in_lanes, lambda _: True)} == solvers


def test_what_one_solver_does_not_end_is_smaller_for_that_one_alone(tmp_path: Path) -> None:
    parts = _proposed(tmp_path, True, lambda part: part.by == "highs")
    assert min(part.size for part in parts if part.by == "highs") >= 1.0
    assert min(part.size for part in parts if part.by == "cpsat") < 0.8


def test_the_relaxation_of_a_part_may_take_four_times_its_seconds_and_the_part_is_given_up_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten times was most of what parts of a model with a thousand links had."""
    told = list[float]()

    def slow(part: Matrix, start: Floats, most: int, seconds: float, dice: np.random.Generator, lean: float) -> None:
        told.append(seconds)
        raise TimeoutError

    monkeypatch.setattr(solving, "worth_keeping", slow)
    part = small()
    found = solved(Order(part, part.lower, EXACT, 0.5, 10, "highs"))
    assert told == [2.0]
    assert (found.values, found.searched) == (None, False)
