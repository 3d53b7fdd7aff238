"""The tiny city: two links, two parks, four projects, two quarters, so that everything can be added up by hand.

    links        SEAT  demand 1000  supply 200  → gap 800, weight 2, wants 2 sources, has 1 (an incumbent, 老座椅厂)
                 FOAM  demand  500  supply   0  → gap 500, weight 1, wants 0
    edge         a seat maker needs 0.1 of FOAM per unit of output
    projects     A  SEAT  capacity 600  π 1.0   land 40  power 2  subsidy 100  effort 2
                 B  SEAT  capacity 400  π 0.5   land 30  power 1  subsidy  60  effort 1
                 C  FOAM  capacity 500  π 0.8   land 50  power 4  subsidy  80  effort 2
                 D  FOAM  capacity 300  π 1.0   land 20  power 6  subsidy  50  effort 1
    parks        P1 land 80 power 6        P2 land 40 power 10
    fund         FUND 120 + 100 in two quarters, carried over
    team         one for everything: 3 person-months a quarter

Weights: gap 1 raw (``normalise: false``), nothing else. Siblings change one thing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

Rows = Sequence[Mapping[str, Any]]

TABLES: dict[str, list[dict[str, Any]]] = {
    "links": [
        {"link_id": "SEAT", "chain_id": "CAR", "name": "座椅", "weight": 2, "demand": 1000, "supply": 200, "min_sources": 2},
        {"link_id": "FOAM", "chain_id": "CAR", "name": "泡棉", "weight": 1, "demand": 500, "supply": 0, "min_sources": 0},
    ],
    "link_edges": [{"from_link": "FOAM", "to_link": "SEAT", "coefficient": 0.1}],
    "candidates": [
        {
            "candidate_id": "A",
            "name": "甲公司",
            "link_id": "SEAT",
            "capacity": 600,
            "output": 600,
            "investment": 900,
            "landing_probability": 1.0,
            "land": 40,
            "power": 2,
            "subsidy": 100,
            "effort": 2,
            "score": 1,
        },
        {
            "candidate_id": "B",
            "name": "乙公司",
            "link_id": "SEAT",
            "capacity": 400,
            "output": 400,
            "investment": 500,
            "landing_probability": 0.5,
            "land": 30,
            "power": 1,
            "subsidy": 60,
            "effort": 1,
            "score": 2,
        },
        {
            "candidate_id": "C",
            "name": "丙公司",
            "link_id": "FOAM",
            "capacity": 500,
            "output": 500,
            "investment": 700,
            "landing_probability": 0.8,
            "land": 50,
            "power": 4,
            "subsidy": 80,
            "effort": 2,
            "score": 3,
        },
        {
            "candidate_id": "D",
            "name": "丁公司",
            "link_id": "FOAM",
            "capacity": 300,
            "output": 300,
            "investment": 300,
            "landing_probability": 1.0,
            "land": 20,
            "power": 6,
            "subsidy": 50,
            "effort": 1,
            "score": 4,
        },
    ],
    "parks": [
        {"park_id": "P1", "name": "一号园", "county": "东县", "zone": "北区", "lon": 117.0, "lat": 31.0, "land": 80, "power": 6},
        {"park_id": "P2", "name": "二号园", "county": "西县", "zone": "北区", "lon": 117.5, "lat": 31.0, "land": 40, "power": 10},
    ],
    "funds": [
        {"fund_id": "FUND", "quarter": "2027Q1", "amount": 120, "carry_over": "是"},
        {"fund_id": "FUND", "quarter": "2027Q2", "amount": 100, "carry_over": "是"},
    ],
    "teams": [{"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 3}],
    "incumbents": [{"name": "老座椅厂", "link_id": "SEAT", "capacity": 200, "park_id": "P1"}],
}

PLAN = """\
name: 小城
language: zh
quarters: {start: 2027Q1, count: 2}
resources:
  land: {unit: 亩, kind: stock, scope: park}
  power: {unit: MW, kind: flow, scope: park}
objective:
  normalise: false
  weights: {gap: 1.0}
solve: {gap: 0.0, time_limit: 60, threads: 1}
"""
# A and B close SEAT: 600 · 1.0 + 400 · 0.5 = 800 of the gap of 800, weight 2 → 1600. They bring 0.1 · 1000 = 100 of demand
# for FOAM. D supplies 300: FOAM goes from 500 short to 500 + 100 − 300 = 300, weight 1 → 200. Together 1800.
# C instead of D: 0.8 · 500 = 400, but land 40 + 30 + 50 only fits with C alone in P1 (50 ≤ 80, then 30 left for B: 80),
# A in P2 (40 ≤ 40): 100 + 60 + 80 = 240 > 220 of money. So A, B, D: 210 ≤ 220.
BEST = 1800.0
"""The value of the best plan."""
SCORE = PLAN.replace("gap: 1.0", "score: 1.0")
"""Scores: A 1, B 2, C 3, D 4. Without limits all four come: 10. Land keeps one out: B, C, D = 9 (see test_tiny_city)."""
EARLY = PLAN.replace("gap: 1.0", "score: 1.0, early: 1.0")
"""Besides, a project signed in the first quarter is worth a point more, in the second half a point."""


SETTLED = {"A": {"latest_quarter": "2027Q1"}, "B": {"earliest_quarter": "2027Q2"}, "D": {"earliest_quarter": "2027Q2"}}
"""When each may come, for tests that speak of quarters: without them several plans are equally good, and which comes first is the
solver's."""


def settled(rows: Rows) -> list[dict[str, Any]]:
    """Candidates, each with the quarters in which it may come."""
    anytime = {"earliest_quarter": "", "latest_quarter": ""}
    return [{**row, **anytime, **SETTLED.get(str(row["candidate_id"]), {})} for row in rows]


def write_table(path: Path, rows: Rows) -> None:
    """A CSV with the columns of all rows."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_city(folder: Path, plan: str = PLAN, tables: Mapping[str, Rows] = TABLES) -> Path:
    """A workspace of the given tables; returns the plan file."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_table(data / f"{name}.csv", rows)
    path = folder / "plan.yaml"
    path.write_text(plan, encoding="utf-8")
    return path


def changed(table: str, row: int, **cells: Any) -> dict[str, list[dict[str, Any]]]:
    """The tables with some cells of one row changed."""
    copy = {name: [dict(one) for one in rows] for name, rows in TABLES.items()}
    copy[table][row].update(cells)
    return copy


def without(*tables: str) -> dict[str, list[dict[str, Any]]]:
    """The tables less some."""
    return {name: [dict(one) for one in rows] for name, rows in TABLES.items() if name not in tables}


def added(table: str, *rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The tables with further rows in one."""
    copy = {name: [dict(one) for one in rows] for name, rows in TABLES.items()}
    copy.setdefault(table, []).extend(dict(row) for row in rows)
    return copy


WIDE = {"land": 1000, "power": 1000}


def wide(**more: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Parks, money and team large enough for everything."""
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    for row in tables["parks"]:
        row.update(WIDE)
    for row in tables["funds"]:
        row["amount"] = 1000
    tables["teams"][0]["effort"] = 100
    return {**tables, **more}


def wide_candidates(*cells: tuple[int, dict[str, Any]], extra: tuple[dict[str, Any], ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """A wide city with some candidates changed, and more of them."""
    tables = wide()
    for row, change in cells:
        tables["candidates"][row].update(change)
    tables["candidates"] += list(extra)
    return tables


def event(firm: str, day: str, stage: str, **cells: Any) -> dict[str, Any]:
    """A row of the table ``status``."""
    return {"candidate_id": firm, "date": day, "stage": stage, **cells}


HARD = """\
name: 慢
quarters: {start: 2027Q1, count: 4}
resources: {a: {scope: park}, b: {scope: park}, c: {scope: park}}
objective: {normalise: false, weights: {score: 1.0}}
solve: {gap: 0.0, time_limit: 120, threads: 1}
publish: {outputs: []}
"""


def hard_city(folder: Path) -> Path:
    """Knapsacks that keep any solver busy for minutes."""
    dice = Random(1)
    rows = [
        {
            "candidate_id": f"K{n:03}",
            "score": (a := dice.randint(20, 100)) + dice.randint(0, 9),
            "a": a,
            "b": dice.randint(20, 100),
            "c": dice.randint(20, 100),
        }
        for n in range(150)
    ]
    parks = [{"park_id": f"P{k}", "lon": 117, "lat": 31, "a": 420 + k, "b": 430 - k, "c": 425} for k in range(8)]
    return write_city(folder, HARD, {"candidates": rows, "parks": parks})
