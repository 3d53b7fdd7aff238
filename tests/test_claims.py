"""What an explanation claims without a solve, or calls the cheapest, is held against the whole programme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from planner import api
from planner.plan.open import Opened, open_plan
from planner.problems import InputError
from planner.programme.build import build
from planner.questions import plans
from planner.questions.conflict import Repair
from planner.questions.explain.arithmetic import at_once
from planner.questions.explain.ask import applied, explain
from planner.questions.explain.sides import sides_of
from planner.questions.variant import LOCKS
from planner.solvers.lp import has_solution
from tests.city import write_city
from tests.random_city import Tables, random_tables
from tests.sweep import sweep

RULES = (
    "{name: m1, count: {min: 1}}",
    "{name: m2, count: {min: 2}}",
    "{name: q, per: quarter, count: {min: 1}}",
    "{name: s, sum: output, min: 500}",
    "{name: e, sum: land, per: park, equal: 20}",
    "{name: l, where: {link_id: L0}, count: {min: 1}}",
    "{name: few, count: {max: 1}}",
    "{name: j, sum: investment, per: quarter, min: 150}",
)
RELATIONS = (
    "together: [{candidates: [K0, K1, K2], all_or_none: true}]",
    "together: [{candidates: [K2, K0]}, {candidates: [K0, K1], all_or_none: true}]",
    "apart: [{candidates: [K0, K1, K2], km: 50}]",
    "exclusive: [{candidates: [K0, K1, K2]}]",
)


def tight_tables(seed: int) -> tuple[str, Tables]:
    """A random city with versions of one project, projects that must come, minimums, gates and little of everything."""
    plan, tables = random_tables(seed)
    dice = Random(1_000 + seed)
    plan = "\n".join(line for line in plan.splitlines() if not line.startswith(("rules:", "relations:"))) + "\n"
    plan += f"rules: [{', '.join(dice.sample(RULES, dice.choice([1, 1, 2])))}]\n"
    if dice.random() < 0.4:
        plan += f"relations: {{{dice.choice(RELATIONS)}}}\n"
    tables["candidates"][0]["link_id"] = "L0"
    for row in tables["candidates"]:
        row.update(
            variant_group=dice.choice(["V", "V", ""]),
            subsidy=dice.choice([0, 30, 200]),
            land=dice.choice([1, 40, 90]),
            must_include=dice.choice(["是", "否", "否"]) if "V" not in str(row["variant_group"]) else "否",
            refused_parks="",
        )
    for row in tables["parks"]:
        row.update(min_tax_intensity=dice.choice([0, 0, 1]), land=dice.choice([0, 40, 90]))
    for row in tables.get("funds", []):
        row.update(amount=dice.choice([0, 30, 60]))
    return plan, tables


def cities(folder: Path, seeds: range) -> Iterator[tuple[int, Opened]]:
    """The tight cities of some seeds, less those whose locks contradict each other as they are read."""
    for seed in seeds:
        try:
            yield seed, open_plan(write_city(folder / str(seed), *tight_tables(seed)))
        except InputError as refused:
            if not all(one.code in LOCKS for one in refused.problems):
                raise


def possible(opened: Opened) -> bool:
    """Whether there is a plan, by the whole programme."""
    found = has_solution(build(opened.case, opened.eligible).matrix, 30.0)
    assert found is not None
    return found


def written(repair: Repair) -> list[Any]:
    """Every cell that a repair writes, and every setting with its value where that is written by several steps alike."""
    cells = [(cell.table, tuple(sorted(cell.where.items())), cell.column) for cell in repair.cells]
    return [*cells, *(keys for keys, _ in dict.fromkeys((keys, str(value)) for keys, value in repair.settings))]


@pytest.mark.parametrize("seeds", sweep([range(6), range(6, 20), range(20, 40), range(40, 60)], 1))
def test_a_contradiction_by_adding_up_means_that_no_choice_is_a_plan(seeds: range, tmp_path: Path) -> None:
    claimed = silent = 0
    for seed, opened in cities(tmp_path, seeds):
        found = at_once(build(opened.case, opened.eligible))
        if found:
            claimed += 1
            assert not possible(opened), (seed, [one.text.en for one in found])
        else:
            silent += 1
    assert claimed > len(seeds) / 3
    assert silent >= len(seeds) / 6


@pytest.mark.parametrize("seeds", sweep([range(2), range(2, 10), range(10, 20), range(20, 30), range(30, 40)], 1))
def test_repairs_of_random_cities_stand(seeds: range, tmp_path: Path) -> None:
    """What is explained has no plan; each repair writes a cell once, is applied, and is then refused by nothing."""
    repaired = 0
    for seed, opened in cities(tmp_path, seeds):
        found = explain(opened)
        assert found.feasible == (possible(opened)), seed
        costs = [one.cost for one in found.repairs]
        assert costs == sorted(costs), seed
        for at, one in enumerate(found.repairs):
            repaired += 1
            assert len(written(one)) == len(set(written(one))), (seed, [step.text.en for step in one.steps])
            assert one.confirmed or not one.cheapest, seed
            assert not one.cheapest or all(other.confirmed for other in found.repairs[:at]), seed
            if one.confirmed:
                changed = applied(opened, one)
                assert not at_once(build(changed.case, changed.eligible)), seed
                assert possible(changed), seed
    assert repaired > len(seeds) / 2


def small(folder: Path, firms: list[dict[str, Any]], plan: str = "", **parks: Any) -> Opened:
    """One park with 100 亩 and one fund with 100 万元 for the given firms, which bring an output of 1 each."""
    base = {"link_id": "L", "capacity": 1, "output": 1, "investment": 1, "tax": 1, "landing_probability": 1, "land": 10}
    base["subsidy"] = 0
    tables = {
        "links": [{"link_id": "L", "chain_id": "C", "name": "环节", "demand": 10, "supply": 0}],
        "candidates": [{"candidate_id": f"K{n}", "name": f"企业{n}", **base, **firm} for n, firm in enumerate(firms)],
        "parks": [{"park_id": "P", "name": "园", "county": "县", "zone": "区", "lon": 117, "lat": 31, "land": 100, **parks}],
        "funds": [{"fund_id": "F", "quarter": "2027Q1", "amount": 100, "carry_over": "否"}],
    }
    text = (
        "name: 小\nquarters: {start: 2027Q1, count: 1}\nresources: {land: {unit: 亩, kind: stock, scope: park}}\n"
        "objective: {normalise: false, weights: {output: 1}}\nsolve: {gap: 0.0, threads: 1}\n"
    )
    return open_plan(write_city(folder, text + plan, tables))


@pytest.mark.parametrize("dear_first", [True, False])
def test_either_version_of_a_project_may_meet_a_rule(dear_first: bool, tmp_path: Path) -> None:
    firms = [{"variant_group": "V", "subsidy": asked} for asked in ((200, 100) if dear_first else (100, 200))]
    opened = small(tmp_path, firms, "rules: [{name: 至少一个, count: {min: 1}}]\n")
    programme = build(opened.case, opened.eligible)
    assert not at_once(programme)
    assert explain(opened).feasible is True


def test_one_gate_for_two_projects_is_one_change(tmp_path: Path) -> None:
    firms = [{"must_include": "是", "tax": tax} for tax in (0, 5)]
    opened = small(tmp_path, firms, "explain: {weights: {must_include: 100}}\n", min_tax_intensity=1)
    first = explain(opened).repairs[0]
    assert first.cheapest
    assert first.cost == pytest.approx(1.0)
    assert [(cell.column, cell.set) for cell in first.cells] == [("min_tax_intensity", 0.0)]
    assert possible(applied(opened, first))


def test_a_group_is_dropped_once_whichever_of_its_rows_stand_in_the_way(tmp_path: Path) -> None:
    firms: list[dict[str, Any]] = [{"must_include": "是"}, {"exclude": "是"}, {"must_include": "是"}]
    opened = small(tmp_path, firms, "relations: {together: [{candidates: [K1, K0, K2], all_or_none: true}]}\n")
    for one in explain(opened).repairs:
        assert one.confirmed
        assert len(one.settings) <= 1
    limits = [one for one in sides_of(build(opened.case, opened.eligible)).levers if one.family == "together"]
    assert len(limits) == 1


def test_both_sides_of_an_exact_sum_give_way_together(tmp_path: Path) -> None:
    """Two parks that must have exactly 20 亩 each: 10 in the one, 30 in the other."""
    opened = small(tmp_path, [{"must_include": "是", "fixed_park": "P", "land": 30}])
    text = opened.loaded.path.read_text(encoding="utf-8")
    rows = [{"park_id": p, "name": p, "county": "县", "zone": "区", "lon": 117, "lat": 31, "land": 100} for p in ("P", "Q")]
    firms = [
        {
            "candidate_id": name,
            "name": name,
            "link_id": "L",
            "capacity": 1,
            "output": 1,
            "investment": 1,
            "tax": 1,
            "landing_probability": 1,
            "subsidy": 0,
            "must_include": "是",
            "fixed_park": place,
            "land": land,
        }
        for name, place, land in (("A", "P", 30), ("B", "Q", 10))
    ]
    rule = "rules: [{name: 各二十, sum: land, per: park, equal: 20}]\nexplain: {weights: {must_include: 50}}\n"
    changed = open_plan(write_city(tmp_path, text + rule, {"candidates": firms, "parks": rows}))
    first = explain(changed).repairs[0]
    assert first.confirmed
    assert dict(first.settings) == {("rules", 0, "min"): 10.0, ("rules", 0, "max"): 30.0, ("rules", 0, "equal"): None}
    assert possible(applied(changed, first))


def test_a_plan_that_exists_outweighs_a_claim_that_none_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = small(tmp_path, [{}])
    monkeypatch.setattr(plans, "at_once", lambda programme: ("a wrong claim",))
    assert len(api.solve(opened).selected) == 1


@pytest.mark.parametrize("asks", [(100.00005,), (50.00002, 50.00002)])
def test_an_excess_far_below_a_solver_s_tolerance_is_a_conflict_with_a_repair(asks: tuple[float, ...], tmp_path: Path) -> None:
    opened = small(tmp_path, [{"must_include": "是", "subsidy": asked} for asked in asks])
    found = explain(opened)
    assert found.feasible is False
    assert {kind for one in found.conflicts for kind in one.kinds} == {"funds", "must_include"}
    assert found.repairs[0].confirmed
    assert [cell.column for cell in found.repairs[0].cells] == ["amount"]
