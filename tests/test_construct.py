"""A plan is built before anything is searched: always a plan of the model, never below doing nothing, at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from benchmarks.instances import Region
from benchmarks.loads import Load, write_load
from planner import layout
from planner.content import content_folder
from planner.plan.open import open_plan
from planner.problems import InputError
from planner.programme.build import build
from planner.solvers import memory
from planner.solvers.adapters.highs import Highs
from planner.solvers.check import fault, value_of
from planner.solvers.lp import relaxation_bound
from planner.solvers.protocol import Matrix, Progress, Solution, Solver, Stopping, never
from planner.solvers.search import construct as module
from planner.solvers.search import narrowed
from planner.solvers.search.auto import Auto, AutoParameters
from planner.solvers.search.construct import ConstructParameters, construct, nothing
from tests.matrices import INF, matrix_of
from tests.random_city import write_random
from tests.sweep import sweep

SMALL = Region(60, 5, 4, 5, 2)


def _matrix(path: Path) -> Matrix:
    opened = open_plan(path)
    return build(opened.case, opened.eligible).matrix


def _any_matrix(seed: int) -> Matrix:
    """Signs, kinds of columns, sides and bounds by chance; no structure is told."""
    dice = np.random.default_rng(seed)
    rows, columns = int(dice.integers(1, 12)), int(dice.integers(1, 30))
    table = csr_array(random_array((rows, columns), density=0.4, rng=dice, data_sampler=lambda size: dice.normal(1.0, 2.0, size)))
    lower = np.where(dice.random(rows) < 0.3, dice.normal(-1.0, 2.0, rows), -np.inf)
    upper = np.where(dice.random(rows) < 0.7, np.maximum(lower, 0.0) + dice.gamma(2.0, 2.0, rows), np.inf)
    lower = np.where((dice.random(rows) < 0.1) & np.isfinite(upper), upper, lower)
    least = np.where(dice.random(columns) < 0.1, -1.0, 0.0)
    most = np.where(dice.random(columns) < 0.1, np.inf, dice.integers(1, 4, columns))
    objective, whole = dice.normal(0.5, 1.0, columns), dice.random(columns) < 0.7
    return matrix_of(objective, table, lower, upper, least=least, most=most, whole=whole)


def _never_below_nothing(matrix: Matrix, columns: int = ConstructParameters.columns) -> float | None:
    empty, plan = nothing(matrix), construct(matrix, 1, None, ConstructParameters(columns=columns))
    if plan is None:
        assert empty is None
        return None
    assert fault(matrix, plan) == ""
    assert empty is None or value_of(matrix, plan) >= value_of(matrix, empty)
    return value_of(matrix, plan)


@pytest.mark.parametrize("seed", sweep(range(200), 25))
def test_what_is_built_of_any_model_is_a_plan_of_it(seed: int) -> None:
    _never_below_nothing(_any_matrix(seed))


@pytest.mark.parametrize("seed", sweep(range(800, 860), 8))
def test_what_is_built_of_a_city_is_a_plan_of_it(tmp_path: Path, seed: int) -> None:
    """Variants, signed deals, rules of every form and relations come and go with the seed."""
    _never_below_nothing(_matrix(write_random(tmp_path, seed, candidates=8, parks=3, quarters=3)))


LARGE = {
    "quarters": Load(replace(SMALL, quarters=16)),
    "funds": Load(SMALL, funds=60),
    "resources": Load(SMALL, resources=25),
    "rules": Load(SMALL, rules=60),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_useful_plan_comes_whatever_dimension_is_large(tmp_path: Path, name: str) -> None:
    """Most of what the search finds afterwards is there before it begins; of a few columns it is a plan still."""
    matrix = _matrix(write_load(name, tmp_path, load=LARGE[name]))
    empty = nothing(matrix)
    assert empty is not None
    built = _never_below_nothing(matrix)
    assert built is not None
    told: list[Progress] = []
    found = _solved(matrix, 1.0, told)
    best, least = found.termination.value, value_of(matrix, empty)
    assert best is not None
    assert built - least >= 0.5 * (best - least)
    few = _never_below_nothing(matrix, len(matrix.lower) // 3)
    assert few is not None
    assert few > least


def test_rough_prices_are_found_from_a_few_ways_of_each_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a model with 140,000 columns they took two of the three seconds that the plan took, and most ways are much alike."""
    matrix, shown = _matrix(write_load("quarters", tmp_path, load=LARGE["quarters"])), list[Matrix]()
    assert matrix.periods is not None
    monkeypatch.setattr(module, "rough_duals", lambda part, *told: shown.append(part))
    ways, many = np.unique(matrix.periods.block, return_counts=True)
    assert (many[ways >= 0] > 4).all()
    assert construct(matrix, 1, parameters=ConstructParameters(sample=4)) is not None
    assert len(shown[0].lower) == 4 * (ways >= 0).sum() + many[ways < 0].sum()
    assert construct(matrix, 1, parameters=ConstructParameters(sample=int(many.max()))) is not None
    assert len(shown[1].lower) == len(matrix.lower)


def _solved(matrix: Matrix, seconds: float, told: list[Progress]) -> Solution:
    """Every model counts as one for which a plan is built first."""
    auto = Auto(lambda model, solver, *rest: solver.solve(model, *rest), AutoParameters(small=0))
    return auto.solve(matrix, Stopping(seconds, 0.0, 1, 1), told.append)


def test_doing_nothing_is_told_at_once_and_no_time_is_too_short_for_a_plan(tmp_path: Path) -> None:
    matrix, told = _matrix(write_load("quarters", tmp_path, load=LARGE["quarters"])), list[Progress]()
    found = _solved(matrix, 0.01, told)
    first = next(progress for progress in told if progress.values is not None)
    assert first.values is not None
    assert first.value == value_of(matrix, first.values) <= (found.termination.value or 0.0)
    assert not (first.values[matrix.integer] > 0.5).any()
    assert found.values is not None
    assert (found.values[matrix.integer] > 0.5).any()
    assert found.termination.gap is not None  # a bound is there as soon as a plan is


def test_what_is_asked_for_comes_first_though_it_costs() -> None:
    """Two of three must come, and the cheapest two leave room for the one that pays."""
    matrix = matrix_of([-1.0, -1.0, -5.0, 9.0], [[1, 1, 1, 0], [4, 4, 9, 3]], lower=[2.0, -INF], upper=[INF, 12.0])
    assert nothing(matrix) is None
    plan = construct(matrix, 1)
    assert plan is not None
    assert fault(matrix, plan) == ""
    assert plan[:3].sum() == 2


def test_what_the_demo_asks_for_is_met_before_anything_is_searched() -> None:
    """Counties, quarters and a signed deal ask for projects; more of one than it asks for takes the others' room."""
    matrix = _matrix(content_folder("data") / "demo" / "plan.yaml")
    assert nothing(matrix) is None
    assert _never_below_nothing(matrix) is not None


def test_what_cannot_be_mended_is_no_plan() -> None:
    assert construct(matrix_of([1.0, 1.0], [[1, 1]], lower=3.0), 1) is None


def test_the_same_model_gives_the_same_plan(tmp_path: Path) -> None:
    matrix = _matrix(write_load("funds", tmp_path, load=LARGE["funds"]))
    first, second = construct(matrix, 3), construct(matrix, 3)
    assert first is not None
    assert second is not None
    assert (first == second).all()


def test_a_model_too_large_to_be_searched_whole_is_searched_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a plan better than what was built, or as good; what the part proves is no bound of the whole, but there is one."""
    monkeypatch.setattr(narrowed, "COLUMNS", 150)
    matrix, told = _matrix(write_load("funds", tmp_path, load=LARGE["funds"])), list[Progress]()
    auto = Auto(lambda model, solver, *rest: solver.solve(model, *rest), AutoParameters(small=0))

    def run(model: Matrix, solver: Solver, *rest: Any) -> Solution:
        assert len(model.lower) < len(matrix.lower)
        return solver.solve(model, *rest)

    found = narrowed.solve_narrowed(matrix, auto, Stopping(2.0, 0.0, 1, 1), told.append, None, never, run)
    built = construct(matrix, 1)
    assert built is not None
    assert found.values is not None
    assert fault(matrix, found.values) == ""
    assert value_of(matrix, found.values) >= value_of(matrix, built)
    best = Highs().solve(matrix, Stopping(20.0, 0.0, 1, 1), told.append).termination
    assert best.reason == "optimal"
    relaxed = relaxation_bound(matrix, 20.0)
    assert best.value is not None
    assert relaxed is not None
    assert best.value <= (found.termination.bound or 0.0) <= 1.05 * relaxed
    assert all(progress.bound is None or progress.bound >= best.value - 1e-9 for progress in told)


OF_EVERY_FORM = """\
  - {name: 甲, per: [chain], share: {of: investment, within: plan, max: 60 %}}
  - {name: 乙, per: [park, quarter], count: {max: 9}}
  - {name: 丙, per: [link], mean: {of: output, over: subsidy, min: 0.1}}
  - {name: 丁, where: {quarter: 2027Q1, any: [{chain_id: C00}, {chain_id: C01}]}, sum: output, max: 100000}
"""


@pytest.mark.parametrize("name", LARGE)
def test_how_large_the_matrix_will_be_is_known_before_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Also where most of it are rules of the analyst's own, whatever they count and look at."""
    load, told = LARGE[name], list[int]()
    path = write_load(name, tmp_path, load=replace(load, rules=5 * load.rules))
    if load.rules:
        path.write_text(path.read_text(encoding="utf-8").replace("rules:\n", f"rules:\n{OF_EVERY_FORM}"), encoding="utf-8")
    opened = open_plan(path)
    monkeypatch.setattr(layout, "require", told.append)
    programme = build(opened.case, opened.eligible)
    entries = programme.matrix.rows.nnz
    assert 0.8 * entries < told[0] < 1.2 * entries
    own = {family.name: rows.matrix.nnz for family, rows in zip(programme.families, programme.rows, strict=True)}["rules"]
    assert (own > 0.5 * entries) == bool(load.rules)


def test_what_does_not_fit_into_memory_is_said_before_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_plan(write_load("quarters", tmp_path, load=LARGE["quarters"]))
    monkeypatch.setattr(memory, "SMALL", 0)
    monkeypatch.setattr(memory, "available", lambda: 1e5)
    with pytest.raises(InputError) as refused:
        build(opened.case, opened.eligible)
    (problem,) = refused.value.problems
    assert problem.code == "S204"
    assert "GB" in problem.say("zh")
    assert "memory" in problem.say("en")
    assert memory._of_machine() > 0
