"""Second solves: no bound below a plan after any small edit, and questions that answer alike with and without what the run has proved."""

from __future__ import annotations

from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import pytest

from planner import api
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.plan.proof import PROOF_FILE
from planner.plan.solving import NoPlan, solve_plan
from planner.programme.build import build
from planner.solvers.protocol import Progress
from tests.city import PLAN, write_city
from tests.random_city import write_random
from tests.replanned import FIVE
from tests.solving import solve_programme
from tests.sweep import sweep

QUIET: dict[str, object] = {"publish.outputs": []}
SCENARIOS = """
scenarios:
  - {name: less, changes: [{table: funds, column: amount, times: 0.5}]}
  - {name: more, changes: [{table: parks, where: {park_id: P1}, column: land, add: 40}]}
  - {name: both, changes: [{table: funds, column: amount, times: 0.7}, {table: parks, where: {park_id: P1}, column: land, add: 40}]}
"""


def edit(dice: Random, plan: Plan) -> dict[str, object]:
    """A cell, a limit, a rule or a weight, a little less or more."""
    factor = dice.choice([0.7, 0.95, 1.05, 1.4])
    firm = dice.choice([one.candidate_id for one in (*plan.selected, *plan.not_selected)])
    column = dice.choice(["output", "subsidy", "land", "capacity", "tax"])
    cell = {"table": "candidates", "where": {"candidate_id": firm}, "column": column, "times": factor}
    limits = [{"table": "parks", "column": "land", "times": factor}]
    limits += [{"table": "funds", "column": "amount", "times": factor}] if plan.funds else []
    weights = plan.plan.settings["objective"]["weights"]
    name = dice.choice(sorted(key for key, weight in weights.items() if weight))
    count = {dice.choice(["min", "max"]): max(len(plan.selected) + dice.choice([-1, 0, 1]), 0)}
    rules = [*plan.plan.settings.get("rules", []), {"name": "edit", "count": count}]
    every: list[dict[str, object]] = [{"changes": [change]} for change in (cell, *limits)]
    return dice.choice([*every, {"rules": rules}, {"objective.weights": {**weights, name: factor * weights[name]}}])


@pytest.mark.parametrize("seed", sweep(range(900, 960), 1))
def test_no_second_solve_has_a_bound_below_a_plan(tmp_path: Path, seed: int) -> None:
    """From a proved run and from a rough one; what is told on the way counts, too."""
    dice = Random(seed)
    path = write_random(tmp_path, seed, candidates=7, parks=3, quarters=2)
    try:
        first = api.run(path, tmp_path / "run", {**QUIET, "solve.gap": dice.choice([0.0, 0.3])})
    except (api.Infeasible, NoPlan):
        return
    for _ in range(3):
        opened = open_plan(path, edit(dice, first.plan))
        best = solve_programme(build(opened.case, opened.eligible)).termination.value
        told: list[Progress] = []
        try:
            again = solve_plan(opened, start=first.folder, listen=told.append)
        except NoPlan:
            assert best is None
            continue
        assert best is not None
        room = 1e-6 * max(1.0, abs(best))
        bounds = [one.bound for one in told if one.bound is not None and one.phase != "nearness"]
        assert again.objective.bound is not None
        assert min([*bounds, again.objective.bound]) >= best - room
        assert again.objective.value <= best + room
        assert not again.status.proved or again.objective.value == pytest.approx(best, rel=1e-6, abs=1e-6)


def answers(folder: Path) -> list[dict[str, Any]]:
    run = api.open_run(folder)
    firms = [run.plan.selected[0].candidate_id, *(firm.candidate_id for firm in run.plan.not_selected[:2])]
    asked = [api.why(run, firm) for firm in firms]
    return [one.model_dump(mode="json") for one in (*asked, api.sensitivity(run))]


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, 0.05])
def test_questions_answer_alike_with_and_without_the_proof(tmp_path: Path, gap: float) -> None:
    run = api.run(write_city(tmp_path), tmp_path / "run", {**QUIET, "solve.gap": gap}).folder
    bare = copytree(run, tmp_path / "bare")
    (bare / PROOF_FILE).unlink()
    assert answers(run) == answers(bare)


@pytest.mark.slow
def test_scenarios_come_out_alike_with_and_without_the_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_city(tmp_path, PLAN + SCENARIOS)
    held = [api.compare(path, tmp_path / "with", QUIET)]
    monkeypatch.setattr("planner.plan.solving.read_proof", lambda *_: None)
    held.append(api.compare(path, tmp_path / "without", QUIET))
    told, bare = ([entry.model_dump(mode="json", exclude={"status", "seal"}) for entry in one.entries] for one in held)
    assert len(told) == 4
    assert told == bare


def test_a_firm_that_can_be_replaced_is_answered_by_the_proof_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of five firms alike is forced out: what comes in its place is as good as the run's bound allows."""
    run = api.open_run(api.run(write_city(tmp_path, tables=FIVE), tmp_path / "run", QUIET).folder)
    lost = run.plan.selected[0].candidate_id

    def never(*_: object) -> None:
        raise AssertionError("searched")

    monkeypatch.setattr("planner.plan.proof.solve", never)
    told: list[Progress] = []
    answer = api.why(run, lost, listen=told.append)
    assert next(one for one in told if one.value is not None and one.bound is not None).phase == "start"
    assert (answer.outcome, answer.reason, answer.gap) == ("solved", "optimal", 0.0)
    (run.folder / PROOF_FILE).unlink()
    monkeypatch.setattr("planner.plan.solving.solve", never)
    with pytest.raises(AssertionError, match="searched"):
        api.why(run, lost)
