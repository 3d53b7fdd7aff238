"""A small plan in which nothing is wrong, and faults to plant in it, each in a place of its own."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.city import write_table

Plan = dict[str, Any]
Tables = dict[str, list[dict[str, Any]]]
Fault = Callable[[Plan, Tables], object]

PLAN: Plan = {
    "name": "小城",
    "language": "zh",
    "quarters": {"start": "2027Q1", "count": 2},
    "resources": {"land": {"unit": "亩"}, "power": {"unit": "MW", "kind": "flow"}, "water": {"unit": "t", "kind": "flow"}},
    "objective": {"normalise": False, "weights": {"gap": 1.0, "output": 0.1}, "floors": {"jobs": 0}},
    "solve": {"gap": 0.0, "time_limit": 60, "threads": 1},
    "rules": [
        {"name": "每县", "where": {"county": "东县"}, "count": {"max": 4}},
        {"name": "上游", "where": {"tier": ["上游", "下游"]}, "count": {"max": 5}},
        {"name": "用地", "sum": "land", "max": 900},
        {"name": "投资", "sum": "investment", "max": 90000, "per": "park"},
        {"name": "座椅", "where": {"link_id": "SEAT"}, "count": {"min": 0, "max": 9}},
        {"name": "本季", "where": {"quarter": "2027Q2"}, "count": {"max": 7}},
        {"name": "软", "sum": "tax", "min": 1, "soft": 0.5},
    ],
    "relations": {
        "rivals": {"per_link": 5},
        "exclusive": [{"candidates": ["A", "B"]}, {"candidates": ["C", "D", "E"], "max": 2}],
        "together": [{"candidates": ["A", "C"]}],
        "apart": [{"candidates": ["F", "G"], "km": 1}],
    },
    "changes": [
        {"table": "parks", "where": {"park_id": "P1"}, "column": "land", "add": 5},
        {"table": "candidates", "where": {"candidate_id": "A"}, "column": "score", "set": 4},
        {"table": "candidates", "where": {"candidate_id": "B"}, "column": "jobs", "times": 2},
        {"table": "links", "where": {"link_id": "FOAM"}, "column": "weight", "set": 2},
    ],
    "scenarios": [
        {"name": "多电", "changes": [{"table": "parks", "column": "power", "times": 2}]},
        {"name": "松", "settings": {"solve.gap": 0.1}},
        {"name": "慢", "settings": {"objective": {"weights": {"gap": 2.0}}}},
    ],
    "sensitivity": {"steps": {"power": 3}},
    "explain": {"weights": {"rules": 2}},
    "gates": {"land": "land"},
    "grades": {"weak": 0.1, "adequate": 0.5},
    "schedule": {"payout": [0.5, 0.5]},
    "publish": {"outputs": ["workbook"]},
    "backup": {"reliability": 0.5},
    "region": {"bounds": [100, 20, 130, 40]},
}


def _firm(name: str, link: str, **cells: Any) -> dict[str, Any]:
    figures = {"capacity": 600, "output": 600, "investment": 900, "tax": 9, "jobs": 30, "landing_probability": 0.5}
    means = {"land": 20, "power": 2, "water": 3, "subsidy": 10, "effort": 1, "score": 1, "fund_id": "FUND"}
    blank = dict.fromkeys(("status", "must_include", "exclude", "fixed_park", "fixed_quarter", "city"), "")
    return {"candidate_id": name, "name": f"{name}公司", "link_id": link, **figures, **means, **blank, **cells}


def _park(name: str, county: str, **cells: Any) -> dict[str, Any]:
    place = {"county": county, "lon": 117.0 + int(name[1]) / 10, "lat": 31.0}
    means = {"land": 200, "power": 60, "water": 90}
    return {
        "park_id": name,
        "name": f"{name}园",
        **place,
        **means,
        "allowed_chains": "CAR",
        "min_investment_intensity": "",
        **cells,
    }


TABLES: Tables = {
    "chains": [{"chain_id": "CAR", "name": "汽车", "weight": 1}],
    "links": [
        {"link_id": "SEAT", "chain_id": "CAR", "name": "座椅", "tier": "下游", "weight": 2, "demand": 1000, "supply": 200},
        {"link_id": "FOAM", "chain_id": "CAR", "name": "泡棉", "tier": "上游", "weight": 1, "demand": 500, "supply": 0},
    ],
    "link_edges": [{"from_link": "FOAM", "to_link": "SEAT", "coefficient": 0.1}],
    "candidates": [_firm(name, "SEAT" if name in "ABEF" else "FOAM") for name in "ABCDEFGHIJ"],
    "parks": [_park("P1", "东县", min_investment_intensity=1), _park("P2", "西县"), _park("P3", "西县"), _park("P4", "东县")],
    "site_options": [{"candidate_id": "A", "park_id": "P1", "score": 1}, {"candidate_id": "B", "park_id": "P2", "score": 2}],
    "capacities": [{"resource_id": "water", "scope_id": park, "quarter": "2027Q2", "amount": 99} for park in ("P1", "P2")],
    "funds": [
        {"fund_id": fund, "quarter": quarter, "amount": 120, "carry_over": "是"}
        for fund in ("FUND", "MORE")
        for quarter in ("2027Q1", "2027Q2")
    ],
    "teams": [{"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 9}],
    "incumbents": [
        {"name": "老座椅厂", "link_id": "SEAT", "capacity": 200, "park_id": "P1"},
        {"name": "老泡棉厂", "link_id": "FOAM", "capacity": 20, "park_id": "P2"},
    ],
}
TABLES["candidates"][9]["fund_id"] = "MORE"


def put(*keys: str | int, to: Any = None, **also: Any) -> Fault:
    """A value of the plan at a key path replaced; in a mapping there ``also`` further keys. Without ``to`` the key is gone."""

    def plant(plan: Plan, tables: Tables) -> None:
        above: Any = plan
        for key in keys[:-1]:
            above = above[key]
        if also:
            above[keys[-1]].update(also)
        elif to is None:
            del above[keys[-1]]
        else:
            above[keys[-1]] = to

    return plant


def cell(table: str, row: int, **cells: Any) -> Fault:
    """Cells of a row replaced."""
    return lambda plan, tables: tables[table][row].update(cells)


def renamed(table: str, **headers: str) -> Fault:
    """Columns of a table under other headers."""

    def plant(plan: Plan, tables: Tables) -> None:
        tables[table] = [{headers.get(name, name): value for name, value in row.items()} for row in tables[table]]

    return plant


FAULTS: dict[str, tuple[str, Fault]] = {
    # settings
    "text for a number": ("S112", put("solve", "threads", to="two")),
    "misspelt key": ("S110", put("solve", tme_limit=5)),
    "section that there is not": ("S110", put("ruels", to=[5])),
    "no such language": ("S114", put("language", to="fr")),
    "grades out of order": ("S118", put("grades", "weak", to=0.9)),
    "shares that do not add up": ("S118", put("schedule", "payout", to=[0.5, 0.2])),
    "no such output": ("S114", put("publish", "outputs", to=["workbook", "wrokbook"])),
    "no name": ("S117", put("name", to="")),
    "a step of less than nothing": ("S118", put("sensitivity", "steps", to={"power": -3})),
    "no such limit": ("C246", put("explain", "weights", to={"rulez": 2})),
    "no such term": ("C222", put("objective", "weights", tx=1.0)),
    "a ceiling on the gap": ("C228", put("objective", ceilings={"gap": 5})),
    "probability above 1": ("S113", put("backup", "reliability", to=2)),
    "unit that is a list": ("S114", put("resources", "water", "kind", to=["flow"])),
    "quarters that are none": ("S113", put("quarters", "count", to=0)),
    "bounds that are no box": ("S116", put("region", "bounds", to=[1, 2])),
    "land that is no resource": ("C214", put("gates", "land", to="lnad")),
    # tables
    "text in a column of numbers": ("T132", cell("candidates", 1, investment="many")),
    "quarter that is none": ("T134", cell("funds", 0, quarter="soon")),
    "coordinate off the ground": ("T162", cell("parks", 2, lon=140.0)),
    "no such status": ("T136", cell("candidates", 6, status="maybe so")),
    "flag that is none": ("T135", cell("candidates", 7, exclude="perhaps")),
    "id written twice": ("T152", lambda plan, tables: tables["candidates"].append(_firm("H", "FOAM"))),
    "negative weight": ("T138", cell("links", 1, demand=-500)),
    "amount that is a word": ("T132", cell("capacities", 0, amount="much")),
    "blank where something must be": ("T131", cell("teams", 0, effort="")),
    "misspelt header": ("T125", renamed("parks", county="conty")),
    "no id column": ("T121", renamed("site_options", candidate_id="甲")),
    # references
    "no such link": ("T153", cell("candidates", 2, link_id="NOPE")),
    "no such park of an incumbent": ("T153", cell("incumbents", 1, park_id="P9")),
    "no such fund": ("T153", cell("candidates", 3, fund_id="FOND")),
    "no such chain of a park": ("T153", cell("parks", 1, allowed_chains="CAR、BUS")),
    "no such park of an option": ("T153", cell("site_options", 1, park_id="P8")),
    "no such link of an edge": ("T153", cell("link_edges", 0, from_link="FORM")),
    "fixed after the horizon": ("C205", cell("candidates", 4, fixed_quarter="2031Q1")),
    "signed without a park": ("C231", cell("candidates", 5, status="signed", fixed_quarter="2027Q1")),
    "must and excluded": ("C230", cell("candidates", 8, must_include="是", exclude="是")),
    "need that is not known": ("C213", cell("candidates", 0, land="")),
    "blank that the objective reads": ("C201", cell("candidates", 9, output="")),
    "capacity that is not known": ("C211", cell("parks", 3, power="")),
    # rules and relations
    "no such column": ("C220", put("rules", 0, "where", to={"countty": "东县"})),
    "no such value": ("C224", put("rules", 1, "where", to={"tier": "中游"})),
    "sum of texts": ("C226", put("rules", 2, "sum", to="county")),
    "no such group": ("C220", put("rules", 3, "per", to="prak")),
    "least above most": ("S118", put("rules", 4, "count", to={"min": 9, "max": 2})),
    "rule that asks for nothing": ("S118", put("rules", 5, "count")),
    "price that is a word": ("S116", put("rules", 6, "soft", to="dear")),
    "no such candidate": ("C221", put("relations", "exclusive", 0, "candidates", to=["A", "ZZ"])),
    "candidate written twice": ("S116", put("relations", "exclusive", 1, "candidates", to=["C", "D", "C"])),
    "group of one": ("S116", put("relations", "together", 0, "candidates", to=["A"])),
    "relation that is a number": ("S112", put("relations", "apart", 0, to=3)),
    # changes and scenarios
    "no such row": ("T182", put("changes", 0, "where", to={"park_id": "P7"})),
    "no such column to change": ("T172", put("changes", 1, "column", to="scroe")),
    "changed in two ways": ("S118", put("changes", 2, add=4)),
    "no such table to change": ("S114", put("changes", 3, "table", to="linkz")),
    "scenario of a word": ("S112", put("scenarios", 1, "settings", to={"solve.gap": "small"})),
    "scenario with an unknown term": ("C222", put("scenarios", 2, "settings", to={"objective": {"weights": {"gpa": 2.0}}})),
    "scenario on a park that there is not": ("T182", put("scenarios", 0, "changes", 0, "where", to={"park_id": "P6"})),
    "objective that is a number": ("S112", put("objective", to=5)),  # replaces what others put there
}
"""By name the code of the one message that each gives, and how it is planted."""

TOGETHER: Mapping[frozenset[str], str] = {
    frozenset(pair.split(" | ")): why
    for pair, why in {
        "objective that is a number | no such term": "the term stands in the objective",
        "objective that is a number | a ceiling on the gap": "the ceiling stands in the objective",
        "objective that is a number | scenario with an unknown term": "the scenario changes the objective",
        "objective that is a number | blank that the objective reads": "nobody knows what the objective reads",
        "quarters that are none | fixed after the horizon": "nobody knows the horizon",
        "bounds that are no box | coordinate off the ground": "nobody knows where the ground is",
        "misspelt header | sum of texts": "nobody knows what is in the column",
        "no id column | need that is not known": "the options that cannot be read may say what the project needs",
        "no id column | no such park of an option": "the options cannot be read",
    }.items()
}
"""Pairs of which only the first is told, and why: what the second says rests on what the first refuses."""


def write_faulty(folder: Path, names: list[str]) -> Path:
    """A workspace of the plan with these faults; returns the plan file. Every entry of a list and every key stands on a line."""
    plan, tables = copy.deepcopy(PLAN), copy.deepcopy(TABLES)
    for name in sorted(names, key=list(FAULTS).index):
        FAULTS[name][1](plan, tables)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_table(folder / "data" / f"{name}.csv", rows)
    path = folder / "plan.yaml"
    path.write_text("\n".join(_lines(plan)) + "\n", encoding="utf-8")
    return path


def _lines(plan: Plan) -> list[str]:
    lines: list[str] = []
    for key, value in plan.items():
        if isinstance(value, dict) and value:
            lines += [f"{key}:", *(f"  {line}" for line in _lines(value))]
        elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            lines += [f"{key}:", *(f"  - {json.dumps(entry, ensure_ascii=False)}" for entry in value)]
        else:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return lines
