"""Assessments: each step of each sum as it is worked out by hand, every fault of the section at once, nothing counted that is not known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.problems import InputError
from planner.tracking.appraise.record import Appraisal, Step
from planner.tracking.appraise.text import sum_text
from tests.city import PLAN, TABLES, write_city

DAY = "2027-06-30"


def firm(name: str, investment: float, output: float = 0.0) -> dict[str, Any]:
    small = dict.fromkeys(("land", "power", "subsidy", "effort"), 0)
    own = {"candidate_id": name, "name": f"{name}公司", "investment": investment, "output": output}
    return {**TABLES["candidates"][0], **small, **own}


CANDIDATES = [
    firm("A", 900),
    firm("B", 500),
    firm("C", 700),
    firm("D", 600),
    firm("E", 2000),
    firm("F", 1200, 1200),
    firm("G", 800),
]
PARKS = [{**row, "county": county} for row, county in zip(TABLES["parks"], ("东县", "西县"), strict=True)]


def event(candidate: str, date: str, stage: str, park: str = "", **more: str) -> dict[str, Any]:
    blank = {"planned_date": "", "problem": "", "due": "", "owner": "", "closes": ""}
    return {"candidate_id": candidate, "date": date, "stage": stage, "park_id": park, **blank, **more}


EVENTS = [
    event("A", "2027-01-10", "在谈"),
    event("A", "2027-02-10", "签约", "P1", owner="李科长"),
    event("A", "2027-03-20", "开工"),
    event("A", "2027-06-01", "竣工"),
    event("B", "2026-11-05", "签约", "P1", owner="李科长"),
    event("B", "2027-05-20", "开工"),
    event("E", "2027-03-01", "签约", "P1", planned_date="2027-05-31", owner="王科长"),  # 121 days: a red light, and past its day
    event("C", "2027-02-01", "签约", "P2"),
    event("C", "2027-04-15", "流失"),
    event("D", "2027-04-20", "签约", "P2", problem="用地指标未落实", due="2027-05-15", owner="王科长"),  # 71 days: a yellow light
    event("F", "2026-12-01", "签约", "P2"),
    event("F", "2027-01-15", "开工"),
    event("F", "2027-06-10", "投产"),  # which has it finished, too
    event("G", "2027-05-05", "意向", "P2"),
]
SECTION = """
appraisal:
  name: 上半年考核
  per: county
  period: {from: 2027-01-01, until: 2027-06-30}
  formulas:
    - name: 新签约项目
      item: [{count: signed, times: 0.5}, {count: intent, times: 0.5}]
      by_group: [{county: 东县, target: 4}, {county: 西县, target: 2}]
      weight: 20
      cap: 1.2
    - {name: 签约投资额, item: {sum: investment, of: signed}, target: 0.2 亿元, weight: 20, cap: 1.1}
    - {name: 开工率, item: {count: started, ever: true}, over: {count: signed, ever: true}, target: 80 %, weight: 20}
    - {name: 投产产值, item: {sum: output, of: producing}, base: 1000, target: 1500, weight: 15}
    - {name: 未开工压降, item: {count: unstarted}, base: 4, target: 0, weight: 15, deduct: [{count: overdue, points: 2, most: 5}]}
    - name: 督查
      weight: 10
      deduct: [{count: yellow, points: 1}, {count: red, points: 3, most: 6}, {name: 问题超期, count: late_problems, points: 4}]
  bonus: [{count: finished, points: 1.5, most: 2}]
  deduct: [{count: lost, points: 2.5}]
"""


def city(folder: Path, section: str = SECTION, events: Sequence[Mapping[str, Any]] = EVENTS, **tables: Any) -> Path:
    every = {**TABLES, "candidates": CANDIDATES, "parks": PARKS, "status": events, **tables}
    return write_city(folder, PLAN.replace("count: 2", "count: 4") + section, every)


def appraised(path: Path, on: str = DAY) -> Appraisal:
    (found,) = api.appraise(api.open_plan(path, {"on": on}))
    return found


def score(found: Appraisal, group: str, formula: str) -> Step:
    (step,) = [one for one in found.steps if (one.group, one.formula) == (group, formula)]
    return step


BY_HAND = {
    # 2 signed (A, E; B did in 2026) and the same 2 came through 意向: (2 + 2)/2 = 2 of 4 → 0.5 × 20
    ("东县", "新签约项目"): (2.0, 0.5, 0.5, 10.0),
    # 1 signed (D; C is lost), 2 came through 意向 (D, G): 1.5 of 2 → 0.75 × 20
    ("西县", "新签约项目"): (1.5, 0.75, 0.75, 15.0),
    # 900 + 2000 = 2900 of 2000 → 1.45, at most 1.1 × 20
    ("东县", "签约投资额"): (2900.0, 1.45, 1.1, 22.0),
    # 600 of 2000 → 0.3 × 20
    ("西县", "签约投资额"): (600.0, 0.3, 0.3, 6.0),
    # A, B of A, B, E: 2/3 of 0.8 → 0.8333 × 20
    ("东县", "开工率"): (2 / 3, 2 / 2.4, 2 / 2.4, 20 * 2 / 2.4),
    # F of D, F: 0.5 of 0.8 → 0.625 × 20
    ("西县", "开工率"): (0.5, 0.625, 0.625, 12.5),
    # nobody: (0 − 1000) ÷ (1500 − 1000) = −2, at least 0
    ("东县", "投产产值"): (0.0, -2.0, 0.0, 0.0),
    # F: (1200 − 1000) ÷ 500 = 0.4 × 15
    ("西县", "投产产值"): (1200.0, 0.4, 0.4, 6.0),
    # E: (1 − 4) ÷ (0 − 4) = 0.75 × 15 = 11.25; E is past its day: − 2
    ("东县", "未开工压降"): (1.0, 0.75, 0.75, 9.25),
    # D: 11.25, nobody past a day
    ("西县", "未开工压降"): (1.0, 0.75, 0.75, 11.25),
    # E has a red light: 10 − 3
    ("东县", "督查"): (None, None, 1.0, 7.0),
    # D has a yellow light, and a problem past its day: 10 − 1 − 4
    ("西县", "督查"): (None, None, 1.0, 5.0),
}
TOTALS = {
    # 10 + 22 + 16.6667 + 0 + 9.25 + 7 = 64.9167; + 1.5 for A
    "东县": (64.0 + 11 / 12, 0.0, 1.5, 66.0 + 5 / 12, 1),
    # 15 + 6 + 12.5 + 6 + 11.25 + 5 = 55.75; − 2.5 for C, + 1.5 for F
    "西县": (55.75, 2.5, 1.5, 54.75, 2),
}


def test_six_weighted_formulas_with_caps_deductions_and_bonuses_come_to_what_is_worked_out_by_hand(tmp_path: Path) -> None:
    found = appraised(city(tmp_path))
    assert {(step.group, step.formula) for step in found.steps} == set(BY_HAND)
    for (group, formula), expected in BY_HAND.items():
        step = score(found, group, formula)
        assert (step.amount, step.ratio, step.used, step.score) == pytest.approx(expected, nan_ok=True), (group, formula)
    for total in found.totals:
        figures = (total.formulas, total.deducted, total.added, total.score, total.rank)
        assert figures == pytest.approx(TOTALS[total.group]), total
        assert total.full == 100
    assert {
        one.candidate_id for one in found.counted if (one.group, one.formula, one.part) == ("西县", "新签约项目", "item 2")
    } == {"D", "G"}
    assert sorted((extra.listed, extra.count, extra.total) for extra in found.extras if extra.group == "西县" and extra.count) == [
        ("finished", 1, 1.5),
        ("late_problems", 1, 4.0),
        ("lost", 1, 2.5),
        ("yellow", 1, 1.0),
    ]
    assert sum_text(score(found, "东县", "签约投资额"), "zh") == "20 × 110% [2,900 万元 ÷ 2,000 万元 = 145% → 110%] = 22"
    assert sum_text(score(found, "东县", "未开工压降"), "zh") == "15 × 75% [(1 个 − 4) ÷ (0 个 − 4) = 75%] − 2 = 9.25"


def one(formula: str, more: str = "", per: str = "county") -> str:
    """A section of one formula."""
    return f"\nappraisal:\n  per: {per}\n  formulas:\n    - {{name: 甲, weight: 10, {formula}}}\n{more}"


def scores(folder: Path, section: str, on: str = DAY, **rest: Any) -> dict[str, float | None]:
    return {total.group: total.score for total in appraised(city(folder, section, **rest), on).totals}


@pytest.mark.parametrize(("without", "score"), [("skip", None), ("zero", 0.0), ("full", 10.0)])
def test_a_group_without_a_target_or_without_anything_to_divide_by_is_told_and_done_as_asked(
    tmp_path: Path, without: str, score: float | None
) -> None:
    no_target = one(f"item: {{count: signed}}, by_group: [{{county: 西县, target: 2}}], without: {without}")
    nothing = one(f"item: {{count: full}}, over: {{count: finished, where: {{candidate_id: A}}}}, target: 1, without: {without}")
    for section, group, other, remark in ((no_target, "东县", 5.0, "no_target"), (nothing, "西县", 0.0, "nothing")):
        found = appraised(city(tmp_path / remark, section))
        by_group = {total.group: total for total in found.totals}
        assert (by_group[group].score, by_group[group].full) == (score, 0.0 if score is None else 10.0)
        assert [total.score for total in found.totals if total.group != group] == [other]
        assert {step.remark for step in found.steps if step.group == group} == {remark}
        assert by_group[group].rank == (None if score is None else 2 - (score >= other))


def test_a_group_without_projects_has_no_points_and_stays_in_the_list(tmp_path: Path) -> None:
    only = [row for row in EVENTS if row["candidate_id"] in "ABE"]
    assert scores(tmp_path, one("item: {count: signed}, target: 2"), events=only) == {"东县": 10.0, "西县": 0.0}


def test_what_is_counted_is_what_had_happened_by_the_day(tmp_path: Path) -> None:
    """C is lost in April, opened again in May and signed in June: it counts once, in June; until April it counts in February."""
    again = [event("C", "2027-05-02", "在谈"), event("C", "2027-06-15", "签约", "P2")]
    signed = one("item: {count: signed}, target: 10, cap: 10")
    for n, (on, east, west) in enumerate((("2027-03-31", 2.0, 1.0), ("2027-04-30", 2.0, 1.0), ("2027-06-30", 2.0, 2.0))):
        assert scores(tmp_path / f"{n}", signed, on, events=[*EVENTS, *again]) == {"东县": east, "西县": west}, on
    lost = one("deduct: [{count: lost, points: 1}]")
    assert scores(tmp_path / "l", lost, "2027-04-30", events=[*EVENTS, *again]) == {"东县": 10.0, "西县": 9.0}
    assert scores(tmp_path / "m", lost, events=[*EVENTS, *again]) == {"东县": 10.0, "西县": 10.0}


def test_what_is_taken_off_ends_at_nothing_unless_the_plan_says_otherwise(tmp_path: Path) -> None:
    off = "item: {{count: producing}}, target: 1, deduct: [{{count: signed, points: 7, most: 12}}], negative: {negative}"
    total = "  negative: {negative}\n  deduct: [{{count: unstarted, points: 3}}]\n  bonus: [{{count: producing, points: 30}}]\n  most: 25\n"
    # 东县: nobody produces, 2 signed: 0 − 12, − 3; 西县: F produces, 1 signed: 10 − 7, − 3 + 30, at most 25
    for negative, east in (("true", -15.0), ("false", 0.0)):
        section = one(off.format(negative=negative), total.format(negative=negative))
        assert scores(tmp_path / negative, section) == {"东县": east, "西县": 25.0}


def test_persons_chains_and_the_plan_as_a_whole_are_assessed_alike(tmp_path: Path) -> None:
    signed = "item: {count: signed}, target: 10, cap: 2"
    assert scores(tmp_path / "o", one(signed + ", by_group: [{owner: 赵科长, target: 1}]", per="owner")) == {
        "李科长": 1.0,  # A
        "王科长": 2.0,  # D, E
        "赵科长": 0.0,
    }
    assert scores(tmp_path / "c", one(signed, per="chain")) == {"CAR": 3.0}
    assert scores(tmp_path / "p", one(signed, per="plan")) == {"": 3.0}
    (total,) = appraised(city(tmp_path / "p2", one(signed, per="plan"))).totals
    assert (total.name, total.projects) == ("小城", 3)


def test_a_project_of_no_known_park_is_told_and_counted_nowhere(tmp_path: Path) -> None:
    extra = [event("G", "2027-05-05", "意向")]
    events = [*[row for row in EVENTS if row["candidate_id"] != "G"], *extra]
    section = one("item: [{count: intent}], target: 10", per="county")
    path = city(tmp_path, section, events)
    found = appraised(path)
    assert [(entry.candidate_id, entry.amount) for entry in found.unplaced] == [("G", None)]
    assert {total.group: total.score for total in found.totals} == {"东县": 2.0, "西县": 1.0}
    done = CliRunner().invoke(app, ["appraise", str(path), "--on", DAY])
    assert "1 个项目没有计入" in done.stdout
    assert "G G公司" in done.stdout


# --- what cannot be worked out ---


def codes(path: Path, on: str | None = DAY) -> list[str]:
    with pytest.raises(InputError) as found:
        api.appraise(api.open_plan(path, None if on is None else {"on": on}))
    return [problem.code for problem in found.value.problems]


def test_what_is_lacking_is_told_in_clear_words(tmp_path: Path) -> None:
    assert codes(city(tmp_path / "a", "")) == ["V150"]
    assert codes(write_city(tmp_path / "b", PLAN + one("item: {count: signed}, target: 1", per="plan")), None) == ["V151"]
    late = "\n".join(one("item: {count: signed}, target: plan").splitlines()) + "\n  period: {from: 2027-08-01}\n"
    assert codes(city(tmp_path / "c", late)) == ["V154", "V153"]
    blank = [{**row, "investment": "" if row["candidate_id"] in "AD" else row["investment"]} for row in CANDIDATES]
    path = city(tmp_path / "d", one("item: {sum: investment, of: signed}, target: 1"), candidates=blank)
    assert codes(path) == ["V152", "V152"]
    done = CliRunner().invoke(app, ["appraise", str(path), "--on", DAY])
    assert (done.exit_code, "candidates.csv!" in done.stderr, "nan" in done.stdout) == (2, True, False)
    assert CliRunner().invoke(app, ["appraise", str(path), "--on", "03/04/27"]).exit_code == 2


# --- the plan's own targets ---


def test_a_target_of_the_plan_is_what_the_run_has_for_the_period(tmp_path: Path) -> None:
    """The plan signs A in the first quarter, B in the second and E in the last: two of them by the middle of the year."""
    quarters = {"A": "2027Q1", "B": "2027Q2", "E": "2027Q4"}
    rows = [
        {**row, "must_include": "是", "fixed_quarter": quarters[row["candidate_id"]]}
        for row in CANDIDATES
        if row["candidate_id"] in quarters
    ]
    section = one("item: {count: signed}, target: plan, cap: 5", "  period: {from: 2027-01-01, until: 2027-06-30}\n", per="plan")
    path = city(tmp_path, section, [event("A", "2027-02-10", "签约", "P1")], candidates=rows)
    outcome = api.run(path, tmp_path / "runs" / "first", {"publish.outputs": [], "on": "2026-12-01"})
    assert codes(path, "2027-06-15") == ["V153"]
    opened = api.open_plan(path, {"on": "2027-06-15"})
    (found,) = api.appraise(opened, outcome.plan)
    assert (found.steps[0].target, found.steps[0].ratio, found.plan) == (2.0, 0.5, outcome.plan.seal)
    api.approve(outcome.folder, "王主任", "2027-01-05")
    book = tmp_path / "考核.xlsx"
    done = CliRunner().invoke(app, ["appraise", str(path), "--on", "2027-06-15", "--out", str(book)])
    assert done.exit_code == 0, done.output
    said = [str(cell.value) for row in load_workbook(book).worksheets[0].iter_rows(max_row=4) for cell in row if cell.value]
    assert any("已批准：王主任" in text for text in said)


# --- what is written ---


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_the_workbook_and_json_have_every_step(tmp_path: Path, language: str) -> None:
    path = city(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"), encoding="utf-8")
    book = tmp_path / "out.xlsx"
    done = CliRunner().invoke(app, ["appraise", str(path), "--on", DAY, "--out", str(book)])
    assert done.exit_code == 0, done.output
    assert [line.split()[:4] for line in done.stdout.splitlines() if "/ 100" in line] == [
        ["1", "东县", "66.42", "/"],
        ["2", "西县", "54.75", "/"],
    ]
    results, steps, extras, evidence = load_workbook(book).worksheets
    rows = [row for row in results.iter_rows(values_only=True) if row[1] in {"东县", "西县"}]
    assert [(row[1], round(float(row[-2]), 6), row[-1]) for row in rows] == [("东县", 66.416667, 100), ("西县", 54.75, 100)]
    assert len([row for row in steps.iter_rows(values_only=True) if row[0] in {"东县", "西县"}]) == len(BY_HAND)
    assert len([row for row in extras.iter_rows(values_only=True) if row[0] in {"东县", "西县"}]) == 7
    found = appraised(path)
    assert len([row for row in evidence.iter_rows(values_only=True) if row[0] in {"东县", "西县"}]) == len(found.counted)
    assert any("status.csv!" in str(row[-1]) for row in evidence.iter_rows(values_only=True))
    (told,) = json.loads(CliRunner().invoke(app, ["appraise", str(path), "--on", DAY, "--json"]).stdout)
    assert told == found.model_dump(mode="json")
    done = CliRunner().invoke(app, ["appraise", str(path), "--on", DAY, "--out", str(tmp_path / "out.csv")])
    assert (done.exit_code, "T240" in done.stderr) == (2, True)


def test_the_section_that_the_documents_show_is_one_that_can_be_worked_out(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "appraise.md").read_text(encoding="utf-8")
    found = appraised(city(tmp_path, "\n" + page.split("```yaml\n")[1].split("```")[0]))
    assert [total.full for total in found.totals] == [100, 100]
    assert all(step.score is not None for step in found.steps)


def test_a_group_that_nobody_knows_is_told_once(tmp_path: Path) -> None:
    """What its rows would need is not made of the misspelt word."""
    rows = "item: {count: signed}, by_group: [{county: 东县, target: 1}]"
    assert [code for code in codes(city(tmp_path, one(rows, per="contry"))) if code != "C359"] == ["C220"]  # beside a warning
