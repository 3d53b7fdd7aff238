"""A year of projects made by hand, for the ledgers to be made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner import api
from planner.tracking.ledger.record import Ledgers
from tests.city import PLAN, TABLES, write_city

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
