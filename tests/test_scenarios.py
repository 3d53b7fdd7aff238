"""Scenarios in plan.yaml: what they lay over the plan, in which order, and everything that can be wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.model import read_plan
from planner.problems import InputError, Problem
from planner.settings.load import load_settings
from planner.settings.questions import LONGEST, slug
from tests.city import PLAN, write_city

MORE = """
scenarios:
  - name: 多 20 MW
    changes:
      - {table: parks, where: {park_id: P1}, column: power, add: 20}
  - name: 重税收
    settings:
      objective.weights.tax: 0.5
      solve: {gap: 0.25}
      rules: [{name: 至多两个, count: {max: 2}}]
"""


def problems(folder: Path, text: str, plan: str = PLAN) -> tuple[Problem, ...]:
    """What the check of a plan with these scenarios refuses."""
    with pytest.raises(InputError) as caught:
        api.check(write_city(folder, plan + text))
    return caught.value.problems


def text_at(folder: Path, problem: Problem) -> str:
    """What stands in the plan file where a problem points to."""
    assert problem.place is not None
    assert problem.place.file == "plan.yaml"
    lines = (folder / "plan.yaml").read_text(encoding="utf-8").splitlines()
    return lines[(problem.place.line or 0) - 1][(problem.place.column or 0) - 1 :]


def codes(found: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in found]


def test_a_scenario_is_laid_over_the_plan_and_under_the_command_line(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN.replace("{gap: 1.0}", "{gap: 1.0, output: 2.0}") + MORE)
    base, own = load_settings(path), load_settings(path).under("重税收")
    assert base.settings.solve.gap == 0.0
    # A single weight by its dotted key leaves the others; a list replaces; what is not named stays.
    assert own.settings.objective.weights == {"gap": 1.0, "output": 2.0, "tax": 0.5}
    assert (own.settings.solve.gap, own.settings.solve.threads) == (0.25, base.settings.solve.threads)
    assert [rule.name for rule in own.settings.rules] == ["至多两个"]
    assert (own.scenario, own.settings.scenarios) == ("重税收", ())
    flagged = load_settings(path, {"solve.gap": 0.5}).under("重税收")
    assert flagged.settings.solve.gap == 0.5
    assert flagged.settings.rules == own.settings.rules


def test_the_mapping_of_weights_replaces_whole_as_in_a_plan(tmp_path: Path) -> None:
    text = "\nscenarios: [{name: 一, settings: {objective: {weights: {tax: 1.0}}}}]\n"
    own = load_settings(write_city(tmp_path, PLAN + text)).under("一")
    assert own.settings.objective.weights == {"tax": 1.0}
    assert own.settings.objective.normalise is False


def test_changes_come_after_those_of_the_plan(tmp_path: Path) -> None:
    plan = PLAN + "changes: [{table: parks, where: {park_id: P1}, column: power, set: 1}]\n" + MORE
    opened = api.open_plan(write_city(tmp_path, plan), scenario="多 20 MW")
    assert opened.case.tables["parks"].frame["power"].tolist() == [21.0, 10.0]
    # Only the plan itself, and only the first overrides of a scenario.
    assert api.open_plan(tmp_path / "plan.yaml").case.tables["parks"].frame["power"].tolist() == [1.0, 10.0]
    half = load_settings(tmp_path / "plan.yaml").under("重税收", 1)
    assert (half.settings.objective.weights["tax"], half.settings.solve.gap) == (0.5, 0.0)


def test_a_scenario_runs_as_a_plan_of_its_own(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN + MORE)
    done = CliRunner().invoke(app, ["run", str(path), "--scenario", "重税收", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.stderr
    plan = read_plan(tmp_path / "out" / "plan.json")
    assert plan.plan.scenario == "重税收"
    assert len(plan.selected) == 2
    assert plan.plan.settings["objective"]["weights"]["tax"] == 0.5
    # The settings of the run are a whole plan file: they lead to the same plan, and can be asked about.
    assert len(api.open_run(tmp_path / "out").plan.selected) == 2


def test_the_plan_itself_says_nothing_of_scenarios(tmp_path: Path) -> None:
    api.run(write_city(tmp_path, PLAN), tmp_path / "out")
    assert '"scenario"' not in (tmp_path / "out" / "plan.json").read_text(encoding="utf-8")


def test_every_fault_of_every_scenario_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
scenarios:
  - name: 甲
    changes:
      - {table: parks, column: power, add: 20, set: 3}
      - {table: park, column: power, add: 20}
    settings: {solve: {time_limt: 3}, objective.mode: prioritis, solve.gap: 3}
  - name: 甲
    settings: {tables: {parks: a.csv}, grades: {weak: 0.9}}
  - {name: "--/..", settings: {solve.seed: 2}}
  - {name: 空}
  - {name: 坏, setings: {}, settings: 3}
  - {name: 两次, settings: {solve.gap: 0.1, solve: {gap: 0.2}}}
""",
    )
    expected = {
        ("S118", "{table: parks, column: power, add: 20, set: 3}"),  # set and add both
        ("S114", "park, column"),  # no such table
        ("S110", "time_limt"),  # misspelt key
        ("S114", "prioritis"),  # no such mode
        ("S113", "3}"),  # out of range, at its dotted key
        ("S306", "甲"),  # the name is taken
        ("S307", "tables"),  # tables cannot change
        ("S118", "0.9}}"),  # weak above adequate
        ("S116", '"--/.."'),  # nothing to name a folder by
        ("S118", "{name: 空}"),  # changes nothing
        ("S110", "setings"),  # misspelt key
        ("S112", "3}"),  # no mapping
        ("S307", "gap: 0.2"),  # one setting twice
    }
    said = [(one.code, text_at(tmp_path, one)) for one in found]
    assert len(said) == len(expected)
    assert all(any(code == own and text.startswith(start) for own, text in said) for code, start in expected), said
    named = [one.subject for one in found if one.code in {"S113", "S306"} or (one.code == "S114" and "mode" in one.subject)]
    assert named[0] == "scenarios[甲] objective.mode"
    assert named[1] == "scenarios[甲] solve.gap"


def test_faults_in_the_tables_are_found_in_every_scenario_beside_those_of_the_plan(tmp_path: Path) -> None:
    plan = PLAN + "changes: [{table: parks, column: pwoer, add: 1}]\n"
    found = problems(
        tmp_path,
        """scenarios:
  - {name: 列, changes: [{table: parks, column: powr, add: 1}]}
  - {name: 行, changes: [{table: parks, where: {park_id: P9}, column: power, add: 1}]}
  - {name: 引用, changes: [{table: candidates, where: {candidate_id: A}, column: link_id, set: SAET}]}
  - {name: 值, changes: [{table: parks, column: power, set: 很多}]}
  - {name: 对, changes: [{table: parks, column: power, set: 3}]}
""",
        plan,
    )
    assert codes(found[:1]) == ["T172"]
    assert text_at(tmp_path, found[0]) == "pwoer, add: 1}]"
    own = [(one.code, text_at(tmp_path, one)) for one in found[1:]]
    assert ("T172", "powr, add: 1}]}") in own
    assert ("T182", "P9}, column: power, add: 1}]}") in own
    assert ("T177", "很多}]}") in own
    assert any(text.startswith("{name: 引用") or "SAET" in text for _, text in own)
    assert not any("对" in one.subject for one in found)
    assert all("scenarios[" in one.subject for one in found[1:])
    assert "power" in found[1].say("en")


def test_a_clash_of_a_scenario_with_the_plan_stands_at_the_scenario(tmp_path: Path) -> None:
    """The fixed quarter is fine in the plan of two quarters and outside the scenario's single one."""
    plan = PLAN + "changes: [{table: candidates, where: {candidate_id: A}, column: fixed_quarter, set: 2027Q2}]\n"
    found = problems(tmp_path, "scenarios:\n  - {name: 短, settings: {quarters.count: 1}}\n", plan)
    wrong = [one for one in found if one.severity == "error"]
    assert wrong
    assert all(text_at(tmp_path, one).startswith("{name: 短") for one in wrong)
    assert all("scenarios[短]" in one.subject for one in wrong)


def test_an_unknown_scenario_names_the_nearest(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN + MORE)
    done = CliRunner().invoke(app, ["run", str(path), "--scenario", "多 2 MW", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "S305" in done.stderr
    assert "是否指 多 20 MW" in done.stderr
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError) as caught:
        api.open_plan(write_city(tmp_path, PLAN), scenario="多 20 MW")
    assert codes(caught.value.problems) == ["S305"]


def test_the_check_passes_with_scenarios_that_are_right(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(write_city(tmp_path, PLAN + MORE))])
    assert done.exit_code == 0, done.stderr


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_no_name_is_ever_a_path(name: str) -> None:
    made = slug(name)
    assert len(made) <= LONGEST
    assert not set(made) & set('/\\.:*?"<>|\0 ')
    assert made == made.strip("-")
    assert Path(f"01-{made}").name == f"01-{made}"
