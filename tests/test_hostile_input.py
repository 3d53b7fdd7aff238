"""Input that is broken on purpose or by a machine: a word with its place, within seconds, and never a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError, Problem, visible
from tests.city import PLAN, TABLES, changed, write_city


def told(folder: Path, plan: str = PLAN, tables: Mapping[str, object] | None = None) -> list[Problem]:
    """Every problem and warning of ``planner check``."""
    path = write_city(folder, plan, tables=tables or TABLES)
    try:
        return list(api.check(path))
    except InputError as error:
        return list(error.problems)


def said(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.place)) for problem in problems]


# --- settings ---------------------------------------------------------------------------------------------------------


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def test_aliases_that_explode_are_told_at_the_alias_that_is_too_much(tmp_path: Path) -> None:
    assert said(told(tmp_path, laughs(9) + PLAN)) == [("S121", "plan.yaml:6:35")]


@pytest.mark.parametrize("depth", [100, 3000])
def test_brackets_in_brackets_are_told_at_their_line(tmp_path: Path, depth: int) -> None:
    assert said(told(tmp_path, PLAN + f"x: {'[' * depth}{']' * depth}\n")) == [("S120", "plan.yaml:11:63")]


def test_aliases_may_not_nest_deeper_than_brackets(tmp_path: Path) -> None:
    chain = "b0: &b0 [x]\n" + "".join(f"b{n}: &b{n} [*b{n - 1}]\n" for n in range(1, 90))
    assert {problem.code for problem in told(tmp_path, chain + PLAN)} == {"S120"}


def test_half_a_character_is_refused_where_it_stands(tmp_path: Path) -> None:
    assert said(told(tmp_path, PLAN + 'region: {map_approval: "\\ud800"}\n')) == [("S122", "plan.yaml:11:24")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tables: {{parks: {long}.csv, candidates: data/candidates.csv}}", "S116"),
        ("region: {{boundary: {long}.geojson}}", "S116"),
        ("extends: {long}.yaml", "S108"),
    ],
)
def test_a_name_too_long_for_any_file_is_told_at_its_key(tmp_path: Path, text: str, code: str) -> None:
    problems = told(tmp_path, PLAN + text.format(long="县" * 90) + "\n")
    assert [(problem.code, problem.place is not None and problem.place.line) for problem in problems] == [(code, 11)]


def test_a_plan_file_whose_name_no_file_can_have(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(tmp_path / ("x" * 300))])
    assert (result.exit_code, "S101" in result.stderr) == (2, True)


def test_a_scenario_cannot_set_anything_below_a_single_value(tmp_path: Path) -> None:
    scenarios = "scenarios: [{name: a, settings: {solve.gap.x: 0.1}}, {name: b, settings: {solve: {gap: {a: 1}}}}]\n"
    assert [code for code, _ in said(told(tmp_path, PLAN + scenarios))] == ["S312", "S312"]
    with pytest.raises(InputError) as raised:
        api.open_plan(write_city(tmp_path / "flags"), {"solve.gap.x": 1})
    assert [problem.code for problem in raised.value.problems] == ["S312"]


def test_weights_that_are_all_zero_ask_for_nothing(tmp_path: Path) -> None:
    problems = told(tmp_path, PLAN.replace("gap: 1.0", "gap: 0"))
    assert [(problem.code, problem.severity) for problem in problems] == [("S123", "warning")]


@pytest.mark.parametrize("weight", ["1.0e+308", "1.0e-300"])
def test_a_number_of_no_sensible_size_is_refused(tmp_path: Path, weight: str) -> None:
    assert said(told(tmp_path, PLAN.replace("gap: 1.0", f"gap: {weight}"))) == [("S116", "plan.yaml:9:18")]


def test_thousands_of_unknown_keys_are_told_in_seconds_and_counted(tmp_path: Path) -> None:
    problems = told(tmp_path, PLAN + "".join(f"k{n}: 1\n" for n in range(3000)))
    assert len(problems) == 201
    assert "2800" in problems[0].rule.en + problems[-1].rule.en


# --- the screen -------------------------------------------------------------------------------------------------------

FORGED = "\x1b[2J\x1b[H检查通过\r\u202e\n检查通过"


def test_control_characters_are_shown_and_never_sent(tmp_path: Path) -> None:
    assert visible(FORGED) == "\\x1b[2J\\x1b[H检查通过\\x0d\\u202e\n检查通过"
    bad = changed("candidates", 0, link_id=FORGED)
    output = CliRunner().invoke(app, ["check", str(write_city(tmp_path, tables=bad))]).output
    assert "\x1b" not in output
    assert not any(line.startswith("检查通过") for line in output.splitlines())


def test_every_command_prints_through_the_one_edge(tmp_path: Path) -> None:
    hostile = changed("links", 0, name="座\x1b[2J椅\u009b")
    output = CliRunner().invoke(app, ["diagnose", str(write_city(tmp_path, tables=hostile))]).output
    assert "\\x1b[2J" in output
    assert not {"\x1b", "\u009b"} & set(output)
