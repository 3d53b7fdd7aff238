"""Plans nearly as good and really different: against every plan there is, and what is said when there are no more."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.case.case import Choice
from planner.cli import app
from planner.plan.open import Opened
from planner.plan.reopen import open_run
from planner.problems import InputError
from planner.questions.alternatives.ask import alternatives
from planner.questions.alternatives.record import Alternatives
from tests import brute
from tests.asked import kept
from tests.city import PLAN
from tests.quick import ran
from tests.random_city import write_random
from tests.sweep import sweep

Set = frozenset[str]


def best_of_each_set(opened: Opened) -> dict[Set, float]:
    """The best value of every set of candidates that fits in some way."""
    case = opened.case
    ids = case.candidates["candidate_id"].astype(str).tolist()
    places = [None, *product(range(len(case.parks)), range(len(case.quarters)))]
    found: dict[Set, float] = {}
    for assignment in product(places, repeat=len(ids)):
        chosen = [(i, *place) for i, place in enumerate(assignment) if place is not None]
        table = np.array(chosen, dtype=np.int64).reshape(-1, 3)
        value = brute.value_of(opened, Choice(table[:, 0], table[:, 1], table[:, 2]))
        name = frozenset(ids[i] for i, *_ in chosen)
        if value is not None and value > found.get(name, float("-inf")):
            found[name] = value
    return found


def sets_of(found: Alternatives) -> list[Set]:
    return [frozenset(firm.id for firm in one.selected) for one in found.plans]


def test_the_tiny_city_by_hand(tmp_path: Path) -> None:
    """A, B, D are worth 1800. Within 20 %: A + C 1540, A + B 1500, A + D 1440; A alone, 1140, is not."""
    run = ran(tmp_path)
    found = api.alternatives(run, within=0.2, differ=1, count=10)
    assert sets_of(found) == [frozenset("AC"), frozenset("AB"), frozenset("AD")]
    assert [one.value for one in found.plans] == pytest.approx([1540, 1500, 1440])
    assert [one.differs for one in found.plans] == [3, 1, 1]
    assert [one.nearest for one in found.plans] == [3, 1, 1]
    assert found.stopped == "none_left"
    assert [one.id for one in found.core] == ["A"]
    assert [(one.id, one.times, one.in_run) for one in found.choices] == [("B", 2, True), ("D", 2, True), ("C", 1, False)]
    assert kept(tmp_path / "run", "alternatives") == (found,)


@pytest.mark.parametrize(("seed", "differ", "within"), sweep([(0, 1, 0.5), (12, 2, 0.9), (1, 2, 0.9), (2, 1, 0.9)], 1))
def test_each_is_the_best_that_differs_enough_from_all_before(tmp_path: Path, seed: int, differ: int, within: float) -> None:
    path = write_random(tmp_path, seed)
    api.run(path, tmp_path / "run", {"publish.outputs": []})
    run = open_run(tmp_path / "run")
    found = alternatives(run, within, differ, 50)
    every = best_of_each_set(run.opened)
    before = [frozenset(firm.candidate_id for firm in run.plan.selected)]
    floor = run.plan.objective.value - within * abs(run.plan.objective.value)
    for one, name in zip(found.plans, sets_of(found), strict=True):
        open_ = [value for other, value in every.items() if all(len(other ^ b) >= differ for b in before)]
        assert all(len(name ^ b) >= differ for b in before)
        assert one.value == pytest.approx(max(open_), abs=1e-6)
        assert one.value >= floor - 1e-6
        assert one.value == pytest.approx(every[name], abs=1e-6)
        before.append(name)
    assert found.stopped == "none_left"
    rest = [value for other, value in every.items() if all(len(other ^ b) >= differ for b in before)]
    assert max(rest, default=float("-inf")) < floor + 1e-6
    assert all(len(a ^ b) >= differ for a, b in combinations(before, 2))


def test_as_many_as_asked_for_and_no_claim_beyond(tmp_path: Path) -> None:
    found = alternatives(ran(tmp_path), 0.9, 1, 2)
    assert len(found.plans) == 2
    assert found.stopped == "enough"


def test_none_at_all_is_proved(tmp_path: Path) -> None:
    found = alternatives(ran(tmp_path), 0.01, 1, 5)
    assert (found.plans, found.stopped) == ((), "none_left")
    assert [one.id for one in found.core] == ["A", "B", "D"]
    assert found.choices == ()


def test_priorities_are_measured_by_the_first(tmp_path: Path) -> None:
    text = PLAN.replace(
        "  weights: {gap: 1.0}", "  mode: priorities\n  levels:\n    - {weights: {gap: 1.0}}\n    - {weights: {subsidy: -1.0}}"
    )
    found = alternatives(ran(tmp_path, text), 0.2, 1, 2)
    assert found.level == 1
    assert [one.value for one in found.plans] == pytest.approx([1540, 1500])


def test_the_sheet_shows_core_and_choices(tmp_path: Path) -> None:
    api.alternatives(ran(tmp_path, outputs=("workbook",)), 0.2, 1, 5)
    page = load_workbook(tmp_path / "run" / "plan.xlsx")["替代方案"]
    cells = [cell for row in page.iter_rows(values_only=True) for cell in row]
    assert {"甲公司", "乙公司", "丙公司", "方案 1", "方案 3"} <= set(cells)


def test_the_command(tmp_path: Path) -> None:
    ran(tmp_path)
    words = ["alternatives", str(tmp_path / "run"), "--differ", "1", "--count", "9"]
    done = CliRunner().invoke(app, [*words, "--within", "20%"])
    assert done.exit_code == 0, done.output
    assert "已证明" in done.stdout
    assert "核心（4 个计划都选中）1 个：甲公司（A）" in done.stdout
    for within in ("x", "120%", "-1%"):
        assert CliRunner().invoke(app, [*words, f"--within={within}"]).exit_code == 2
    assert CliRunner().invoke(app, ["alternatives", str(tmp_path)]).exit_code == 2


def test_arguments_are_refused_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        alternatives(ran(tmp_path), 2.0, 0, 0)
    assert [one.code for one in error.value.problems] == ["R131", "R131", "R131"]
