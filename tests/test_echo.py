"""The echo: what is said of rules is never narrower than what plans can do, and what is surely not meant is pointed out."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.echo.codes import CODES
from planner.echo.lines import EchoLine
from planner.echo.refine import refined
from planner.echo.rules import rule_line, rule_reach
from planner.programme.build import build
from planner.terms.registry import reckon
from tests.brute import every_choice, value_of
from tests.city import PLAN, TABLES, changed, write_city
from tests.random_city import random_tables
from tests.sweep import sweep

ROUNDING = 1e-6
RULES = (
    "count: {min: 1}",
    "count: {max: 1}, per: park",
    "count: {equal: 1}, per: [park, quarter]",
    "count: {max: 2}, per: candidate",
    "sum: land, max: 45",
    "sum: land, min: 60, per: county",
    "sum: subsidy, max: 3 万元, per: chain",
    "sum: investment, min: 0.05 亿元, where: {quarter: {from: 2027Q2}}",
    "count: {min: 1}, where: {any: [{county: 东县}, {investment: {min: 400}}]}",
    "share: {of: investment, min: 40 %}, where: {chain_id: C0}",
    "share: {of: subsidy, max: 0.6}, per: candidate",
    "share: {of: land, max: 70 %, within: group}, where: {link_id: L1}, per: park",
    "share: {of: count, min: 0.5, among: {investment: {min: 200}}}, where: {quarter: 2027Q1}",
    "mean: {of: investment, over: land, min: 10}",
    "mean: {of: tax, max: 30}, per: quarter",
    "mean: {of: output, over: investment, min: 0.2, max: 3}, where: {score: {min: 0}}",
    "count: {max: 9}",
    "count: {min: 7}",
    "sum: land, max: 2, where: {land: {min: 200}}",
)


def lines_of(path: Path) -> tuple[EchoLine, ...]:
    return api.echo(api.open_plan(path)).lines


def _narrower(tmp_path: Path, seed: int) -> tuple[list[str], bool]:
    """Rules of a random city of which some plan reaches more, or less, than the echo says; and whether the other limits made the echo
    say less than sums alone."""
    dice = Random(seed)
    plan, tables = random_tables(seed, candidates=3, parks=2, quarters=2)
    tables["parks"][0]["county"] = "东县"
    if "rules:" in plan:
        plan = "".join(line for line in plan.splitlines(keepends=True) if not line.startswith("rules:"))
    chosen = dice.sample(RULES, 6)
    written = "".join(f"- {{name: r{n}, soft: 0, {rule}}}\n" for n, rule in enumerate(chosen))
    opened = api.open_plan(write_city(tmp_path / str(seed), plan + "rules:\n" + written, tables))
    programme = build(opened.case, opened.eligible, ())
    sums = [rule_reach(programme, rows) for rows in programme.layout.rules]
    reached = refined(programme, sums).reached
    lines = [rule_line(programme, rows, one) for rows, one in zip(programme.layout.rules, reached, strict=True)]
    tighter = any((new.least > old.least).any() or (new.most < old.most).any() for old, new in zip(sums, reached, strict=True))
    wrong: list[str] = []
    held: set[int] = set()
    broken: set[int] = set()
    for choice in every_choice(opened):
        if value_of(opened, choice) is None:
            continue
        values = reckon(opened.case, choice).rules
        violated = {value.rule for value in values if value.violation > ROUNDING}
        broken |= violated
        held |= {value.rule for value in values} - violated
        for value in (value for value in values if value.known):
            rows, span = programme.layout.rules[value.rule], reached[value.rule]
            at = rows.labels.index(value.group)
            if not span.least[at] - ROUNDING <= value.value <= span.most[at] + ROUNDING:
                wrong.append(f"{chosen[value.rule]} in {value.group}: {value.value} not in {span.least[at]} – {span.most[at]}")
    wrong += [f"{chosen[n]}: said that it never holds" for n in held if lines[n].verdict == "never"]
    wrong += [f"{chosen[n]}: said that it always holds" for n in broken if lines[n].verdict == "always"]
    return wrong, tighter


@pytest.mark.parametrize("seed", sweep(range(6), 1))
def test_no_plan_goes_beyond_what_is_said(tmp_path: Path, seed: int) -> None:
    assert _narrower(tmp_path, seed)[0] == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_no_plan_of_300_cities_goes_beyond_what_is_said(tmp_path: Path, block: int) -> None:
    judged = [_narrower(tmp_path, seed) for seed in range(1000 + 15 * block, 1015 + 15 * block)]
    assert [fault for faults, _ in judged for fault in faults] == []
    assert sum(tighter for _, tighter in judged) >= 3  # of 15, four to ten


ONE_FUND = """\
name: 一个资金池
quarters: {start: 2027Q1, count: 1}
resources: {}
objective: {weights: {gap: 1.0}}
solve: {gap: 0.0, threads: 1}
rules:
  - {name: 座椅, where: {link_id: SEAT}, count: {max: 4}}
  - {name: 泡棉, where: {link_id: FOAM}, sum: subsidy, min: 30}
"""


def one_fund(tmp_path: Path, text: str = ONE_FUND) -> Path:
    """Five seat makers that ask for 10 each and two foam makers that ask for 15 each, of a fund of 60."""
    link = {"A": ("SEAT", 10), "B": ("FOAM", 15)}
    firms = [
        {"candidate_id": f"{kind}{n}", "name": f"{kind}{n}", "link_id": link[kind][0], "capacity": 1, "subsidy": link[kind][1]}
        for kind, count in (("A", 5), ("B", 2))
        for n in range(count)
    ]
    money = [{"fund_id": "F", "quarter": "2027Q1", "amount": 60}]
    return write_city(tmp_path, text, {"links": TABLES["links"], "candidates": firms, "parks": TABLES["parks"], "funds": money})


def test_a_sum_is_held_against_the_other_limits_together(tmp_path: Path) -> None:
    """The fund alone would carry all five. 30 of it are bound by the other rule: three are left, fewer than the four allowed."""
    path = one_fund(tmp_path)
    seats, foam = lines_of(path)[:2]
    assert (seats.least, seats.most, seats.verdict) == (0, 3, "always")
    assert "总是成立：在其他限制之下，项目数只会在 0 个 与 3 个 之间" in seats.verdict_zh
    assert (foam.least, foam.most) == (0, 30)
    seats, foam = lines_of(one_fund(tmp_path / "soft", ONE_FUND.replace("min: 30", "min: 30, soft: 1")))[:2]
    assert (seats.most, seats.verdict) == (5, "open")


def test_rules_that_one_fund_cannot_pay_together_are_told_as_such(tmp_path: Path) -> None:
    """Four seat makers and 30 for foam are 70 of 60: each alone could be."""
    texts = warned(one_fund(tmp_path, ONE_FUND.replace("max: 4", "min: 4")))
    assert [code for code, _ in texts] == ["E104", "E104"]
    assert "至少要 4 个，而在其他限制之下，至多只能到 3 个" in texts[0][1]
    assert "至少要 30 万元，而在其他限制之下，至多只能到 20 万元" in texts[1][1]


def test_limits_that_no_plan_keeps_together_are_named(tmp_path: Path) -> None:
    """Both shares, and who must come: without A, no project at all would keep both."""
    ((_, text),) = warned(write_city(tmp_path, f"{PLAN}{APART}\n", changed("candidates", 0, must_include="是")))
    assert "没有一个计划都做得到，项目可以拆开也不行" in text
    assert all(name in text for name in ("甲公司", "规则“甲”不少于 60 %", "规则“乙”不少于 60 %"))


def warned(path: Path) -> list[tuple[str, str]]:
    """(code, what the warning says) of a plan file."""
    return [(problem.code, problem.say("zh")) for problem in api.echo(api.open_plan(path)).warnings]


def with_rule(tmp_path: Path, rule: str) -> list[tuple[str, str]]:
    return warned(write_city(tmp_path, PLAN + f"rules: [{{name: 规则甲, {rule}}}]\n"))


def test_a_bound_in_the_wrong_unit_is_pointed_out_as_touching_all(tmp_path: Path) -> None:
    """The analyst thinks in 亿元; the column is kept in 万元: every firm invests at least 2 万元."""
    ((code, text),) = with_rule(tmp_path, "where: {investment: {min: 2}}, count: {max: 3}")
    assert code == "E102"
    assert "投资额不小于 2 万元" in text
    assert "取 4/4" in text
    assert with_rule(tmp_path / "meant", "where: {investment: {min: 2 亿元}}, count: {max: 3}")[0][0] == "E101"


def test_a_pair_that_no_park_holds_together_is_told(tmp_path: Path) -> None:
    """C and D need 70 亩 and 10 MW together; P1 has 80 亩 and 6 MW, P2 40 亩."""
    ((code, text),) = warned(write_city(tmp_path, PLAN + "relations: {together: [{name: 旗舰, candidates: [C, D]}]}\n"))
    assert code == "E105"
    assert "没有园区同时容得下" in text
    assert "两者不会同时入选" in text


def test_check_always_says_how_many_fit_nowhere_and_what_refuses_them(tmp_path: Path) -> None:
    """One of four is no warning, and told all the same."""
    path = write_city(tmp_path, tables=changed("candidates", 2, land=500))
    assert warned(path) == []
    assert "1 个进不了任何园区：用地超过园区能力 1 个" in CliRunner().invoke(app, ["check", str(path)]).stdout
    path = write_city(tmp_path / "en", PLAN.replace("language: zh", "language: en"), changed("candidates", 2, land=500))
    assert "1 fits into no park: more land than a park has (1)" in CliRunner().invoke(app, ["check", str(path)]).stdout
    assert "fit into no park" not in CliRunner().invoke(app, ["check", str(write_city(tmp_path / "all"))]).stdout


NO_ROOM = {**TABLES, "parks": [{**park, "land": 1} for park in TABLES["parks"]]}
APART = """\
rules:
  - {name: 甲, where: {link_id: SEAT}, share: {min: 60 %}}
  - {name: 乙, where: {link_id: FOAM}, share: {min: 60 %}}"""
UNMEANT = {
    "filter that takes nothing": ("rules: [{name: 甲, where: {land: {min: 900}}, count: {max: 3}}]", TABLES, "E101", 11),
    "filter that takes all": ("rules: [{name: 甲, where: {land: {min: 1}}, count: {max: 3}}]", TABLES, "E102", 11),
    "most that is never reached": ("rules: [{name: 甲, where: {link_id: SEAT}, count: {max: 9}}]", TABLES, "E103", 11),
    "least that is never reached": ("rules: [{name: 甲, where: {link_id: SEAT}, sum: land, min: 900}]", TABLES, "E104", 11),
    "most below any single project": ("rules: [{name: 甲, sum: subsidy, max: 2}]", TABLES, "E110", 11),
    "pair without a park": ("relations: {together: [{candidates: [C, D]}]}", TABLES, "E105", 11),
    "one of a pair is out": ("relations: {exclusive: [{candidates: [A, B]}]}", changed("candidates", 0, exclude="是"), "E106", 11),
    "must come and fits nowhere": ("", changed("candidates", 0, must_include="是", land=500), "E107", None),
    "a park for nobody": ("", NO_ROOM, "E108", None),
    "two shares above a half, and one who must come": (APART, changed("candidates", 0, must_include="是"), "E111", None),
    "floor that is never reached": ("floors: {tax: 1}", TABLES, "E109", 10),
    "change whose filter takes all": (
        "changes: [{table: candidates, where: {land: {max: 20 公顷}}, column: power, add: 1}]",
        TABLES,
        "E115",
        11,
    ),
    "ceiling that is never reached": ("ceilings: {subsidy: 291}", TABLES, "E109", 10),
}


@pytest.mark.parametrize("name", UNMEANT)
def test_what_is_surely_not_meant_is_told_once_where_it_stands(tmp_path: Path, name: str) -> None:
    text, tables, code, line = UNMEANT[name]
    bound = text.startswith(("floors", "ceilings"))
    plan = PLAN.replace("gap: 1.0}", f"gap: 1.0}}\n  {text}") if bound else f"{PLAN}{text}\n"
    (problem,) = api.echo(api.open_plan(write_city(tmp_path, plan, tables))).warnings
    assert (problem.code, problem.severity, problem.place and problem.place.line) == (code, "warning", line)


def test_each_warning_of_the_echo_is_tried() -> None:
    assert {code for _, _, code, _ in UNMEANT.values()} == set(CODES.entries)


def test_a_run_says_what_check_warns_of(tmp_path: Path) -> None:
    """And the bounds of single groups stand in the line of their rule."""
    rule = "{name: 规则甲, where: {investment: {min: 2}}, count: {max: 3}, per: county, by_group: [{county: 东县, min: 0, max: 2}]}"
    path = write_city(tmp_path, PLAN + f"rules: [{rule}]\n")
    told: list[str] = []
    outcome = api.run(path, tmp_path / "run", tell=lambda words: told.append(words.zh))
    assert [text for text in told if "E102" in text]
    (line,) = (line for line in outcome.plan.echo if line.name == "规则甲")
    assert "东县不少于 0 个、不超过 2 个" in line.zh
    assert "东县 at least 0, at most 2" in line.en


def test_a_soft_rule_that_no_plan_keeps_is_said_to_cost(tmp_path: Path) -> None:
    """Four firms at the most: five are out of reach, whatever the price."""
    ((code, text),) = with_rule(tmp_path, "count: {min: 5}, soft: 2")
    assert code == "E104"
    assert "总会违反，代价免不了：至少要 5 个" in text
