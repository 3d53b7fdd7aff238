"""The linear relaxation solved a part of its columns at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.solvers.bounds.duals import Own, Priced, completed
from planner.solvers.bounds.sifting import Point, Restricted, Sieve, SiftingParameters, rough_duals
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Ints, never
from tests.matrices import INF, matrix_of
from tests.random_city import random_tables
from tests.relaxations import CHOSEN, IN_PARTS, KINDS, SEEDS, WHOLE, city, model, relaxation, sifted
from tests.solving import EXACT, Highs
from tests.sweep import sweep


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", sweep(SEEDS, 4))
def test_every_round_bounds_and_the_last_one_solves(seed: int, kind: str) -> None:
    matrix, block = city(seed, kind)
    told: list[float] = []
    found = sifted(matrix, block, told)
    best = relaxation(seed, kind)
    whole = Highs().solve(matrix, EXACT, lambda _: None).termination.value
    assert told == sorted(told, reverse=True)
    assert told[-1] == found.bound == Priced.of(matrix).bound(found.duals)
    assert whole is None or found.bound >= whole - 1e-9
    assert best - 1e-9 * abs(best) <= found.bound <= best + 1e-4 * abs(best) + 1e-6
    assert found.solved
    assert found.feasible
    assert found.value == pytest.approx(best, rel=1e-4, abs=1e-6)
    assert len(found.columns) < len(block)
    assert found.values is not None
    activity = matrix.rows @ found.values
    assert (activity <= matrix.row_upper + 1e-5).all()
    assert (activity >= matrix.row_lower - 1e-5).all()
    assert matrix.objective @ found.values + matrix.offset == pytest.approx(best, rel=2e-3, abs=1e-6)


def test_rough_duals_are_of_use_and_not_needed() -> None:
    """Without PDLP, or with nonsense from it: the same relaxation, from no prices at all."""
    matrix, block = city(900, CHOSEN)
    usual = sifted(matrix, block)
    for rough in (
        lambda *_: None,
        lambda *_: np.full(len(matrix.row_lower), 1e12),
        lambda *_: np.full(len(matrix.row_lower), np.nan),
    ):
        assert sifted(matrix, block, parameters=replace(IN_PARTS, first_order=rough)).bound == pytest.approx(usual.bound, rel=1e-4)


def test_rough_duals_come_close_and_not_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, block = city(900, CHOSEN)
    priced, own = Priced.of(matrix), Own.of(matrix, block)
    none = priced.bound(completed(priced, own, np.zeros(len(own.row))))
    rough = rough_duals(matrix, 500, 60, 1)
    assert rough is not None
    best = relaxation(900, CHOSEN)
    assert priced.bound(completed(priced, own, rough)) - best < 0.1 * (none - best)
    two = rough_duals(matrix, 500, 60, 2)
    assert two is not None
    assert (rough == two).all()
    monkeypatch.setitem(sys.modules, "ortools.pdlp", None)
    assert rough_duals(matrix, 500, 60, 1) is None


def test_the_same_seed_gives_the_same() -> None:
    matrix, block = city(901, WHOLE)
    one, two = sifted(matrix, block, seed=3), sifted(matrix, block, seed=3)
    assert one.values is not None
    assert (one.values == two.values).all()
    assert (one.duals == two.duals).all()
    assert (one.columns == two.columns).all()
    assert one.rounds == two.rounds


@pytest.mark.parametrize("price", [SiftingParameters().price, 1e-3])
def test_a_hard_rule_that_nobody_likes_is_met(price: float) -> None:
    """All ten projects lose, and three must come: no part of the columns without three has a solution. A price of broken
    rows that is too low is raised until the rule is met."""
    loss = -np.arange(1.0, 11.0)
    matrix = matrix_of(loss, [[1] * 10], lower=3, whole=False)
    found = sifted(matrix, np.arange(10), parameters=replace(IN_PARTS, price=price))
    assert found.feasible
    assert found.value == pytest.approx(-6, abs=1e-5)
    assert found.bound == pytest.approx(-6, abs=1e-3)
    assert found.values is not None
    assert found.values.round(3).tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_what_has_no_solution_is_not_solved() -> None:
    """Three of two."""
    found = sifted(matrix_of([1, 1], [[1, 1]], lower=3, whole=False), np.arange(2))
    assert not found.feasible
    assert not found.solved
    assert found.value is None
    assert found.values is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("least", [9, 15])
def test_a_city_with_hard_rules(tmp_path: Path, kind: str, least: int) -> None:
    """At least nine of the fourteen, one of them in any case, and at most 3,000 of output; fifteen are too many."""
    plan, tables = random_tables(904, candidates=14, parks=5, quarters=3)
    roomy = [{**row, "land": 400, "power": 60} for row in tables["parks"]]
    firms = [{**row, "must_include": "是" if n == 3 else "否", "variant_group": ""} for n, row in enumerate(tables["candidates"])]
    tables = {"links": tables["links"], "candidates": firms, "parks": roomy}
    plan = plan.split("rules:")[0].split("relations:")[0].split("backup: {rel")[0]
    plan += f"rules: [{{name: many, count: {{min: {least}}}}}, {{name: little, sum: output, max: 3000}}]\n"
    matrix, block = model(tmp_path, kind, plan, tables)
    best = relaxation_bound(matrix, 60)
    found = sifted(matrix, block)
    assert found.feasible == (least == 9)
    assert (best == -INF) == (least == 15)
    if least == 9:
        assert found.bound == pytest.approx(best, rel=1e-4)
        assert found.value == pytest.approx(best, rel=1e-4)


def test_columns_that_stand_above_0_are_never_left_out() -> None:
    """b is at least 2 and a block of its own; c is worth nothing."""
    matrix = matrix_of([1, -1, -1], [[1, 1, 1]], upper=4, least=[0, 2, 0], most=3, whole=False)
    found = sifted(matrix, np.arange(3))
    assert found.value == pytest.approx(0.0, abs=1e-5)
    assert found.values == pytest.approx([2, 2, 0], abs=1e-3)


@pytest.mark.parametrize("blocks", [np.repeat(np.arange(3), 10), np.full(30, -1), np.zeros(30, dtype=np.int64)])
def test_blocks_of_another_kind_are_solved_too(blocks: Ints) -> None:
    """No cap: every column of a block may come at once, and the second best is wanted as much as the best. Or no blocks."""
    rng = np.random.default_rng(2)
    matrix = matrix_of(rng.random(30), rng.random((2, 30)), upper=[4, 5], whole=False)
    exact = replace(IN_PARTS, close=0.0)
    assert sifted(matrix, blocks, parameters=exact).bound == pytest.approx(relaxation_bound(matrix, 60), rel=1e-4)


def test_the_last_solution_is_next_to_a_corner() -> None:
    """Projects that bring as much as they take of two things, so that all ways to use both up are best: the middle of them
    divides all projects, a corner no more than two."""
    size = np.random.default_rng(7).random((2, 40))
    matrix = matrix_of(size.sum(axis=0), size, upper=9.0, whole=False)
    found = sifted(matrix, np.arange(40), parameters=SiftingParameters())
    assert found.value == pytest.approx(18.0)
    assert found.values is not None
    assert ((found.values > 0.01) & (found.values < 0.99)).sum() <= 2


def test_a_part_that_breaks_a_row_pays_for_it() -> None:
    """Three of a, b, c must come, which lose 1, 2, 4; d gains 8 but is of no help. Inside are a and d, then d alone."""
    priced = Priced.of(matrix_of([-1, -2, -4, 8], [[1, 1, 1, 0]], lower=3, whole=False))
    part = Restricted(priced, np.zeros(4), 1)
    point = part.solve(np.array([0, 3]), 60, never, 1e-8)
    assert point is not None
    assert point.broken
    assert point.value == pytest.approx(8 - 1 - 2 * part.price)
    alone = part.solve(np.array([3]), 60, never, 1e-8)
    assert alone is not None
    assert alone.duals == pytest.approx([-part.price])
    assert alone.value == pytest.approx(8 - 3 * part.price)


def test_a_wish_to_stop_keeps_the_bound() -> None:
    matrix, block = city(900, CHOSEN)
    told: list[float] = []
    found = Sieve(matrix, block, 60, 1, 1, told.append, lambda: bool(told), IN_PARTS).run()
    assert not found.solved
    assert found.rounds == 0
    assert found.bound == told[0] >= relaxation(900, CHOSEN)
    nothing = Sieve(matrix, block, 0.0, 1, 1, told.append, never, IN_PARTS).run()
    assert nothing.values is None


@pytest.mark.parametrize(("run", "share"), [(Sieve.prove, 1.0), (Sieve.run, 0.75)])
def test_time_for_a_last_solve_is_put_by_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[Sieve], object], share: float
) -> None:
    """A bound alone needs none: a quarter of the time was kept from it."""
    matrix, block = city(900, CHOSEN)
    given, solve = list[float](), Restricted.solve

    def told(part: Restricted, columns: Ints, seconds: float, *rest: Any) -> Point | None:
        given.append(seconds)
        return solve(part, columns, seconds, *rest)

    monkeypatch.setattr(Restricted, "solve", told)
    found = Sieve(matrix, block, 4_000.0, 1, 1, lambda _: None, parameters=IN_PARTS)
    run(found)
    assert found.rounds > 1
    assert given[: found.rounds] == pytest.approx([4_000.0] + [share * 4_000.0] * (found.rounds - 1), abs=60.0)
