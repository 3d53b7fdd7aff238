"""The check of a plan file says back what each scenario changes: which rows, and what of the rules comes out otherwise."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.publish.echo import differing_words
from tests.city import PLAN, write_city

RULES = (
    PLAN + "rules: [{name: 泡棉, count: {max: 9}, where: {link_id: FOAM}}, {name: 座椅, count: {min: 1}, where: {link_id: SEAT}}]\n"
)
SCENARIOS = (
    RULES
    + """changes: [{table: parks, where: {park_id: P1}, column: power, add: 1}]
scenarios:
  - name: 少丁
    changes:
      - {table: candidates, where: {candidate_id: 丁公司}, column: exclude, set: true}
      - {table: candidates, where: {land: {max: 30 亩}}, column: power, add: 1}
  - name: 换规则
    settings: {"rules": [{name: 座椅, count: {min: 2}, where: {link_id: SEAT}}], objective.weights.tax: 0.5}
"""
)


def test_the_rows_of_its_changes_and_the_rules_that_come_out_otherwise(tmp_path: Path) -> None:
    fewer, other = api.scenario_echoes(api.inspect(write_city(tmp_path, SCENARIOS)))
    assert (fewer.name, fewer.rows, fewer.settings) == ("少丁", 3, ())
    said = [(line.name, line.zh) for line in fewer.changes]  # the plan's own change is none of the scenario's
    assert said[0][0] == "scenarios[0].changes[0]"
    assert said[0][1].endswith("：1 行（D（丁公司））")
    assert said[1][1].endswith("：2 行（B（乙公司）、D（丁公司））")
    rules = {one.line.name: one for one in fewer.differing if one.line is not None and one.line.kind == "rule"}
    foam = rules["泡棉"]  # C and D could come; without D it is C
    assert set(rules) == {"泡棉"}
    assert foam.line is not None
    assert foam.before is not None
    assert (foam.before.most, foam.line.most) == (2, 1)
    assert "可能为 0 至 1 个（原为：可能为 0 至 2 个）" in differing_words(foam).zh
    assert other.changes == ()
    assert [setting.partition(":")[0] for setting in other.settings] == ["rules", "objective.weights.tax"]
    kinds = {(one.line or one.before): (one.line is None, one.before is None) for one in other.differing}
    assert {(line.name, gone) for line, (gone, _) in kinds.items() if line is not None} == {("泡棉", True), ("座椅", False)}


def test_only_what_the_scenario_brings_is_warned_of_under_its_name(tmp_path: Path) -> None:
    never = SCENARIOS.replace("count: {min: 2}", "count: {min: 3}")  # two makers of seats
    fewer, other = api.scenario_echoes(api.inspect(write_city(tmp_path, never)))
    assert fewer.warnings == ()
    assert [(one.code, one.subject.partition(" ")[0]) for one in other.warnings] == [("E104", "scenarios[换规则]")]
    assert "E103" in [one.code for one in api.echo(api.open_plan(tmp_path / "plan.yaml")).warnings]  # 泡棉, in the plan alone


def test_the_check_says_every_scenario_or_one_in_full(tmp_path: Path) -> None:
    path = str(write_city(tmp_path, SCENARIOS))
    done = CliRunner().invoke(app, ["check", path])
    assert done.exit_code == 0
    assert "情景“少丁”：2 处改动，共 3 行；0 项设置；" in done.output
    assert "情景“换规则”：0 处改动，共 0 行；2 项设置；" in done.output
    one = CliRunner().invoke(app, ["check", path, "--scenario", "换规则"])
    assert one.exit_code == 0
    assert "情景“少丁”" not in one.output
    assert "不少于 2 个" in one.output.partition("情景“换规则”")[0]  # the echo is that of the scenario
    wrong = CliRunner().invoke(app, ["check", path, "--scenario", "没有"])
    assert wrong.exit_code == 2
    assert "S305" in wrong.output


def test_a_change_whose_filter_takes_every_row_is_warned_of_once(tmp_path: Path) -> None:
    def warned(where: str) -> list[str]:
        plan = PLAN + f"changes: [{{table: candidates, where: {where}, column: power, add: 1}}]\n"
        opened = api.open_plan(write_city(tmp_path, plan))
        return [one.code for one in (*opened.warnings, *api.echo(opened).warnings)]

    assert warned("{land: {max: 2 公顷}}") == []  # D alone has 30 mu or less
    assert warned("{land: {max: 20 公顷}}") == ["E115"]
    assert warned("{land: {max: 300}}") == ["T368"]
    assert warned("{name: {contains: 公司}}") == ["E115"]
