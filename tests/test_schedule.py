"""When money and effort fall due: profiles, milestones, quarters after the horizon, by hand. By enumeration: ``test_laws`` and
``test_evaluator``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import api
from planner.case.case import Choice
from planner.case.last_quarter import crowded_last_quarter
from planner.limits import FAMILIES
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.problems import InputError
from planner.programme.build import build
from planner.publish.basis import Basis
from planner.publish.console import outcome_text
from planner.publish.workbook import write_workbook
from planner.questions.explain.ask import explain
from planner.questions.explain.text import conflict_text
from planner.questions.sensitivity.knobs import knobs
from tests.city import PLAN, SCORE, TABLES, added, wide, write_city
from tests.solving import optimum, planned

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")
Tables = dict[str, list[dict[str, Any]]]
ONE = SCORE.replace("count: 2", "count: 1")
"""Scores A 1, B 2, C 3, D 4; subsidies 100, 60, 80, 50; efforts 2, 1, 2, 1."""


def plan_of(profiles: dict[str, Any], text: str = SCORE, **more: Any) -> str:
    """A plan with such profiles; ``more``: further keys of ``schedule``."""
    return text + f"schedule: {json.dumps({'profiles': profiles, **more}, ensure_ascii=False)}\n"


def fund(*amounts: float | None, carry: str = "是", **cells: Any) -> list[dict[str, Any]]:
    """A fund's rows from 2027Q1 on; None: no row."""
    return [
        {"fund_id": "FUND", "quarter": f"{2027 + t // 4}Q{t % 4 + 1}", "amount": amount, "carry_over": carry, **cells}
        for t, amount in enumerate(amounts)
        if amount is not None
    ]


def naming(tables: Tables, **profiles: str) -> Tables:
    """Candidates that name profiles."""
    rows = [{**row, "schedule_profile": profiles.get(str(row["candidate_id"]), "")} for row in tables["candidates"]]
    return {**tables, "candidates": rows}


LATE = {"晚付": {"payout": [0, 1]}}


def test_a_candidate_chain_or_fund_pays_by_its_own_profile(tmp_path: Path) -> None:
    """One quarter and 60 of money: B alone, or D alone, which is worth 4. Whoever pays a quarter later costs nothing within."""
    tables = wide(funds=fund(60), chains=[{"chain_id": "CAR", "schedule_profile": ""}])
    plan = plan_of(LATE, ONE)
    for number, (changed, worth) in enumerate(
        [
            (tables, 4),
            (naming(tables, C="晚付"), 4 + 3),
            (naming(tables, A="晚付", D="晚付"), 4 + 1 + 2),  # B takes the 60 that D leaves
            ({**tables, "chains": [{"chain_id": "CAR", "schedule_profile": "晚付"}]}, 10),
            ({**tables, "funds": fund(60, schedule_profile="晚付")}, 10),
        ]
    ):
        path = write_city(tmp_path / str(number), plan, changed)
        assert optimum(path) == pytest.approx(worth)
    assert optimum(tmp_path / "0" / "plan.yaml", [one for one in FAMILIES if one.name != "funds"]) == pytest.approx(10)


def test_the_candidates_profile_goes_before_its_chains_and_its_chains_before_its_funds(tmp_path: Path) -> None:
    profiles = {"付": {"payout": [0.5, 0.5]}, "做": {"effort": [0.25, 0.75]}, "都": {"payout": [0, 0, 1], "effort": [1]}}
    tables = naming(wide(funds=fund(900, schedule_profile="都"), chains=[{"chain_id": "CAR", "schedule_profile": "付"}]), A="做")
    case = open_plan(write_city(tmp_path, plan_of(profiles), tables)).case
    assert case.paid_shares.tolist() == [[0.5, 0.5]] * 4  # A names one that says nothing of money: its chain's
    assert case.spent_shares.tolist() == [[0.25, 0.75], [1, 0], [1, 0], [1, 0]]  # the others': of the fund


def test_milestones_fall_due_when_the_candidate_says(tmp_path: Path) -> None:
    """Of C's 80 fall due 20 on signing, 20 after one quarter, 40 after five; the column is blank for D: three quarters."""
    milestones = {
        "签约": {"share": 0.25, "after": 0},
        "开工": {"share": 0.25, "after": 1},
        "投产": {"share": 0.5, "column": "投产季数", "after": 3},
    }
    tables = naming(wide(), C="节点", D="节点")
    tables["candidates"] = [{**row, "投产季数": {"C": 5}.get(str(row["candidate_id"]), "")} for row in tables["candidates"]]
    opened, _, plan = planned(write_city(tmp_path, plan_of({"节点": {"milestones": milestones}}), tables))
    assert opened.case.paid_shares[2:].tolist() == [[0.25, 0.25, 0, 0, 0, 0.5], [0.25, 0.25, 0, 0.5, 0, 0]]
    assert {one.candidate_id for one in plan.selected} == set("ABCD")


@pytest.mark.parametrize(
    ("profile", "cell", "code"),
    [
        ("节店", 2, "C270"),  # no such profile: 节点 is near
        ("节点", "", "C274"),  # blank, and nothing says what a blank means
        ("节点", -1, "C273"),
        ("节点", 1.5, "C273"),
        ("节点", 81, "C273"),
        ("节点", "2028Q1", "C273"),
    ],
)
def test_what_a_milestone_needs_is_never_guessed(tmp_path: Path, profile: str, cell: Any, code: str) -> None:
    milestones = {"签约": {"share": 0.5, "after": 0}, "投产": {"share": 0.5, "column": "投产季数"}}
    tables = naming(wide(), A="节点", B=profile)
    tables["candidates"] = [{**row, "投产季数": cell if row["candidate_id"] == "B" else 2} for row in tables["candidates"]]
    with pytest.raises(InputError) as refused:
        open_plan(write_city(tmp_path, plan_of({"节点": {"milestones": milestones}}), tables))
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.place is not None
    assert (problem.place.cell or "")[-1:] == "3"  # the row of B
    assert ("节点" in problem.remedy.zh) == (code == "C270")


def test_blank_milestones_of_candidates_that_cost_nothing_or_never_come_are_none(tmp_path: Path) -> None:
    tables = naming(wide(), A="节点", B="节点")
    tables["candidates"] = [{**row, "投产季数": "" if row["candidate_id"] in "AB" else 1} for row in tables["candidates"]]
    tables["candidates"][0]["subsidy"], tables["candidates"][1]["exclude"] = 0, "是"
    open_plan(write_city(tmp_path, plan_of({"节点": {"milestones": {"投产": {"share": 1, "column": "投产季数"}}}}), tables))


@pytest.mark.parametrize(
    ("profile", "at"),
    [
        ({"payout": [0.5, 0.4]}, "payout"),
        ({"effort": [1.5, -0.5]}, "effort"),
        ({"milestones": {"签约": {"share": 0.9, "after": 0}}}, "milestones"),
        ({"milestones": {"签约": {"share": 1.0}}}, "milestones.签约"),
        ({"payout": [1.0], "milestones": {"签约": {"share": 1.0, "after": 0}}}, "milestones"),
        ({}, "p"),
    ],
)
def test_profiles_that_do_not_add_up_are_refused_at_their_key(tmp_path: Path, profile: dict[str, Any], at: str) -> None:
    with pytest.raises(InputError) as refused:
        open_plan(write_city(tmp_path, plan_of({"p": profile}), wide()))
    assert [problem.subject.endswith(at) for problem in refused.value.problems if problem.severity == "error"] == [True]


def test_a_profile_that_nothing_names_and_a_fund_of_two_are_told(tmp_path: Path) -> None:
    rows = [{**row, "schedule_profile": name} for row, name in zip(fund(100, 100), ("a", "b"), strict=True)]
    path = write_city(tmp_path, plan_of({name: {"payout": [1]} for name in "abc"}), wide(funds=rows))
    with pytest.raises(InputError) as refused:
        open_plan(path)
    assert {problem.code: problem.found for problem in refused.value.problems} == {"C271": "b", "C275": "c"}


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(
    shares=st.lists(st.integers(1, 8), min_size=1, max_size=4),
    effort=st.lists(st.integers(1, 8), min_size=1, max_size=3),
    where=st.sampled_from(["candidates", "chains", "funds"]),
)
def test_a_profile_equal_to_the_default_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, shares: list[int], effort: list[int], where: str
) -> None:
    """Whoever names it, and written as shares or as milestones: the programme is the same to the last digit."""
    parts = {"payout": [one / sum(shares) for one in shares], "effort": [one / sum(effort) for one in effort]}
    milestones = {f"M{n}": {"share": share, "after": n} for n, share in enumerate(parts["payout"])}
    found = []
    for profiles in ({}, {"p": parts}, {"p": {"milestones": milestones}}):
        tables: Tables = {**added("chains"), "chains": [{"chain_id": "CAR"}]}
        tables[where] = [{**row, "schedule_profile": "p" if profiles else ""} for row in tables[where]]
        opened = open_plan(write_city(tmp_path_factory.mktemp("city"), plan_of(profiles, PLAN, **parts), tables))
        matrix = build(opened.case, opened.eligible).matrix
        found.append([matrix.rows.toarray().tolist(), matrix.row_upper.tolist(), opened.case.calendar])
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("rows", "worth"),
    [
        (fund(500), 10),  # what falls due in Q2 is limited by nothing
        (fund(500, 65, carry="否"), 7),  # half of A 100, B 60, C 80, D 50 falls due there: C 40 + D 25
        (fund(145, 65, carry="是"), 9),  # 210 in all, half of it at once: B, C and D ask for 190
        (fund(145, None, 65, carry="是"), 9),  # money of Q3 counts up to Q3, and nobody has to be paid later
        (fund(145, None, 65, carry="否"), 10),
    ],
)
def test_amounts_after_the_horizon_bind(tmp_path: Path, rows: list[dict[str, Any]], worth: float) -> None:
    path = write_city(tmp_path, ONE + "schedule: {payout: [0.5, 0.5]}\n", wide(funds=rows))
    assert optimum(path) == pytest.approx(worth)
    assert optimum(path, [one for one in FAMILIES if one.name != "funds"]) == pytest.approx(10)


def test_effort_after_the_horizon_is_limited_by_rows_that_name_the_quarter_alone(tmp_path: Path) -> None:
    """Half of A 2, B 1, C 2, D 1 is spent a quarter later. The row for each quarter is one of the horizon."""
    team = [{"team_id": "T", "chain_id": "CAR", "quarter": "", "effort": 3}]
    for number, (rows, worth) in enumerate([([], 10), ([{**team[0], "quarter": "2027Q2", "effort": 1}], 6)]):
        tables = wide(teams=[*team, *rows])
        path = write_city(tmp_path / str(number), ONE + "schedule: {effort: [0.5, 0.5]}\n", tables)
        assert optimum(path) == pytest.approx(worth)  # B and D need 1 there; C and D, worth 7, would need 1.5
        assert optimum(path, [one for one in FAMILIES if one.name != "teams"]) == pytest.approx(10)


@pytest.mark.parametrize(
    ("rows", "team", "cell", "said"),
    [
        (fund(500, 30, carry="否"), {}, ("funds", "2027Q2", 20.0), "2027Q2 30 万元"),  # half of A's 100 falls due there
        (fund(70, None, 20, carry="是"), {}, ("funds", "2027Q3", 10.0), "2027Q1 70、2027Q3 20"),
        (fund(500), {"quarter": "2027Q2", "effort": 0.75}, ("teams", "2027Q2", 0.25), "2027Q2 0.75 人月"),  # half of A's 2
    ],
)
def test_a_conflict_after_the_horizon_is_explained(
    tmp_path: Path, rows: list[dict[str, Any]], team: dict[str, Any], cell: tuple[str, str, float], said: str
) -> None:
    tables = wide(funds=rows)
    tables["candidates"][0]["must_include"] = "是"
    tables["teams"] += [{**tables["teams"][0], **team}] if team else []
    found = explain(write_city(tmp_path, ONE + "schedule: {payout: [0.5, 0.5], effort: [0.5, 0.5]}\n", tables))
    first = found.repairs[0]
    assert [(one.table, dict(one.where)["quarter"], one.add) for one in first.cells] == [cell]
    assert first.confirmed
    assert said in conflict_text(found, "zh")


def test_rows_in_which_nothing_falls_due_are_told(tmp_path: Path) -> None:
    tables = wide(funds=[*fund(500, 500, 500, 9)], teams=[*TABLES["teams"], {**TABLES["teams"][0], "quarter": "2027Q3"}])
    opened = open_plan(write_city(tmp_path, SCORE + "schedule: {payout: [0.5, 0.5]}\n", tables))
    assert [(one.code, one.found) for one in opened.warnings] == [("C207", "2027Q3")]  # the team's; the fund carries its 9 over
    assert opened.case.calendar == ("2027Q1", "2027Q2", "2027Q3", "2027Q4")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """B, C and D for 190, half of it a quarter after the only one; their effort of 4 over three quarters."""
    text = ONE + "schedule: {payout: [0.5, 0.5], effort: [0.5, 0.25, 0.25]}\n"
    team = {"team_id": "T", "chain_id": "CAR", "quarter": "2027Q3", "effort": 3}
    tables = wide(funds=fund(145, None, 65), teams=[*wide()["teams"], team])
    return planned(write_city(tmp_path_factory.mktemp("later"), text, tables))[2]


def test_what_falls_due_after_the_horizon_is_recorded_by_fund_and_team(later: Plan) -> None:
    assert {one.candidate_id for one in later.selected} == set("BCD")
    funds = [(use.quarter, use.after_horizon, use.amount, use.available, use.used, use.left) for use in later.funds]
    assert funds == [("2027Q1", False, 145, 145, 95, 50), ("2027Q2", True, None, 115, 95, 20), ("2027Q3", True, 65, 20, 0, 20)]
    # Q2 brings no money of its own: there is what Q1 left and, as the fund carries over, what Q3 brings.
    teams = [(use.quarter, use.after_horizon, use.effort, use.used, use.left) for use in later.teams]
    assert teams == [("2027Q1", False, 100, 2, 98), ("2027Q2", True, None, 1, None), ("2027Q3", True, 3, 1, 2)]
    assert (later.kpis.subsidy, later.kpis.subsidy_after_horizon, later.kpis.effort_after_horizon) == (190, 95, 2)


def test_what_falls_due_after_the_horizon_is_told_on_the_console_and_in_the_workbook(later: Plan, tmp_path: Path) -> None:
    said = outcome_text(later, tmp_path, {}, "zh")
    assert "规划期（至 2027Q1）之后到期：资金“FUND”95 万元；专班“T”2 人月（其中 1 人月不受额度限制）" in said
    assert "95" in next(line for line in outcome_text(later, tmp_path, {}, "en").splitlines() if "after the horizon" in line)
    write_workbook(later, tmp_path / "plan.xlsx")
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "plan.xlsx")["分季推进"].iter_rows()]
    rows = [[row[0], *row[2:6]] for row in rows]  # a name takes two columns
    assert [row for row in rows if row[1] in ("2027Q2", "2027Q3")] == [
        ["FUND", "2027Q2", 95, 115, 20],
        ["FUND", "2027Q3", 0, 20, 20],
        ["T（CAR）", "2027Q2", 1, "不限", "不限"],
        ["T（CAR）", "2027Q3", 1, 3, 2],
    ]


def test_payments_rest_on_an_assumed_milestone(tmp_path: Path) -> None:
    """A mark on the column that says when money falls due reaches what falls due."""
    plans = []
    for column in ("投产季数", "投产季数*"):
        tables = naming(wide(), C="节点")
        tables["candidates"] = [{**row, column: 1} for row in tables["candidates"]]
        profiles = {"节点": {"milestones": {"投产": {"share": 1, "column": "投产季数"}}}}
        plans.append(planned(write_city(tmp_path / str(len(plans)), plan_of(profiles), tables))[2])
    assert [Basis(plan).means(plan.funds[0]) for plan in plans] == [False, True]


def test_where_nothing_falls_due_after_the_horizon_that_is_said_as_0(tmp_path: Path) -> None:
    plan = planned(write_city(tmp_path, SCORE, wide()))[2]
    assert (plan.kpis.subsidy_after_horizon, plan.kpis.effort_after_horizon) == (0, 0)
    assert not any(use.after_horizon for use in (*plan.funds, *plan.teams))
    assert "之后到期" not in outcome_text(plan, tmp_path, {}, "zh")
    unknown = {**wide(), "candidates": [{**row, "subsidy": ""} for row in TABLES["candidates"]]}
    del unknown["funds"]
    path = write_city(tmp_path / "unknown", ONE + "schedule: {payout: [0, 1]}\n", unknown)
    assert planned(path)[2].kpis.subsidy_after_horizon is None  # nobody knows what they ask for


def crowded(tmp_path: Path, money: list[dict[str, Any]], weights: str = "score: 1.0", **cells: Any) -> Plan:
    """Two quarters; subsidies are paid a quarter after signing."""
    text = PLAN.replace("gap: 1.0", weights) + "schedule: {payout: [0, 1]}\n"
    tables = wide(funds=money)
    tables["candidates"] = [{**row, **cells} for row in tables["candidates"]]
    return planned(write_city(tmp_path, text, tables))[2]


def told(plan: Plan) -> list[str]:
    return [notice.zh for notice in plan.notices if notice.code == "C276"]


def test_a_last_quarter_that_is_crowded_because_it_is_cheap_is_told(tmp_path: Path) -> None:
    """Of 290 only 100 can be paid in Q2: three projects or more wait for Q2, when all of their money falls due after the horizon."""
    plan = crowded(tmp_path, fund(0, 100))
    late = [one for one in plan.selected if one.quarter == "2027Q2"]
    assert len(late) >= 3
    (said,) = told(plan)
    for part in (
        f"签约 {len(late)} 个项目，其他季平均 {4 - len(late)} 个",
        "奖补有 100%",
        "early 权重（现为 0）",
        "末季 1/2",
        "0.05",
    ):
        assert part in said
    console = outcome_text(plan, tmp_path, {}, "zh")
    assert said in console
    assert "万元（不受额度限制）" in console
    write_workbook(plan, tmp_path / "plan.xlsx")
    first = openpyxl.load_workbook(tmp_path / "plan.xlsx")["要点"]
    assert said in {str(cell.value).removesuffix("。") for cell in first["B"]}


@pytest.mark.parametrize(
    ("money", "more"),
    [
        (fund(0, 500), {"weights": "score: 1.0, early: 1.0"}),  # what an earlier quarter is worth is said
        (fund(0, 100, 500), {}),  # what falls due after the horizon has its limit
        (fund(0, 100), {"fixed_quarter": "2027Q2"}),  # nobody chose the quarter
        (fund(0, 100), {"earliest_quarter": "2027Q2"}),
        (fund(0, 100, carry="否"), {"exclude": "是"}),  # nobody comes
    ],
)
def test_a_last_quarter_that_is_dear_or_settled_is_not(tmp_path: Path, money: list[dict[str, Any]], more: dict[str, Any]) -> None:
    assert told(crowded(tmp_path, money, **more)) == []


@pytest.mark.parametrize(
    ("quarters", "payout", "subsidy", "crowds"),
    [
        ((0, 1, 2, 2), [0.5, 0.5], 50, True),  # two projects, one on average before; half of their money later
        ((0, 1, 2, 2), [0.6, 0.4], 50, False),  # less than half of it
        ((0, 1, 1, 2), [0.5, 0.5], 900, False),  # one project is no crowd
        ((0, 0, 1, 1), [0, 1], 50, False),  # as many as before, for 130 of money against 160
        ((0, 0, 1, 1), [0, 1], 239, False),  # 319: less than twice 160
        ((0, 0, 1, 1), [0, 1], 240, True),
    ],
)
def test_what_counts_as_crowded(tmp_path: Path, quarters: tuple[int, ...], payout: list[float], subsidy: int, crowds: bool) -> None:
    """A to D, of which D asks for ``subsidy``, in these quarters."""
    tables = wide()
    tables["candidates"][3]["subsidy"] = subsidy
    text = SCORE.replace("count: 2", f"count: {max(quarters) + 1}") + f"schedule: {{payout: {payout}}}\n"
    case = open_plan(write_city(tmp_path, text, tables)).case
    choice = Choice(np.arange(4), np.zeros(4, dtype=np.int64), np.array(quarters))
    assert (crowded_last_quarter(case, choice) is not None) is crowds


BLOCKS = re.findall(r"```yaml\n(.*?)```", (Path(__file__).parents[1] / "docs" / "money.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_block_of_the_page_is_a_plan(tmp_path: Path, block: str) -> None:
    """Each profile it defines is named by a candidate, so that its milestones are read too."""
    keys = {line.split(":")[0] for line in block.splitlines() if not line.startswith(" ")}
    plan = "\n".join(part for part in re.split(r"\n(?=\w)", PLAN) if part.split(":")[0] not in keys)
    names = re.findall(r"^    (\w+):", block, re.MULTILINE)
    tables = naming(wide(), **dict(zip("ABCD", names, strict=False)))
    tables["candidates"] = [{**row, "投产季数": 3 if row["candidate_id"] == "A" else ""} for row in tables["candidates"]]
    assert open_plan(write_city(tmp_path, plan + block, tables)).warnings == ()


def test_sensitivity_raises_amounts_after_the_horizon_too(tmp_path: Path) -> None:
    team = {"team_id": "T", "chain_id": "CAR", "quarter": "2027Q3", "effort": 1}
    tables = {**added("teams", team), "funds": fund(120, 100, 30, carry="否")}
    opened = open_plan(write_city(tmp_path, SCORE + "schedule: {payout: [0.5, 0.5], effort: [0.5, 0.5]}\n", tables))
    found = {knob.addition.kind: knob for knob in knobs(opened, build(opened.case, opened.eligible))}
    for kind, amounts in (("fund", lambda case: case.funds.amount[0]), ("team", lambda case: case.teams.effort[0])):
        knob = found[kind]
        assert knob.addition.quarters == ("2027Q1", "2027Q2", "2027Q3")
        after = opened.changed(knob.changes).case
        assert (amounts(after) - amounts(opened.case)).tolist() == pytest.approx([knob.addition.step] * 3)


def test_check_says_which_quarters_after_the_horizon_have_no_limit(tmp_path: Path) -> None:
    """A, B and C ask for 240, a fifth of it in the third quarter after signing, in Q1 or Q2; D is lost, the team never late."""
    tables = wide(funds=fund(500, 500, 40, None, 0, carry="否"))
    tables["candidates"][3]["status"] = "lost"
    text = SCORE + "schedule: {payout: [0.5, 0, 0.3, 0.2]}\n"
    lines = [line for line in api.echo(open_plan(write_city(tmp_path, text, tables))).lines if line.kind == "horizon"]
    (line,) = lines
    assert (
        line.zh
        == "资金“FUND”：规划期之后在 2027Q3、2028Q1 到期的受所写额度限制；在 2027Q4 到期的没有额度，不受限制（至多 72 万元）"
    )
    assert (line.candidates, line.quarters) == (3, 3)
