"""Prices of relaxations without and with periods: what they prove, who waits for them, and what parts of the plan see of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.instances import write_instance
from planner.plan.open import open_plan
from planner.programme.build import build
from planner.solvers.bounds.duals import Priced
from planner.solvers.bounds.linear import Linear, Optimum, relaxed
from planner.solvers.bounds.relaxations import Aggregate, aggregate
from planner.solvers.bounds.rounded import Rounded
from planner.solvers.bounds.sifting import SiftingParameters
from planner.solvers.check import Claim, conclude
from planner.solvers.lp import row_duals
from planner.solvers.progress import Reporter
from planner.solvers.protocol import Ints, Listener, Matrix, Solution, Solver, Stopping, never
from planner.solvers.rein import Rein
from planner.solvers.search import prices, together
from planner.solvers.search.construct import nothing
from planner.solvers.search.incumbent import Incumbent
from planner.solvers.search.prices import WAYS, PriceParameters, Prices, members, of_choices, prices_of, relevant, with_periods
from planner.solvers.search.together import Together, TogetherParameters
from tests.matrices import matrix_of
from tests.racing import QUICK, until
from tests.relaxations import IN_PARTS, SEEDS, WHOLE, city, relaxation
from tests.sweep import sweep


def silent(_: float) -> None:
    """Nobody listens."""


def dense(rows: int = 120, columns: int = 240) -> Matrix:
    """A linear programme that takes the simplex method some hundred steps."""
    dice = np.random.default_rng(1)
    table, room = dice.uniform(1.0, 2.0, (rows, columns)), 30.0 + dice.random(rows)
    return matrix_of(dice.uniform(1.0, 1.2, columns), table, upper=room)


def test_a_linear_programme_ends_as_soon_as_it_is_told_to() -> None:
    assert row_duals(dense(), 60.0) is not None
    asked = []
    assert row_duals(dense(), 60.0, lambda: not asked.append(1)) is None
    assert asked


def test_who_looks_for_prices_stands_still_while_others_have_their_turn() -> None:
    """A linear programme that went on meanwhile would take a core from whoever has the turn."""
    rein, ended = Rein(), threading.Event()
    rein.hold()

    def solve() -> None:
        Linear().solve(dense(), QUICK, lambda _: None, None, rein)
        ended.set()

    threading.Thread(target=solve, daemon=True).start()
    assert not ended.wait(0.5)
    rein.go()
    assert ended.wait(20.0)


@pytest.mark.parametrize("seed", sweep(SEEDS, 4))
def test_from_what_the_one_without_periods_uses_the_one_with_them_comes_to_its_own_optimum(seed: int) -> None:
    whole, block = city(seed, WHOLE)
    assert whole.periods is not None
    model = aggregate(whole, whole.periods)
    first = relaxed(model.matrix, model.of(block), 60.0, 1, silent, never, parameters=IN_PARTS)
    assert first.used is not None
    told: list[float] = []
    known = members(model, first.used, seed)
    assert np.unique(model.column[known]).tolist() == first.used.tolist()
    assert np.bincount(model.column[known]).max() <= WAYS
    found = relaxed(whole, block, 60.0, 1, told.append, never, known, IN_PARTS)
    best = relaxation(seed, WHOLE)
    assert found.solved
    assert found.duals is not None
    assert told[-1] == found.bound == Priced.of(whole).bound(found.duals)
    assert best - 1e-9 * abs(best) <= found.bound <= best + 1e-4 * abs(best) + 1e-6


@pytest.mark.parametrize("seed", sweep(SEEDS, 4))
def test_both_relaxations_are_bounds_of_the_search(seed: int) -> None:
    whole, _ = city(seed, WHOLE)
    assert whole.periods is not None
    best = Incumbent(whole, QUICK, Reporter(lambda _: None), never, "auto")
    model = aggregate(whole, whole.periods)
    found = prices_of(whole, model, best)
    assert found is not None
    assert found.exact
    assert "linear" not in best.proved
    timed = with_periods(whole, model, found, best)
    assert timed is not None
    assert best.proved["linear"] == pytest.approx(relaxation(seed, WHOLE), rel=1e-6)
    assert best.proved["relaxation"] == pytest.approx(found.tight.bound)
    assert found.tight.bound <= found.loose + 1e-9


def given(monkeypatch: pytest.MonkeyPatch, allowed: Callable[[float, Ints | None], float]) -> None:
    """Relaxations have the seconds that ``allowed`` makes of those that they are given, and of the columns that they begin with."""

    def led(*told: Any, **named: Any) -> Optimum:
        bound = signature(relaxed).bind(*told, **named)
        bound.apply_defaults()
        bound.arguments["seconds"] = allowed(bound.arguments["seconds"], bound.arguments["known"])
        return relaxed(*bound.args, **bound.kwargs)

    monkeypatch.setattr(prices, "relaxed", led)


@pytest.mark.parametrize("seed", sweep(SEEDS, 2))
def test_a_small_relaxation_without_periods_tells_what_it_uses_so_that_the_one_with_them_need_not_begin_from_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One with up to 5,000 columns is solved as it is, and told nothing: the one with them (32,000) took 12 s in place of 4."""
    whole, _ = city(seed, WHOLE)
    assert whole.periods is not None
    best = Incumbent(whole, QUICK, Reporter(lambda _: None), never, "auto")
    model, begun = aggregate(whole, whole.periods), list[Ints | None]()

    def note(seconds: float, known: Ints | None) -> float:
        begun.append(known)
        return seconds

    given(monkeypatch, note)
    found = prices_of(whole, model, best)
    assert found is not None
    assert len(model.matrix.objective) <= SiftingParameters().at_once
    assert found.used is not None
    assert 0 < len(found.used) < len(model.matrix.objective)
    with_periods(whole, model, found, best)
    first, second = begun
    assert first is None
    assert second is not None
    assert second.tolist() == members(model, found.used, best.stopping.seed).tolist()


def test_the_relaxation_with_periods_has_the_time_that_a_large_one_takes_of_a_short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """In twenty seconds of a model with 140,159 columns it was given up after a quarter of what was left, in its last programme, and nobody else
    came to its bound: gaps of 77 to 88 % in place of 8 to 11 %."""
    whole, _ = city(0, WHOLE)
    assert whole.periods is not None
    best = Incumbent(whole, QUICK, Reporter(lambda _: None), never, "auto")
    model = aggregate(whole, whole.periods)
    found = prices_of(whole, model, best)
    assert found is not None
    takes = 0.4 * best.left()

    given(monkeypatch, lambda seconds, _: seconds if seconds >= takes else 0.0)
    timed = with_periods(whole, model, found, best)
    assert timed is not None
    assert timed.solved


def test_where_there_are_no_periods_there_is_no_second_relaxation(tmp_path: Path) -> None:
    opened = open_plan(write_instance(tmp_path, size="small", seed=1, density=0.5))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    alone = Aggregate(matrix, np.arange(len(matrix.objective)))
    best = Incumbent(matrix, QUICK, Reporter(lambda _: None), never, "auto")
    found = prices_of(matrix, alone, best)
    assert found is not None
    assert with_periods(matrix, alone, found, best) is None
    columns = relevant(matrix, alone, found, None, 1)
    assert columns is not None
    assert columns.tolist() == list(range(len(matrix.objective)))


SOME = np.array([0, 2])


@pytest.mark.parametrize(
    ("used", "timed", "looked_at"),
    [
        pytest.param(SOME, None, [0, 1, 4, 5], id="while there is none with periods: the ways of what the one without uses"),
        pytest.param(None, None, None, id="not known"),
        pytest.param(SOME, Optimum(None, False, np.inf, np.array([1, 4]), None), [1, 4], id="what sifting had come to"),
        pytest.param(SOME, Optimum(np.zeros(1), True, 9.0, None, None), [0, 1, 2, 3, 4, 5], id="solved as it is: everything"),
        pytest.param(SOME, Optimum(None, False, np.inf, None, None), None, id="not solved as it is"),
    ],
)
def test_a_vertex_is_looked_for_among_what_the_relaxation_has_come_to(
    used: Ints | None, timed: Optimum | None, looked_at: list[int] | None
) -> None:
    """Three things of two periods each."""
    whole = matrix_of([1] * 6, [[1] * 6], upper=1)
    model = Aggregate(whole.part(np.array([0, 2, 4])), np.repeat(np.arange(3), 2))
    found = Prices(Rounded(model.matrix, np.ones(1), 4.0), 4.0, True, None, used)
    columns = relevant(whole, model, found, timed, 1)
    assert (None if columns is None else columns.tolist()) == looked_at


def test_whoever_goes_on_with_a_relaxation_begins_where_the_one_before_did_though_it_came_to_nothing() -> None:
    """Of a model with three million entries the first programme was not solved in its time, and the next one began from nothing."""
    whole, block = city(900, WHOLE)
    known = np.arange(0, len(block), 3)
    assert relaxed(whole, block, 0.0, 1, silent, never, known, IN_PARTS).columns is known


def one_firm() -> tuple[Matrix, Aggregate]:
    """It may come in two quarters, for 5 and for 4, with two people of a team each; without quarters it takes one place, for 5."""
    whole, model = matrix_of([5, 4], [[2, 0], [0, 2]], upper=2), matrix_of([5], [[1]], upper=1)
    return whole, Aggregate(model, np.zeros(2, dtype=np.int64))


@pytest.mark.parametrize(("proves", "charged"), [(3.0, 1.0), (9.0, 0.0)])
def test_a_choice_is_worth_what_it_is_in_its_best_quarter_where_quarters_prove_more(proves: float, charged: float) -> None:
    """At 2 and ½ a person it is worth 1 and 3; at a place's price of 1 it seems to be worth 4. One more is charged."""
    whole, model = one_firm()
    timed = Optimum(np.array([2.0, 0.5]), True, proves, None, None)
    duals, more = of_choices(whole, model, Rounded(model.matrix, np.ones(1), 4.0), timed)
    assert duals.tolist() == [1.0]
    assert more.tolist() == [charged]


def test_without_prices_with_periods_nothing_more_is_charged() -> None:
    whole, model = one_firm()
    assert of_choices(whole, model, Rounded(model.matrix, np.ones(1), 4.0), None)[1].tolist() == [0.0]


def silence(model: Matrix, solver: Solver, stopping: Stopping, _listen: Listener, *led: object) -> Solution:
    """A process that finds nothing until it is stopped."""
    stop = led[1]
    assert callable(stop)
    until(stop)
    return conclude(model, stopping, solver.name, Claim("interrupted", None, None), 0.0)


def test_where_prices_are_long_in_coming_the_plan_gets_better_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a hundred limits in each park the linear programme took longer than the search; for as long nothing was done."""
    opened = open_plan(write_instance(tmp_path, size="small", seed=1, density=0.5))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    best = Incumbent(matrix, replace(QUICK, time_limit=60.0), Reporter(lambda _: None), never, "auto")
    assert best.adopt(nothing(matrix), built=True)
    before, seen = best.value, list[float]()

    def long(_whole: Matrix, _model: Aggregate, state: Incumbent, _parameters: PriceParameters) -> Prices | None:
        until(lambda: state.value is not None and state.value != before)
        seen.append(state.value or 0.0)
        state.done = True
        return None

    monkeypatch.setattr(together, "prices_of", long)
    Together(best, matrix.periods, silence, parameters=TogetherParameters(prices=PriceParameters(alone=0.1))).run()
    assert before is not None
    assert seen[0] > before


def test_while_a_first_plan_is_looked_for_the_one_that_there_is_gets_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took two seconds of the first nine, in which nothing else was done with the second thread."""
    opened = open_plan(write_instance(tmp_path, size="small", seed=1, density=0.5))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    best = Incumbent(matrix, replace(QUICK, time_limit=60.0), Reporter(lambda _: None), never, "auto")
    assert best.adopt(nothing(matrix), built=True)
    seen: list[float] = []

    def long(*_: object) -> None:
        before = best.value
        until(lambda: best.value != before)
        seen.append((best.value or 0.0) - (before or 0.0))
        best.done = True

    monkeypatch.setattr(together, "choose", long)
    Together(best, matrix.periods, silence).run()
    assert seen[0] > 0.0
