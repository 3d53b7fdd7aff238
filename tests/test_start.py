"""Beginning from an earlier plan: what is carried over, that it never makes a plan worse, and what is said when it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from planner import api
from planner.cli import app
from planner.plan import solving
from planner.plan.model import Plan, read_plan
from planner.plan.open import open_plan
from planner.plan.start import Start, carry_over
from planner.plan.stored import earlier_plan
from planner.programme.build import build
from planner.publish.run_folder import write_run
from planner.solvers.caller import called
from planner.solvers.check import sound, value_of
from planner.solvers.protocol import Floats, Matrix, Progress, Solution, Solver, Stopping, Termination
from planner.solvers.registry import make_solver
from planner.solvers.search.lexicographic import solve_levels
from tests.city import BEST, PLAN, TABLES, Rows, changed, hard_city, write_city
from tests.matrices import matrix_of
from tests.random_city import write_random
from tests.solving import planned, solve_programme
from tests.sweep import sweep

LIMITS = Stopping(time_limit=60, gap=0.0, threads=1, seed=1)
Tables = dict[str, Rows]
NO_OUTPUTS: dict[str, object] = {"publish.outputs": []}


@cache
def best_plan() -> Plan:
    """The tiny city's: A in P1 in Q1, B in P1 in Q2, D in P2 in Q2; see tests/test_tiny_city.py."""
    with TemporaryDirectory() as folder:
        return planned(write_city(Path(folder)))[2]


def carried(folder: Path, earlier: Plan, plan: str = PLAN, tables: Tables | None = None) -> tuple[Start, set[str]]:
    """(the start that an earlier plan gives for a workspace, checked; the candidates it selects)."""
    opened = open_plan(write_city(folder, plan, TABLES if tables is None else tables))
    programme = build(opened.case, opened.eligible)
    start = carry_over(programme, earlier_plan(earlier), LIMITS, lambda progress: None)
    if start.values is None:
        return start, set()
    assert sound(programme.matrix, start.values) is not None
    assert start.use.value == pytest.approx(value_of(programme.matrix, start.values))
    on = programme.layout.candidate[start.values[: programme.layout.choices] > 0.5]
    return start, set(opened.case.candidates["candidate_id"].iloc[np.unique(on)])


@pytest.mark.parametrize("seed", sweep(range(4000, 4060), 3))
def test_an_optimal_plan_is_carried_over_whole_with_its_value(seed: int) -> None:
    with TemporaryDirectory() as folder:
        opened = open_plan(write_random(Path(folder), seed, candidates=6, parks=3))
        programme = build(opened.case, opened.eligible)
        if solve_programme(programme).values is None:
            return
        plan = planned(Path(folder) / "plan.yaml")[2]
    start = carry_over(programme, earlier_plan(plan), LIMITS, lambda progress: None)
    assert sound(programme.matrix, start.values) is not None
    assert start.use.value == pytest.approx(plan.objective.value, abs=1e-7)
    assert start.use.projects == start.use.carried == start.use.unchanged == len(plan.selected)


@pytest.mark.parametrize("seed", sweep(range(5000, 5040), 2))
def test_whatever_has_changed_a_start_is_sound_and_no_better_than_the_optimum(seed: int) -> None:
    """Another random city whose candidates and parks bear the same ids, with a longer horizon: everything has changed."""
    with TemporaryDirectory() as folder:
        old = open_plan(write_random(Path(folder) / "old", seed, candidates=6, parks=3))
        if solve_programme(build(old.case, old.eligible)).values is None:
            return
        plan = planned(Path(folder) / "old" / "plan.yaml")[2]
        opened = open_plan(write_random(Path(folder) / "new", seed + 7_000, candidates=7, parks=3, quarters=3))
    programme = build(opened.case, opened.eligible)
    start = carry_over(programme, earlier_plan(plan), LIMITS, lambda progress: None)
    if start.values is None:
        return
    best = solve_programme(programme).termination.value
    assert best is not None
    assert sound(programme.matrix, start.values) is not None
    assert start.use.value is not None
    assert start.use.value <= best + 1e-6
    assert start.use.unchanged <= start.use.carried <= start.use.projects


D_IN_MW = changed("candidates", 3, power=11)
OTHER_PARK = changed("parks", 1, park_id="P3")
LATER = PLAN.replace("start: 2027Q1", "start: 2027Q2")
LATER_FUNDS: Tables = {
    **TABLES,
    "funds": [{**row, "quarter": quarter} for row, quarter in zip(TABLES["funds"], ("2027Q2", "2027Q3"), strict=True)],
}


@pytest.mark.parametrize(
    ("plan", "tables", "who", "unchanged", "value"),
    [
        # Nothing new in the second quarter: of A, B and D only A (100 of 120) or B and D (110) can be paid; A is worth more.
        (PLAN, changed("funds", 1, amount=0), {"A"}, 1, 1140.0),
        # D is no candidate any more, or needs more power than any park has: A and B close 1600 and open 100.
        (PLAN, {**TABLES, "candidates": TABLES["candidates"][:3]}, {"A", "B"}, 2, 1500.0),
        (PLAN, D_IN_MW, {"A", "B"}, 2, 1500.0),
        # D's park has gone and another has come: D moves there.
        (PLAN, OTHER_PARK, {"A", "B", "D"}, 2, BEST),
        # A quarter later: whoever was to come in 2027Q1 moves to 2027Q3, in its park; the others stay in 2027Q2.
        (LATER, LATER_FUNDS, {"A", "B", "D"}, None, BEST),
    ],
    ids=["less money", "candidate gone", "does not fit any more", "park gone", "horizon moved"],
)
def test_what_still_fits_is_carried_over(
    tmp_path: Path, plan: str, tables: Tables, who: set[str], unchanged: int | None, value: float
) -> None:
    earlier = best_plan()
    if unchanged is None:  # which of several equally good plans the earlier one was is the solver's
        unchanged = sum(one.quarter != "2027Q1" for one in earlier.selected)
    start, selected = carried(tmp_path / "new", earlier, plan, tables)
    assert selected == who
    assert start.use.value == pytest.approx(value)
    assert (start.use.projects, start.use.carried, start.use.unchanged) == (3, len(who), unchanged)
    assert f"3 个项目中的 {len(who)} 个" in start.words().zh
    assert f"{len(who)} of the 3 projects" in start.words().en


def test_a_project_that_must_come_now_comes_in_beside_the_old_ones(tmp_path: Path) -> None:
    """C is promised since: it needs 50 of P1's 80 land and 80 of the money. With A in P2: 100 + 80 ≤ 220, B's 60 no more."""
    earlier = best_plan()
    start, selected = carried(tmp_path / "new", earlier, tables=changed("candidates", 2, must_include="是"))
    # 2 · 600 − 60 + 400: no plan with C has more.
    assert selected == {"A", "C"}
    assert start.use.value == pytest.approx(1540)
    assert start.use.carried == 1


def test_a_demand_that_grows_during_the_search_still_finds_a_start(tmp_path: Path) -> None:
    """At least two projects in the first quarter, where A alone was; money leaves room for B and D there only."""
    earlier = best_plan()
    rule = "rules: [{name: 一季度至少两个, where: {quarter: 2027Q1}, count: {min: 2}}]\n"
    start, selected = carried(tmp_path / "new", earlier, PLAN + rule)
    assert selected >= {"B", "D"}
    assert start.use.value is not None


def test_what_can_be_no_start_is_said(tmp_path: Path) -> None:
    """Two projects must come that exclude each other: no plan, so no start."""
    earlier = best_plan()
    tables = changed("candidates", 2, must_include="是")
    rule = "relations: {exclusive: [{candidates: [C, D]}]}\nrules: [{name: r, where: {candidate_id: D}, count: {min: 1}}]\n"
    start, selected = carried(tmp_path / "new", earlier, PLAN + rule, tables)
    assert (start.values, start.use.value, selected) == (None, None, set())
    assert "从头求解" in start.words().zh


@pytest.mark.parametrize("solver", ["auto", "highs", "scip", "cpsat", "cbc"])
def test_every_solver_begins_from_it_and_makes_it_no_worse(tmp_path: Path, solver: str) -> None:
    earlier = best_plan()
    opened = open_plan(write_city(tmp_path / "new", tables=D_IN_MW))
    programme = build(opened.case, opened.eligible)
    start = carry_over(programme, earlier_plan(earlier), LIMITS, lambda progress: None)
    heard: list[Progress] = []
    done = make_solver(solver).solve(programme.matrix, LIMITS, heard.append, start.values)
    # A and B, 1500, stand from the first word on; C instead of B is found: 1540.
    assert min(one.value for one in heard if one.value is not None) >= 1500 - 1e-6
    assert done.termination.value == pytest.approx(1540)
    none = replace(LIMITS, time_limit=1e-9)
    assert value_of(programme.matrix, make_solver(solver).solve(programme.matrix, none, print, start.values).values) >= 1500 - 1e-6


@pytest.mark.slow
def test_a_run_that_begins_from_another_is_never_worse(tmp_path: Path) -> None:
    """A city that no solver finishes in the time: the second run goes on where the first one stopped."""
    path = hard_city(tmp_path)
    limits: dict[str, object] = {"solve.time_limit": 1, "publish.outputs": []}
    first = api.run(path, tmp_path / "runs" / "one", limits)
    heard: list[Progress] = []
    told: list[str] = []
    second = api.run(
        path, tmp_path / "runs" / "two", limits, heard.append, start=first.folder, tell=lambda words: told.append(words.en)
    )
    before = first.plan.objective.value
    assert next(one.value for one in heard if one.value is not None) >= before - 1e-6
    assert second.plan.objective.value >= before - 1e-6
    count = len(first.plan.selected)
    assert told[0].startswith("1 solve, about 1 second")
    assert told[1:] == [f"starting from {count} of the {count} projects of one, value {before:,.6g}"]
    log = (second.folder / "run.log").read_text(encoding="utf-8")
    assert f"沿用 one 的 {count} 个项目中的 {count} 个作为起点" in log
    # The settings of the run name it from the plan file, wherever the command was given.
    assert second.plan.plan.settings["solve"]["start"] == "runs/one"


def test_plan_json_says_where_it_began(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN.replace("threads: 1", "threads: 1, start: 上季度"))
    first = api.run(write_city(tmp_path / "old"), tmp_path / "上季度", NO_OUTPUTS)
    text = (first.folder / "plan.json").read_text(encoding="utf-8")
    assert "start" not in json.loads(text)["status"]  # as it was before plans could have one
    second = api.run(path, tmp_path / "out", NO_OUTPUTS)
    found = read_plan(second.folder / "plan.json").status.start
    assert found is not None
    assert (found.run, found.projects, found.carried, found.unchanged) == ("上季度", 3, 3, 3)
    assert found.sha256 == sha256((first.folder / "plan.json").read_bytes()).hexdigest()
    assert found.value == pytest.approx(BEST)
    assert read_plan(second.folder / "plan.json") == second.plan


PRIORITIES = PLAN.replace(
    "  normalise: false\n  weights: {gap: 1.0}\n",
    "  mode: priorities\n  normalise: false\n  levels: [{weights: {gap: 1.0}, tolerance: 0.1}, {weights: {score: 1.0}}]\n",
)


def test_priorities_begin_from_it_too(tmp_path: Path) -> None:
    path = write_city(tmp_path, PRIORITIES)
    opened = open_plan(path)
    first = api.solve(opened)
    heard: list[Progress] = []
    second = api.solve(opened, heard.append, start=first)
    assert next(one.value for one in heard if one.value is not None) == pytest.approx(first.objective.levels[0].value)
    assert second.status.start is not None
    assert second.status.start.carried == len(first.selected)
    assert [level.value for level in second.objective.levels] == pytest.approx([level.value for level in first.objective.levels])


def test_a_later_priority_begins_from_the_better_of_both() -> None:
    """The first level is indifferent between x and y, the second wants y, which the start has: it is not lost."""
    begins: list[Floats | None] = []

    def fake(matrix: Matrix, stopping: Stopping, listen: object, begin: Floats | None = None) -> Solution:
        begins.append(begin)
        x = np.array([1.0, 0.0])
        return Solution(x, Termination("time_limit", value_of(matrix, x), 1.0, 0.0, "fake"))

    matrix = matrix_of([0, 0], [[1, 1]], upper=1)
    y = np.array([0.0, 1.0])
    solve_levels(matrix, [(np.ones(2), 0.0, 0.0), (y, 0.0, 0.0)], fake, LIMITS, lambda progress: None, y)
    assert [begin is not None and begin.tolist() == [0.0, 1.0] for begin in begins] == [True, True]


def test_the_time_for_the_start_is_part_of_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = best_plan()
    seen: list[Stopping] = []
    heard: list[Progress] = []

    def slow(*given: object) -> Start:
        return replace(carry_over(*given), seconds=7.0)  # type: ignore[arg-type]

    def spied(matrix: Matrix, solver: Solver, stopping: Stopping, *rest: Any) -> Solution:
        seen.append(stopping)
        return solver.solve(matrix, stopping, *rest)

    monkeypatch.setattr(solving, "carry_over", slow)
    with called(run=spied):
        api.solve(open_plan(write_city(tmp_path / "new")), heard.append, start=earlier)
    # What is left is for looking for the plan nearest to the earlier one; a moment goes into looking for what that one has proved.
    assert 0.8 * 60.0 - 9.0 < seen[0].time_limit <= 0.8 * 60.0 - 7.0
    assert 7.0 <= min(progress.seconds for progress in heard) < 9.0


def test_ctrl_c_while_it_is_carried_over_leaves_what_there_is(tmp_path: Path) -> None:
    def interrupted(*_: object) -> Solution:
        return Solution(None, Termination("interrupted", None, None, 0.0, "highs"))

    earlier = best_plan()
    # D's park has gone: A and B alone are a start already, D's new place is looked for.
    opened = open_plan(write_city(tmp_path / "new", tables=OTHER_PARK))
    with called(run=interrupted):
        plan = api.solve(opened, start=earlier)
    assert {one.candidate_id for one in plan.selected} == {"A", "B"}
    assert plan.status.reason == "interrupted"
    assert not plan.status.proved


def asked(path: Path, *more: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["run", str(path), "--out", str(path.parent / "never"), *more])


def a_run(folder: Path) -> Path:
    """A run of the tiny city, in ``folder``."""
    return write_run(best_plan(), folder / "run", (), {}).folder


@pytest.mark.parametrize("kind", ["setting", "option"])
@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("S301", lambda run: run.rename(run.with_name("run1"))),
        ("S302", lambda run: (run / "plan.json").unlink()),
        ("S303", lambda run: (run / "plan.json").write_text("{", encoding="utf-8")),
        ("S303", lambda run: (run / "plan.json").write_bytes(b"\xff\xfe{}")),
        ("S303", lambda run: edit(run, lambda text: text.replace('"park_id": "P1"', '"park_id": 1'))),
        ("S303", lambda run: edit(run, lambda text: text[: len(text) // 2])),
    ],
    ids=["no path", "no run", "no json", "no text", "by hand", "cut short"],
)
def test_what_is_no_run_is_refused_with_its_place(tmp_path: Path, code: str, spoil: Callable[[Path], object], kind: str) -> None:
    run = a_run(tmp_path / "runs")
    spoil(run)
    text = PLAN.replace("threads: 1", "threads: 1, solver: hihgs")
    setting = "threads: 1, start: runs/run"
    path = write_city(tmp_path, text.replace("threads: 1", setting) if kind == "setting" else text)
    done = asked(path, *(["--start", str(run)] if kind == "option" else []))
    assert done.exit_code == 2
    line = next(line for line in done.stderr.splitlines() if code in line)
    last = text.replace("threads: 1", setting).splitlines()[-1]
    place = f"plan.yaml:{len(PLAN.splitlines())}:{last.index('runs/run') + 1}"
    where = f"{place if kind == 'setting' else '--start'} solve.start: runs/run — "
    assert line.startswith(where), line
    assert "S201" in done.stderr  # the other problems come along
    assert not (tmp_path / "never").exists()
    if code == "S301":
        assert "run1" in line  # what it may have meant


def edit(run: Path, change: Callable[[str], str]) -> None:
    """Change a plan.json by hand."""
    text = (run / "plan.json").read_text(encoding="utf-8")
    assert change(text) != text
    (run / "plan.json").write_text(change(text), encoding="utf-8")


def test_the_plan_file_of_a_run_will_do(tmp_path: Path) -> None:
    run = a_run(tmp_path / "上季度")
    for name in (".", "plan.json"):
        opened = api.open_plan(write_city(tmp_path / "new"), {"solve.start": f"../上季度/run/{name}"})
        assert opened.start is not None
        assert opened.start.name == run.name


def test_another_citys_plan_is_no_start_but_a_warning(tmp_path: Path) -> None:
    rows = [{**row, "candidate_id": f"N{n}"} for n, row in enumerate(TABLES["candidates"])]
    path = write_city(tmp_path, tables={**TABLES, "candidates": rows})
    done = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "out"), "--start", str(a_run(tmp_path / "old"))])
    assert done.exit_code == 0, done.stderr
    assert "S304" in done.stderr
    plan = read_plan(tmp_path / "out" / "plan.json")
    assert plan.status.start is None
    assert plan.objective.value == pytest.approx(BEST)
    assert "S304" in {notice.code for notice in plan.notices}


def test_a_candidate_listed_twice_by_hand_comes_once(tmp_path: Path) -> None:
    plan = best_plan()
    twice = plan.model_copy(update={"selected": (*plan.selected, plan.selected[0].model_copy(update={"park_id": "P2"}))})
    start, selected = carried(tmp_path / "new", twice)
    assert selected == {"A", "B", "D"}
    assert start.use.projects == 3
