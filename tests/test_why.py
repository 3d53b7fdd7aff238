"""Why and why not: the difference of two solved plans, item by item, against hand arithmetic and against plain runs."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.content import content_folder
from planner.plan.model import Plan
from planner.plan.reopen import Run, open_run, run_settings
from planner.plan.stored import SETTINGS_FILE
from planner.problems import InputError
from planner.publish.run_folder import write_run
from planner.questions.difference import ItemsError, difference, verdict
from planner.questions.importance.ask import ranked
from planner.questions.items import Difference
from planner.questions.keeping import republish
from planner.questions.kept import write_answers
from planner.questions.variant import question
from planner.questions.why.ask import answer
from planner.questions.why.record import Why
from planner.questions.why.text import Answers
from planner.settings.write import resolved_yaml
from planner.solvers.protocol import Stopping
from tests.asked import kept, why
from tests.city import PLAN, TABLES, changed, write_city
from tests.quick import ran
from tests.random_city import random_tables
from tests.solving import EXACT, planned
from tests.sweep import sweep

PRIORITIES = PLAN.replace(
    "  weights: {gap: 1.0}\n",
    "  mode: priorities\n  levels:\n    - {weights: {gap: 1.0}, tolerance: 0.0}\n    - {weights: {score: 1.0}}\n",
)


def sums(found: Difference) -> None:
    """Both divisions sum to the difference, in every level."""
    for n, level in enumerate(found.levels):
        scale = max(1.0, abs(level.before), abs(level.after))
        by_term = math.fsum(part.values[n] for part in found.parts)
        by_firm = math.fsum([*(firm.values[n] for firm in found.firms), found.nobody[n]])
        assert level.difference == pytest.approx(level.after - level.before, abs=1e-12 * scale)
        assert by_term == pytest.approx(level.difference, abs=1e-9 * scale)
        assert by_firm == pytest.approx(level.difference, abs=1e-9 * scale)


def solved(run: Run, name: str, **more: str) -> tuple[Why, Difference]:
    found = why(run, name, limits=EXACT, **more).why
    assert found.outcome == "solved"
    assert found.difference is not None
    sums(found.difference)
    return found, found.difference


def test_forced_in_by_hand(tmp_path: Path) -> None:
    # Optimum: A, B, D: 1600 of the seats, 200 of the foam. C costs 80 of 220, so that of A only C fits beside it.
    run = ran(tmp_path)
    assert {firm.candidate_id for firm in run.plan.selected} == {"A", "B", "D"}
    told, found = solved(run, "C")
    assert (told.asked, told.verdict) == ("in", "costs")
    level = found.levels[0]
    assert (level.before, level.after) == (pytest.approx(1800), pytest.approx(1540))
    assert (level.lowest, level.highest) == (pytest.approx(-260), pytest.approx(-260))
    # C: 400 of foam. B: 400 of seats less 40 of foam that it needs. D: 300 of foam. A: 1200 − 60 in both.
    firms = {firm.candidate_id: (firm.change, round(firm.values[0], 6)) for firm in found.firms if abs(firm.values[0]) > 1e-9}
    assert firms == {"C": ("asked", 400), "B": ("leaves", -360), "D": ("leaves", -300)}
    links = {link.link_id: (link.shortage_before, link.shortage_after, round(link.values[0], 6)) for link in found.links}
    assert links == {"SEAT": (0, 200, -400), "FOAM": (300, 160, 140)}
    assert [(part.name, round(part.values[0], 6)) for part in found.parts] == [("gap", -260)]
    words = " ".join(Answers(run.plan, "zh").lines(told))
    assert "恰好降低 260" in words
    assert "缺口重新出现" in words


def test_forced_out_by_hand(tmp_path: Path) -> None:
    # Without A: B, C and D: 400 of the seats and all of the foam.
    run = ran(tmp_path)
    told, found = solved(run, "甲公司")
    assert (told.candidate_id, told.asked, told.verdict) == ("A", "out", "costs")
    assert found.levels[0].difference == pytest.approx(-900)
    # Foam: C and D share 540 by 400 : 300, of which B's demand is 40.
    values = {firm.candidate_id: firm.values[0] for firm in found.firms}
    assert values["A"] == pytest.approx(-1140)
    assert values["C"] == pytest.approx(540 * 4 / 7)
    assert values["D"] == pytest.approx(540 * 3 / 7 - 300)
    assert values.get("B", 0.0) == pytest.approx(0)


def test_why_there(tmp_path: Path) -> None:
    # A and B fit together in P1 alone: kept out of P1, A goes to P2, and D has no power beside B in P1.
    run = ran(tmp_path)
    park = next(firm.park_id for firm in run.plan.selected if firm.candidate_id == "A")
    told, found = solved(run, "A", park=park)
    assert told.asked == "elsewhere"
    assert found.levels[0].difference <= 0
    assert all(firm.park_after != park for firm in found.firms if firm.candidate_id == "A")
    other = {"P1": "P2", "P2": "P1"}[park]
    there, forced = solved(run, "A", park=other)
    assert (there.asked, there.park_id) == ("in", other)
    assert next(firm for firm in forced.firms if firm.candidate_id == "A").park_after == other


def test_a_quarter(tmp_path: Path) -> None:
    run = ran(tmp_path)
    quarter = next(firm.quarter for firm in run.plan.selected if firm.candidate_id == "A")
    other = {"2027Q1": "2027Q2", "2027Q2": "2027Q1"}[quarter]
    _, found = solved(run, "A", quarter=other)
    assert next(firm for firm in found.firms if firm.candidate_id == "A").quarter_after == other
    with pytest.raises(InputError, match="R125"):
        why(run, "A", quarter=quarter, limits=EXACT)


def test_a_lock_is_withdrawn_to_answer(tmp_path: Path) -> None:
    # C must come: 1540. Without that lock the plan is worth 1800, which is a gain and no restriction.
    run = ran(tmp_path, tables=changed("candidates", 2, must_include="是"))
    assert run.plan.objective.value == pytest.approx(1540)
    told, found = solved(run, "C")
    assert (told.asked, told.withdrawn, told.verdict) == ("out", "must_include", "gains")
    assert (found.levels[0].lowest, found.levels[0].highest) == (pytest.approx(260), pytest.approx(260))
    assert "恰好提高 260" in Answers(run.plan, "zh").verdict(told)


@pytest.mark.parametrize("candidate", sweep(["A", "B", "C", "D"], 2))
def test_forcing_is_the_cell_of_the_table(tmp_path: Path, candidate: str) -> None:
    run = ran(tmp_path / "run")
    told, found = solved(run, candidate)
    row = [one["candidate_id"] for one in TABLES["candidates"]].index(candidate)
    cell = {"must_include": "是"} if told.asked == "in" else {"exclude": "是"}
    _, _, plan = planned(write_city(tmp_path / "plain", tables=changed("candidates", row, **cell)))
    assert plan.status.proved
    assert plan.objective.value == pytest.approx(found.levels[0].after, rel=1e-9)


@pytest.mark.parametrize("seed", sweep(range(12), 1))
def test_sums_and_plain_runs_agree_in_random_cities(seed: int) -> None:
    plan, tables = random_tables(seed, candidates=4)
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            run = ran(folder / "run", plan, tables=tables)
        except api.Infeasible:
            return
        for firm in run.plan.not_selected:
            told = why(run, firm.candidate_id, limits=EXACT).why
            row = int(firm.candidate_id[1:])
            forced = {key: [dict(one) for one in rows] for key, rows in tables.items()}
            forced["candidates"][row]["must_include"] = "是"
            if told.outcome == "solved":
                assert told.difference is not None
                sums(told.difference)
                _, _, plain = planned(write_city(folder / firm.candidate_id, plan, forced))
                assert plain.objective.value == pytest.approx(told.difference.levels[0].after, rel=1e-7, abs=1e-7)
                assert told.verdict in {"costs", "free"}
            else:
                assert told.rules or told.choices or told.conflict
                with pytest.raises((api.Infeasible, InputError)):
                    api.solve(api.open_plan(write_city(folder / firm.candidate_id, plan, forced)))


def test_priorities_have_a_difference_for_each_level(tmp_path: Path) -> None:
    run = ran(tmp_path, plan=PRIORITIES)
    told, found = solved(run, "C")
    first, second = found.levels
    assert first.difference == pytest.approx(-260)
    assert (first.lowest, first.highest) == (pytest.approx(-260), pytest.approx(-260))
    # Scores: A 1, B 2, D 4 before; A 1, C 3 after. Its optima are of different first levels and are not compared.
    assert second.difference == pytest.approx(-3)
    assert (second.lowest, second.highest) == (None, None)
    assert told.verdict == "costs"
    assert "第 2 优先级" in "\n".join(Answers(run.plan, "zh").lines(told))


def test_a_rule_is_told_with_its_figure_and_what_would_have_to_change(tmp_path: Path) -> None:
    run = ran(tmp_path)
    told = why(run, "C", park="P2", limits=EXACT).why
    assert told.outcome == "ineligible"
    rule = told.rules[0]
    assert (rule.code, rule.park_id, rule.found, rule.allowed, rule.resource_id) == ("need_above_capacity", "P2", 50, 40, "land")
    line = Answers(run.plan, "zh").rule(rule)
    assert "50 亩" in line
    assert "还差 10 亩" in line


def test_every_rule_in_the_way_is_told_and_meeting_them_opens_the_park(tmp_path: Path) -> None:
    tables = changed("candidates", 2, exclude="是", refused_parks="P1")
    tables["parks"][0]["min_investment_intensity"] = 20
    run = ran(tmp_path, tables=tables)
    told = why(run, "丙公司", park="一号园", limits=EXACT).why
    assert [rule.code for rule in told.rules] == ["excluded", "refused_park", "investment_intensity"]
    gate = told.rules[-1]
    # 700 on 50 mu is 14; 20 a mu needs 1000.
    assert (gate.found, gate.allowed, gate.needed) == (14, 20, 1000)
    from planner.settings.changes import Change

    changes = [Change.model_validate(rule.change) for rule in told.rules]
    assert run.opened.changed(changes).eligible.pairs[2, 0]
    everywhere = why(run, "C", limits=EXACT).why
    assert [rule.code for rule in everywhere.rules] == ["excluded"]
    assert {rule.code for rule in everywhere.choices} == {"refused_park", "need_above_capacity"}


def test_no_plan_with_it_is_explained(tmp_path: Path) -> None:
    # A and B must come: 160 of 220, and C asks 80.
    tables = changed("candidates", 0, must_include="是")
    tables["candidates"][1]["must_include"] = "是"
    run = ran(tmp_path, tables=tables)
    told = why(run, "C", limits=EXACT).why
    assert told.outcome == "impossible"
    assert any("FUND" in said.zh or "资金" in said.zh for said in told.conflict)
    # Another variant of one project that must come is no conflict of limits, but of locks.
    tables = changed("candidates", 0, must_include="是", variant_group="V")
    tables["candidates"][2]["variant_group"] = "V"
    clash = why(ran(tmp_path / "variants", tables=tables), "C", limits=EXACT).why
    assert clash.outcome == "impossible"
    assert "两个方案" in clash.conflict[0].zh


def bounded(plan: Plan, bound: float) -> Plan:
    """The plan, less well proved."""
    told = plan.objective.model_copy(update={"bound": bound, "gap": (bound - plan.objective.value) / plan.objective.value})
    return plan.model_copy(update={"objective": told})


def test_what_the_gaps_leave_open_is_said(tmp_path: Path) -> None:
    run = ran(tmp_path)
    after = answer(run, question(run, "C"), EXACT).plan
    assert after is not None
    for before_bound, after_bound, interval, said in (
        (1800, 1700, (-260, -100), "costs"),
        (1900, 1700, (-360, -100), "costs"),
        (1900, 1850, (-360, 0), "uncertain"),
    ):
        one, other = bounded(run.plan, before_bound), bounded(after, after_bound)
        found = difference(one, other, "C")
        assert (found.levels[0].lowest, found.levels[0].highest) == pytest.approx(interval)
        assert verdict(one, other, found, restricts=True) == said
    told = answer(run, question(run, "C"), EXACT).why
    unsure = told.model_copy(update={"difference": found, "verdict": "uncertain"})
    assert "不能确定" in Answers(run.plan, "zh").verdict(unsure)
    assert "uncertain" in Answers(run.plan, "en").verdict(unsure)


def test_a_better_forced_plan_says_that_the_run_can_be_improved(tmp_path: Path) -> None:
    run = ran(tmp_path)
    worse = answer(run, question(run, "C"), EXACT).plan
    assert worse is not None
    worse = bounded(worse, 2000)
    found = difference(worse, run.plan, "B")
    assert verdict(worse, run.plan, found, restricts=True) == "improvable"
    told = answer(run, question(run, "C"), EXACT).why
    text = Answers(worse, "zh").verdict(told.model_copy(update={"difference": found, "verdict": "improvable"}))
    assert "可以改进" in text.replace("还", "")
    assert "--start" in text


def test_items_that_do_not_sum_are_a_bug(tmp_path: Path) -> None:
    run = ran(tmp_path)
    after = answer(run, question(run, "C"), EXACT).plan
    assert after is not None
    firm = after.selected[0].model_copy(update={"contribution": {"gap": 1.0}})
    with pytest.raises(ItemsError):
        difference(run.plan, after.model_copy(update={"selected": (firm, *after.selected[1:])}), "C")


def test_soft_rules_are_items_and_belong_to_nobody(tmp_path: Path) -> None:
    # At least three projects, or 50 for each one short: A, B, D keep it, A and C do not.
    plan = PLAN + "rules: [{name: 三个, count: {min: 3}, soft: 50}]\n"
    _, found = solved(ran(tmp_path, plan=plan), "C")
    assert found.levels[0].difference == pytest.approx(-310)
    assert found.nobody == (pytest.approx(-50),)
    assert [(part.kind, part.name, part.before, part.after) for part in found.parts][-1] == ("rule", "三个", 0, 1)


def test_answers_are_kept_once_and_shown(tmp_path: Path) -> None:
    run = ran(tmp_path)
    told, _ = solved(run, "C")
    other, _ = solved(run, "A")
    for one in (told, other, told):
        write_answers(run.folder, run.plan.seal, "why", [one])
    assert kept(run.folder) == (other, told)
    from openpyxl import load_workbook

    republish(run.folder, ["workbook"])
    book = load_workbook(run.folder / "plan.xlsx")
    cells = [str(cell.value) for row in book["为何与为何不"].iter_rows() for cell in row if cell.value is not None]
    assert any("为何不选 丙公司（C）" in cell for cell in cells)
    assert "软规则的代价（不属于任何企业）" not in cells
    assert any("恰好降低 260" in cell for cell in cells)


def test_bad_questions_are_refused_with_the_nearest_names(tmp_path: Path) -> None:
    tables = changed("candidates", 1, name="甲公司")
    run = ran(tmp_path, tables=tables)
    for words, code, said in (
        (["丙公"], "R121", "C（丙公司）"),
        (["甲公司"], "R122", "A（甲公司）、B（甲公司）"),
        (["C", "--park", "P9"], "R123", "P1"),
        (["C", "--quarter", "2029Q1"], "R124", "2027Q1"),
        ([], "", "--all"),
    ):
        done = CliRunner().invoke(app, ["why", str(run.folder), *words])
        assert done.exit_code == 2, words
        assert code in done.stderr
        assert said in done.stderr
    both = CliRunner().invoke(app, ["why", str(run.folder), "x", "--park", "y"])
    assert "R121" in both.stderr
    assert "R123" in both.stderr


def test_an_edited_or_foreign_run_is_refused(tmp_path: Path) -> None:
    run = ran(tmp_path)
    text = (run.folder / "plan.json").read_text(encoding="utf-8")
    (run.folder / "plan.json").write_text(text.replace('"C"', '"A"'), encoding="utf-8")
    done = CliRunner().invoke(app, ["why", str(run.folder), "C"])
    assert (done.exit_code, "R106" in done.stderr) == (2, True)
    other = ran(tmp_path / "other", tables=changed("candidates", 0, land=39))
    for name in ("plan.json", "plan.json.sha256"):
        shutil.copy(other.folder / name, run.folder / name)
    done = CliRunner().invoke(app, ["why", str(run.folder), "C"])
    assert (done.exit_code, "R108" in done.stderr) == (2, True)


def test_the_command_prints_and_keeps_the_answer(tmp_path: Path) -> None:
    run = ran(tmp_path)
    done = CliRunner().invoke(app, ["why", str(run.folder), "C", "--time-limit", "20", "--out", str(tmp_path / "forced")])
    assert done.exit_code == 0, done.output
    assert "恰好降低 260" in done.stdout
    assert [one.candidate_id for one in kept(run.folder)] == ["C"]
    # The forced plan is a run of its own, which can be asked in turn: C is locked in there.
    forced = open_run(tmp_path / "forced")
    assert forced.plan.objective.value == pytest.approx(1540)
    assert question(forced, "C").withdrawn == "must_include"
    every = CliRunner().invoke(app, ["why", str(run.folder), "--all"])
    assert every.exit_code == 0, every.output
    assert len(kept(run.folder)) == len(run.plan.not_selected)


def test_replacement_costs_by_hand(tmp_path: Path) -> None:
    # Without A 900 (above), without B: A + D or A + C: 1540, without D: A + B, or A + C: 1540.
    run = ran(tmp_path)
    found = ranked(run, EXACT)
    costs = {one.candidate_id: (one.how, one.least, one.most) for one in found.firms}
    assert costs == {
        "A": ("exact", pytest.approx(900), pytest.approx(900)),
        "B": ("exact", pytest.approx(260), pytest.approx(260)),
        "D": ("exact", pytest.approx(260), pytest.approx(260)),
    }
    assert [one.candidate_id for one in found.firms] == ["A", "B", "D"]
    quick = {one.candidate_id: one for one in ranked(run, EXACT, quick=True).firms}
    for name, (_, least, _) in costs.items():
        assert quick[name].most is not None
        assert quick[name].most >= least - 1e-6
        assert (quick[name].least, quick[name].solved) == (0.0, False)


def test_without_it_there_may_be_no_plan_or_a_better_one(tmp_path: Path) -> None:
    # Three projects at least, and the funds allow A, B, D alone.
    plan = PLAN + "rules: [{name: 座椅, where: {link_id: SEAT}, count: {min: 2}}]\n"
    found = {one.candidate_id: one for one in ranked(ran(tmp_path, plan=plan), EXACT).firms}
    assert found["A"].irreplaceable
    assert found["B"].irreplaceable
    assert not found["D"].irreplaceable
    # C must come: the lock costs 260, so that the plan is better without it.
    run = ran(tmp_path / "lock", tables=changed("candidates", 2, must_include="是"))
    lock = {one.candidate_id: one for one in ranked(run, EXACT).firms}["C"]
    assert lock.locked
    assert lock.better == pytest.approx(260)


def test_importance_is_kept_and_shown(tmp_path: Path) -> None:
    run = ran(tmp_path)
    done = CliRunner().invoke(app, ["importance", str(run.folder), "--time-limit", "20"])
    assert done.exit_code == 0, done.output
    assert "900" in done.stdout
    assert len(kept(run.folder, "importance")) == 1
    from openpyxl import load_workbook

    republish(run.folder, ["workbook"])
    book = load_workbook(run.folder / "plan.xlsx")
    assert len(book["替换代价"]._charts) == 1
    heads = [str(cell.value) for row in book["招商清单"].iter_rows(max_row=4) for cell in row]
    assert "替换代价" in heads


@pytest.mark.slow
def test_demo_answers_sum(tmp_path: Path) -> None:
    path = content_folder("data") / "demo" / "plan.yaml"
    opened = api.open_plan(path, {"solve.time_limit": 6, "solve.gap": 0.2, "solve.threads": 1})
    out = tmp_path / "run"
    write_run(api.solve(opened), out, (), {SETTINGS_FILE: resolved_yaml(run_settings(opened, out), "zh")})
    run = open_run(out)
    asked = [firm.candidate_id for firm in run.plan.not_selected if firm.reason != "excluded"][:2]
    for name in (*asked, run.plan.selected[-1].candidate_id):
        told = why(run, name, limits=Stopping(4, 0.2, 1, 1)).why
        assert told.outcome == "solved"
        assert told.difference is not None
        sums(told.difference)
        assert "\n".join(Answers(run.plan, "zh").lines(told))
    ruled = next(
        firm for firm in run.plan.not_selected if firm.reason == "excluded" and firm.exclusions[0].code != "variant_chosen"
    )
    assert why(run, ruled.candidate_id, limits=EXACT).why.outcome == "ineligible"
