"""Ledgers of a year that was made by hand: every list, light, problem and change as the rules say, once; bad input told at its cells."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.case.history import COLUMNS, History
from planner.cli import app
from planner.problems import InputError
from planner.settings.following import Ledger, Lights
from planner.tracking.counts import clocked, on_list, reached, reaches
from planner.tracking.ledger.bulletin import LEAST, LINES, bulletin_html, sections
from planner.tracking.ledger.period import period_of
from planner.tracking.ledger.record import Ledgers
from planner.tracking.ledger.text import ledger_text
from tests.city import PLAN, TABLES, write_city
from tests.programs import needs
from tests.quick import finished
from tests.sweep import sweep
from tests.test_map_browser import CHROMIUM

DAY = "2027-12-31"


def firm(name: str, investment: float | str) -> dict[str, Any]:
    """A project that needs nothing, so that any number of them signs anywhere."""
    none = dict.fromkeys(("land", "power", "subsidy", "effort"), 0)
    return {**TABLES["candidates"][0], **none, "candidate_id": name, "name": f"{name}公司", "investment": investment, "owner": ""}


CANDIDATES = [
    *(firm(name, 100 * n) for n, name in enumerate("ABCDEFGH", start=1)),
    {**firm("I", ""), "link_id": "FOAM"},
    firm("J", 1000),
]


def event(candidate: str, date: str, stage: str, park: str = "", **more: str) -> dict[str, Any]:
    """A row of the table ``status``."""
    blank = dict.fromkeys(("planned_date", "problem", "owner", "due", "dispatch", "closes", "note"), "")
    return {"candidate_id": candidate, "date": date, "stage": stage, "park_id": park, **blank, **more}


EVENTS = [
    event("A", "2027-01-11", "在谈"),
    event("A", "2027-02-03", "签约", "P1", planned_date="2027-04-01", owner="李科长"),
    event("A", "2027-04-12", "开工"),
    event("A", "2027-08-20", "竣工"),
    event("A", "2027-09-15", "投产"),
    event("A", "2027-12-06", "达产"),
    event("B", "2027-02-01", "意向"),
    event("B", "2027-03-01", "签约", "P1", planned_date="2027-05-01"),
    event("B", "2027-04-05", "签约", problem="用地指标", owner="王科长", due="2027-05-10"),
    event("C", "2027-01-20", "签约", "P2"),
    event("C", "2027-05-10", "投产"),  # nobody told of its start, nor that it was finished
    event("C", "2027-06-05", "投产", problem="招工难", due="2027-06-20"),
    event("D", "2027-02-15", "签约", "P1"),
    event("D", "2027-03-01", "签约", problem="环评未批", due="2027-06-15"),
    event("D", "2027-06-30", "流失"),
    event("E", "2027-03-10", "签约", "P2"),
    event("E", "2027-04-20", "流失"),
    event("E", "2027-06-01", "在谈"),
    event("E", "2027-10-11", "签约", "P2"),
    event("F", "2026-11-20", "签约", "P1"),
    event("F", "2027-03-15", "开工"),
    event("F", "2027-06-01", "开工", dispatch="核对进度", owner="专班", due="2027-06-20"),
    event("F", "2027-07-01", "开工", closes="2027-06-01"),
    event("G", "2027-05-01", "在谈"),
    event("G", "2027-06-01", "暂缓", planned_date="2027-09-01"),
    event("G", "2027-09-06", "在谈"),
    event("H", "2027-07-01", "线索"),
    event("I", "2027-04-06", "签约", "P2"),
    event("I", "2027-05-06", "签约", problem="用电不足", dispatch="架设专线", owner="供电公司", due="2027-06-30"),
    event("I", "2027-06-10", "签约", closes="2027-05-06"),
    event("I", "2027-07-05", "开工"),
    event("J", "2027-01-15", "签约", "P1"),
    event("J", "2027-02-14", "暂缓", planned_date="2027-06-14"),
]
TARGETS = [
    {"stage": "签约", "quarter": "", "chain_id": "", "county": "", "team_id": "", "projects": 10, "investment": 5000},
    {"stage": "签约", "quarter": "2027Q1", "chain_id": "", "county": "东县", "team_id": "", "projects": 4, "investment": ""},
    {"stage": "开工", "quarter": "", "chain_id": "CAR", "county": "西县", "team_id": "", "projects": "", "investment": 600},
]


def city(folder: Path, events: Sequence[Mapping[str, Any]] = EVENTS, section: str = "", **tables: Any) -> Path:
    every = {**TABLES, "candidates": CANDIDATES, "status": events, "targets": TARGETS, **tables}
    return write_city(folder, PLAN.replace("count: 2", "count: 4") + section, every)


def made(path: Path, on: str = DAY, period: str | None = "year", against: str | None = None, **more: Any) -> Ledgers:
    return api.ledger(api.open_plan(path, on=on), period=period, against=against, **more)


def listed(found: Ledgers) -> dict[str, list[str]]:
    return {name: [f"{one.project.candidate_id} {one.date}" for one in rows] for name, rows in found.lists.items()}


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


# --- histories of chance, against a plain reckoning ---


def history_of(rows: Sequence[tuple[int, dt.date, str]]) -> History:
    frame = pd.DataFrame({name: [""] * len(rows) for name in COLUMNS})
    frame["candidate"] = [row[0] for row in rows]
    for name in ("date", "planned_date", "due", "closes"):
        frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    frame["date"] = pd.to_datetime([row[1] for row in rows]).astype("datetime64[s]")
    frame["stage"], frame["park"], frame["row"] = [row[2] for row in rows], -1, np.arange(len(rows))
    return History.of(frame, None)


def by_chance(seed: int) -> list[tuple[int, dt.date, str]]:
    random = np.random.default_rng(seed)
    ways = ("lead", "talks", "intent", "signed", "started", "finished", "producing", "full")
    rows: list[tuple[int, dt.date, str]] = []
    for i in range(12):
        at, day = int(random.integers(0, 4)), dt.date(2027, 1, 1) + dt.timedelta(days=int(random.integers(0, 90)))
        gone = False
        while day.year == 2027 and len(rows) < 400:
            rows.append((i, day, ways[at] if not gone else "lost"))
            day += dt.timedelta(days=int(random.integers(1, 60)))
            if gone:
                at, gone = int(random.integers(0, 2)), False
            elif random.random() < 0.12:
                gone = True
            else:
                at = min(at + int(random.integers(0, 3)), 7)
    return rows


def plainly(
    rows: Sequence[tuple[int, dt.date, str]], stage: str, first: dt.date, last: dt.date, on: dt.date
) -> set[tuple[int, dt.date]]:
    """One project after the other, row by row."""
    ways = ("lead", "talks", "intent", "signed", "started", "finished", "producing", "full")
    found: dict[int, dt.date] = {}
    for i, day, said in rows:
        if day > on:
            continue
        if said == "lost":
            found.pop(i, None)
        elif ways.index(said) >= ways.index(stage):
            found.setdefault(i, day)
    return {(i, day) for i, day in found.items() if first <= day <= last}


@pytest.mark.parametrize("seed", sweep(range(40), first=6))
def test_lists_of_chance_are_those_of_a_plain_reckoning_and_periods_share_out_the_year(seed: int) -> None:
    rows = by_chance(seed)
    history, on = history_of(rows), dt.date(2027, 12, 31)
    cuts = sorted({dt.date(2027, 1, 1) + dt.timedelta(days=int(n)) for n in np.random.default_rng(seed).integers(1, 364, 9)})
    edges, known = [dt.date(2027, 1, 1), *cuts, dt.date(2028, 1, 1)], reaches(history, on)
    for stage in ("signed", "started", "finished", "producing", "full"):
        whole = reached(known, stage, dt.date(2027, 1, 1), on)
        pairs = {(int(i), day.date()) for i, day in zip(whole["candidate"], whole["date"], strict=True)}
        assert pairs == plainly(rows, stage, dt.date(2027, 1, 1), on, on)
        parts = [reached(known, stage, a, b - dt.timedelta(days=1))["candidate"].tolist() for a, b in itertools.pairwise(edges)]
        assert sorted(i for part in parts for i in part) == sorted(whole["candidate"])
    rules = Ledger(lights=Lights(yellow=20, red=40, out=80))
    told = clocked(history, on, rules)
    lit = [len(on_list(history, lamp, None, on, rules)) for lamp in ("yellow", "red", "out")]
    assert sum(lit) == int(told["light"].isin(["yellow", "red", "out"]).sum())


def paused_by_chance(seed: int) -> tuple[list[tuple[int, dt.date, str]], list[dt.date | None]]:
    """Signed projects that go on hold now and then, and for each row the day until which, where one is planned."""
    random = np.random.default_rng(1000 + seed)
    rows: list[tuple[int, dt.date, str]] = []
    planned: list[dt.date | None] = []
    for i in range(8):
        day, stage = dt.date(2027, 1, 1) + dt.timedelta(days=int(random.integers(0, 60))), 3
        for _ in range(int(random.integers(1, 6))):
            hold = random.random() < 0.5
            rows.append((i, day, "paused" if hold else ("signed", "started")[stage - 3]))
            if not hold and random.random() < 0.3:
                stage = 4
            planned.append(day + dt.timedelta(days=int(random.integers(1, 90))) if hold and random.random() < 0.7 else None)
            day += dt.timedelta(days=int(random.integers(1, 50)))
    return rows, planned


@pytest.mark.parametrize("seed", sweep(range(40), first=6))
def test_days_without_progress_are_those_counted_one_by_one(seed: int) -> None:
    rows, planned = paused_by_chance(seed)
    history = history_of(rows)
    days = pd.Series(pd.to_datetime([None if day is None else day.isoformat() for day in planned]).astype("datetime64[s]"))
    history = History.of(history.events.assign(planned_date=days.iloc[history.events["row"]].to_numpy()), None)
    on = dt.date(2027, 6, 30)
    told = clocked(history, on, Ledger()).set_index("candidate")
    for i in sorted({row[0] for row in rows}):
        own = [(day, said, until) for (who, day, said), until in zip(rows, planned, strict=True) if who == i and day <= on]
        best, progress, until, count = -1, own[0][0], None, 0
        for day, said, _ in own:
            rank = {"paused": -1, "signed": 3, "started": 4}[said]
            if rank > best:
                best, progress = rank, day
        day = progress
        while day < on:
            newest = [one for one in own if one[0] <= day]
            if newest[-1][1] != "paused":
                until = None
            else:
                stretch = [one for n, one in enumerate(newest) if all(later[1] == "paused" for later in newest[n:])]
                until = next((one[2] for one in reversed(stretch) if one[2] is not None), None)
            count += until is None or day >= until
            day += dt.timedelta(days=1)
        assert (i, told["days"][i]) == (i, count)


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


# --- what is written ---


def test_assumptions_and_sources_travel(tmp_path: Path) -> None:
    marked = [{("investment*" if key == "investment" else key): value for key, value in row.items()} for row in CANDIDATES]
    for row in marked:
        row["source"] = "企业申报"
    found = made(city(tmp_path, candidates=marked))
    assert all("investment" in one.project.assumed and one.project.source == "企业申报" for one in found.progress)
    assert found.reached[0].year.assumed
    api.write_ledger(found, tmp_path / "out")
    book = load_workbook(tmp_path / "out" / "ledger.xlsx")
    heads = [str(cell.value) for row in book["新签约"].iter_rows(max_row=6) for cell in row if cell.value]
    assert any(head.startswith("投资额*") for head in heads)
    assert any("企业申报" in head for head in heads)
    page = (tmp_path / "out" / "bulletin.html").read_text(encoding="utf-8")
    assert "万元*" in page
    assert "* 含假设值" in page


def test_a_project_that_only_its_own_row_says_has_signed_is_told_and_not_counted(tmp_path: Path) -> None:
    rows = [
        {**row, "status": "已签约" if row["candidate_id"] == "H" else "", "fixed_park": "P1", "fixed_quarter": "2027Q1"}
        for row in CANDIDATES
    ]
    rows = [row if row["candidate_id"] == "H" else {**row, "fixed_park": "", "fixed_quarter": ""} for row in rows]
    events = [row for row in EVENTS if row["candidate_id"] != "H"]
    found = made(city(tmp_path, events, candidates=rows))
    assert found.untold == ("H H公司",)
    assert "H 2027-01-01" not in listed(found)["signed"]


def test_the_bulletin_never_has_more_lines_than_its_page(tmp_path: Path) -> None:
    many = [firm(f"K{n:02}", n) for n in range(60)]
    rows = [event(f"K{n:02}", "2027-03-01", "签约", "P1", planned_date="2027-04-01") for n in range(60)]
    rows += [event(f"K{n:02}", "2027-07-01", "签约", problem="缺地", dispatch="供地", due="2027-07-05") for n in range(60)]
    found = made(city(tmp_path, rows, candidates=many), "2027-07-10", None, "2027-02-01")
    shown = tuple(sections(found))
    assert [len(one.lines) for one in shown] == list(LEAST.values())
    assert bulletin_html(found).count("<tr>") == LINES
    assert all("60" in one.heading.zh or "项" in one.heading.zh for one in shown)
    few = tuple(sections(made(city(tmp_path / "few"), DAY)))
    assert sum(len(one.lines) for one in few) <= LINES


@pytest.mark.slow
@needs(CHROMIUM, "no Chromium")
def test_a_full_bulletin_is_one_page_and_asks_for_nothing(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    many = [{**firm(f"K{n:02}", 1234567), "name": "某某智能装备精密制造科技股份有限公司" * 2} for n in range(60)]
    rows = [event(f"K{n:02}", "2027-03-01", "签约", "P1", planned_date="2027-04-01", owner="发展改革委" * 9) for n in range(60)]
    rows += [
        event(f"K{n:02}", "2027-07-01", "签约", problem="缺地" * 99, dispatch="供地" * 99, due="2027-07-05") for n in range(60)
    ]
    targets = [
        {"stage": stage, "quarter": "", "projects": 9, "investment": ""} for stage in ("签约", "开工", "竣工", "投产", "达产")
    ]
    found = made(city(tmp_path, rows, candidates=many, targets=targets), "2027-07-10", None, "2027-02-01")
    page_file = api.write_ledger(found, tmp_path / "out") / "bulletin.html"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(offline=True)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        ends = "[...document.querySelectorAll('table')].at(-1).getBoundingClientRect().bottom"
        last, foot = page.evaluate(f"[{ends}, document.querySelector('footer').getBoundingClientRect().top]")
        printed = page.pdf(prefer_css_page_size=True)
        browser.close()
    assert asked == [page_file.as_uri()]
    assert last < foot
    assert printed.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_say_everything(tmp_path: Path, language: str) -> None:
    path = city(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"), encoding="utf-8")
    found = made(path, "2027-06-30", None, "2027-05-31")
    text = ledger_text(found, found.language)
    assert "{" not in text
    if language == "en":
        own = "甲乙丙丁公司用地指标招工难环评未批核对进度架设专线电不足一二号园东西县李王科长供专班小城"
        assert [one for one in text if "\u4e00" <= one <= "\u9fff" and one not in own] == []
    api.write_ledger(found, tmp_path / "out")


def test_the_command_writes_workbook_bulletin_and_record(tmp_path: Path) -> None:
    path = city(tmp_path)
    done = CliRunner().invoke(
        app, ["ledger", str(path), "--on", "2027-06-30", "--against", "2027-05-31", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert "与 2027-05-31 相比：13 处变化" in done.stdout
    book = load_workbook(tmp_path / "out" / "ledger.xlsx")
    lists = ["新签约", "新开工", "未开工", "新竣工", "新投产", "新达产"]
    ledgers = ["进展台账", "问题台账", "调度台账", "目标", "合计与转化", "分组", "变化"]
    assert book.sheetnames == ["快报", *lists, *ledgers]
    record = json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"))
    assert len(record["changes"]) == book["变化"].max_row - 3
    again = CliRunner().invoke(app, ["ledger", str(path), "--on", "2027-06-30", "--out", str(tmp_path / "out")])
    assert again.exit_code == 0, again.output
    assert "变化" not in load_workbook(tmp_path / "out" / "ledger.xlsx").sheetnames


def test_what_cannot_be_written_leaves_the_earlier_ledgers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = city(tmp_path)
    out = api.write_ledger(made(path, "2027-06-30"), tmp_path / "out")
    before = {file.name: file.read_bytes() for file in out.iterdir()}

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.tracking.ledger.bulletin.write_bulletin", full)
    with pytest.raises(InputError) as failed:
        api.write_ledger(made(path), tmp_path / "out")
    assert [one.code for one in failed.value.problems] == ["R116"]
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "out", "plan.yaml"]


def test_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    done = CliRunner().invoke(app, ["ledger", str(city(tmp_path)), "--on", DAY, "--out", str(tmp_path / "mine")])
    assert done.exit_code == 2
    assert "B107" in done.output
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_texts_of_the_input_are_no_markup_of_the_bulletin(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    rows = [*EVENTS, event("H", "2027-12-30", "线索", problem=evil, owner='"><img src=x>', due="2028-01-05")]
    page = bulletin_html(made(city(tmp_path, rows), period=None))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_deal_that_no_row_places_is_where_the_plan_has_it(tmp_path: Path) -> None:
    run = finished(tmp_path)
    firm_ = api.read_plan(run / "plan.json").selected[0]
    path = write_city(tmp_path, PLAN, {**TABLES, "status": [event(firm_.candidate_id, "2027-01-15", "签约")]})
    done = CliRunner().invoke(app, ["ledger", str(path), "--on", "2027-03-31", "--from", str(run), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    (one,) = json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"))["lists"]["unstarted"]
    assert one["project"]["park_id"] == firm_.park_id


def test_without_a_folder_they_are_beside_the_plan_and_no_run(tmp_path: Path) -> None:
    path = city(tmp_path)
    for _ in range(2):
        done = CliRunner().invoke(app, ["ledger", str(path), "--on", DAY])
        assert done.exit_code == 0, done.output
    assert sorted(one.name for one in (tmp_path / "runs" / "ledger").iterdir()) == ["bulletin.html", "ledger.json", "ledger.xlsx"]
    assert CliRunner().invoke(app, ["versions", str(path)]).exit_code == 2  # there is no run
