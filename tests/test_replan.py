"""The next quarter's plan: what changes and why, by hand; what keeping the word costs; and what it refuses to begin from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from planner import api
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.plan.reference.records import ChangeReport, ProjectChange
from planner.plan.solving import NoPlan, solve_plan
from planner.problems import InputError
from planner.publish.changed import changes_text
from planner.questions.plans import Outcome
from planner.questions.replan.ask import kept
from tests.brute import every_choice, value_of
from tests.city import PLAN, TABLES, Rows, write_city
from tests.quick import finished
from tests.random_city import random_tables
from tests.sweep import sweep
from tests.test_nearness import by_id, differing, placed
from tests.test_status import event

Tables = dict[str, Any]
CAPACITIES = {"A": 100, "B": 99, "C": 98, "D": 97, "E": 96}


def city(demand: float = 1000, **cells: dict[str, Any]) -> Tables:
    """Five foam makers worth what they make. Land is for three of them: two in P1, one in P2. ``cells``: of single firms."""
    firms = [
        {
            "candidate_id": name,
            "name": f"{name}厂",
            "link_id": "FOAM",
            "capacity": capacity,
            "land": 40,
            "power": 1,
            "subsidy": 10,
            "effort": 1,
        }
        | cells.get(name, {})
        for name, capacity in CAPACITIES.items()
    ]
    return {**TABLES, "links": [TABLES["links"][0], {**TABLES["links"][1], "demand": demand}], "candidates": firms}


def first_run(folder: Path, tables: Tables | None = None, plan: str = PLAN) -> Path:
    return finished(folder / "first", plan, tables=city() if tables is None else tables)


def again(
    folder: Path,
    tables: Tables | None = None,
    events: Rows = (),
    first: Tables | None = None,
    plan: str = PLAN,
    before: str = PLAN,
    **asked: Any,
) -> Outcome:
    """The plan of ``first`` made again with ``tables`` and ``events``."""
    run = first_run(folder, first, before)
    told = {"status": [dict(row) for row in events]} if events else {}
    path = write_city(folder / "next", plan, {**(tables or first or city()), **told})
    return api.replan(path, run, out=folder / "run", overrides={"publish.outputs": []}, **asked)


def report_of(plan: Plan) -> ChangeReport:
    assert plan.change_report is not None
    return plan.change_report


def by_firm(plan: Plan) -> dict[str, ProjectChange]:
    return {change.candidate_id: change for change in report_of(plan).changes}


def told(plan: Plan) -> dict[str, tuple[str, str]]:
    """Kind and cause of each change."""
    return {name: (change.kind, change.cause) for name, change in by_firm(plan).items()}


def put(folder: Path, tables: Tables | None = None) -> dict[str, tuple[str, str]]:
    """Where the first plan has its projects, as its file says."""
    stored = json.loads((first_run(folder, tables) / "plan.json").read_text("utf-8"))
    return {firm["candidate_id"]: (firm["park_id"], firm["quarter"]) for firm in stored["selected"]}


def test_without_news_nothing_changes_and_keeping_costs_nothing(tmp_path: Path) -> None:
    plan = again(tmp_path).plan
    report = report_of(plan)
    assert report.changes == ()
    assert (report.value, report.kept_value, report.verdict) == (pytest.approx(297), pytest.approx(297), "free")
    assert plan.nearness is not None
    assert plan.nearness.proved


@pytest.mark.parametrize("way", ["event", "excluded", "gone"])
def test_a_project_that_facts_took_is_told_so_and_another_comes_into_its_place(tmp_path: Path, way: str) -> None:
    tables, events = city(), [event("A", "2027-02-10", "lost")] if way == "event" else []
    if way == "excluded":
        tables = city(A={"exclude": "是"})
    if way == "gone":
        tables["candidates"] = [row for row in tables["candidates"] if row["candidate_id"] != "A"]
    plan = again(tmp_path, tables, events, city(), on="2027-03-01" if way == "event" else None).plan
    assert told(plan) == {"A": ("fallen", "fact"), "D": ("added", "room")}
    why = {"event": "lost (2027-02-10)", "excluded": "excluded", "gone": "no candidate any more"}[way]
    changes = by_firm(plan)
    assert why in changes["A"].why.en
    assert "A厂 (A)" in changes["D"].why.en
    was = put(tmp_path / "look")["A"]
    assert (changes["A"].park_before, changes["A"].quarter_before) == was
    assert changes["D"].park_after == was[0]
    report = report_of(plan)
    # B and C alone are worth 99 + 98, with D 97 more.
    assert (report.kept_value, report.value, report.not_keepable) == (pytest.approx(197), pytest.approx(294), ())
    assert (report.verdict, report.keeping_lowest) == ("free", 0.0)


def test_the_same_fact_as_an_event_and_as_a_cell_gives_the_same_plan_whatever_the_seed(tmp_path: Path) -> None:
    first = first_run(tmp_path)
    plans = []
    for seed in (1, 2, 3):
        more = {"publish.outputs": [], "solve.seed": seed}
        events = {**city(), "status": [event("A", "2027-02-10", "lost")]}
        path = write_city(tmp_path / f"event{seed}", tables=events)
        plans.append(api.replan(path, first, on="2027-03-01", out=tmp_path / f"a{seed}", overrides=more).plan)
        cell = write_city(tmp_path / f"cell{seed}", tables=city(A={"status": "lost"}))
        plans.append(api.run(cell, tmp_path / f"b{seed}", more, start=first).plan)
    left = {name: place for name, place in put(tmp_path / "look").items() if name != "A"}
    assert all({name: place for name, place in placed(plan).items() if name != "D"} == left for plan in plans)
    assert all(told(plan) == {"A": ("fallen", "fact"), "D": ("added", "room")} for plan in plans)


def test_a_park_that_is_closed_moves_its_firm_or_lets_it_go(tmp_path: Path) -> None:
    was = put(tmp_path / "look")
    alone = next(name for name, place in was.items() if place[0] == "P2")
    parks = [{**TABLES["parks"][0], "land": 120}, TABLES["parks"][1]]
    moved = again(tmp_path / "moved", {**city(**{alone: {"refused_parks": "P2"}}), "parks": parks}, first=city()).plan
    assert told(moved)[alone] == ("moved", "closed")
    assert "二号园" in by_firm(moved)[alone].why.en
    assert report_of(moved).not_keepable == (alone,)
    assert report_of(moved).kept_value is None
    gone = again(tmp_path / "gone", city(**{alone: {"refused_parks": "P1;P2"}}), first=city()).plan
    assert told(gone)[alone] == ("dropped", "closed")
    assert report_of(gone).not_keepable == (alone,)


def test_whoever_has_not_signed_when_the_quarter_is_over_comes_later(tmp_path: Path) -> None:
    first = city(A={"fixed_quarter": "2027Q1", "fixed_park": "P1"})
    signed = [event("B", "2027-02-01", "signed", park_id=put(tmp_path / "look", first)["B"][0], quarter="2027Q1")]
    events = [event("A", "2027-01-10", "talks"), *signed]
    plan = again(tmp_path, city(A={"fixed_park": "P1"}), events, first, on="2027-04-01").plan
    assert told(plan)["A"] == ("moved", "closed")
    assert "2027Q1 is over" in by_firm(plan)["A"].why.en
    assert placed(plan)["A"] == ("P1", "2027Q2")
    assert placed(plan)["B"][1] == "2027Q1"


def test_whoever_is_on_hold_leaves_for_that(tmp_path: Path) -> None:
    plan = again(
        tmp_path, events=[event("A", "2027-02-01", "paused", planned_date="2027-12-01")], first=city(), on="2027-03-01"
    ).plan
    assert told(plan)["A"] == ("dropped", "fact")
    assert "on hold (since 2027-02-01, to go on 2027-12-01)" in by_firm(plan)["A"].why.en


def test_a_project_signed_elsewhere_is_a_fact(tmp_path: Path) -> None:
    was = put(tmp_path / "look")
    alone = next(name for name, place in was.items() if place[0] == "P2")
    plan = again(tmp_path, events=[event(alone, "2027-02-01", "signed", park_id="P1", quarter=was[alone][1])], on="2027-03-01").plan
    change = by_firm(plan)[alone]
    assert (change.kind, change.cause, change.park_before, change.park_after) == ("moved", "fact", "P2", "P1")
    assert "signed" in change.why.en


def test_who_comes_to_the_same_link_where_no_limit_had_kept_it_out(tmp_path: Path) -> None:
    """Of 199 that are wanted A and B make all; a third would only cost. Without A it is C."""
    priced = PLAN.replace("{gap: 1.0}", "{gap: 1.0, subsidy: -0.5}")
    plan = again(tmp_path, city(199, A={"status": "lost"}), (), city(199), plan=priced, before=priced).plan
    assert told(plan) == {"A": ("fallen", "fact"), "C": ("added", "link")}
    assert "A厂 (A)" in by_firm(plan)["C"].why.en


def test_new_projects_better_ones_and_those_they_replace(tmp_path: Path) -> None:
    new = city()
    new["candidates"] = [*new["candidates"], {**new["candidates"][0], "candidate_id": "F", "name": "F厂", "capacity": 500}]
    assert told(again(tmp_path / "new", new, first=city()).plan) == {"C": ("dropped", "better"), "F": ("added", "new")}
    closed = city(D={"refused_parks": "P1;P2", "capacity": 500})
    open_now = again(tmp_path / "open", city(D={"capacity": 500}), first=closed).plan
    assert told(open_now) == {"C": ("dropped", "better"), "D": ("added", "new")}
    priced = PLAN.replace("{gap: 1.0}", "{gap: 1.0, subsidy: -0.5}")
    wanted = again(tmp_path / "wanted", city(297), (), city(199), plan=priced, before=priced).plan
    assert told(wanted) == {"C": ("added", "better")}


def test_the_list_of_changes_is_what_the_two_files_differ_by(tmp_path: Path) -> None:
    outcome = again(
        tmp_path, city(B={"refused_parks": "P1"}, E={"capacity": 300}), [event("A", "2027-02-10", "lost")], on="2027-03-01"
    )
    before, after = put(tmp_path / "look"), {}
    stored = json.loads((outcome.folder / "plan.json").read_text("utf-8"))
    after = {firm["candidate_id"]: (firm["park_id"], firm["quarter"]) for firm in stored["selected"]}
    wanted = {
        name: (before.get(name, (None, None)), after.get(name, (None, None)))
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }
    listed = {
        change["candidate_id"]: ((change["park_before"], change["quarter_before"]), (change["park_after"], change["quarter_after"]))
        for change in stored["change_report"]["changes"]
    }
    assert listed == wanted
    assert len(listed) >= 3
    assert stored["change_report"]["on"] == "2027-03-01"
    kinds = Counter(change["kind"] for change in stored["change_report"]["changes"])
    counted = stored["nearness"]["changes"]
    assert (kinds["fallen"], kinds["dropped"], kinds["added"]) == (counted["fallen"], counted["dropped"], counted["added"])


BETTER = city(D={"capacity": 150}, E={"capacity": 150})
"""D and E for B and C would bring 103 more."""


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


@pytest.mark.parametrize(("most", "value"), [(0, 297.0), (1, 297.0), (2, 349.0), (3, 349.0), (4, 400.0)])
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


def test_a_park_that_is_none_any_more_and_a_quarter_before_the_horizon_are_causes(tmp_path: Path) -> None:
    was = put(tmp_path / "look")
    alone = next(name for name, place in was.items() if place[0] == "P2")
    parks = [{**TABLES["parks"][0], "land": 120}]
    plan = again(tmp_path / "park", {**city(), "parks": parks}, first=city()).plan
    assert told(plan) == {alone: ("moved", "closed")}
    assert "no such park" in by_firm(plan)[alone].why.en
    later = PLAN.replace("{start: 2027Q1, count: 2}", "{start: 2027Q2, count: 2}")
    funds = [{"fund_id": "FUND", "quarter": f"2027Q{n}", "amount": 120, "carry_over": "是"} for n in (2, 3)]
    rolled = again(tmp_path / "rolled", {**city(), "funds": funds}, first=city(), plan=later).plan
    first = {name for name, place in was.items() if place[1] == "2027Q1"}
    assert {name for name, change in told(rolled).items() if change == ("moved", "closed")} == first


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


def refused(folder: Path, earlier: Path | None, **asked: Any) -> list[str]:
    """Codes of what keeps a plan from being made again; no run is left behind."""
    path = write_city(folder / "next", tables=city())
    with pytest.raises(InputError) as error:
        api.replan(path, earlier, out=folder / "none", **asked)
    assert not (folder / "none").exists()
    return [problem.code for problem in error.value.problems if problem.severity == "error"]


def test_what_cannot_be_begun_from_is_said_in_words(tmp_path: Path) -> None:
    run = first_run(tmp_path)
    assert refused(tmp_path / "a", tmp_path / "nowhere") == ["S301"]
    assert refused(tmp_path / "b", None) == ["V110"]
    edited = copytree(run, tmp_path / "edited")
    text = (edited / "plan.json").read_text("utf-8")
    (edited / "plan.json").write_text(text.replace("一号园", "二号园", 1), encoding="utf-8")
    assert refused(tmp_path / "c", edited) == ["S303"]
    missing = refused(tmp_path / "d", run, status=tmp_path / "none.csv")
    assert len(missing) == 1
    assert missing[0].startswith("T")


def test_another_citys_plan_is_no_earlier_plan(tmp_path: Path) -> None:
    """It would be a plan from nothing that calls itself the next quarter's."""
    foreign = [{**row, "candidate_id": f"Z{row['candidate_id']}"} for row in city()["candidates"]]
    assert refused(tmp_path / "x", first_run(tmp_path, {**city(), "candidates": foreign})) == ["R190"]
    nothing = [{**row, "exclude": "是"} for row in city()["candidates"]]
    assert refused(tmp_path / "y", first_run(tmp_path / "empty", {**city(), "candidates": nothing})) == ["R190"]


def test_the_approved_plan_of_this_name_is_begun_from(tmp_path: Path) -> None:
    write_city(tmp_path, tables=city())
    runs = tmp_path / "runs"
    copytree(first_run(tmp_path / "own"), runs / "own")
    copytree(first_run(tmp_path / "other", plan=PLAN.replace("小城", "另一份")), runs / "other")
    api.approve(runs / "own", by="李", on="2027-01-05")
    api.approve(runs / "other", by="李", on="2027-02-05")
    plan = api.replan(tmp_path / "plan.yaml", out=tmp_path / "next", overrides={"publish.outputs": []}).plan
    assert Path(report_of(plan).run).name == "own"


def test_prices_of_changes_without_an_earlier_plan_are_said_to_count_nothing(tmp_path: Path) -> None:
    priced = PLAN.replace("{gap: 1.0}", "{gap: 1.0, added: -30}") + "  \n"
    opened = open_plan(write_city(tmp_path / "a", priced, city()))
    (warning,) = [problem for problem in opened.warnings if problem.code == "R191"]
    assert "added" in warning.words.en
    run = first_run(tmp_path)
    assert "R191" not in {
        problem.code for problem in open_plan(write_city(tmp_path / "b", priced, city()), {"solve.start": str(run)}).warnings
    }
    assert "R191" not in {problem.code for problem in open_plan(write_city(tmp_path / "c", tables=city())).warnings}
