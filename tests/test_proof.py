"""What an earlier run has proved holds for the programme of today where it is a smaller one, and is told of nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner import api
from planner.plan import proof
from planner.plan.open import Opened, open_plan
from planner.plan.proof import PROOF_FILE, Proved, bound_of, proved, read_proof, solve_below
from planner.plan.solving import silent, stopping_of
from planner.programme.build import Programme, build
from planner.settings.changes import Change
from planner.solvers.bounds.linear import Optimum, relaxed
from planner.solvers.bounds.sifting import SiftingParameters
from tests.city import PLAN, changed, write_city
from tests.random_city import write_random
from tests.solving import solve_programme
from tests.sweep import sweep

BEST = 1800.0
"""Of the tiny city, by hand: A, B and D close 800 at weight 2 and 200 of FOAM."""


def programme_of(opened: Opened) -> Programme:
    return build(opened.case, opened.eligible)


@pytest.fixture
def city(tmp_path: Path) -> tuple[Opened, Proved]:
    opened = open_plan(write_city(tmp_path))
    return opened, proved(programme_of(opened), BEST)


def changed_to(opened: Opened, *changes: dict[str, object]) -> Programme:
    return programme_of(opened.changed([Change.model_validate(change) for change in changes]))


def test_the_same_programme_has_the_same_bound(city: tuple[Opened, Proved]) -> None:
    opened, earlier = city
    assert bound_of(earlier, programme_of(opened)) == pytest.approx(BEST, rel=1e-9)


@pytest.mark.parametrize(
    "change",
    [
        {"table": "funds", "column": "amount", "times": 0.5},
        {"table": "parks", "where": {"park_id": "P1"}, "column": "land", "set": 60},
        {"table": "candidates", "where": {"candidate_id": "A"}, "column": "exclude", "set": True},
        {"table": "candidates", "where": {"candidate_id": "A"}, "column": "land", "set": 41},
        {"table": "candidates", "where": {"candidate_id": "C"}, "column": "subsidy", "set": 90},
    ],
)
def test_a_bound_stays_where_limits_become_tighter(city: tuple[Opened, Proved], change: dict[str, object]) -> None:
    opened, earlier = city
    assert bound_of(earlier, changed_to(opened, change)) == pytest.approx(BEST, rel=1e-9)


def test_where_all_worths_are_whole_the_bound_is(city: tuple[Opened, Proved]) -> None:
    """A proof of 100.7 for plans that are worth whole numbers is one of 100."""
    opened, earlier = city
    counts = replace(earlier.matrix, objective=np.where(earlier.matrix.integer, 1.0, 0.0), offset=0.0)
    today = replace(programme_of(opened), matrix=counts)
    assert bound_of(replace(earlier, matrix=counts, bound=100.7), today) == 100.0


@pytest.mark.parametrize(
    "change",
    [
        {"table": "funds", "column": "amount", "times": 1.01},
        {"table": "parks", "where": {"park_id": "P1"}, "column": "land", "add": 1},
        {"table": "candidates", "where": {"candidate_id": "D"}, "column": "subsidy", "set": 49},
    ],
)
def test_nothing_is_said_where_a_limit_is_relaxed(city: tuple[Opened, Proved], change: dict[str, object]) -> None:
    opened, earlier = city
    assert bound_of(earlier, changed_to(opened, change)) is None


def test_a_rule_more_keeps_the_bound_and_a_rule_less_does_not(tmp_path: Path) -> None:
    ruled = PLAN + "rules: [{name: two, count: {max: 2}}]\n"
    free, bound = (programme_of(open_plan(write_city(tmp_path / name, plan))) for name, plan in (("free", PLAN), ("ruled", ruled)))
    assert bound_of(proved(free, BEST), bound) == pytest.approx(BEST, rel=1e-9)
    assert bound_of(proved(bound, 1600.0), free) is None


def test_an_objective_in_other_units_moves_the_bound_with_it(tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path))
    dearer = programme_of(open_plan(write_city(tmp_path / "other", PLAN.replace("gap: 1.0", "gap: 3.0"))))
    assert bound_of(proved(programme_of(opened), BEST), dearer) == pytest.approx(3 * BEST, rel=1e-9)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every programme counts as one whose relaxation takes long."""
    monkeypatch.setattr(proof, "SiftingParameters", partial(SiftingParameters, at_once=0))


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(("more", "solved"), [(0.05, 0), (50.0, 1)])
def test_of_a_large_programme_what_a_choice_comes_to_alone_is_enough_where_it_is_little(
    city: tuple[Opened, Proved], monkeypatch: pytest.MonkeyPatch, more: float, solved: int
) -> None:
    """One choice is worth more by 0.05 of 1,800: no relaxation is needed to know that plans are, by no more than that."""
    opened, earlier = city
    today, asked = programme_of(opened), list[float]()

    def heard(*given: Any) -> Optimum:
        asked.append(given[2])
        return relaxed(*given)

    monkeypatch.setattr(proof, "relaxed", heard)
    column = int(np.flatnonzero(today.matrix.integer)[0])
    worth = today.matrix.objective.copy()
    worth[column] += more
    dearer = replace(today, matrix=replace(today.matrix, objective=worth))
    assert bound_of(earlier, dearer, 9.0) == pytest.approx(BEST + more, rel=1e-4 if solved else 1e-9)
    assert asked == [9.0] * solved


def none_below_the_optimum(tmp_path: Path, seed: int) -> None:
    """Random cities, random edits: of cells, of limits, of weights."""
    draw = np.random.default_rng(seed)
    opened = open_plan(write_random(tmp_path, seed, candidates=6, parks=3, quarters=2))
    before = programme_of(opened)
    first = solve_programme(before)
    if first.termination.value is None:
        return
    earlier = proved(before, first.termination.value)
    ids = opened.case.candidates["candidate_id"].astype(str).tolist()
    for _ in range(6):
        firm, factor = str(draw.choice(ids)), float(draw.choice([0.8, 0.97, 1.03, 1.3]))
        column = str(draw.choice(["output", "subsidy", "land", "capacity"]))
        table, where = ("candidates", {"candidate_id": firm}) if draw.random() < 0.7 else ("parks", {"park_id": "P1"})
        change = {"table": table, "where": where, "column": column if table == "candidates" else "land", "times": factor}
        programme = changed_to(opened, change)
        bound, best = bound_of(earlier, programme), solve_programme(programme).termination.value
        if bound is not None and best is not None:
            assert bound >= best - 1e-7 * max(1.0, abs(best))


@pytest.mark.parametrize("seed", sweep(range(300, 340), 3))
def test_no_bound_lies_below_the_optimum_of_today(tmp_path: Path, seed: int) -> None:
    none_below_the_optimum(tmp_path, seed)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("seed", sweep(range(340, 360), 2))
def test_no_bound_of_a_large_programme_lies_below_the_optimum_of_today(tmp_path: Path, seed: int) -> None:
    none_below_the_optimum(tmp_path, seed)


def test_a_run_keeps_its_proof_and_a_later_one_needs_no_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less money for a firm that was not chosen anyway: the earlier plan is proved the best without a search."""
    path = write_city(tmp_path)
    first = api.run(path, tmp_path / "run", {"publish.outputs": []})
    assert (first.folder / PROOF_FILE).is_file()
    write_city(tmp_path, tables=changed("candidates", 2, subsidy=90))

    def never(*_: object) -> None:
        raise AssertionError("searched")

    monkeypatch.setattr("planner.plan.proof.solve", never)
    again = api.run(path, tmp_path / "again", {"publish.outputs": [], "solve.start": "run"})
    assert again.plan.status.proved
    assert again.plan.objective.value == pytest.approx(BEST)


@pytest.mark.parametrize("harm", ["absent", "broken", "of another plan"])
def test_a_proof_that_cannot_be_read_or_is_of_another_plan_is_none(tmp_path: Path, harm: str) -> None:
    plan = api.run(write_city(tmp_path), tmp_path / "run", {"publish.outputs": []}).plan
    assert read_proof(tmp_path / "run", plan) is not None
    if harm == "absent":
        (tmp_path / "run" / PROOF_FILE).unlink()
    elif harm == "broken":
        (tmp_path / "run" / PROOF_FILE).write_bytes((tmp_path / "run" / PROOF_FILE).read_bytes()[:-40])
    else:
        plan = plan.model_copy(update={"stored_seal": "0" * 64})
    assert read_proof(tmp_path / "run", plan) is None


def test_a_wrong_bound_is_not_believed(city: tuple[Opened, Proved]) -> None:
    """1700 with a plan of 1800 in hand is no bound; what the search proves counts."""
    opened, _ = city
    programme = programme_of(opened)
    stopping = replace(stopping_of(opened), gap=0.0)
    start = solve_programme(programme).values
    ended = solve_below(1700.0, programme.matrix, "highs", stopping, silent, start).termination
    assert (ended.reason, ended.value, ended.bound) == ("optimal", pytest.approx(BEST), pytest.approx(BEST))
