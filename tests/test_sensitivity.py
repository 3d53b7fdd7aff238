"""What x more is worth: by hand on the tiny city, and the same as a fresh run with the change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.open import open_plan
from planner.plan.reopen import open_run
from planner.plan.solving import silent, stopping_of
from planner.programme.build import build
from planner.questions.sensitivity.ask import sensitivity
from planner.questions.sensitivity.knobs import knobs
from planner.questions.sensitivity.record import Addition, Sensitivity
from planner.questions.sensitivity.together import bound_together
from tests.asked import kept
from tests.city import PLAN, added, changed, write_city
from tests.quick import ran
from tests.random_city import write_random
from tests.solving import optimum
from tests.sweep import sweep


def of(found: Sensitivity, kind: str, name: str, place: str | None = None) -> Addition:
    return next(one for one in found.additions if (one.kind, one.id, one.place_id) == (kind, name, place))


STEPS = PLAN + "sensitivity: {steps: {FUND: 20, land: 10, power: 1, team: 1}}\n"


def test_worth_by_hand(tmp_path: Path) -> None:
    """20 more money lets C (400, 80) replace D (300, 50): 240 ≤ 240, FOAM 300 instead of 200 closed: 100. What C needs besides,
    land for A, B and C, is there; alone, more land, power or effort buys nothing, since 220 of money are 210 used."""
    run = ran(tmp_path, STEPS, outputs=("workbook",))
    found = api.sensitivity(run)
    fund = of(found, "fund", "FUND")
    assert (fund.step, fund.asked, fund.once, fund.quarters) == (20, "solved", True, ("2027Q1",))
    assert fund.worth == pytest.approx(100)
    assert fund.lowest == pytest.approx(100)
    assert fund.highest == pytest.approx(100)
    assert [one.id for one in fund.came] == ["C"]
    assert [one.id for one in fund.left] == ["D"]
    assert fund.shortage == pytest.approx(-100)
    assert fund.investment == pytest.approx(700 - 300)
    assert found.additions[0] == fund
    assert all(one.worth == pytest.approx(0) for one in found.additions[1:] if one.asked == "solved")
    assert all(one.worth is None for one in found.additions if one.asked == "not_asked")
    assert found.better is None
    # Kept with the run, which still opens; the run's plan itself is as it was.
    assert kept(tmp_path / "run", "sensitivity") == (found,)
    again = open_run(tmp_path / "run").plan
    assert again.selected == run.plan.selected
    # The changes make a fresh run of the same value.
    for one in found.additions:
        if one.asked == "solved":
            path = tmp_path / f"{one.kind}{one.id}{one.place_id}.yaml"
            path.write_text(STEPS + f"changes: {json.dumps(one.changes, ensure_ascii=False)}\n", encoding="utf-8")
            assert optimum(path) == pytest.approx(one.value)
    # The sheet has the table and a native chart.
    page = load_workbook(tmp_path / "run" / "plan.xlsx")["敏感性"]
    cells = [cell for row in page.iter_rows(values_only=True) for cell in row]
    assert {"FUND", "丙公司（C）", "丁公司（D）", 20} <= set(cells)
    assert len(page._charts) == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", sweep([0, 2, 3, 12], 1))
def test_every_addition_is_worth_what_two_optima_say(tmp_path: Path, seed: int) -> None:
    """Also those that are said to be worth nothing, and with phases, zones and money that does not carry over."""
    path = write_random(tmp_path, seed, candidates=4, later=seed % 2)
    text = path.read_text(encoding="utf-8") + "sensitivity: {share: 0.5, most: 100}\n"
    path.write_text(text, encoding="utf-8")
    before = optimum(path)
    assert before is not None
    api.run(path, tmp_path / "run", {"publish.outputs": []})
    found = sensitivity(open_run(tmp_path / "run"))
    assert found.additions
    for one in found.additions:
        if one.asked == "not_asked":
            continue
        changed_path = tmp_path / "changed.yaml"
        changed_path.write_text(text + f"changes: {json.dumps(one.changes, ensure_ascii=False)}\n", encoding="utf-8")
        after = optimum(changed_path)
        assert after is not None
        assert one.lowest is not None
        assert one.highest is not None
        assert one.lowest - 1e-6 <= after - before <= one.highest + 1e-6


def test_the_amount_rises_by_x_where_it_is_said(tmp_path: Path) -> None:
    """Phases, a park's own column before its first phase, a fund that carries over, a team: the case knows x more."""
    tables = added(
        "capacities",
        {"resource_id": "land", "scope_id": "P1", "quarter": "2027Q2", "amount": 90},
        {"resource_id": "power", "scope_id": "P2", "quarter": "2027Q1", "amount": 11},
    )
    opened = open_plan(write_city(tmp_path, PLAN, tables))
    for knob in knobs(opened, build(opened.case, opened.eligible)):
        after = opened.changed(knob.changes).case
        if knob.addition.kind == "resource":
            rise = after.resources[knob.position].amount - opened.case.resources[knob.position].amount
            rise = rise[knob.place]
        elif knob.addition.kind == "fund":
            rise = after.funds.amount[knob.position] - opened.case.funds.amount[knob.position]
        else:
            rise = after.teams.effort[knob.position] - opened.case.teams.effort[knob.position]
        assert rise.tolist() == pytest.approx((knob.addition.step * knob.raises).tolist()), knob


def test_money_that_does_not_carry_over_gets_x_each_quarter(tmp_path: Path) -> None:
    tables = changed("funds", 0, carry_over="否")
    tables["funds"][1]["carry_over"] = "否"
    opened = open_plan(write_city(tmp_path, PLAN, tables))
    fund = next(one for one in knobs(opened, build(opened.case, opened.eligible)) if one.addition.kind == "fund")
    assert (fund.raises.tolist(), fund.addition.once) == ([True, True], False)
    assert fund.addition.step == pytest.approx(12)  # 10 % of the larger quarter


def test_what_nobody_could_use_is_proved_worthless(tmp_path: Path) -> None:
    """All four projects together ask for 290 of money; 1,000 in the first quarter is more than there can ever be asked for."""
    run = ran(tmp_path, PLAN, tables=changed("funds", 0, amount=1000))
    fund = of(sensitivity(run), "fund", "FUND")
    assert (fund.asked, fund.worth, fund.highest) == ("worthless", 0.0, 0.0)


def test_at_most_so_many_are_solved_and_the_rest_is_not_claimed(tmp_path: Path) -> None:
    run = ran(tmp_path, STEPS.replace("steps:", "most: 1, steps:"))
    found = sensitivity(run)
    assert [one.asked for one in found.additions].count("solved") == 1
    assert of(found, "fund", "FUND").asked == "solved"
    assert all(one.worth is None for one in found.additions if one.asked == "not_asked")


def test_a_better_plan_of_more_time_is_not_credited_to_the_addition(tmp_path: Path) -> None:
    """The run's plan made worse by hand: A alone. What solving again gains is said, and the worth is held against that."""
    path = write_city(tmp_path, STEPS)
    poor = write_city(tmp_path / "poor", STEPS + "rules: [{name: r, count: {max: 1}}]\n")
    api.run(path, tmp_path / "run", {"publish.outputs": []})
    run = open_run(tmp_path / "run")
    plan = api.solve(api.open_plan(poor))
    told = plan.objective.model_copy(update={"bound": 4000.0, "gap": 2.5})
    status = plan.status.model_copy(update={"proved": False, "reason": "time_limit"})
    poor_run = replace(run, plan=plan.model_copy(update={"objective": told, "status": status}))
    found = sensitivity(poor_run)
    assert found.better == pytest.approx(1800 - 1140)
    assert found.value == pytest.approx(1800)
    assert of(found, "fund", "FUND").worth == pytest.approx(100)


def test_an_open_gap_leaves_the_sign_open(tmp_path: Path) -> None:
    run = ran(tmp_path, STEPS.replace("gap: 0.0", "gap: 0.9"))
    found = sensitivity(run)
    for one in found.additions:
        if one.asked == "solved" and one.bound is not None and found.bound is not None:
            assert one.lowest is not None
            assert one.highest is not None
            assert 0 <= one.lowest <= one.highest
            assert one.value is not None
            assert one.highest >= one.bound - found.value - 1e-6


def test_the_command_says_what_it_buys(tmp_path: Path) -> None:
    ran(tmp_path, STEPS)
    done = CliRunner().invoke(app, ["sensitivity", str(tmp_path / "run"), "--time-limit", "20"])
    assert done.exit_code == 0, done.output
    line = next(line for line in done.stdout.splitlines() if line.startswith("FUND"))
    assert "+20 万元（2027Q1 一次，结转使用）" in line
    assert "引入 丙公司（C）" in line
    assert "已证明" in line
    assert len(kept(tmp_path / "run", "sensitivity")) == 1


def test_priorities_are_worth_by_their_first_level(tmp_path: Path) -> None:
    text = STEPS.replace(
        "  weights: {gap: 1.0}", "  mode: priorities\n  levels:\n    - {weights: {gap: 1.0}}\n    - {weights: {subsidy: -1.0}}"
    )
    found = sensitivity(ran(tmp_path, text))
    assert found.level == 1
    assert of(found, "fund", "FUND").worth == pytest.approx(100)


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    write_city(tmp_path, PLAN + "sensitivity: {steps: {lnad: 10}}\n")
    done = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert done.exit_code == 2
    assert "C229" in done.stderr
    assert "land" in done.stderr
    assert CliRunner().invoke(app, ["sensitivity", str(tmp_path)]).exit_code == 2


def test_additions_that_buy_nothing_are_proved_so_together(tmp_path: Path) -> None:
    """By hand (see above): more land, power and effort buy nothing alone, and nothing together; with more money they do."""
    run = ran(tmp_path, STEPS)
    found = {knob.addition.kind: knob for knob in knobs(run.opened, run.programme)}
    stopping = stopping_of(run.opened)
    idle = [change for kind in ("resource", "team") for change in found[kind].changes]
    assert bound_together(run, run.plan, idle, stopping, silent) == pytest.approx(1800)
    assert bound_together(run, run.plan, [*idle, *found["fund"].changes], stopping, silent) is None


@pytest.mark.slow
@pytest.mark.processes
def test_solves_side_by_side_say_what_solves_one_by_one_say(tmp_path: Path) -> None:
    run = ran(tmp_path / "two", STEPS.replace("threads: 1", "threads: 2, work: 4"))
    one_by_one = ran(tmp_path / "one", STEPS.replace("threads: 1", "threads: 1, work: 4"))
    figures = [
        [(one.key, one.worth, one.lowest, one.highest, one.came) for one in sensitivity(each).additions]
        for each in (run, one_by_one)
    ]
    assert figures[0] == figures[1]
