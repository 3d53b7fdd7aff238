"""Ledgers of a year that was made by hand: every list, light, problem and change as the rules say, once; bad input told at its cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from planner import api
from planner.problems import InputError
from planner.tracking.counts import reached, reaches
from planner.tracking.ledger.period import period_of
from planner.tracking.ledger.record import Ledgers
from tests.city import PLAN, TABLES, write_city
from tests.ledger_year import CANDIDATES, DAY, EVENTS, city, event, listed, made
from tests.quick import finished


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    return made(city(tmp_path_factory.mktemp("year")))


# --- six lists ---


def test_each_project_is_on_each_list_of_the_year_as_the_rule_says(year: Ledgers) -> None:
    assert listed(year) == {
        "signed": ["J 2027-01-15", "C 2027-01-20", "A 2027-02-03", "B 2027-03-01", "I 2027-04-06", "E 2027-10-11"],
        "started": ["F 2027-03-15", "A 2027-04-12", "C 2027-05-10", "I 2027-07-05"],
        "unstarted": ["J 2027-01-15", "B 2027-03-01", "E 2027-10-11"],
        "finished": ["C 2027-05-10", "A 2027-08-20"],
        "producing": ["C 2027-05-10", "A 2027-09-15"],
        "full": ["A 2027-12-06"],
    }
    jumped = next(one for one in year.lists["finished"] if one.project.candidate_id == "C")
    assert (jumped.said, jumped.place) == ("producing", "status.csv!C12")
    waiting = {one.project.candidate_id: (one.days, one.overdue, one.paused) for one in year.lists["unstarted"]}
    assert waiting == {"J": (350, True, True), "B": (305, True, False), "E": (81, False, False)}


def test_a_loss_takes_back_what_was_reached_and_what_is_opened_again_begins_anew(tmp_path: Path) -> None:
    path = city(tmp_path)
    early = made(path, "2027-03-31", "quarter")
    assert "D 2027-02-15" in listed(early)["signed"]
    assert "E 2027-03-10" in listed(early)["signed"]
    later = made(path, "2027-12-31", "2027Q1")
    assert [one for one in listed(later)["signed"] if one[0] in "DE"] == []
    waiting = [(one.project.candidate_id, one.days, one.overdue, one.paused) for one in later.lists["unstarted"]]
    assert waiting == [("J", 75, False, True), ("C", 70, False, False), ("A", 56, False, False), ("B", 30, False, False)]


def test_over_consecutive_weeks_each_project_is_once_on_each_list_of_the_year(tmp_path: Path, year: Ledgers) -> None:
    history = api.open_plan(city(tmp_path), on=DAY).case.history
    ids = [row["candidate_id"] for row in CANDIDATES]
    known, first = reaches(history, dt.date(2027, 12, 31)), dt.date(2027, 1, 1)
    seen: dict[str, list[str]] = {name: [] for name in year.lists}
    while first <= dt.date(2027, 12, 31):
        last = min(first + dt.timedelta(days=6), dt.date(2027, 12, 31))
        for name, found in seen.items():
            rows = reached(known, name, first, last)
            found += [f"{ids[i]} {day.date()}" for i, day in zip(rows["candidate"], rows["date"], strict=True)]
        first = last + dt.timedelta(days=1)
    seen.pop("unstarted")
    assert {name: sorted(rows) for name, rows in seen.items()} == {name: sorted(listed(year)[name]) for name in seen}


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (None, "2027-05-14", "2027-05-20"),
        ("week", "2027-05-14", "2027-05-20"),
        ("month", "2027-05-01", "2027-05-20"),
        ("quarter", "2027-04-01", "2027-05-20"),
        ("year", "2027-01-01", "2027-05-20"),
        ("2027Q1", "2027-01-01", "2027-03-31"),
        ("2027年一季度", "2027-01-01", "2027-03-31"),
        ("2027-02", "2027-02-01", "2027-02-28"),
        ("2027年5月", "2027-05-01", "2027-05-20"),
        ("2027", "2027-01-01", "2027-05-20"),
        ("2027-03-01..2027/3/5", "2027-03-01", "2027-03-05"),
        ("2027年3月1日至2027年3月5日", "2027-03-01", "2027-03-05"),
    ],
)
def test_a_period_may_be_named_in_many_ways(period: str | None, first: str, last: str) -> None:
    assert period_of(period, dt.date(2027, 5, 20)) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


# --- progress, lights ---


def test_lights_go_by_days_without_progress(year: Ledgers) -> None:
    told = {one.project.candidate_id: (one.days, one.light) for one in year.progress}
    assert told == {
        "A": (25, ""),
        "B": (305, "out"),
        "C": (235, ""),
        "D": (319, ""),
        "E": (81, "yellow"),
        "F": (291, "out"),
        "G": (116, "red"),
        "H": (183, "out"),
        "I": (179, "red"),
        "J": (350 - 120, "out"),  # without the days of its pause
    }
    at = {one.project.candidate_id: one for one in year.progress}
    assert (at["A"].next, at["A"].stage, at["A"].since) == (None, "full", dt.date(2027, 12, 6))
    assert (at["B"].next, at["B"].planned, at["B"].overdue) == ("started", dt.date(2027, 5, 1), True)
    assert (at["A"].project.owner, at["A"].project.park_name, at["A"].project.county) == ("李科长", "一号园", "东县")


@pytest.mark.parametrize(
    ("on", "light"),
    [
        ("2027-03-15", ""),
        ("2027-06-14", ""),
        ("2027-06-15", "green"),
        ("2027-07-13", "green"),
        ("2027-07-14", "yellow"),
        ("2027-08-13", "red"),
    ],
)
def test_a_planned_pause_stops_the_clock_and_only_for_its_days(tmp_path: Path, on: str, light: str) -> None:
    (told,) = [one for one in made(city(tmp_path), on).progress if one.project.candidate_id == "J"]
    assert told.light == light


def test_what_counts_as_progress_and_how_long_may_be_set(tmp_path: Path) -> None:
    section = "ledger: {lights: {yellow: 10, red: 20, out: 30}, progress: any, done: full, by_stage: {started: {yellow: 183, red: 300, out: 400}}}\n"
    told = {one.project.candidate_id: (one.days, one.light) for one in made(city(tmp_path, section=section)).progress}
    assert told["F"] == (183, "yellow")  # since the row that settled the order
    assert told["I"] == (179, "green")
    assert told["C"] == (209, "out")
    assert told["A"] == (25, "")


# --- problems and orders ---


def test_problems_and_orders_say_who_by_when_and_what_closed_them(year: Ledgers) -> None:
    told = [
        (one.project.candidate_id, one.text, one.owner, str(one.due), one.state, str(one.closed), one.orders)
        for one in year.problems
    ]
    assert told == [
        ("B", "用地指标", "王科长", "2027-05-10", "overdue", "None", ()),
        ("C", "招工难", "", "2027-06-20", "overdue", "None", ()),
        ("I", "用电不足", "供电公司", "2027-06-30", "closed", "2027-06-10", ("架设专线",)),
        ("D", "环评未批", "", "2027-06-15", "dropped", "None", ()),
    ]
    told_orders = [(one.project.candidate_id, one.text, one.state, str(one.closed), str(one.about)) for one in year.orders]
    assert told_orders == [
        ("F", "核对进度", "closed", "2027-07-01", "None"),
        ("I", "架设专线", "closed", "2027-06-10", "2027-05-06"),
    ]


# --- sums ---


def test_totals_and_targets_are_the_sums_of_the_lists(year: Ledgers) -> None:
    totals = {one.stage: (one.year.projects, one.year.investment, one.year.unknown, one.ever.projects) for one in year.reached}
    assert totals == {
        "signed": (6, 100 + 200 + 300 + 500 + 1000, 1, 7),
        "started": (4, 100 + 300 + 600, 1, 4),
        "finished": (2, 400, 0, 2),
        "producing": (2, 400, 0, 2),
        "full": (1, 100, 0, 1),
    }
    assert [(one.reached.projects, one.reached.investment, one.elapsed) for one in year.targets] == [
        (6, 2100, 1.0),
        (3, 1300, 1.0),  # J, A, B in the east
        (2, 300, 1.0),  # C and I, of which nobody knows the investment, in the west
    ]
    by_county = {(one.name, one.stage): one.sums.projects for one in year.groups if one.kind == "county"}
    assert by_county == {
        ("东县", "signed"): 3,
        ("东县", "started"): 2,
        ("东县", "producing"): 1,
        ("西县", "signed"): 3,
        ("西县", "started"): 2,
        ("西县", "producing"): 1,
    }


# --- what changed ---


def test_against_tells_exactly_what_changed_in_june(tmp_path: Path) -> None:
    found = made(city(tmp_path), "2027-06-30", None, "2027-05-31")
    assert (found.first, found.last) == (dt.date(2027, 6, 1), dt.date(2027, 6, 30))
    told = [(one.kind, one.candidate_id, one.before, one.after, one.text) for one in found.changes]
    assert told == [
        ("paused", "G", "talks", "paused", ""),
        ("lost", "D", "signed", "lost", ""),
        ("reopened", "E", "lost", "talks", ""),
        ("light", "A", "green", "yellow", ""),
        ("light", "F", "yellow", "red", ""),
        ("light", "I", "green", "yellow", ""),
        ("late", "J", "", "paused", ""),
        ("raised", "C", "", "", "招工难"),
        ("closed", "I", "", "", "用电不足"),
        ("problem_late", "C", "", "", "招工难"),
        ("ordered", "F", "", "", "核对进度"),
        ("order_late", "F", "", "", "核对进度"),
        ("dropped", "D", "", "", "环评未批"),
    ]


def test_against_tells_new_projects_and_stages_and_nothing_where_nothing_is_new(tmp_path: Path) -> None:
    path = city(tmp_path)
    told = [(one.kind, one.candidate_id, one.before, one.after) for one in made(path, "2027-07-07", None, "2027-06-30").changes]
    assert told == [("new", "H", "", "lead"), ("moved", "I", "signed", "started"), ("light", "I", "yellow", "green")]
    assert made(path, "2027-07-09", None, "2027-07-08").changes == ()


# --- bad input ---


def test_ten_faults_of_a_table_are_told_at_once_at_their_cells(tmp_path: Path) -> None:
    rows = [
        {"stage": "签约", "quarter": "2027Q1", "chain_id": "", "county": "", "team_id": "", "projects": "", "investment": ""},
        {"stage": "签了", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": 3, "investment": ""},
        {"stage": "", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": 4, "investment": ""},
        {"stage": "开工", "quarter": "2029Q1", "chain_id": "", "county": "", "team_id": "", "projects": 5, "investment": ""},
        {"stage": "开工", "quarter": "一季", "chain_id": "", "county": "", "team_id": "", "projects": 6, "investment": ""},
        {"stage": "开工", "quarter": "", "chain_id": "CARS", "county": "", "team_id": "", "projects": 7, "investment": ""},
        {"stage": "开工", "quarter": "", "chain_id": "", "county": "东城", "team_id": "", "projects": 8, "investment": ""},
        {"stage": "开工", "quarter": "", "chain_id": "", "county": "", "team_id": "T9", "projects": 9, "investment": ""},
        {"stage": "投产", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": "十个", "investment": ""},
        {"stage": "达产", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": "", "investment": -5},
        {"stage": "竣工", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": 1, "investment": ""},
        {"stage": "竣工", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": 2, "investment": ""},
    ]
    with pytest.raises(InputError) as failed:
        made(city(tmp_path, targets=rows))
    errors = [one for one in failed.value.problems if one.severity == "error"]
    assert sorted(one.place.cell or "" for one in errors if one.place) == sorted(
        ["F2", "A3", "A4", "B5", "B6", "C7", "D8", "E9", "F10", "G11", "A13"]
    )


def test_ten_faults_of_the_events_are_told_at_once_at_their_cells(tmp_path: Path) -> None:
    rows = [
        event("Z", "2027-01-05", "签约", "P1"),
        event("A", "03/04/27", "签约", "P1"),
        event("B", "2027-01-05", "签成"),
        event("C", "", "签约", "P1"),
        event("D", "2027-01-05", "签约", "P9"),
        event("E", "2027-02-05", "签约", "P1", planned_date="2027-01-01"),
        event("F", "2027-02-05", "签约", "P1", problem="x", due="2027-01-01"),
        event("G", "2027-02-05", "签约", "P1", closes="2027-01-01"),
        event("H", "2027-02-05", "开工", "P1"),
        event("H", "2027-03-05", "签约", "P1"),
        event("I", "2027-02-05", "流失"),
        event("I", "2027-03-05", "开工", "P1"),
    ]
    with pytest.raises(InputError) as failed:
        made(city(tmp_path, rows))
    cells = {one.place.cell for one in failed.value.problems if one.place and one.severity == "error"}
    assert cells == {"A2", "B3", "C4", "B5", "D6", "E7", "H8", "J9", "C11", "C13"}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"against": "2027-13-01"}, ["B102"]),
        ({"against": "2027-12-31"}, ["B105"]),
        ({"period": "fortnight"}, ["B103"]),
        ({"period": "2028"}, ["B104"]),
        ({"period": "2027-05-02..2027-05-01"}, ["B103"]),
        ({"against": "x", "period": "y"}, ["B102", "B103"]),
    ],
)
def test_a_wrong_day_or_period_is_told(tmp_path: Path, given: dict[str, str], codes: list[str]) -> None:
    with pytest.raises(InputError) as failed:
        made(city(tmp_path), **given)
    assert [one.code for one in failed.value.problems] == codes


def test_without_events_there_are_no_ledgers(tmp_path: Path) -> None:
    with pytest.raises(InputError) as failed:
        api.ledger(api.open_plan(write_city(tmp_path, PLAN, TABLES)))
    assert [one.code for one in failed.value.problems] == ["B101"]


@pytest.mark.parametrize("events", [EVENTS, EVENTS[:0]])
def test_before_the_first_event_every_list_is_empty(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    path = city(tmp_path, events or [event("A", "", "")])
    if not events:
        (tmp_path / "data" / "status.csv").write_text("项目编号,日期,阶段\n", encoding="utf-8")
    found = made(path, "2026-01-31", "month", "2025-12-31")
    assert [len(rows) for rows in (*found.lists.values(), found.progress, found.problems, found.orders, found.changes)] == [0] * 10
    assert found.reached[0].ever.projects == 0
    assert api.write_ledger(found, tmp_path / "out").is_dir()


# --- the plan against the facts ---


def test_the_plan_is_held_against_what_signed(tmp_path: Path) -> None:
    run = finished(tmp_path)
    plan = api.read_plan(run / "plan.json")
    quarter = {one.candidate_id: one.quarter for one in plan.selected}
    park = {one.candidate_id: one.park_id for one in plan.selected}
    early, *others = sorted(quarter, key=lambda name: (quarter[name], name), reverse=True)
    assert quarter[early] == "2027Q2"
    outside = next(name for name in "ABCD" if name not in quarter)
    other = {"P1": "P2", "P2": "P1"}[park[early]]
    rows = [
        event(early, "2027-01-15", "签约", other),
        event(others[0], "2027-02-01", "流失"),
        event(outside, "2027-02-02", "签约", "P2"),
    ]
    free = [{**row, "land": 1, "power": 1} for row in TABLES["candidates"]]
    path = write_city(tmp_path, PLAN, {**TABLES, "candidates": free, "status": rows})
    found = api.ledger(api.open_plan(path, on="2027-03-31"), run)
    told = {one.project.candidate_id: (one.state, one.moved) for one in found.planned}
    expected = {early: ("early", True), others[0]: ("lost", False), outside: ("unplanned", False)}
    assert told == expected | {name: ("overdue" if quarter[name] < "2027Q1" else "due", False) for name in others[1:]}
    later = api.ledger(api.open_plan(path, on="2027-04-01"), run)
    states = {one.project.candidate_id: one.state for one in later.planned}
    assert all(states[name] == ("overdue" if quarter[name] == "2027Q1" else "due") for name in others[1:])
    assert found.seal == plan.seal
    api.write_ledger(found, tmp_path / "out")
    assert "计划对照" in load_workbook(tmp_path / "out" / "ledger.xlsx").sheetnames


def test_a_plan_of_other_projects_is_refused(tmp_path: Path) -> None:
    run = finished(tmp_path / "other")
    renamed = [{**row, "candidate_id": f"X{row['candidate_id']}"} for row in CANDIDATES]
    path = city(tmp_path / "own", [event("XA", "2027-01-05", "签约", "P1")], candidates=renamed)
    with pytest.raises(InputError) as failed:
        made(path, run=run)
    assert [one.code for one in failed.value.problems] == ["B106"]
