"""Bounds from row duals, and the linear relaxation solved a part of its columns at a time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.plan.open import open_plan
from planner.programme.build import build
from planner.programme.matrix import Floats, Ints, Matrix
from planner.solvers import first_order, restricted, sifting
from planner.solvers.aggregate import aggregate
from planner.solvers.duals import Priced, dual_bound
from planner.solvers.lp import relaxation_bound
from planner.solvers.own_rows import Own, completed, worth
from planner.solvers.protocol import never
from planner.solvers.sifting import Sifted, sift
from tests.city import write_city
from tests.random_city import random_tables
from tests.solving import EXACT, Highs

INF = float("inf")
SEEDS = (900, 901, 902, 903, 904, 905, 906, 916, 953, 962, 977, 988)
WHOLE, CHOSEN = "whole", "chosen"
KINDS = (WHOLE, CHOSEN)


@cache
def city(seed: int, kind: str) -> tuple[Matrix, Ints]:
    """The model of a random city, or what is left of it without quarters, and the block of each column."""
    with TemporaryDirectory() as folder:
        return model(Path(folder), kind, *random_tables(seed, candidates=14, parks=5, quarters=3))


def model(folder: Path, kind: str, plan: str, tables: dict[str, list[dict[str, Any]]]) -> tuple[Matrix, Ints]:
    opened = open_plan(write_city(folder, plan, tables))
    matrix = build(opened.case, opened.eligible).matrix
    assert matrix.periods is not None
    if kind == WHOLE:
        return matrix, matrix.periods.block
    relaxed = aggregate(matrix, matrix.periods)
    block = np.full(len(relaxed.matrix.objective), -1, dtype=np.int64)
    block[relaxed.column] = matrix.periods.block
    return relaxed.matrix, block


@cache
def relaxation(seed: int, kind: str) -> float:
    """The optimum of the linear relaxation, by the simplex method; −inf when there is no solution."""
    value = relaxation_bound(city(seed, kind)[0], 60)
    assert value is not None
    return value


def programme(
    objective: Sequence[float], rows: Sequence[Sequence[float]], sides: Sequence[tuple[float, float]], most: float = 1.0
) -> Matrix:
    """Columns between 0 and ``most``."""
    count = len(objective)
    lower, upper = np.array(sides, dtype=float).reshape(-1, 2).T
    table = csr_array(np.array(rows, dtype=float).reshape(-1, count))
    zeros = np.zeros(count)
    return Matrix(
        np.array(objective, dtype=float), 0.0, table, lower, upper, zeros, zeros + most, np.zeros(count, dtype=bool)
    )


def sifted(matrix: Matrix, block: Ints, told: list[float] | None = None, seed: int = 1) -> Sifted:
    found = sift(matrix, block, 60, 1, seed, (told if told is not None else []).append)
    assert found is not None
    return found


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small models are sifted too, beginning with next to nothing."""
    for name, value in {
        "AT_ONCE": 0,
        "BLOCKS": 0.0,
        "CHOICES": 1,
        "MORE": 1,
        "ADDED": 6,
        "SAMPLE": 2,
        "ITERATIONS": 20,
    }.items():
        monkeypatch.setattr(sifting, name, value)


# Bounds


def test_the_random_cities_hold_what_is_hard() -> None:
    """Must-include rows, columns without end, timed choices, families of variants."""
    found = set()
    for seed in SEEDS:
        matrix, block = city(seed, WHOLE)
        own = Own.of(matrix, block)
        found |= {"must"} if own.must.any() else set()
        found |= {"endless"} if np.isinf(matrix.upper).any() else set()
        found |= {"timed"} if ((own.side == 0) & (block >= 0)).any() else set()
        found |= {"variants"} if ((own.cap < 0) & (own.tie >= 0)).any() else set()
        found |= {"placed"} if (own.tie >= 0).any() else set()
        assert np.isfinite(relaxation(seed, WHOLE))
    assert found == {"must", "endless", "timed", "variants", "placed"}


@given(st.sampled_from(SEEDS), st.sampled_from(KINDS), st.integers(0, 10**6), st.sampled_from([1e-3, 1.0, 1e3, 1e9]))
def test_no_duals_prove_less_than_the_optimum(seed: int, kind: str, dice: int, size: float) -> None:
    matrix, block = city(seed, kind)
    random = np.random.default_rng(dice)
    duals = random.standard_normal(len(matrix.row_lower)) ** 3 * size * np.abs(matrix.objective).max()
    best = relaxation(seed, kind)
    priced, own = Priced.of(matrix), Own.of(matrix, block)
    bound = priced.bound(duals)
    better = priced.bound(completed(priced, own, duals))
    assert bound == dual_bound(matrix, duals)
    assert bound >= best - 1e-9 * abs(best)
    assert better >= best - 1e-9 * abs(best)
    # What blocks own is at least as good when completed, but for columns without end, whose duals are shrunk first.
    assert better <= bound * (1 + 1e-9) + 1e-6


small = st.integers(-4, 4).map(float)
side = st.sampled_from([-INF, -3.0, 0.0, 1.0, 2.0, INF])


@given(st.data())
def test_bounds_hold_for_programmes_of_any_kind(data: st.DataObject) -> None:
    """Infinite sides, infinite bounds on either side, equations, empty rows: never below the optimum, whatever the duals."""
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))

    def numbers(of: st.SearchStrategy[float], count: int) -> list[float]:
        return data.draw(st.lists(of, min_size=count, max_size=count))

    def interval(count: int) -> tuple[Floats, Floats]:
        one, other = np.array(numbers(side, count)), np.array(numbers(side, count))
        lower, upper = np.minimum(one, other), np.maximum(one, other)
        return np.where(np.isposinf(lower), -INF, lower), np.where(np.isneginf(upper), INF, upper)

    table = csr_array(np.array(numbers(small, n * m)).reshape(m, n))
    table.eliminate_zeros()
    matrix = Matrix(np.array(numbers(small, n)), 1.5, table, *interval(m), *interval(n), np.zeros(n, dtype=bool))
    duals = np.array(numbers(st.sampled_from([-2.0, -1 / 3, 0.0, 0.1, 1.0, 5.0]), m))
    best = relaxation_bound(matrix, 60)
    if best is None:
        return
    for tried in (duals, 0 * duals, completed(Priced.of(matrix), Own.of(matrix, np.zeros(n, dtype=np.int64)), duals)):
        assert dual_bound(matrix, tried) >= best - 1e-7


def test_the_best_duals_prove_the_optimum_and_no_less_in_any_unit() -> None:
    """max 3a + 2b with a + b ≤ 1.5: 4, proved by the dual 2 of the row."""
    matrix = programme([3, 2], [[1, 1]], [(-INF, 1.5)])
    assert dual_bound(matrix, np.array([2.0])) == pytest.approx(4.0, rel=1e-12)
    assert dual_bound(matrix, np.array([2.0])) >= 4.0
    large = replace(matrix, objective=matrix.objective * 1e12, offset=7e13)
    assert dual_bound(large, np.array([2e12])) == pytest.approx(7.4e13, rel=1e-12)
    # The lower side is infinite, so a negative dual says nothing: 3 + 2.
    assert dual_bound(matrix, np.array([-2.0])) == pytest.approx(5.0)


def exactly(matrix: Matrix, duals: Floats) -> Fraction | None:
    """The bound of weak duality in fractions, without rounding; None when a column without end gains."""
    total = Fraction(matrix.offset)
    for row, dual in enumerate(duals.tolist()):
        if dual:
            total += Fraction(dual) * Fraction(float(matrix.row_upper[row] if dual > 0 else matrix.row_lower[row]))
    table = matrix.rows.toarray()
    for column, cost in enumerate(matrix.objective.tolist()):
        rate = Fraction(cost) - sum(
            (Fraction(a) * Fraction(y) for a, y in zip(table[:, column].tolist(), duals.tolist(), strict=True)),
            Fraction(0),
        )
        end = float(matrix.upper[column] if rate > 0 else matrix.lower[column])
        if rate and np.isinf(end):
            return None
        total += rate * Fraction(end) if rate else 0
    return total


@given(st.integers(0, 10**6), st.booleans())
def test_rounding_never_takes_a_bound_below_its_exact_value(dice: int, endless: bool) -> None:
    """Objectives that are the prices of their columns but for rounding, so that all rates are noise; columns up to 1e6, or
    without end. The last column ties the rows together and loses, so that they imply no ends."""
    random = np.random.default_rng(dice)
    table = np.hstack([random.random((5, 7)), np.full((5, 1), -1.0)])
    duals = random.random(5)
    matrix = programme((duals @ table).tolist(), table.tolist(), [(-INF, 0.1)] * 5, most=INF if endless else 1e6)
    matrix = replace(matrix, objective=np.append(matrix.objective[:-1], -9.0), upper=np.append(matrix.upper[:-1], INF))
    exact = exactly(matrix, Priced.of(matrix).proper(duals))
    bound = dual_bound(matrix, duals)
    assert bound == INF if exact is None else bound >= exact
    assert endless or bound < 0.1 * duals.sum() + 1e-6


def test_a_column_without_end_takes_its_bound_from_its_rows() -> None:
    """A slack v at price 2: a + v ≥ 3 with a ≤ 1. More than 3 is of no use, so a dual of −5 still proves something."""
    matrix = programme([1, -2], [[1, 1]], [(3, INF)])
    matrix = replace(matrix, upper=np.array([1.0, INF]))
    assert relaxation_bound(matrix, 60) == pytest.approx(1 - 4)
    assert dual_bound(matrix, np.array([-2.0])) == pytest.approx(-3)
    # The dual is shrunk to the price, beyond which the slack would run away: as good as the best one.
    assert dual_bound(matrix, np.array([-5.0])) == pytest.approx(-3)


def test_unbounded_is_not_bounded() -> None:
    matrix = programme([1, -1], [[1, -1]], [(-3, INF)], most=INF)
    assert dual_bound(matrix, np.array([-0.5])) == INF
    assert dual_bound(matrix, np.array([0.0])) == INF


# Rows of one block


@pytest.mark.parametrize("seed", SEEDS)
def test_ties_and_caps_get_the_best_duals_there_are(seed: int) -> None:
    """With its shared rows priced into the objective, what is left of a model is solved by the completion itself."""
    matrix, block = city(seed, CHOSEN)
    priced, own = Priced.of(matrix), Own.of(matrix, block)
    known = np.zeros(len(own.row), dtype=bool)
    known[own.tie[own.tie >= 0]] = known[own.cap[own.cap >= 0]] = True
    random = np.random.default_rng(seed)
    duals = np.where(own.row >= 0, 0.0, random.standard_normal(len(own.row)) * np.abs(matrix.objective).mean())
    duals = priced.proper(duals)
    sides = np.where(duals > 0, matrix.row_upper, matrix.row_lower)
    left = replace(
        matrix,
        objective=priced.reduced(duals),
        offset=matrix.offset + float(duals[duals != 0] @ sides[duals != 0]),
        rows=csr_array(matrix.rows[known]),
        row_lower=matrix.row_lower[known],
        row_upper=matrix.row_upper[known],
        lower=priced.lower,
        upper=priced.upper,
        periods=None,
    )
    best = relaxation_bound(left, 60)
    assert known.any()
    assert priced.bound(completed(priced, own, duals)) == pytest.approx(best, rel=1e-7, abs=1e-7)


def test_the_profit_of_a_block_is_its_best_placement_and_its_coming() -> None:
    """Columns y₁ y₂ (placements), s (comes), x (elsewhere, timed); rows: tie, cap, and one that is shared with w."""
    matrix = programme(
        [4, 6, 2, 5, 1],
        [[1, 1, -1, 0, 0], [1, 1, 0, 1, 0], [1, 3, 0, 2, 1]],
        [(0, 0), (-INF, 1), (-INF, 2)],
    )
    own = Own.of(matrix, np.array([0, 0, 0, 0, -1]))
    assert own.row.tolist() == [0, 0, -1]
    priced = Priced.of(matrix)
    duals = np.array([9.0, 9.0, 1.5])
    # Rates at the shared price: y₁ 2.5, y₂ 1.5, s 2, x 2, w −0.5.
    found = worth(priced, own, duals)
    assert found.column.tolist() == [4.5, 3.5, 4.5, 2.0, -0.5]
    assert found.profit.tolist() == [4.5]
    # Price of the shared row 1.5 · 2, and the profit.
    full = completed(priced, own, duals)
    assert full.tolist() == [-2.0, 4.5, 1.5]
    assert priced.bound(full) == pytest.approx(7.5)


def test_what_must_be_taken_may_cost() -> None:
    """Both placements lose; one of them must be taken."""
    matrix = programme([-4, -1, -2], [[1, 1, -1], [1, 1, 0]], [(0, 0), (1, 1)])
    priced, own = Priced.of(matrix), Own.of(matrix, np.zeros(3, dtype=np.int64))
    assert own.must.tolist() == [True]
    assert priced.bound(completed(priced, own, np.zeros(2))) == pytest.approx(-3)


def test_given_duals_stay_where_they_are_the_best_known() -> None:
    """No cap: y₁ 4, y₂ 3, s₁ −1, s₂ −2. Both pairs come, for 4, and a price between 2 and 3 of the tie says so."""
    matrix = programme([4, 3, -1, -2], [[1, 1, -1, -1]], [(0, 0)])
    priced, own = Priced.of(matrix), Own.of(matrix, np.zeros(4, dtype=np.int64))
    assert completed(priced, own, np.array([2.5])).tolist() == [2.5]
    assert priced.bound(np.array([2.5])) == pytest.approx(4)
    assert priced.bound(completed(priced, own, np.array([100.0]))) == pytest.approx(5)


# Sifting


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_round_bounds_and_the_last_one_solves(seed: int, kind: str) -> None:
    matrix, block = city(seed, kind)
    told: list[float] = []
    found = sifted(matrix, block, told)
    best = relaxation(seed, kind)
    whole = Highs().solve(matrix, EXACT, lambda _: None).termination.value
    assert told == sorted(told, reverse=True)
    assert told[-1] == found.bound == dual_bound(matrix, found.duals)
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


@pytest.mark.usefixtures("in_parts")
def test_rough_duals_are_of_use_and_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PDLP, or with nonsense from it: the same relaxation, from no prices at all."""
    matrix, block = city(900, CHOSEN)
    usual = sifted(matrix, block)
    for rough in (
        lambda *_: None,
        lambda *_: np.full(len(matrix.row_lower), 1e12),
        lambda *_: np.full(len(matrix.row_lower), np.nan),
    ):
        monkeypatch.setattr(sifting, "rough_duals", rough)
        assert sifted(matrix, block).bound == pytest.approx(usual.bound, rel=1e-4)


def test_rough_duals_come_close_and_not_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, block = city(900, CHOSEN)
    priced, own = Priced.of(matrix), Own.of(matrix, block)
    none = priced.bound(completed(priced, own, np.zeros(len(own.row))))
    rough = first_order.rough_duals(matrix, 500, 60, 1)
    assert rough is not None
    best = relaxation(900, CHOSEN)
    assert priced.bound(completed(priced, own, rough)) - best < 0.1 * (none - best)
    two = first_order.rough_duals(matrix, 500, 60, 2)
    assert two is not None
    assert (rough == two).all()
    monkeypatch.setitem(sys.modules, "ortools.pdlp", None)
    assert first_order.rough_duals(matrix, 500, 60, 1) is None


@pytest.mark.usefixtures("in_parts")
def test_the_same_seed_gives_the_same() -> None:
    matrix, block = city(901, WHOLE)
    one, two = sifted(matrix, block, seed=3), sifted(matrix, block, seed=3)
    assert one.values is not None
    assert (one.values == two.values).all()
    assert (one.duals == two.duals).all()
    assert (one.columns == two.columns).all()
    assert one.rounds == two.rounds


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("price", [restricted.PRICE, 1e-3])
def test_a_hard_rule_that_nobody_likes_is_met(monkeypatch: pytest.MonkeyPatch, price: float) -> None:
    """All ten projects lose, and three must come: no part of the columns without three has a solution. A price of broken
    rows that is too low is raised until the rule is met."""
    monkeypatch.setattr(restricted, "PRICE", price)
    loss = -np.arange(1.0, 11.0)
    matrix = programme(loss, [np.ones(10).tolist()], [(3, INF)])
    found = sifted(matrix, np.arange(10))
    assert found.feasible
    assert found.value == pytest.approx(-6, abs=1e-5)
    assert found.bound == pytest.approx(-6, abs=1e-3)
    assert found.values is not None
    assert found.values.round(3).tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.usefixtures("in_parts")
def test_what_has_no_solution_is_not_solved() -> None:
    """Three of two."""
    found = sifted(programme([1, 1], [[1, 1]], [(3, INF)]), np.arange(2))
    assert not found.feasible
    assert not found.solved
    assert found.value is None
    assert found.values is None


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("least", [9, 15])
def test_a_city_with_hard_rules(tmp_path: Path, kind: str, least: int) -> None:
    """At least nine of the fourteen, one of them in any case, and at most 3,000 of output; fifteen are too many."""
    plan, tables = random_tables(904, candidates=14, parks=5, quarters=3)
    roomy = [{**row, "land": 400, "power": 60} for row in tables["parks"]]
    firms = [
        {**row, "must_include": "是" if n == 3 else "否", "variant_group": ""}
        for n, row in enumerate(tables["candidates"])
    ]
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


@pytest.mark.usefixtures("in_parts")
def test_columns_that_stand_above_0_are_never_left_out() -> None:
    """b is at least 2 and a block of its own; c is worth nothing."""
    matrix = programme([1, -1, -1], [[1, 1, 1]], [(-INF, 4)], most=3)
    matrix = replace(matrix, lower=np.array([0.0, 2.0, 0.0]))
    found = sifted(matrix, np.arange(3))
    assert found.value == pytest.approx(0.0, abs=1e-5)
    assert found.values == pytest.approx([2, 2, 0], abs=1e-3)


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("blocks", [np.repeat(np.arange(3), 10), np.full(30, -1), np.zeros(30, dtype=np.int64)])
def test_blocks_of_another_kind_are_solved_too(monkeypatch: pytest.MonkeyPatch, blocks: Ints) -> None:
    """No cap: every column of a block may come at once, and the second best is wanted as much as the best. Or no blocks."""
    monkeypatch.setattr(sifting, "CLOSE", 0.0)
    rng = np.random.default_rng(2)
    matrix = programme(rng.random(30).tolist(), rng.random((2, 30)).tolist(), [(-INF, 4), (-INF, 5)])
    assert sifted(matrix, blocks).bound == pytest.approx(relaxation_bound(matrix, 60), rel=1e-4)


def test_the_last_solution_is_next_to_a_corner() -> None:
    """Projects that bring as much as they take of two things, so that all ways to use both up are best: the middle of them
    divides all projects, a corner no more than two."""
    size = np.random.default_rng(7).random((2, 40))
    found = sifted(programme(size.sum(axis=0).tolist(), size.tolist(), [(-INF, 9.0)] * 2), np.arange(40))
    assert found.value == pytest.approx(18.0)
    assert found.values is not None
    assert ((found.values > 0.01) & (found.values < 0.99)).sum() <= 2


def test_a_part_that_breaks_a_row_pays_for_it() -> None:
    """Three of a, b, c must come, which lose 1, 2, 4; d gains 8 but is of no help. Inside are a and d, then d alone."""
    priced = Priced.of(programme([-1, -2, -4, 8], [[1, 1, 1, 0]], [(3, INF)]))
    part = restricted.Restricted(priced, np.zeros(4), 1)
    point = part.solve(np.array([0, 3]), 60, never, 1e-8)
    assert point is not None
    assert point.broken
    assert point.value == pytest.approx(8 - 1 - 2 * part.price)
    alone = part.solve(np.array([3]), 60, never, 1e-8)
    assert alone is not None
    assert alone.duals == pytest.approx([-part.price])
    assert alone.value == pytest.approx(8 - 3 * part.price)


@pytest.mark.usefixtures("in_parts")
def test_a_wish_to_stop_keeps_the_bound() -> None:
    matrix, block = city(900, CHOSEN)
    told: list[float] = []
    found = sift(matrix, block, 60, 1, 1, told.append, stop=lambda: bool(told))
    assert found is not None
    assert not found.solved
    assert found.rounds == 0
    assert found.bound == told[0] >= relaxation(900, CHOSEN)
    nothing = sift(matrix, block, 0.0, 1, 1, told.append, never)
    assert nothing is not None
    assert nothing.values is None


ORDERS = {
    "highspy first": "import highspy; from ortools.pdlp.python import pdlp",
    "ortools first": "from ortools.pdlp.python import pdlp; from ortools.linear_solver import pywraplp; import highspy",
}
RUN = """
import numpy as np
from tests.test_sifting import programme, sifted
from planner.solvers import sifting
sifting.AT_ONCE = 0
rng = np.random.default_rng(1)
found = sifted(programme(rng.random(40).tolist(), rng.random((4, 40)).tolist(), [(-np.inf, 2.0)] * 4), np.arange(40))
print(found.solved, found.feasible)
"""


@pytest.mark.parametrize("order", ORDERS)
def test_both_libraries_live_in_one_process(order: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{ORDERS[order]}\n{RUN}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "True"]
