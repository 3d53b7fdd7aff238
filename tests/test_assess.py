"""A list made by hand, held against the limits and the proof."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import openpyxl
import pytest
from typer.testing import CliRunner

from planner.case.case import Choice
from planner.cli import app
from planner.limits import FAMILIES
from planner.plan.broken import broken_limits
from planner.plan.open import open_plan
from planner.plan.stored import read_run
from planner.problems import InputError
from planner.questions.assess.ask import assess
from planner.questions.assess.listing import FREE, Listed, Listing, read_listing
from planner.questions.assess.record import Assessment
from planner.questions.assess.text import text_of
from planner.terms.registry import reckon
from tests.brute import choice, every_choice, positions, value_of
from tests.city import PLAN, changed, write_city
from tests.evaluator import Evaluator
from tests.quick import finished
from tests.random_city import random_tables
from tests.rich_city import rich_city
from tests.sweep import sweep

EVALUATOR = {"open": "admission", "must": "must_include", "floor": "term_bounds", "ceiling": "term_bounds"}
"""What the evaluator calls a family, where the planner says it otherwise."""
EACH = {"must_include", "exclusive", "rules", "term_bounds", "stock", "flow"}
"""Families of which both sides tell each limit, quarter by quarter; the evaluator also tells of quarters after all in which money falls due."""


def test_broken_limits_tell_where_by_how_much_and_who(tmp_path: Path) -> None:
    """A 40 亩 and C 50 in P2, which has 40; A 100 and C 80 of money in the first quarter, which has 120."""
    case = open_plan(write_city(tmp_path)).case
    land, money, effort = broken_limits(case, choice((0, 1, 0), (2, 1, 0)))
    assert (land.family.name, land.subject.ids, land.subject.unit, land.held.excess) == ("stock", ("land", "P2"), "亩", 50)
    assert dict(land.parts) == {1: 50, 0: 40}
    assert [quarter for quarter, _ in land.quarters] == [0, 1]
    assert (money.family.name, money.quarter, money.held.excess, dict(money.parts)) == ("funds", 0, 60, {0: 100, 1: 80})
    assert (effort.family.name, effort.held.excess, dict(effort.parts)) == ("teams", 1, {0: 2, 1: 2})


def breaks(folder: Path, seed: int) -> list[str]:
    """What the planner and the evaluator say differently about what random choices of one city break."""
    plan, tables = rich_city(seed)
    own, dice, found = Evaluator(plan, tables), Random(seed), list[str]()
    try:
        opened = open_plan(write_city(folder, json.dumps(plan, ensure_ascii=False), tables))
    except InputError:
        return []
    kinds = {name: str(told["kind"]) for name, told in plan["resources"].items()}
    for _ in range(4):
        named = {i: (dice.choice(list(own.parks)), dice.choice(own.quarters)) for i in own.candidates if dice.random() < 0.6}
        says = Counter(EVALUATOR.get(name, kinds.get(name, name)) for name in own.broken(named))
        told = Counter[str]()
        for limit in broken_limits(opened.case, positions(opened, named)):
            told[limit.family.name] += max(len(limit.quarters), 1)
        if set(says) != set(told) or any(says[name] != told[name] for name in EACH):
            found.append(f"{seed} {named}: the evaluator says {says}, the planner {told}")
    return found


@pytest.mark.parametrize("seeds", sweep([range(2), range(2, 60)], 1))
def test_what_random_lists_break_is_what_the_evaluator_says(seeds: range, tmp_path: Path) -> None:
    assert [told for seed in seeds for told in breaks(tmp_path / str(seed), seed)] == []


def test_every_limit_that_is_checked_says_which_it_is(tmp_path: Path) -> None:
    """Otherwise a broken one could not be told, and two of one family would be taken for one."""
    checked = set()
    for seed in (1, 2, 5):
        plan, tables = rich_city(seed)
        own = Evaluator(plan, tables)
        opened = open_plan(write_city(tmp_path / str(seed), json.dumps(plan, ensure_ascii=False), tables))
        case = opened.case
        everyone = {i: (next(iter(own.parks)), own.quarters[0]) for i in own.candidates}
        accounts = reckon(case, positions(opened, everyone))
        for family in (family for family in FAMILIES if not family.worth_only):
            held = list(family.check(case, accounts))
            told = [tuple(sorted(limit.about.items())) for limit in held]
            assert all(told), family.name
            assert len(set(told)) == len(told), family.name
            assert all(family.limit(case, limit.about).name.zh for limit in held), family.name
            checked |= {family.name} if held else set()
    assert len(checked) >= 12


def saved(folder: Path, *rows: str, heads: str = "项目编号,园区,季度") -> Path:
    """A list in a CSV."""
    path = folder / "名单.csv"
    path.write_text("\n".join([heads, *rows]) + "\n", encoding="gb18030")
    return path


BAD = [
    ("E,P1,2027Q1", "R121", "A2"),
    ("A,P3,2027Q1", "R123", "B2"),
    ("A,P1,2028Q1", "R124", "C2"),
    ("A,P1,一季", "T134", "C2"),
    (",P1,2027Q1", "R146", "A2"),
    ("A,,\nA,P1,2027Q1", "R147", "A3"),
]


@pytest.mark.parametrize(("rows", "code", "cell"), BAD, ids=[code + cell for _, code, cell in BAD])
def test_a_bad_row_is_told_at_its_cell(rows: str, code: str, cell: str, tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path))
    with pytest.raises(InputError) as error:
        read_listing(opened, saved(tmp_path, rows))
    assert [(one.code, one.place and one.place.cell) for one in error.value.problems] == [(code, cell)]


def test_all_that_is_wrong_with_a_list_is_told_at_once_and_ends_with_2(tmp_path: Path) -> None:
    """Beside the faults of single rows: two versions of one project, and an id beside another firm's name."""
    tables = changed("candidates", 0, variant_group="V")
    tables["candidates"][1]["variant_group"] = "V"
    path = write_city(tmp_path, tables=tables)
    heads = "项目编号,企业名称,园区,季度"
    listed = saved(tmp_path, "A,,P1,", ",乙公司,P2,", "C,丁公司,,", "E,,,", heads=heads)
    with pytest.raises(InputError) as error:
        read_listing(open_plan(path), listed)
    found = [(one.code, one.place and one.place.cell) for one in error.value.problems]
    assert found == [("R148", "A3"), ("R149", "B4"), ("R121", "A5")]
    shown = CliRunner().invoke(app, ["assess", str(path), "--list", str(listed)])
    assert shown.exit_code == 2
    assert "R149" in shown.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("text", "code"), [("", "R143"), ("项目编号,园区\n", "R143"), ("园区,季度\nP1,2027Q1\n", "R145"), ("项目,企业,园区\n", "R144")]
)
def test_a_file_that_is_no_list_is_told_in_the_words_of_a_list(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_listing(open_plan(write_city(tmp_path)), path)
    assert code in [one.code for one in error.value.problems]
    assert all("plan.yaml" not in one.say("zh") for one in error.value.problems)


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("甲", "乙"):
        sheet = book.create_sheet(name)
        sheet.append(["拟引进企业"])
        sheet.append(["企业", "园区", "季度"])
        sheet.append(["甲公司", "P1", "2027Q1"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "名单.xlsx")
    opened = open_plan(write_city(tmp_path))
    for asked in (None, "丙"):
        with pytest.raises(InputError, match="R142"):
            read_listing(opened, tmp_path / "名单.xlsx", asked)
    assert [row.row for row in read_listing(opened, tmp_path / "名单.xlsx", "乙").rows] == [3]


def test_names_headers_and_quarters_are_read_as_bureaus_write_them(tmp_path: Path) -> None:
    opened = open_plan(write_city(tmp_path))
    path = saved(tmp_path, "丙公司,一号园,2027年2季度,x", "丁公司,P2,2027Q1,y", heads="企业名称,拟落园区,签约时间,备注")
    read = read_listing(opened, path)
    assert [(row.row, row.candidate, row.park, row.quarter) for row in read.rows] == [(2, 2, 0, 1), (3, 3, 1, 0)]


def test_what_only_one_park_can_be_is_filled_in_and_told(tmp_path: Path) -> None:
    """C needs 50 亩, which P2 has not; in which quarter stays open."""
    read = read_listing(open_plan(write_city(tmp_path)), saved(tmp_path, "C,,"))
    assert [(row.park, row.quarter) for row in read.rows] == [(0, FREE)]
    assert "一号园" in read.notices[0].zh


def places(choice: Choice) -> dict[int, tuple[int, int]]:
    """Candidate → park and quarter."""
    return dict(zip(choice.candidate.tolist(), zip(choice.park.tolist(), choice.quarter.tolist(), strict=True), strict=True))


def changed_by(wanted: dict[int, tuple[int, int]], other: dict[int, tuple[int, int]]) -> int:
    """Removals, additions, moves to another park and to another quarter; what is −1 is not said and cannot change."""
    both = [(wanted[i], other[i]) for i in wanted if i in other]
    moves = sum(a != b for then, now in both for a, b in zip(then, now, strict=True) if a >= 0)
    return len(wanted.keys() ^ other.keys()) + moves


def differs_from_brute_force(folder: Path, seed: int) -> list[str]:
    """What an assessment of a random list says otherwise than all choices tried out one by one."""
    dice, found = Random(seed), list[str]()
    plan, tables = random_tables(seed)
    try:
        opened = open_plan(write_city(folder, plan, tables))
    except InputError:
        return []
    case = opened.case
    wanted = {
        i: (dice.choice([-1, *range(len(case.parks))]), dice.choice([-1, *range(len(case.quarters))]))
        for i in range(len(case.candidates))
        if dice.random() < 0.7
    }
    first = {int(case.project_of[i]): i for i in reversed(wanted)}
    wanted = {i: place for i, place in wanted.items() if first[int(case.project_of[i])] == i}
    if not wanted:
        return []
    answer = assess(opened, Listing(tuple(Listed(0, i, *place) for i, place in wanted.items())), swaps=2)
    every = [(places(choice), value) for choice in every_choice(opened) if (value := value_of(opened, choice)) is not None]
    if not every:
        return [] if answer.impossible and not answer.swaps else [f"{seed}: no plan at all, and it says {answer}"]
    fewest = min(changed_by(wanted, other) for other, _ in every)
    told = answer.repair.changes if answer.repair is not None else 0
    if told != fewest or answer.feasible != (fewest == 0) or (answer.repair is not None and not answer.repair.proved):
        found.append(f"{seed}: {fewest} changes are enough for {wanted}; it says {told}")
    nearest = max(value for other, value in every if changed_by(wanted, other) == fewest)
    value = answer.levels[0].value if answer.repair is None else answer.repair.value[0]
    if value != pytest.approx(nearest, abs=1e-7):
        found.append(f"{seed}: with so few changes {nearest} can be had, not {value}")
    best = max(value for _, value in every)
    if answer.levels[0].bound != pytest.approx(best, abs=1e-6) or answer.levels[0].best != pytest.approx(best, abs=1e-7):
        found.append(f"{seed}: the best is {best}, not {answer.levels[0]}")
    ids = case.candidates["candidate_id"].tolist()
    base = {ids[i] for i in wanted}
    if answer.repair is not None:
        base = (base - {one.id for one in answer.repair.dropped}) | {one.id for one in answer.repair.added}
    for number in (1, 2):
        near = [v for other, v in every if len(other) == len(base) and len(base - {ids[i] for i in other}) <= number]
        swap = next((one for one in reversed(answer.swaps) if one.number <= number), None)
        reached = value if swap is None else swap.difference.levels[0].after
        if reached != pytest.approx(max(near), abs=1e-7):
            found.append(f"{seed}: {number} swaps of {base} bring {max(near)}, not {reached}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(20), range(20, 40), range(40, 60)])
def test_fewest_changes_and_best_swaps_are_those_of_brute_force(seeds: Sequence[int], tmp_path: Path) -> None:
    assert [told for seed in seeds for told in differs_from_brute_force(tmp_path / str(seed), seed)] == []


def test_the_list_of_a_runs_own_workbook_breaks_nothing_and_is_at_the_bound(tmp_path: Path) -> None:
    run = finished(tmp_path, outputs=("workbook",))
    out = tmp_path / "answer"
    shown = CliRunner().invoke(app, ["assess", str(tmp_path), "--list", str(run / "plan.xlsx"), "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    answer = Assessment.model_validate_json((out / "assess.json").read_text(encoding="utf-8"))
    assert (answer.feasible, answer.broken, answer.levels[0].distance) == (True, (), 0.0)
    assert answer.settled
    assert answer.swaps == ()
    assert answer.terms[0].list == answer.terms[0].best
    assert answer.kpis == answer.best_kpis
    assert {row.candidate_id for row in answer.rows} == {"A", "B", "D"}


def test_names_that_several_candidates_have_are_told_apart_by_the_workbook(tmp_path: Path) -> None:
    """Without ids on its sheet a plan could not be read back."""
    tables = changed("candidates", 1, name="甲公司")
    run = finished(tmp_path, outputs=("workbook",), tables=tables)
    read = read_listing(open_plan(tmp_path / "plan.yaml"), run / "plan.xlsx")
    assert [row.candidate for row in read.rows] == [0, 1, 3]


def test_a_worse_firm_is_named_with_the_better_and_the_value_restored(tmp_path: Path) -> None:
    """C in place of A: exchanging the two restores the plan's value, and nothing more can be had."""
    path = write_city(tmp_path)
    out = tmp_path / "answer"
    listed = saved(tmp_path, "B,P1,2027Q1", "C,P1,2027Q2", "D,P2,2027Q1")
    command = ["assess", str(path), "--list", str(listed), "--swaps", "2", "--out", str(out)]
    shown = CliRunner().invoke(app, command)
    assert shown.exit_code == 0, shown.output
    answer = Assessment.model_validate_json((out / "assess.json").read_text(encoding="utf-8"))
    assert answer.feasible
    assert [(one.number, [f.id for f in one.dropped], [f.id for f in one.added]) for one in answer.swaps] == [(1, ["C"], ["A"])]
    assert answer.swaps[0].difference.levels[0].after == answer.levels[0].best
    assert answer.levels[0].distance == pytest.approx(-answer.swaps[0].difference.levels[0].before + answer.levels[0].best)
    assert "甲公司（A）" in shown.output
    assert openpyxl.load_workbook(out / "assess.xlsx").sheetnames == ["名单评估", "违反的限制", "名单", "换项"]


def test_a_list_that_overfills_a_park_names_park_excess_and_rows(tmp_path: Path) -> None:
    """C 50 亩 and D 20 in P2, which has 40; C alone must leave it, and P1 is open to it."""
    path, out = write_city(tmp_path, PLAN.replace("language: zh", "language: en")), tmp_path / "answer"
    listed = saved(tmp_path, "C,P2,2027Q2", "D,P2,2027Q1", heads="candidate,park,quarter")
    shown = CliRunner().invoke(app, ["assess", str(path), "--list", str(listed), "--swaps", "0", "--out", str(out)])
    assert shown.exit_code == 0, shown.output
    assert "stock resources 二号园 land (2027Q2): 70 mu, at most 40 mu: 30 mu too much" in shown.output
    assert "from rows of the list: row 2 丙公司 50 mu; row 3 丁公司 20 mu" in shown.output
    assert "fewest changes: 1 make the list keep every limit (proved the fewest)" in shown.output
    assert "move: 丙公司 (C) 二号园 → 一号园 2027Q2" in shown.output
    book = openpyxl.load_workbook(out / "assess.xlsx")
    assert book.sheetnames == ["Assessment", "Limits broken", "The list", "Fewest changes"]
    rows = [row for row in book["Limits broken"].iter_rows(values_only=True) if row[8] in ("C", "D")]
    assert [(row[5], row[7], row[12]) for row in rows] == [(30, 2, 50), (30, 3, 20)]


def test_what_the_rules_of_entry_say_of_a_row_is_told(tmp_path: Path) -> None:
    """A refuses P1, D is lost, B must come and is not in the list."""
    tables = changed("candidates", 0, refused_parks="P1")
    tables["candidates"][3]["status"] = "lost"
    tables["candidates"][1]["must_include"] = "是"
    opened = open_plan(write_city(tmp_path, tables=tables))
    answer = assess(opened, saved(tmp_path, "A,P1,2027Q1", "D,P2,2027Q1"), swaps=0)
    assert [(one.family, one.reason, [row.candidate_id for row in one.rows]) for one in answer.broken][:3] == [
        ("must_include", "", []),
        ("admission", "refused_park", ["A"]),
        ("admission", "lost", ["D"]),
    ]
    told = text_of(answer, None, 0, {}, "zh")
    assert "乙公司 不在名单里" in told
    assert "甲公司（A）：企业不考虑“一号园”" in told
    assert answer.repair is not None
    assert ([one.id for one in answer.repair.dropped], [one.id for one in answer.repair.added]) == (["D"], ["B"])
    assert answer.repair.proved


def test_a_share_is_told_with_what_it_is_over_by(tmp_path: Path) -> None:
    """A brings 600 of 1000: 100 万元 more than half of the whole. Without it nothing is, and B alone could bring 200 more."""
    rules = "rules: [{name: 座椅不过半, where: {candidate_id: A}, share: {of: output, max: 50 %}}]\n"
    answer = assess(open_plan(write_city(tmp_path, PLAN + rules)), saved(tmp_path, "A,P1,2027Q1", "B,P2,2027Q2"), swaps=0)
    (limit,) = answer.broken
    assert (limit.ratio, limit.bound, limit.excess, limit.unit) == (0.6, 0.5, 100.0, "万元")
    assert [(row.candidate_id, row.part) for row in limit.rows] == [("A", 300.0)]
    assert "自定义规则 座椅不过半：60%，至多 50%：多了 100 万元" in text_of(answer, None, 0, {}, "zh")


def test_levels_of_priorities_are_told_one_by_one(tmp_path: Path) -> None:
    """The first level leaves a distance: of the second none is known."""
    levels = "objective:\n  normalise: false\n  mode: priorities\n  levels: [{weights: {gap: 1.0}}, {weights: {subsidy: -1.0}}]\n"
    plan = PLAN.replace("objective:\n  normalise: false\n  weights: {gap: 1.0}\n", levels)
    opened = open_plan(write_city(tmp_path, plan))
    answer = assess(opened, saved(tmp_path, "A,P1,2027Q1"), swaps=1)
    first, second = answer.levels
    assert first.distance == pytest.approx((first.best or 0.0) - first.value)
    assert second.distance is None
    assert answer.swaps == ()
    assert second.value == -100


def test_where_no_plan_exists_the_list_is_reckoned_all_the_same(tmp_path: Path) -> None:
    tables = changed("candidates", 0, must_include="是", land=500)
    path = write_city(tmp_path, tables=tables)
    shown = CliRunner().invoke(app, ["assess", str(path), "--list", str(saved(tmp_path, "A,P1,")), "--out", str(tmp_path / "out")])
    assert shown.exit_code == 0, shown.output
    assert "没有任何计划能满足全部限制" in shown.output
    assert "超出 420 亩" in shown.output


def test_a_bound_is_taken_from_a_run_of_the_same_data_and_settings_alone(tmp_path: Path) -> None:
    run = finished(tmp_path)
    opened = open_plan(tmp_path / "plan.yaml")
    listed = saved(tmp_path, "A,P1,2027Q1")
    answer = assess(opened, listed, swaps=0, against=run)
    assert (answer.against, answer.levels[0].best, answer.best_proved) == (str(run), read_run(run).objective.value, True)
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("gap: 1.0", "gap: 2.0"), encoding="utf-8")
    with pytest.raises(InputError, match="R150"):
        assess(open_plan(path), listed, against=run)
    write_city(tmp_path, tables=changed("parks", 0, land=81))
    with pytest.raises(InputError, match="R108"):
        assess(open_plan(path), listed, against=run)
