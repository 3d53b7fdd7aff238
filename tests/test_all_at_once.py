"""Check is truly all at once: settings, tables, references, rules, relations, changes and scenarios are judged in one run, whatever
else is wrong; each fault is told once, and nothing that only follows from another."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError, Problem
from planner.settings.load import read_settings
from tests.faults import FAULTS, TOGETHER, Fault, cell, put, renamed, write_faulty
from tests.sweep import sweep

TEN = {
    "text for a number": "plan.yaml:25:12",
    "misspelt key": "plan.yaml:26:3",
    "text in a column of numbers": "candidates.csv!F3",
    "misspelt header": "parks.csv!C1",
    "no such link": "candidates.csv!C4",
    "no such park of an option": "site_options.csv!B3",
    "no such value": "plan.yaml:29:38",
    "no such group": "plan.yaml:31:62",
    "no such candidate": "plan.yaml:39:28",
    "no such row": "plan.yaml:46:45",
}
"""Ten faults in settings, tables, references and rules, and where each of them stands."""


def found(folder: Path, *names: str) -> tuple[Problem, ...]:
    """What a check says of the plan with these faults."""
    return api.inspect(write_faulty(folder, list(names)), every=False).problems


def told(problem: Problem) -> tuple[str, ...]:
    """A message, less the line of the plan file, which other faults move."""
    place = problem.place
    return problem.code, place.file if place is not None and place.line else str(place), problem.subject, problem.found


@cache
def alone(name: str) -> tuple[tuple[str, ...], ...]:
    with TemporaryDirectory() as folder:
        return tuple(told(problem) for problem in found(Path(folder), name))


def some(seed: int) -> list[str]:
    """Two to ten faults that have nothing to do with each other."""
    dice, chosen = Random(seed), list[str]()
    for name in dice.sample(sorted(FAULTS), dice.randint(2, 10)):
        if not any(frozenset({name, other}) in TOGETHER for other in chosen):
            chosen.append(name)
    return chosen


@pytest.mark.slow
def test_ten_faults_are_ten_messages_of_one_run_in_every_way_of_asking(tmp_path: Path) -> None:
    path, expected = write_faulty(tmp_path, list(TEN)), {(FAULTS[name][0], place) for name, place in TEN.items()}
    problems = api.inspect(path).problems
    assert {(problem.code, str(problem.place)) for problem in problems} == expected
    assert len(problems) == len(expected) == 10
    for ask in (api.check, api.open_plan):
        with pytest.raises(InputError) as refused:
            ask(path)
        assert {(problem.code, str(problem.place)) for problem in refused.value.problems} == expected
    report = tmp_path / "report.xlsx"
    for command in (["check"], ["run", "--out", str(tmp_path / "run")], ["check", "--report", str(report)]):
        done = CliRunner().invoke(app, [command[0], str(path), *command[1:]])
        assert done.exit_code == 2
        lines = [line for line in done.output.splitlines() if line.endswith("）") and any(place in line for place in TEN.values())]
        assert len(lines) == 10
        assert "共 10 处问题" in done.output
    assert openpyxl.load_workbook(report)["问题清单"].max_row > 10


def test_messages_come_in_the_order_of_settings_tables_references_rules(tmp_path: Path) -> None:
    problems = found(tmp_path, *TEN, "signed without a park")
    assert [problem.code[0] for problem in problems] == ["S"] * 2 + ["T"] * 4 + ["C"] + ["C", "C", "C", "T"]
    lines = [problem.place.line for problem in problems[7:] if problem.place is not None]
    assert lines == sorted(lines)


@pytest.mark.parametrize("seed", sweep(range(40), first=3))
def test_faults_planted_together_are_each_told_once(seed: int, tmp_path: Path) -> None:
    names = some(seed)
    assert sorted(problem.code for problem in found(tmp_path, *names)) == sorted(FAULTS[name][0] for name in names)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1160))
def test_what_is_told_together_is_what_each_tells_alone(seed: int, tmp_path: Path) -> None:
    names = some(seed)
    together = [told(problem) for problem in found(tmp_path, *names)]
    assert sorted(together) == sorted(one for name in names for one in alone(name))


@pytest.mark.parametrize("name", sweep(sorted(FAULTS), first=2))
def test_a_fault_alone_is_one_message_that_points_to_it(name: str, tmp_path: Path) -> None:
    path = write_faulty(tmp_path, [name])
    (problem,) = api.inspect(path).problems
    assert problem.code == FAULTS[name][0]
    assert problem.place is not None
    if problem.place.line and problem.place.column:
        line = path.read_text("utf-8").splitlines()[problem.place.line - 1]
        key = problem.subject.rpartition(".")[2].rpartition("]")[2] or problem.subject.rpartition(".")[2].partition("[")[0]
        here = line[problem.place.column - 1 :].lstrip('{["')
        assert here.startswith((key, problem.found.strip('"') or key)) or problem.found in ("{…}", "[…]", '""'), (line, problem)


@pytest.mark.parametrize("pair", sweep([(pair,) for pair in TOGETHER], first=2))
def test_of_two_of_which_one_rests_on_the_other_only_that_is_told(pair: frozenset[str], tmp_path: Path) -> None:
    first = next(iter(pair & FIRST))
    assert [problem.code for problem in found(tmp_path, *pair)] == [FAULTS[first][0]]


FIRST = {"objective that is a number", "quarters that are none", "bounds that are no box", "misspelt header", "no id column"}


def files(**others: object) -> Fault:
    """The plan says where each table is, and of some something wrong."""
    return lambda plan, tables: plan.update(tables={**{name: f"data/{name}.csv" for name in tables}, **others})


REFUSALS: dict[str, Fault] = {
    "file of parks that is not there": files(parks="data/park.csv"),
    "file of candidates that is not there": files(candidates="data/firms.csv"),
    "file of links that is not there": files(links="data/link.csv"),
    "file of funds that is not there": files(funds="data/fund.csv"),
    "tables that are a number": put("tables", to=5),
    "misspelt key of a table": files(candidates={"file": "data/candidates.csv", "shet": "x"}),
    "resources that are a number": put("resources", to=5),
    "resource that is a number": put("resources", "land", to=5),
    "unit that is a list": put("resources", "land", "unit", to=["亩"]),
    "model that there is not": put("extends", to="bsae"),
    "no ids of candidates": renamed("candidates", candidate_id="甲"),
    "no ids of links": renamed("links", link_id="丙"),
    "misspelt header of what links supply": renamed("candidates", capacity="capcity"),
    "no id of one candidate": cell("candidates", 2, candidate_id=""),
    "no chain of a link": cell("links", 0, chain_id=""),
    "no name of a fund": cell("funds", 2, fund_id=""),
}


@pytest.mark.parametrize("name", sweep(REFUSALS, first=2))
def test_what_is_refused_whole_is_one_message(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAULTS, name, ("", REFUSALS[name]))
    assert len(found(tmp_path, name)) == 1


RULE = "rules: [{name: a, count: {max: 1}%s}]\n"
SETTINGS = {
    "a wrong type high up": ("rules: 5\nsolve: {seed: x}\ngrades: {weak: 2}\n", ["S112", "S112", "S118"]),
    "a bound that is no number, and a form too many": (RULE % ", sum: land, min: [1]", ["S118", "S116"]),
    "a price beside no form": ("rules: [{name: a, soft: [x]}]\n", ["S118", "S112"]),
    "a misspelt form is no missing one": ("rules: [{name: a, cuont: {max: 1}}]\n", ["S110"]),
    "a form by another name is no missing one": ("rules: [{name: a, quantity: {max: 1}}]\n", ["S110"]),
    "a bound that is no number is no missing one": ("rules: [{name: a, sum: land, min: [x]}]\n", ["S116"]),
    "each of several steps": ("sensitivity: {steps: {land: -1, power: 0, water: 3}}\n", ["S118", "S118"]),
    "each of several doubles": ("relations: {exclusive: [{candidates: [A, A, B, B]}]}\n", ["S116", "S116"]),
    "lists under a key written twice": ("rules: [{name: a}]\nname: x\nrules: [{name: b}]\n", ["S118", "S106", "S118"]),
    "the first of two documents": ("solve: {seed: x}\n---\nname: b\n", ["S112", "S103"]),
    "beside a tag": ("name: !!binary aGk=\nsolve: {seed: x}\n", ["S107", "S112"]),
    "beside a circle of aliases": ("rules: &a [*a]\nsolve: {seed: x}\n", ["S107", "S112"]),
    "beside a model that there is not": ("extends: bsae\nsolve: {seed: x}\nrules: [{count: {max: 1}}]\n", ["S108", "S112"]),
    "in and beside a scenario": (
        "scenarios:\n  - {name: a, settings: {solve.gap: x, quarters: {count: 0}}}\n  - 5\nsolve: {seed: x}\n",
        ["S112", "S113", "S112", "S112"],
    ),
    "weights that are no numbers": ("objective: {mode: priorities, levels: [{weights: {gap: x}}]}\n", ["S112"]),
    "a share that is no number": ("schedule: {payout: [0.5, x]}\n", ["S116"]),
    "a list of what is no rule": ("rules: [5, {name: a, count: {max: 1, min: 2}}, x]\n", ["S112", "S118", "S112"]),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_are_told_key_by_key(case: str, tmp_path: Path) -> None:
    text, codes = SETTINGS[case]
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    assert [problem.code for problem in read_settings(path).problems] == codes


def test_what_is_right_beside_a_fault_is_kept_where_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("rules: [5, {name: b, count: {max: 3}, soft: [x]}]\nsolve: {seed: x, threads: 7}\n", encoding="utf-8")
    loaded = read_settings(path)
    assert loaded.settings.rules[1].name == "b"
    assert loaded.settings.rules[1].soft is None
    assert (loaded.settings.solve.seed, loaded.settings.solve.threads) == (1, 7)
    assert loaded.refused.whole("rules", 0, "name")
    assert loaded.refused.part("rules", 1)
    assert not loaded.refused.whole("rules", 1, "name")


def test_a_key_is_not_sent_to_one_of_its_name_in_another_section(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(RULE % ", time_limit: 5" + "threads: 3\n", encoding="utf-8")
    inside, outside = read_settings(path).problems
    assert "solve" not in inside.say("en")
    assert "it belongs at solve.threads or compare.threads" in outside.say("en")


def test_every_pair_that_is_left_out_of_the_draws_has_its_reason() -> None:
    assert all(len(pair) == 2 and pair <= FAULTS.keys() and why for pair, why in TOGETHER.items())
    assert len(TOGETHER) < len(list(combinations(FAULTS, 2))) / 100
