"""A city of five firms alike, its first plan, and that plan made again with what is new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from planner import api
from planner.case.case import Choice
from planner.plan.model import Plan
from planner.plan.open import Opened
from planner.plan.reference.records import ChangeReport, ProjectChange
from planner.questions.plans import Outcome
from tests.city import PLAN, TABLES, Rows, write_city
from tests.quick import finished

Tables = dict[str, Any]
Placed = dict[str, tuple[str, str]]
FIVE = {
    **TABLES,
    "candidates": [
        {
            "candidate_id": name,
            "name": name,
            "link_id": "FOAM",
            "capacity": 100,
            "output": 100,
            "land": 40,
            "power": 1,
            "subsidy": 10,
            "effort": 1,
        }
        for name in ("A", "B", "C", "D", "E")
    ],
}
"""Five firms alike; two fit into P1 (80 of land), one into P2 (40)."""
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


def placed(plan: Plan) -> Placed:
    return {firm.candidate_id: (firm.park_id, firm.quarter) for firm in plan.selected}


def differing(old: Placed, new: Placed) -> dict[str, int]:
    """Changes of each kind, counted one by one."""
    both = old.keys() & new.keys()
    return {
        "dropped": len(old.keys() - new.keys()),
        "added": len(new.keys() - old.keys()),
        "park_moves": sum(old[name][0] != new[name][0] for name in both),
        "quarter_moves": sum(old[name][1] != new[name][1] for name in both),
    }


def by_id(opened: Opened, choice: Choice) -> Placed:
    case = opened.case
    ids, parks = case.candidates["candidate_id"].tolist(), case.parks["park_id"].tolist()
    rows = zip(choice.candidate.tolist(), choice.park.tolist(), choice.quarter.tolist(), strict=True)
    return {ids[i]: (parks[k], case.quarters[t]) for i, k, t in rows}


BETTER = city(D={"capacity": 150}, E={"capacity": 150})
"""D and E for B and C would bring 103 more."""
