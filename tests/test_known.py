"""The converters of instances with known optima: what they write, the planner solves to the optimum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import known
from planner import api

# Two agents, three jobs. Alone, each job is cheapest with agent 1 (1 + 2 + 3), but agent 1 holds two of them only. Moving
# one to agent 2 costs 9 − 1, 6 − 2 or 8 − 3 more; the least is job 2: 1 + 6 + 3 = 10.
TINY_GAP = known.Gap("tiny", np.array([[1.0, 2, 3], [9, 6, 8]]), np.array([[2.0, 2, 2], [3, 3, 3]]), np.array([4.0, 3]), 10.0)
# Four items, two budgets. Items 1 and 3 fill both (5 of 5, 4 of 4) for 11; 1 and 4 bring 10; 1 and 2 do not fit; nor do three.
TINY_KNAPSACK = known.Knapsack(
    "tiny", np.array([6.0, 5, 5, 4]), np.array([[3.0, 3, 2, 2], [2.0, 2, 2, 2]]), np.array([5.0, 4]), 11.0
)


@pytest.mark.parametrize("instance", [TINY_GAP, TINY_KNAPSACK], ids=["gap", "knapsack"])
def test_the_optimum_of_a_tiny_instance_is_found_and_proved(instance: known.Instance) -> None:
    result = known.solve(instance, "highs", 20)
    assert result.value == pytest.approx(instance.objective)
    assert result.right


def test_a_wrong_value_and_a_missing_proof_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    good = known.Result("good", -10, -10, -10, True, 0.1)
    wrong = known.Result("wrong", -10, -11, -11, True, 0.1)
    open_ = known.Result("open", -10, -10, -9, False, 0.1)
    assert (good.right, wrong.right, open_.right) == (True, False, False)
    assert known.report(iter([good])) == 0
    assert known.report(iter([good, wrong, open_])) == 1
    assert "1 of 3 proven optimal" in capsys.readouterr().out


def test_a_park_is_an_agent_and_a_pair_carries_cost_and_use(tmp_path: Path) -> None:
    case = api.open_plan(known.write_gap(TINY_GAP, tmp_path)).case
    assert case.candidates["must_include"].all()
    assert case.score().T.tolist() == (-TINY_GAP.cost).tolist()
    assert case.need(0).T.tolist() == TINY_GAP.use.tolist()
    assert case.resources[0].amount[:, 0].tolist() == TINY_GAP.capacity.tolist()


def test_a_region_wide_resource_is_a_budget(tmp_path: Path) -> None:
    case = api.open_plan(known.write_mknap(TINY_KNAPSACK, tmp_path)).case
    assert not case.candidates["must_include"].any()
    assert case.needs.T.tolist() == TINY_KNAPSACK.weight.tolist()
    assert [float(supply.amount[0, 0]) for supply in case.resources] == TINY_KNAPSACK.capacity.tolist()


@pytest.mark.skipif(not known.BENCH.is_dir(), reason="the reference data are not beside the project")
def test_all_instances_are_read() -> None:
    every = known.instances()
    assert [len(known.instances(which)) for which in ("gap", "mknap")] == [60, 7]
    assert len({instance.name for instance in every}) == 67
    for instance in every:
        if isinstance(instance, known.Gap):
            assert instance.cost.shape == instance.use.shape == (len(instance.capacity), instance.cost.shape[1])
        else:
            assert instance.weight.shape == (len(instance.capacity), len(instance.profit))


@pytest.mark.skipif(not known.BENCH.is_dir(), reason="the reference data are not beside the project")
@pytest.mark.parametrize("name", ["gap1-0", "mknap1-2"])
def test_a_published_optimum_is_returned(name: str) -> None:
    instance = next(instance for instance in known.instances() if instance.name == name)
    assert known.solve(instance, "highs", 30).right
