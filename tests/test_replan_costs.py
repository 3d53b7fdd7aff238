"""What keeping the word of the earlier plan costs, and what each change alone would: by hand, and against all choices."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.plan.open import open_plan
from planner.plan.solving import NoPlan, solve_plan
from planner.problems import InputError
from planner.publish.changed import changes_text
from planner.questions.replan.ask import kept
from tests.brute import every_choice, value_of
from tests.city import PLAN, write_city
from tests.random_city import random_tables
from tests.replanned import BETTER, again, by_id, city, differing, placed, put, report_of, told
from tests.sweep import sweep


@pytest.mark.parametrize(
    ("prices", "value", "keeping"),
    [("added: -60, dropped: -60", 297.0, 103.0), ("changes: -20", 400.0, 0.0), ("added: -51.5, park_moves: -1", 349.0, 51.0)],
)
def test_keeping_the_word_costs_what_the_plan_without_prices_has_more(
    tmp_path: Path, prices: str, value: float, keeping: float
) -> None:
    """One exchange brings 52 (D for C) or 51 (E for B): at 120 each none is worth it, at 40 both are, at 51.5 one."""
    plan = again(tmp_path, BETTER, first=city(), plan=PLAN.replace("{gap: 1.0}", f"{{gap: 1.0, {prices}}}")).plan
    report = report_of(plan)
    assert report.value == pytest.approx(value)
    assert report.kept_value == pytest.approx(297.0)
    assert report.free_value == pytest.approx(400.0)
    assert (report.keeping_lowest, report.keeping_highest) == (pytest.approx(keeping), pytest.approx(keeping))
    assert report.verdict == ("costs" if keeping else "free")


def test_what_the_bound_leaves_open_is_not_settled(tmp_path: Path) -> None:
    plan = again(tmp_path, first=city()).plan
    opened = open_plan(tmp_path / "next" / "plan.yaml", {"solve.start": str(tmp_path / "first" / "run")})
    for bound, verdict, highest in ((298.0, "uncertain", 1.0), (None, "uncertain", None), (297.0, "free", 0.0)):
        other = plan.model_copy(update={"objective": plan.objective.model_copy(update={"bound": bound})})
        report = kept(opened, other, report_of(plan))
        assert (report.verdict, report.keeping_highest) == (verdict, highest if highest is None else pytest.approx(highest))


@pytest.mark.parametrize(("most", "value"), sweep([(1, 297.0), (2, 349.0), (0, 297.0), (3, 349.0), (4, 400.0)], 2))
def test_no_more_changes_than_asked_for(tmp_path: Path, most: int, value: float) -> None:
    plan = again(tmp_path, BETTER, first=city(), max_changes=most).plan
    report = report_of(plan)
    assert report.value == pytest.approx(value)
    assert len(report.changes) <= most
    assert (report.free_value, report.keeping_lowest) == (pytest.approx(400.0), pytest.approx(400.0 - value))


def test_with_priorities_the_figures_are_those_of_the_first(tmp_path: Path) -> None:
    levels = "{mode: priorities, levels: [{weights: {gap: 1.0}}, {weights: {subsidy: -1.0}}], normalise: false}"
    plan = PLAN.replace("objective:\n  normalise: false\n  weights: {gap: 1.0}", f"objective: {levels}")
    assert "priorities" in plan
    report = report_of(again(tmp_path, BETTER, first=city(), plan=plan, max_changes=2).plan)
    assert (report.value, report.free_value, report.kept_value) == (pytest.approx(349), pytest.approx(400), pytest.approx(297))
    assert (report.keeping_lowest, report.verdict) == (pytest.approx(51), "costs")


def test_those_that_fell_are_not_counted(tmp_path: Path) -> None:
    plan = again(tmp_path, city(A={"status": "lost"}), first=city(), max_changes=0).plan
    assert told(plan) == {"A": ("fallen", "fact")}
    assert report_of(plan).value == pytest.approx(197.0)


@pytest.mark.slow
def test_what_undoing_each_change_alone_would_cost(tmp_path: Path) -> None:
    """A, D, E make 400. Without D it is A, E, B: 51 less; with C it is C, D, E: 2 less; with B 1 less."""
    plan = again(tmp_path, BETTER, first=city(), each=9).plan
    undone = {one.candidate_id: one for one in report_of(plan).undone}
    costs = {name: (one.outcome, one.verdict, round(one.lowest, 6), round(one.highest or 0.0, 6)) for name, one in undone.items()}
    assert costs == {
        "B": ("solved", "costs", 1.0, 1.0),
        "C": ("solved", "costs", 2.0, 2.0),
        "D": ("solved", "costs", 51.0, 51.0),
        "E": ("solved", "costs", 51.0, 51.0),
    }
    assert undone["C"].items == {"gap": pytest.approx(2.0)}
    assert "A" in undone["C"].others
    text = changes_text(plan, "en")
    assert "keeping this one as it was would cost: 51" in text
    assert "1 other project would change with it" in text
    fewer = again(tmp_path / "fewer", BETTER, first=city(), each=1).plan
    assert len(report_of(fewer).undone) == 1


@pytest.mark.slow
def test_a_change_that_no_plan_can_undo_is_said_to_be_impossible(tmp_path: Path) -> None:
    alone = next(name for name, place in put(tmp_path / "look").items() if place[0] == "P2")
    plan = again(tmp_path, city(**{alone: {"refused_parks": "P2"}}), first=city(), each=3).plan
    undone = {one.candidate_id: one for one in report_of(plan).undone}
    assert undone[alone].outcome == "impossible"
    assert "impossible" in changes_text(plan, "en")


def test_prices_of_changes_are_said_in_money(tmp_path: Path) -> None:
    """One of 100 that is paid in subsidy counts 50; a change counts 20, which is 40 of it."""
    text = PLAN.replace("{gap: 1.0}", "{gap: 1.0, subsidy: -0.5, added: -5, changes: -15}")
    plan = again(tmp_path, BETTER, first=city(), plan=text).plan
    report = report_of(plan)
    assert report.prices == {"dropped": 15.0, "added": 20.0, "park_moves": 15.0, "quarter_moves": 15.0}
    assert report.money == {"subsidy": pytest.approx(2.0)}
    assert "变动的价格：新增的项目，每个计 20（相当于奖补诉求 40 万元）" in changes_text(plan, "zh")
    assert "20 each (worth subsidy asked of CNY 0.4 m)" in changes_text(plan, "en")
    unpriced = again(tmp_path / "free", BETTER, first=city()).plan
    assert report_of(unpriced).prices == {}
    assert "价格" not in changes_text(unpriced, "zh")


@pytest.mark.parametrize("seed", sweep(range(40), 0))
def test_with_so_many_changes_the_plan_is_the_best_of_all_choices_within_them(tmp_path: Path, seed: int) -> None:
    text, tables = random_tables(seed)
    other = text.replace("gap: 1.0", "gap: 0.0, jobs: 1.0").replace("output: 0.2", "output: 0.9")
    path = write_city(tmp_path, text, tables)
    try:
        first = solve_plan(open_plan(write_city(tmp_path / "other", other, tables)))
        opened = open_plan(path, {"solve.start": str(api.publish(first, tmp_path / "run", outputs=()))})
    except (InputError, NoPlan):
        pytest.skip("no plan of this city")
    if not first.selected:
        pytest.skip("nothing to stay near to")
    old, most = placed(first), range(0, 2 * len(first.selected) + 2, 2)
    best = dict.fromkeys(most, -1e300)
    for choice in every_choice(opened):
        value, changes = value_of(opened, choice), sum(differing(old, by_id(opened, choice)).values())
        for cap in most if value is not None else ():
            if changes <= cap:
                best[cap] = max(best[cap], value or 0.0)
    objective = opened.loaded.settings.objective
    for cap in most:
        capped = opened.pursuing(objective.model_copy(update={"ceilings": {"changes": cap}}), opened.loaded.settings.rules)
        if best[cap] == -1e300:
            with pytest.raises(NoPlan):
                solve_plan(capped)
            continue
        plan = solve_plan(capped)
        assert plan.objective.value == pytest.approx(best[cap], rel=1e-7, abs=1e-7)
        assert sum(differing(old, placed(plan)).values()) <= cap
