"""Plans held against each other: which override caused what, the same however many go at once, and never a claim too many.

The tiny city's plan is A, B and D: 2·800 + (500 − 300) = 1800. Half as much money again pays for C in place of D, which
closes 100 more: 1900. With 30 亩 less in P1 as well, only A and C have room: 2·600 + (500 − 160) = 1540.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.model import Plan, read_plan
from planner.problems import InputError
from planner.questions.compare import parallel
from planner.questions.compare.parallel import Done
from planner.questions.compare.record import Comparison, Entry
from planner.questions.compare.text import comparison_text
from planner.questions.compare.two_plans import certainty, setting_changes
from planner.settings.questions import Compare
from planner.solvers.caller import stopped
from tests.city import PLAN, TABLES, changed, write_city
from tests.conftest import OWN_PROCESSES
from tests.processes import all_gone, scenario_under_way
from tests.sweep import sweep

QUICK = PLAN + "publish: {outputs: []}\ncompare: {workers: 1}\n"
MONEY = "{table: funds, column: amount, times: 1.5}"
LAND = "{table: parks, where: {park_id: P1}, column: land, add: -30}"
TWO = f"""
scenarios:
  - {{name: 钱多, changes: [{MONEY}]}}
  - name: 钱多地少
    changes:
      - {MONEY}
      - {LAND}
"""


def entry(found: Comparison, name: str) -> Entry:
    return next(one for one in found.entries if one.name == name)


def plan_of(folder: Path, one: Entry) -> Plan:
    assert one.run is not None
    return read_plan(folder / one.run / "plan.json")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Comparison, Path]:
    """The comparison of the two scenarios and its folder; to be read, never changed."""
    folder = tmp_path_factory.mktemp("both")
    return api.compare(write_city(folder, QUICK + TWO), folder / "out"), folder / "out"


def test_a_change_is_attributed_to_the_one_override_that_was_made(both: tuple[Comparison, Path]) -> None:
    found, _ = both
    assert [one.name for one in found.entries] == ["基准", "钱多", "钱多地少"]
    own = entry(found, "钱多")
    assert own.difference is not None
    assert own.attribution is not None
    (effect,) = own.attribution.effects
    assert effect.overrides == (0,)
    assert effect.figures == {name: figure.difference for name, figure in own.difference.figures.items()}
    assert effect.figures["value"] == pytest.approx(100)
    assert effect.certainty.sure
    assert [one.name for one in own.difference.projects.come] == ["丙公司"]
    assert [one.name for one in own.difference.projects.leave] == ["丁公司"]
    assert own.overrides[0].zh == "资金全部的 amount 乘以 1.5"
    assert [(one.key, one.base) for one in own.difference.settings] == [("changes[0]", None)]
    assert own.difference.inputs == ()
    assert "只改了一处：以上差别都归于它" in comparison_text(found, None)


@pytest.mark.parametrize(("said", "own", "threads"), [(None, 1, 1), (None, 2, 2), (None, 16, 2), (4, 1, 4), (1, 16, 1)])
def test_a_scenario_has_two_threads_unless_the_plan_says_otherwise_or_has_one_itself(
    said: int | None, own: int, threads: int
) -> None:
    assert parallel.settled(Compare(threads=said), own, 9).threads == threads


@pytest.mark.parametrize(
    ("cores", "said", "own", "jobs", "at_once"),
    [
        (2, Compare(), 2, 9, 1),
        (2, Compare(), 1, 9, 2),
        (8, Compare(), 4, 9, 4),
        (8, Compare(), 4, 3, 3),
        (8, Compare(threads=8), 2, 9, 1),
        (1, Compare(), 2, 9, 1),
        (2, Compare(workers=5), 2, 9, 5),
        (2, Compare(workers=5), 2, 3, 3),
    ],
)
def test_scenarios_solved_at_once_have_cores_of_their_own_unless_the_plan_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, cores: int, said: Compare, own: int, jobs: int, at_once: int
) -> None:
    """Each then has what the base has had: what sets their plans apart is the change, not who else was at work."""
    monkeypatch.setattr(parallel.os, "cpu_count", lambda: cores)
    assert parallel.settled(said, own, jobs).workers == at_once


def test_effects_of_several_overrides_sum_to_the_difference(both: tuple[Comparison, Path]) -> None:
    found, out = both
    own = entry(found, "钱多地少")
    assert own.attribution is not None
    assert own.difference is not None
    assert own.attribution.complete
    assert [effect.overrides for effect in own.attribution.effects] == [(0,), (1,)]
    assert [effect.figures["value"] for effect in own.attribution.effects] == pytest.approx([100, -360])
    for name, figure in own.difference.figures.items():
        parts = [effect.figures[name] for effect in own.attribution.effects]
        if figure.difference is not None:
            assert sum(part or 0 for part in parts) == pytest.approx(figure.difference)
    assert {path.name for path in (out / "runs").iterdir()} == {"00-base", "01-钱多", "02-钱多地少"}


def test_a_scenario_is_a_plain_run_of_an_edited_copy(tmp_path: Path, both: tuple[Comparison, Path]) -> None:
    found, out = both
    own = plan_of(out, entry(found, "钱多地少"))
    tables = changed("parks", 0, land=50)
    tables["funds"] = [{**row, "amount": 1.5 * row["amount"]} for row in tables["funds"]]
    edited = api.run(write_city(tmp_path / "copy", QUICK, tables), tmp_path / "plain").plan
    assert own.objective.value == edited.objective.value == pytest.approx(1540)
    assert own.kpis == edited.kpis
    assert own.limits == edited.limits
    assert own.links == edited.links
    # What the scenario changed counts as assumed, and so says which cells it was.
    assert {(one.table, one.column, one.cells) for one in own.assumptions} == {("funds", "amount", 2), ("parks", "land", 1)}
    assert own.plan.scenario == "钱多地少"
    assert read_plan(out / "runs" / "00-base" / "plan.json").plan.scenario is None


def test_the_run_of_a_scenario_can_be_opened_and_run_again(tmp_path: Path, both: tuple[Comparison, Path]) -> None:
    found, out = both
    folder = out / str(entry(found, "钱多").run)
    run = api.open_run(folder)
    assert run.plan.objective.value == pytest.approx(1900)
    assert api.run(folder / "settings.yaml", tmp_path / "again").plan.objective.value == pytest.approx(1900)


@pytest.mark.slow
@pytest.mark.parametrize("backend", sweep(["joblib", "dask"], 1))
def test_one_process_several_and_a_cluster_give_the_same(backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_city(tmp_path, QUICK + TWO)
    told = {"solve.work": 20, "compare.attribute": False}
    api.compare(path, tmp_path / "one", {**told, "compare.workers": 1}, only=["钱多地少"])  # in this process
    monkeypatch.setattr(parallel, "_processes", OWN_PROCESSES)
    api.compare(path, tmp_path / "several", {**told, "compare.workers": 2, "compare.backend": backend}, only=["钱多地少"])
    first = {
        file.relative_to(tmp_path / "one"): file.read_bytes()
        for file in (tmp_path / "one").rglob("*")
        if file.is_file() and file.name != "run.log"
    }
    assert len(first) == 2 + 2 * 4  # compare.json and .xlsx; plan.json, its fingerprint, its proof and settings.yaml for each plan
    for file, content in first.items():
        assert (tmp_path / "several" / file).read_bytes() == content, file


def test_an_infeasible_scenario_is_explained_and_stops_nothing(tmp_path: Path) -> None:
    text = """
scenarios:
  - name: 没钱
    changes: [{table: funds, column: amount, set: 0}]
    settings: {rules: [{name: 至少一个, count: {min: 1}}]}
  - name: 电
    changes: [{table: parks, column: power, add: 10}]
"""
    done = CliRunner().invoke(app, ["compare", str(write_city(tmp_path, QUICK + text)), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.stderr
    assert "没钱：无解" in done.stdout
    found = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    base, none, power = found["entries"]
    assert (base["outcome"], none["outcome"], power["outcome"]) == ("plan", "infeasible", "plan")
    assert none["explanation"]["zh"]
    assert none["run"] is None
    assert none["kpis"] is none["value"] is None
    assert {path.name for path in (tmp_path / "out" / "runs").iterdir()} == {"00-base", "02-电"}


def test_overrides_that_only_go_together_are_one_step(tmp_path: Path) -> None:
    text = """
scenarios:
  - name: 分级
    settings:
      objective: {mode: priorities, levels: [{weights: {gap: 1.0}}]}
      grades.strong: 2.0
"""
    found = api.compare(write_city(tmp_path, QUICK + text), tmp_path / "out")
    own = entry(found, "分级")
    assert own.attribution is not None
    assert own.attribution.complete
    assert [effect.overrides for effect in own.attribution.effects] == [(0, 1), (2,)]
    assert own.difference is not None
    assert not own.difference.certainty.comparable
    assert "不能直接相比" in comparison_text(found, None)


def test_without_attribution_nothing_more_is_solved(tmp_path: Path) -> None:
    found = api.compare(write_city(tmp_path, QUICK + TWO), tmp_path / "out", {"compare.attribute": False}, only=["钱多地少"])
    own = entry(found, "钱多地少").attribution
    assert own is not None
    assert not own.complete
    assert [effect.overrides for effect in own.effects] == [(0, 1)]


def test_an_infeasible_base_is_told_by_the_exit_code(tmp_path: Path) -> None:
    plan = QUICK + "rules: [{name: 不可能, count: {min: 9}}]\nscenarios: [{name: 不强求, settings: {rules: []}}]\n"
    done = CliRunner().invoke(app, ["compare", str(write_city(tmp_path, plan)), "--out", str(tmp_path / "out")])
    assert done.exit_code == 3
    found = Comparison.model_validate_json((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert [one.outcome for one in found.entries] == ["infeasible", "plan"]
    assert found.entries[1].difference is None
    assert found.entries[1].value == pytest.approx(1800)


@pytest.mark.parametrize(
    ("more", "words", "code"), [("", [], "S310"), (TWO, ["--only", "钱"], "S305"), (TWO, ["--workers", "0"], "S113")]
)
def test_bad_questions_leave_nothing(tmp_path: Path, more: str, words: list[str], code: str) -> None:
    path = write_city(tmp_path, QUICK + more)
    done = CliRunner().invoke(app, ["compare", str(path), "--out", str(tmp_path / "out"), *words])
    assert done.exit_code == 2
    assert code in done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {"data", "plan.yaml"}


def test_a_folder_that_is_no_comparison_is_not_replaced(tmp_path: Path) -> None:
    path = write_city(tmp_path, QUICK + TWO)
    done = CliRunner().invoke(app, ["compare", str(path), "--out", str(tmp_path / "data")])
    assert done.exit_code == 2
    assert "R112" in done.stderr
    assert (tmp_path / "data" / "parks.csv").is_file()


def test_without_dask_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "find_spec", lambda _name: None)
    path = write_city(tmp_path, QUICK + TWO)
    done = CliRunner().invoke(app, ["compare", str(path), "--out", str(tmp_path / "out"), "--backend", "dask"])
    assert done.exit_code == 2
    assert "S308" in done.stderr
    assert "bulian[cluster]" in done.stderr


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "CONNECT", 1.0)
    plan = QUICK.replace("{workers: 1}", "{backend: dask, dask: {scheduler: 'tcp://127.0.0.1:9'}}")
    with pytest.raises(InputError) as caught:
        api.compare(write_city(tmp_path, plan + TWO), tmp_path / "out")
    assert [one.code for one in caught.value.problems] == ["S309"]
    assert not (tmp_path / "out").exists()


def test_runs_are_compared_without_their_data(tmp_path: Path) -> None:
    path = write_city(tmp_path, QUICK)
    api.run(path, tmp_path / "一")
    tables = changed("funds", 0, amount=230)
    api.run(write_city(tmp_path, QUICK + "grades: {weak: 0.2}\n", tables), tmp_path / "二")
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    path.unlink()
    done = CliRunner().invoke(app, ["compare", str(tmp_path / "一"), str(tmp_path / "二"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.stderr
    found = Comparison.model_validate_json((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert (found.kind, [one.name for one in found.entries]) == ("runs", ["一", "二"])
    told = found.entries[1].difference
    assert told is not None
    assert found.entries[1].attribution is None
    assert [(one.key, one.base, one.here) for one in told.settings] == [("grades.weak", 0.1, 0.2)]
    assert [one.table for one in told.inputs] == ["funds"]
    assert told.figures["value"].difference == pytest.approx(100)
    assert "grades.weak: 0.1 → 0.2" in done.stdout
    assert "funds" in done.stdout


def test_a_run_is_the_same_as_itself(tmp_path: Path) -> None:
    api.run(write_city(tmp_path, QUICK), tmp_path / "一")
    told = api.compare_runs([tmp_path / "一", tmp_path / "一"]).entries[1].difference
    assert told is not None
    assert not told.settings
    assert not told.inputs
    assert not told.links
    assert told.projects.come == told.projects.leave == told.projects.move == ()
    assert told.limits.only_here == told.limits.only_base == ()
    assert all(figure.difference in (0, None) for figure in told.figures.values())
    assert told.certainty.sure


def test_runs_that_cannot_be_compared_are_refused(tmp_path: Path) -> None:
    api.run(write_city(tmp_path / "a", QUICK), tmp_path / "一")
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
    for row in tables["candidates"]:
        row["candidate_id"] += "X"
    api.run(write_city(tmp_path / "b", QUICK, tables), tmp_path / "他")
    api.run(write_city(tmp_path / "a", QUICK), tmp_path / "改")
    edited = tmp_path / "改" / "plan.json"
    edited.write_text(edited.read_text(encoding="utf-8").replace("1800.0", "1801.0"), encoding="utf-8")
    for folders, code in ((["一", "他"], "R111"), (["一"], "R110"), (["一", "改"], "R106"), (["一", "a"], "R104")):
        done = CliRunner().invoke(app, ["compare", *(str(tmp_path / name) for name in folders)])
        assert done.exit_code == 2, folders
        assert code in done.stderr


def test_a_difference_within_the_gap_is_not_claimed(tmp_path: Path) -> None:
    base = api.solve(api.open_plan(write_city(tmp_path, QUICK)))
    better = api.solve(api.open_plan(write_city(tmp_path, QUICK + f"changes: [{MONEY}]\n")))
    assert certainty(base, better).sure

    def bounded(plan: Plan, bound: float | None) -> Plan:
        return plan.model_copy(update={"objective": plan.objective.model_copy(update={"bound": bound})})

    doubtful = certainty(bounded(base, 1950.0), bounded(better, 2000.0))
    assert (doubtful.sure, doubtful.least, doubtful.most) == (False, pytest.approx(-50), pytest.approx(200))
    # The sign is proved although the amount is not.
    wide = certainty(bounded(base, 1850.0), bounded(better, 2000.0))
    assert (wide.sure, wide.least, wide.most) == (True, pytest.approx(50), pytest.approx(200))
    assert certainty(base, bounded(better, None)).sure is None
    for name, plan in (("base", bounded(base, 1950.0)), ("open", bounded(better, 2000.0))):
        api.publish(plan, tmp_path / name, ())
    text = comparison_text(api.compare_runs([tmp_path / "base", tmp_path / "open"]), None)
    assert "-50 与 +200 之间" in text


def test_settings_differ_by_name_not_by_position() -> None:
    one = {"rules": [{"name": "a", "max": 1}, {"name": "b", "max": 2}], "tables": {"parks": [{"file": "x", "sheet": None}]}}
    two = {"rules": [{"name": "b", "max": 3}], "tables": {"parks": [{"file": "y", "sheet": None}]}, "scenarios": [{"name": "s"}]}
    said = [(one.key, one.base, one.here) for one in setting_changes(one, two)]
    assert said == [("rules[a].name", "a", None), ("rules[a].max", 1, None), ("rules[b].max", 2, 3)]


def test_the_workbook_has_the_figures_and_takes_no_name_for_a_formula(tmp_path: Path) -> None:
    text = TWO.replace("name: 钱多,", 'name: "=1+1",')
    api.compare(write_city(tmp_path, QUICK + text), tmp_path / "out", only=["=1+1"])
    book = load_workbook(tmp_path / "out" / "compare.xlsx")
    assert book.sheetnames == ["指标对比", "改动与归因", "项目变化", "环节变化", "限制变化", "设置与数据差异"]
    assert len(book["指标对比"]._charts) == 1
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=1+1" and cell.data_type == "s" for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)
    causes = [[cell.value for cell in row] for row in book["改动与归因"].iter_rows()]
    assert any(row[2] == "资金全部的 amount 乘以 1.5" and row[3] == pytest.approx(100) for row in causes)
    assert {path.name for path in (tmp_path / "out" / "runs").iterdir()} == {"00-base", "01-1-1"}


def test_a_press_of_ctrl_c_is_heard_wherever_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that is raised while an object is put away is lost; the scenario would be solved to its end."""

    class PutAway:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def pressed(*_: object) -> Iterator[tuple[int, Done]]:
        PutAway()
        end = time.monotonic() + 5.0
        while not stopped():
            assert time.monotonic() < end
            time.sleep(0.01)
        yield from ()

    monkeypatch.setattr(parallel, "run_jobs", pressed)
    found = api.compare(write_city(tmp_path, QUICK + TWO), tmp_path / "out")
    assert found.interrupted
    assert [entry.outcome for entry in found.entries] == ["plan", "interrupted", "interrupted"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_keeps_what_is_done_and_leaves_no_process(tmp_path: Path) -> None:
    process, below = scenario_under_way(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    stdout, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "已中断" in stdout
    found = Comparison.model_validate_json((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert found.interrupted
    assert found.entries[0].outcome == "plan"
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith(".")]
    assert all_gone(below)
