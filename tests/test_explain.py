"""Planted conflicts: each is named, the cheapest repair is the one that arithmetic by hand gives, and applying it helps."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.content import content_folder
from planner.limits import FAMILIES, RELAXABLE
from planner.limits.family import Family, enough
from planner.plan.open import Opened, open_plan
from planner.problems import InputError
from planner.programme.build import build
from planner.questions import plans
from planner.questions.conflict import Explanation, Repair
from planner.questions.explain.ask import applied, explain
from planner.questions.explain.text import conflict_text
from planner.settings.questions import MINIMUMS
from planner.solvers.lp import has_solution
from tests.city import PLAN, TABLES, write_city
from tests.random_city import random_tables
from tests.sweep import sweep

Tables = dict[str, list[dict[str, Any]]]
Edit = Callable[[Tables], None]


def cells(table: str, key: str, **rows: Mapping[str, Any]) -> Edit:
    """Change cells of the rows whose first column is ``key``'s value."""

    def edit(tables: Tables) -> None:
        for row in tables[table]:
            row.update(rows.get(str(row[key]), {}))

    return edit


def must(*names: str, **more: Any) -> Edit:
    return cells("candidates", "candidate_id", **{name: {"must_include": "是", **more} for name in names})


def park(name: str, **values: Any) -> Edit:
    return cells("parks", "park_id", **{name: values})


def funds(*amounts: float, carry: str = "是") -> Edit:
    rows = [{"fund_id": "FUND", "quarter": f"2027Q{q}", "amount": a, "carry_over": carry} for q, a in enumerate(amounts, 1)]
    return lambda tables: tables.update(funds=rows)


def teams(**by_quarter: float) -> Edit:
    rows = [{"team_id": "T", "chain_id": "CAR", "quarter": q.strip("_"), "effort": e} for q, e in by_quarter.items()]
    return lambda tables: tables.update(teams=rows)


def put(name: str, *rows: dict[str, Any]) -> Edit:
    return lambda tables: tables.update({name: [dict(row) for row in rows]})


def every(table: str, **values: Any) -> Edit:
    def edit(tables: Tables) -> None:
        for row in tables[table]:
            row.update(values)

    return edit


RICH = funds(1000, 1000)
CHIPS: Edit = lambda tables: tables["links"].append(  # noqa: E731
    {"link_id": "CHIP", "chain_id": "IC", "name": "芯片", "weight": 1, "demand": 0, "supply": 0, "min_sources": 0}
)
WATER = "  water: {unit: 吨, kind: flow, scope: %s}\n"

Plant = tuple[str, str, tuple[Edit, ...], frozenset[str], float]
"""(name, more of plan.yaml, edits of the tables, kinds that must be named, cost of the cheapest repair)."""


def plant(name: str, text: str, kinds: str, cost: float, *edits: Edit) -> Plant:
    return name, text, edits, frozenset(kinds.split()), cost


PLANTS = [
    # C and D ask for 130, FUND has 120.
    plant("fund carried over", "", "funds must_include", 10 / 120, must("C", "D"), funds(120)),
    # A asks for 100 at once, no quarter has more than 90.
    plant("fund by quarter", "", "funds must_include", 10 / 90, must("A"), funds(90, 60, carry="否")),
    # A is signed in the first quarter, when 50 of the 250 are there.
    plant("fund too late", "", "funds must_include", 50 / 250, must("A", fixed_quarter="2027Q1"), funds(50, 200)),
    # C 50 and B 30 fill P1; A's 40 go to P2, where 39 are left.
    plant("land of a park", "", "stock must_include", 1 / 39, must("A", "B", "C"), RICH, park("P2", land=39)),
    plant("land of a fixed park", "", "stock must_include", 10 / 80, must("A", "C", fixed_park="P1"), RICH),
    # D needs 6: P2 has 5, and with C in P1 there would be 4 too little.
    plant("power of a park", "", "flow must_include", 1 / 5, must("C", "D"), park("P2", power=5)),
    plant("one need above all", "", "must_include", 1.0, must("A", land=500)),
    # C in P1 from the first quarter on: 50 of the 20 that are there until the second.
    plant(
        "phase too late",
        "",
        "stock must_include",
        30 / 80,
        must("C", fixed_park="P1", fixed_quarter="2027Q1"),
        put(
            "capacities",
            {"resource_id": "land", "scope_id": "P1", "quarter": "2027Q1", "amount": 20},
            {"resource_id": "land", "scope_id": "P1", "quarter": "2027Q2", "amount": 80},
        ),
    ),
    # Five months of work in two quarters of two: three in one of them.
    plant("team", "", "teams must_include", 1 / 2, must("A", "B", "C"), RICH, teams(_=2)),
    # Two months each: three and one are there; 3 → 4 is less than 1 → 2.
    plant("team by quarter", "", "teams must_include", 1 / 3, must("A", "C"), RICH, teams(**{"2027Q1": 3, "2027Q2": 1})),
    plant(
        "region-wide resource",
        WATER % "region",
        "flow must_include",
        10 / 50,
        must("A", "B"),
        every("candidates", water=30),
        put("capacities", {"resource_id": "water", "scope_id": "", "quarter": "", "amount": 50}),
    ),
    plant(
        "zone-wide resource",
        WATER % "zone",
        "flow must_include",
        10 / 50,
        must("A", "B"),
        every("candidates", water=30),
        park("P1", water=20),
        park("P2", water=30),
    ),
    plant("chain not taken", "", "must_include", 1.0, must("A"), CHIPS, every("parks", allowed_chains="IC")),
    # 900 on 40 亩 are 22.5 a 亩.
    plant("gate", "", "must_include", 1.0, must("A"), every("parks", min_investment_intensity=30)),
    plant(
        "site options",
        "",
        "must_include",
        1.0,
        must("A"),
        put("site_options", *({"candidate_id": "A", "park_id": p, "allowed": "否"} for p in ("P1", "P2"))),
    ),
    plant("rivals", "relations: {rivals: {per_link: 1}}", "rivals must_include", 1.0, must("A", "B")),
    # D's 20 do not fit into P2 any more; beside C in P1 they would be two of one link.
    plant(
        "rivals in a park",
        "relations: {rivals: {per_park_link: 1}}",
        "rivals must_include",
        1.0,
        must("C", "D"),
        park("P1", power=12),
        park("P2", land=10),
    ),
    plant("exclusive", "relations: {exclusive: [{candidates: [A, B]}]}", "exclusive must_include", 1.0, must("A", "B")),
    plant(
        "all or none",
        "relations: {together: [{candidates: [A, B], all_or_none: true}]}",
        "together must_include",
        1.0,
        must("A"),
        cells("candidates", "candidate_id", B={"exclude": "是"}),
    ),
    # In one park A and C need 90 of 80.
    plant("together", "relations: {together: [{candidates: [A, C]}]}", "together stock must_include", 10 / 80, must("A", "C")),
    # Apart, B stands in P2, where 20 of its 30 are left.
    plant(
        "apart",
        "relations: {apart: [{candidates: [A, B]}]}",
        "apart stock must_include",
        10 / 20,
        must("A", "B"),
        park("P2", land=20),
    ),
    # Five of four; three are the most that land and money carry.
    plant("count out of reach", "rules: [{name: 至少五个, count: {min: 5}}]", "rules", 2 / 5),
    plant("count of the forced", "rules: [{name: 至多一个, count: {max: 1}}]", "rules must_include", 1.0, must("A", "B")),
    plant("sum of the forced", "rules: [{name: 用地上限, sum: land, max: 60}]", "rules must_include", 10 / 60, must("C", "D")),
    plant("exactly one", "rules: [{name: 恰一个, count: {equal: 1}}]", "rules must_include", 1.0, must("A", "B")),
    plant(
        "opposed rules",
        "rules: [{name: 多, where: {county: 东县}, count: {min: 2}}, {name: 少, where: {county: 东县}, count: {max: 1}}]",
        "rules",
        1 / 2,
    ),
    # Two a quarter would be all four: 140 亩 of 120, 290 of money of 220.
    plant("pace", "rules: [{name: 每季两个, count: {min: 2}, per: quarter}]", "rules", 1 / 2),
    # A, B and C make 2,100 for 240 of 220; without more money 1,700 is the most.
    plant("sum out of reach", "rules: [{name: 投资, sum: investment, min: 2000}]", "rules funds", 20 / 220),
    plant(
        "signed deals",
        "",
        "signed stock",
        10 / 80,
        RICH,
        teams(_=4),
        cells(
            "candidates",
            "candidate_id",
            **{name: {"status": "signed", "fixed_park": "P1", "fixed_quarter": "2027Q1"} for name in "AC"},
        ),
    ),
    # A, B and D are paid and fit: 600 + 0.5 · 400 + 300 expected; C for D would be 100 more, and 20 of 220 short of money.
    plant("floor of a term", "@floors: {output: 2000}", "term_bounds", 900 / 2000),
]


def planted(folder: Path, *plants: Plant, tail: str = "") -> Path:
    tables: Tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    plan, more = PLAN, ""
    for _, text, edits, _, _ in plants:
        for edit in edits:
            edit(tables)
        if text.startswith("  "):
            plan = plan.replace("objective:\n", text + "objective:\n")
        elif text.startswith("@"):
            plan = plan.replace("  weights:", f"  {text[1:]}\n  weights:")
        elif text:
            more += text + "\n"
    return write_city(folder, plan + more + tail, tables)


def named(found: Explanation) -> set[str]:
    """Kinds of limits that the explanation speaks of."""
    return {
        *(kind for one in found.contradictions for kind in one.kinds),
        *(kind for one in found.conflicts for kind in one.kinds),
        *(step.family for one in found.repairs for step in one.steps),
    }


def possible(opened: Opened) -> bool:
    """Whether there is a plan: by the whole programme, another way than the explanation's."""
    found = has_solution(build(opened.case, opened.eligible).matrix, 30.0)
    assert found is not None
    return found


def less(repair: Repair, at: int) -> Repair:
    """The repair with one change a little smaller, or left out where it has no amount."""
    step = repair.steps[at]
    smaller = []
    if step.amount is not None and all(cell.add is not None for cell in step.cells) and not step.settings:
        smaller = [replace(step, cells=tuple(c.model_copy(update={"add": (c.add or 0) * 0.98}) for c in step.cells))]
    return replace(repair, steps=(*repair.steps[:at], *smaller, *repair.steps[at + 1 :]))


CHEAPEST = "explain: {repairs: 1}\n"


@pytest.mark.parametrize("one", sweep([(one,) for one in (*PLANTS[8:], *PLANTS[:8])], 12), ids=lambda one: one[0])
def test_a_planted_conflict_is_named_and_its_cheapest_repair_priced(one: Plant, tmp_path: Path) -> None:
    _, _, _, kinds, cost = one
    opened = open_plan(planted(tmp_path, one, tail=CHEAPEST))
    assert not possible(opened)
    found = explain(opened)
    assert found.feasible is False
    assert named(found) >= kinds
    assert found.repairs[0].cheapest
    assert found.repairs[0].confirmed
    assert found.repairs[0].cost == pytest.approx(cost)


@pytest.mark.parametrize("tail", sweep([CHEAPEST, ""], 1), ids=["the cheapest", "all"])
@pytest.mark.parametrize("one", sweep([(one,) for one in PLANTS], 8), ids=lambda one: one[0])
def test_a_planted_conflict_is_repaired_by_no_more_than_it_takes(one: Plant, tail: str, tmp_path: Path) -> None:
    _, _, _, kinds, cost = one
    opened = open_plan(planted(tmp_path, one, tail=tail))
    assert not possible(opened)
    found = explain(opened)
    assert found.feasible is False
    assert named(found) >= kinds
    assert found.conflicts
    assert all(conflict.minimal for conflict in found.conflicts)
    first = found.repairs[0]
    assert first.cheapest
    assert first.cost == pytest.approx(cost)
    for repair in found.repairs:
        assert repair.confirmed
        assert possible(applied(opened, repair))
        for at in range(len(repair.steps)):
            assert not possible(applied(opened, less(repair, at)))
    assert len({tuple(step.text.zh for step in repair.steps) for repair in found.repairs}) == len(found.repairs)


PAIRS = [
    ("fund carried over", "count out of reach"),
    ("land of a park", "opposed rules"),
    ("team", "gate"),
    ("rivals", "phase too late"),
    ("exclusive", "power of a park"),
    ("signed deals", "floor of a term"),
    ("region-wide resource", "sum of the forced"),
    ("all or none", "pace"),
]


@pytest.mark.parametrize(("first", "second"), sweep(PAIRS, 1))
def test_two_conflicts_at_a_time_are_both_named(first: str, second: str, tmp_path: Path) -> None:
    one, other = (next(known for known in PLANTS if known[0] == name) for name in (first, second))
    texts = {one[1], other[1]}
    assert len({text.split(":")[0] for text in texts if text}) == len([text for text in texts if text])
    opened = open_plan(planted(tmp_path, one, other))
    assert not possible(opened)
    found = explain(opened)
    assert named(found) >= one[3] | other[3]
    assert found.repairs[0].cheapest
    for repair in found.repairs:
        assert repair.confirmed
        assert possible(applied(opened, repair))


@pytest.mark.parametrize("seed", sweep([2, 0, 1, *range(3, 12)], 2))
def test_explained_is_what_has_no_plan(seed: int, tmp_path: Path) -> None:
    """Random cities in which half must come: what is feasible is so, and every repair of the others works."""
    plan, tables = random_tables(seed, candidates=5, parks=3, later=seed % 2 == 1)
    for row in tables["candidates"][::2]:
        row.update(must_include="是", variant_group="", refused_parks="")
    opened = open_plan(write_city(tmp_path, plan, tables))
    found = explain(opened)
    assert found.feasible == possible(opened)
    assert bool(found.repairs) == (not found.feasible)
    for repair in found.repairs:
        assert repair.confirmed
        assert possible(applied(opened, repair))
    assert [repair.cost for repair in found.repairs] == sorted(repair.cost for repair in found.repairs)


def test_every_family_that_may_give_way_has_its_step_and_its_price() -> None:
    business = [family for family in FAMILIES if family.business]
    assert all(type(family).step is not Family.step and type(family).lever_words is not Family.lever_words for family in business)
    assert set(RELAXABLE) == {family.name for family in business} | {MINIMUMS}


def test_amounts_are_rounded_up_and_never_below() -> None:
    assert [enough(x) for x in (10.0, 10.000000001, 1234.5, 0.12341, 99999.0)] == [10.0, 10.0, 1235.0, 0.1235, 100000.0]
    assert all(enough(x) >= x * (1 - 1e-8) for x in (0.1 + 0.2, 1 / 3, 12345.678, 7e-5))


def test_prices_decide_and_are_stated(tmp_path: Path) -> None:
    fund = next(one for one in PLANTS if one[0] == "fund carried over")
    opened = open_plan(planted(tmp_path, fund, tail="explain: {repairs: 1, weights: {funds: 100, must_include: 0.5}}\n"))
    found = explain(opened)
    assert [step.family for step in found.repairs[0].steps] == ["must_include"]
    assert found.repairs[0].cost == pytest.approx(0.5)
    text = conflict_text(found, "en")
    assert "funds 100" in text
    assert "projects that must come 0.5" in text


def test_an_unknown_kind_of_limit_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN + "explain: {weights: {fund: 2}}\n")
    with pytest.raises(InputError, match=r"plan.yaml:11:.*funds.*C246"):
        open_plan(path)
    path = write_city(tmp_path, PLAN + "explain: {weights: {teams: 0}}\n")
    with pytest.raises(InputError, match="a price is above 0"):
        open_plan(path)


def test_a_city_with_a_plan_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["explain", str(write_city(tmp_path))])
    assert done.exit_code == 0, done.stderr
    assert "有可行计划" in done.stdout


def test_run_says_contradictions_before_any_solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was solved")

    monkeypatch.setattr(plans, "solve_plan", never)
    fund = next(one for one in PLANTS if one[0] == "fund carried over")
    done = CliRunner().invoke(app, ["run", str(planted(tmp_path, fund)), "--out", str(tmp_path / "out")])
    assert done.exit_code == 3
    assert "130" in done.stderr
    assert "120" in done.stderr
    assert not (tmp_path / "out").exists()


def test_apply_writes_a_plan_that_runs_and_leaves_the_old_one(tmp_path: Path) -> None:
    chosen = [one for one in PLANTS if one[0] in {"fund carried over", "opposed rules"}]
    path = planted(tmp_path, *chosen, tail="changes: [{table: parks, where: {park_id: P2}, column: land, add: 0.5}]\n")
    before = path.read_bytes()
    done = CliRunner().invoke(app, ["explain", str(path), "--apply"])
    assert done.exit_code == 0, done.stderr
    assert path.read_bytes() == before
    made = tmp_path / "plan.repaired.yaml"
    opened = open_plan(made)
    assert possible(opened)
    assert [rule.name for rule in opened.loaded.settings.rules] == ["多", "少"]
    assert [change.column for change in opened.loaded.settings.changes] == ["land", "amount"]
    assert opened.loaded.settings.model_copy(update={"rules": (), "changes": ()}) == open_plan(path).loaded.settings.model_copy(
        update={"rules": (), "changes": ()}
    )
    again = CliRunner().invoke(app, ["explain", str(tmp_path), "--apply", "2"])
    assert again.exit_code == 0, again.stderr
    assert possible(open_plan(tmp_path / "plan.repaired-2.yaml"))
    text = made.read_text(encoding="utf-8")
    none = CliRunner().invoke(app, ["explain", str(path), "--apply", "9"])
    assert none.exit_code == 2
    assert "R140" in none.stderr
    assert made.read_text(encoding="utf-8") == text


def test_a_hostile_name_in_a_repair_is_only_text(tmp_path: Path) -> None:
    name = '坏"}\n# : {x: [1'
    chips = [one for one in PLANTS if one[0] == "exclusive"]
    path = planted(tmp_path, *chips)
    text = path.read_text(encoding="utf-8").replace("{candidates: [A, B]}", '{name: "坏\\"}\\n# : {x: [1", candidates: [A, B]}')
    path.write_text(text, encoding="utf-8")
    opened = open_plan(path)
    assert opened.loaded.settings.relations.exclusive[0].name == name
    found = explain(opened)
    number = next(n for n, one in enumerate(found.repairs, 1) if one.steps[0].family == "exclusive")
    assert possible(open_plan(api.repair(opened, found, number)))


DEMO = {
    "teams": ("changes: [{table: teams, column: effort, times: 0.3}]", {"teams", "rules"}),
    "budget": (
        "changes:\n  - {table: candidates, where: {candidate_id: [%s]}, column: must_include, set: true}\n"
        "  - {table: funds, column: amount, times: 0.1}",
        {"funds", "must_include"},
    ),
    "rule": ("rules: [{name: 超出, count: {min: 500}}, {name: 过少, count: {max: 1}}]", {"rules", "signed"}),
}


@pytest.mark.parametrize("name", sweep(DEMO, 0))
def test_conflicts_planted_in_the_demo(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(content_folder("data") / "demo", folder, ignore=shutil.ignore_patterns("runs"))
    text, kinds = DEMO[name]
    if "%s" in text:
        opened = open_plan(folder / "plan.yaml")
        frame = opened.case.candidates.assign(project=opened.case.project_of)[opened.eligible.candidates]
        dearest = frame.sort_values("subsidy", ascending=False).drop_duplicates("project")
        text %= ", ".join(dearest["candidate_id"].head(5))
    path = folder / "hard.yaml"
    path.write_text(f"extends: plan.yaml\n{text}\nexplain: {{repairs: 1}}\n", encoding="utf-8")
    opened = open_plan(path)
    found = explain(opened, time_limit=20)
    assert found.feasible is False
    assert found.contradictions
    assert named(found) >= kinds
    assert found.repairs[0].confirmed
    assert explain(open_plan(api.repair(opened, found)), time_limit=20).feasible
