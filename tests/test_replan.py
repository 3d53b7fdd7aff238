"""The next quarter's plan: what changes and why, by hand; and what it refuses to begin from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from planner import api
from planner.plan.open import open_plan
from planner.problems import InputError
from tests.city import PLAN, TABLES, event, write_city
from tests.replanned import again, by_firm, city, first_run, placed, put, report_of, told


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
    first = city(B={"fixed_park": "P1"})
    news = city(B={"refused_parks": "P1"}, E={"capacity": 300})
    outcome = again(tmp_path, news, [event("A", "2027-02-10", "lost")], first, on="2027-03-01")
    before = put(tmp_path / "look", first)
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
