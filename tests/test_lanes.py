"""Parts solved in processes of their own: the plan gets better, and a process that dies holds nobody up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.adapters.highs import Highs
from planner.solvers.bounds.relaxations import aggregate
from planner.solvers.check import fault, value_of
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Floats, Matrix, Progress, never
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.parts.kinds import Part
from planner.solvers.search.parts.lanes import LaneParameters, Lanes
from planner.solvers.search.parts.neighbourhoods import Neighbourhoods
from tests.random_city import write_random
from tests.solving import EXACT

SEED = 707


def _model(folder: Path, priced: bool) -> tuple[Matrix, Neighbourhoods, Floats, float]:
    """A small city, its parts, a plan in which nobody comes, and the value of the best plan."""
    opened = open_plan(write_random(folder, SEED, candidates=8, parks=3, quarters=3))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    hoods = Neighbourhoods(matrix, aggregate(matrix, matrix.periods), None, 1, in_lanes=priced)
    choice = matrix.periods.block >= 0
    nobody = Highs().solve(_without(matrix, choice), EXACT, lambda _: None).values
    best = Highs().solve(matrix, EXACT, lambda _: None).termination.value
    assert nobody is not None
    assert best is not None
    assert value_of(matrix, nobody) < best
    return matrix, hoods, nobody, best


def _without(matrix: Matrix, columns: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Matrix:
    return replace(matrix, upper=np.where(columns, 0.0, matrix.upper), periods=None)


def _processes() -> list[psutil.Process]:
    """Those of the lanes that are alive."""
    alive = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in alive if any("spawn_main" in word for word in one.cmdline())]


def _search(folder: Path, kills: int, *, priced: bool = False) -> tuple[float, float]:
    """(value reached, best there is), with a process killed at each of the first ``kills`` looks."""
    matrix, hoods, plan, best = _model(folder, priced)
    lanes = Lanes(2)
    state = Incumbent(matrix, replace(EXACT, time_limit=30.0, threads=2), Reporter(lambda _: None), never, "lanes")
    assert state.adopt(plan)
    looks = 0

    def over() -> bool:
        nonlocal looks
        looks += 1
        if looks <= kills:
            for child in _processes()[:1]:
                child.kill()
        assert state.value is not None
        return looks > 3_000 or state.value >= best - 1e-9

    try:
        lanes.improve(hoods, state, over)
    finally:
        lanes.close()
    assert not _processes()
    assert state.values is not None
    assert fault(matrix, state.values) == ""
    return value_of(matrix, state.values), best


@pytest.mark.parametrize("priced", [False, True])
def test_lanes_find_the_best_plan_of_a_small_city(tmp_path: Path, priced: bool) -> None:
    found, best = _search(tmp_path, 0, priced=priced)
    assert found == best


@pytest.mark.parametrize("priced", [False, True])
def test_a_killed_process_is_replaced(tmp_path: Path, priced: bool) -> None:
    """Also one that had been told the whole model."""
    found, best = _search(tmp_path, 2, priced=priced)
    assert found == best


@pytest.mark.slow
def test_without_memory_for_any_process_the_search_still_ends(tmp_path: Path) -> None:
    """Every process dies at once, time after time: no plan gets lost and the end comes."""
    found, best = _search(tmp_path, 10 * LaneParameters().deaths)
    assert found <= best


def test_a_start_that_is_worth_less_is_improved_by_itself_until_it_is_worth_more(tmp_path: Path) -> None:
    """And nobody hears of it before."""
    matrix, hoods, nobody, best = _model(tmp_path, False)
    assert matrix.periods is not None
    odd = (matrix.periods.block >= 0) & (matrix.periods.block % 2 == 1)
    built = Highs().solve(_without(matrix, odd), EXACT, lambda _: None).values
    assert built is not None
    assert value_of(matrix, nobody) < value_of(matrix, built) < best
    for seconds, better in ((0.0, False), (30.0, True)):
        told: list[Progress] = []
        state = Incumbent(matrix, replace(EXACT, time_limit=30.0, threads=2), Reporter(told.append), never, "lanes")
        assert state.adopt(built)
        lanes = Lanes(2)
        try:
            lanes.overtake(hoods, state, nobody, seconds, never)
        finally:
            lanes.close()
        assert state.values is not None
        assert state.value is not None
        assert (state.value > value_of(matrix, built)) is better
        assert fault(matrix, state.values) == ""
        assert ("first plan" in state.earned) is better
        assert min(one.value for one in told if one.value is not None) == value_of(matrix, built)


def test_the_built_plan_has_what_it_begins_with_before_another_is_to_overtake_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a second of exchanges made of a weaker plan a better one than the built plan, which had not had any; the search ended lower for it."""
    matrix, hoods, nobody, _ = _model(tmp_path, True)
    state = Incumbent(matrix, replace(EXACT, time_limit=30.0, threads=2), Reporter(lambda _: None), never, "lanes")
    built = Highs().solve(matrix, replace(EXACT, gap=0.3), lambda _: None).values
    assert built is not None
    assert state.adopt(built)
    hoods.look_at(np.arange(len(nobody)))
    propose, begun = hoods.propose, list[tuple[str, bool]]()

    def noted(plan: Floats) -> Part:
        part = propose(plan)
        begun.append((part.kind, bool((plan == nobody).all())))
        return part

    monkeypatch.setattr(hoods, "propose", noted)
    lanes = Lanes(1)
    try:
        lanes.overtake(hoods, state, nobody, 20.0, lambda: len(begun) > 2)
    finally:
        lanes.close()
    assert begun[:3] == [("vertex", False), ("exchanges", False), ("exchanges", True)]
    assert list(hoods._offered) == ["first plan"], "the other of the two is crossed with the best one"


def test_what_comes_of_a_part_belongs_to_the_plan_that_it_was_cut_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the built plan may still be under way when another plan is improved by itself: laid over that one it would take its place."""
    matrix, hoods, nobody, _ = _model(tmp_path, False)
    state = Incumbent(matrix, replace(EXACT, time_limit=30.0, threads=2), Reporter(lambda _: None), never, "lanes")
    built = Highs().solve(matrix, replace(EXACT, gap=0.3), lambda _: None).values
    assert state.adopt(built)
    laid: list[tuple[bool, bool]] = []

    def note(whose: Incumbent, _part: Part, plan: Floats, _values: Floats) -> None:
        laid.append((whose is state, plan is state.values))

    monkeypatch.setattr("planner.solvers.search.parts.solving._lay_over", note)
    lanes = Lanes(2)
    try:
        lanes.improve(hoods, state, lambda: any(lane.part is not None for lane in lanes._lanes))
        lanes.overtake(hoods, state, nobody, 2.0, never)
    finally:
        lanes.close()
    assert set(laid) == {(True, True), (False, False)}
