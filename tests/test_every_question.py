"""Every command on cities that are made to break it: ids that hold what separates ids elsewhere, and figures that are all 0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli import app
from tests.city import write_city
from tests.sweep import sweep

Row = dict[str, Any]


def asked(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, (words[0], done.exit_code, done.output)
    return done.output


def every_question(path: Path, folder: Path, candidates: list[str], terms: str) -> Path:
    """Asks all of one plan file; returns its run folder."""
    run = folder / "run"
    asked("run", str(path), "--out", str(run))
    for name in candidates:
        asked("why", str(run), name)
    asked("importance", str(run))
    asked("sensitivity", str(run))
    asked("alternatives", str(run), "--within", "100%", "--differ", "1", "--count", "2")
    asked("frontier", str(path), "--terms", terms, "--points", "3", "--out", str(folder / "frontier"))
    asked("compare", str(path), "--out", str(folder / "compare"))
    asked("explain", str(path))
    asked("publish", str(run))
    return run


def plan_of(run: Path) -> Any:
    return json.loads((run / "plan.json").read_text(encoding="utf-8"))


HOSTILE = {
    "link": "L|环:一.→",
    "other": "L|环",
    "chain": "链:汽/车、|",
    "firm": "K|1→2:3.4/5",
    "twin": "K|1→2:3.4",
    "third": "K:2",
    "park": "P:1|园/北.1→",
    "sister": "P:1|园/北",
    "county": "县:东/|.→",
    "zone": "区:北/|.→、",
    "fund": "F:市/级、|.→",
    "team": "T:专/班、|.→",
    "resource": "la:nd/|→",
    "rule": "R:一/、|.→{x}",
}
WORD = HOSTILE


def hostile_tables() -> dict[str, list[Row]]:
    base: Row = {"chain_id": WORD["chain"], "investment": 1, "tax": 1, "landing_probability": 1, "effort": 1, "subsidy": 40}
    firm: Row = {**base, "link_id": WORD["link"], "capacity": 5, "output": 5, "fund_id": WORD["fund"], "team": WORD["team"]}
    park: Row = {"county": WORD["county"], "zone": WORD["zone"], "lon": 117, "lat": 31, WORD["resource"]: 50, "power": 10}
    return {
        "chains": [{"chain_id": WORD["chain"], "name": "链"}],
        "links": [
            {"link_id": WORD[key], "chain_id": WORD["chain"], "name": "环节", "demand": 20, "supply": 0, "min_sources": 2}
            for key in ("link", "other")
        ],
        "link_edges": [{"from_link": WORD["other"], "to_link": WORD["link"], "coefficient": 0.1}],
        "candidates": [
            {"candidate_id": WORD["firm"], "name": "甲", **firm, WORD["resource"]: 30, "power": 6},
            {"candidate_id": WORD["twin"], "name": "乙", **firm, WORD["resource"]: 30, "power": 6},
            {"candidate_id": WORD["third"], "name": "丙", **firm, WORD["resource"]: 30, "power": 6, "link_id": WORD["other"]},
        ],
        "parks": [{"park_id": WORD["park"], "name": "园", **park}, {"park_id": WORD["sister"], "name": "园二", **park}],
        "capacities": [
            {"resource_id": WORD["resource"], "scope_id": WORD["park"], "quarter": "2027Q1", "amount": 10},
            {"resource_id": WORD["resource"], "scope_id": WORD["park"], "quarter": "2027Q2", "amount": 50},
        ],
        "site_options": [
            {"candidate_id": WORD["firm"], "park_id": WORD["park"], "allowed": "是", "score": 1, WORD["resource"]: 20}
        ],
        "funds": [{"fund_id": WORD["fund"], "quarter": q, "amount": 40, "carry_over": "是"} for q in ("2027Q1", "2027Q2")]
        + [{"fund_id": WORD["fund"] + ":2", "quarter": "2027Q1", "amount": 1, "carry_over": "否"}],
        "teams": [{"team_id": WORD["team"], "chain_id": WORD["chain"], "quarter": "", "effort": 1}],
    }


HOSTILE_PLAN = f"""\
name: 刁钻编号
quarters: {{start: 2027Q1, count: 2}}
resources:
  "{WORD["resource"]}": {{unit: 亩, kind: stock, scope: park}}
  power: {{unit: MW, kind: flow, scope: zone}}
gates: {{land: "{WORD["resource"]}"}}
objective:
  normalise: false
  weights: {{gap: 1.0, output: 0.1, "{WORD["resource"]}": -0.001}}
  floors: {{"{WORD["resource"]}": 0}}
rules:
  - {{name: "{WORD["rule"]}", where: {{park.park_id: "{WORD["park"]}"}}, per: county, count: {{max: 1}}}}
  - {{name: "{WORD["rule"]} 二", where: {{link_id: "{WORD["link"]}"}}, per: zone, sum: "{WORD["resource"]}", max: 70}}
relations:
  exclusive: [{{candidates: ["{WORD["firm"]}", "{WORD["third"]}"], max: 2}}]
sensitivity: {{steps: {{"{WORD["resource"]}": 20, "{WORD["fund"]}": 40, "{WORD["team"]}": 1}}}}
scenarios:
  - name: 多地
    changes: [{{table: parks, where: {{park_id: "{WORD["park"]}"}}, column: power, add: 2}}]
    settings: {{"objective.weights.{WORD["resource"]}": -0.002, "sensitivity.steps.{WORD["fund"]}": 10}}
solve: {{gap: 0.0, threads: 1, time_limit: 20}}
compare: {{workers: 1}}
publish: {{outputs: [workbook, map, geopackage]}}
"""


@pytest.mark.slow
def test_ids_that_hold_what_separates_ids(tmp_path: Path) -> None:
    path = write_city(tmp_path / "plan", HOSTILE_PLAN, hostile_tables())
    names = [WORD["firm"], WORD["twin"], WORD["third"]]
    run = every_question(path, tmp_path, names, f"gap,{WORD['resource']}")
    told = plan_of(run)
    assert {one["candidate_id"] for one in (*told["selected"], *told["not_selected"])} == set(names)
    assert {one["park_id"] for one in told["parks"]} == {WORD["park"], WORD["sister"]}
    for limit in (WORD["resource"], f"{WORD['park']}/{WORD['resource']}", f"{WORD['zone']}/power"):
        asked("ladder", str(path), "--shares", "0.9,1", "--of", limit, "--out", str(tmp_path / "ladder"))
    assert len({one["limit_id"] for one in told["limits"]}) == len(told["limits"])
    compared = json.loads((tmp_path / "compare" / "compare.json").read_text(encoding="utf-8"))
    assert [entry["outcome"] for entry in compared["entries"]] == ["plan", "plan"]
    weights = compared["entries"][1]["terms"]
    assert weights[WORD["resource"]]["weight"] == -0.002
    assert weights["gap"]["weight"] == 1.0


def test_an_infeasible_city_of_such_ids_is_explained_and_repaired(tmp_path: Path) -> None:
    tables = hostile_tables()
    for row in tables["candidates"]:
        row["must_include"] = "是"
    path = write_city(tmp_path, HOSTILE_PLAN, tables)
    assert WORD["fund"] in asked("explain", str(path), "--apply", code=0)
    asked("explain", str(tmp_path / "plan.repaired.yaml"))


ZERO_PLAN = """\
name: 全零
quarters: {start: 2027Q1, count: 1}
resources: {land: {unit: 亩, kind: stock, scope: park}}
objective: {normalise: NORMALISE, weights: WEIGHTS, floors: {jobs: 0, subsidy: 0}, ceilings: {investment: 100}}
scenarios:
  - {name: 多, changes: [{table: parks, column: land, times: 2}, {table: funds, column: amount, times: 2}]}
solve: {gap: 0.0, threads: 1, time_limit: 20}
compare: {workers: 1}
publish: {outputs: [workbook, map]}
"""
ZERO_FIRM: Row = dict.fromkeys(("capacity", "output", "investment", "tax", "jobs", "score", "subsidy", "landing_probability"), 0)
ZERO_CITIES = {
    "nothing is worth anything": ("true", "{gap: 0, output: 0}", 10, 100),
    "nobody fits": ("false", "{gap: 1.0, output: 0.1, tax: 0}", 10, 0),
    "everybody is free": ("true", "{output: 0.0, jobs: 1, subsidy: -1}", 0, 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("city", sweep(ZERO_CITIES, 1))
def test_figures_that_are_all_zero(city: str, tmp_path: Path) -> None:
    normalise, weights, need, land = ZERO_CITIES[city]
    tables = {
        "links": [{"link_id": "L", "chain_id": "C", "name": "环节", "demand": 0, "supply": 0, "weight": 0}],
        "candidates": [{"candidate_id": name, "name": name, "link_id": "L", **ZERO_FIRM, "land": need} for name in ("A", "B")],
        "parks": [{"park_id": "P", "name": "园", "county": "县", "zone": "区", "lon": 117, "lat": 31, "land": land}],
        "funds": [{"fund_id": "F", "quarter": "2027Q1", "amount": 0, "carry_over": "否"}],
    }
    plan = ZERO_PLAN.replace("NORMALISE", normalise).replace("WEIGHTS", weights)
    run = every_question(write_city(tmp_path / "plan", plan, tables), tmp_path, ["A"], "output,subsidy")
    assert plan_of(run)["objective"]["value"] == 0
